"""What each lawful way to split a group means, beside the group as it is now."""

from __future__ import annotations

from datetime import time

import pytest

from courses.models import Enrolment, Registration
from scheduling.services.splits import Way
from tests.factories import (
    AvailabilityWindowFactory,
    OpeningHoursFactory,
    amsterdam,
)
from tests.scheduling.halves import Large
from tests.scheduling.rows import a_centre, a_leader, a_room

pytestmark = pytest.mark.django_db


def check(way: Way, world: Large) -> None:
    """What can be said of a way by what it is."""
    choice = way.choice
    now = amsterdam("2026-12-01 10:00")
    assert choice.minutes == abs((choice.start - now).total_seconds()) / 60
    assert choice.people == 4
    leads = world.leader.pk in choice.leader_ids
    assert way.both == ((world.leader.pk,) if leads else ())
    assert choice.joins == (() if leads else choice.leader_ids)
    assert choice.leaves == ()
    if leads:
        assert choice.travel_minutes == 0


def test_who_goes_how_far_it_moves_and_who_leads() -> None:
    world = Large()
    spare = a_leader()
    told = world.judge()
    assert told.verdict.new == ()
    assert told.ways
    for way in told.ways:
        check(way, world)
    leads = {way.choice.leader_ids for way in told.ways}
    assert {(world.leader.pk,), (spare.pk,)} <= leads


def test_who_comes_along_goes_along() -> None:
    """One of the four who go comes with somebody: five people."""
    world = Large()
    seat = world.seats[-1]
    Registration.objects.filter(pk=seat.registration_id).update(seats=2)
    Enrolment.objects.filter(pk=seat.pk).update(seats=2)
    told = world.judge()
    assert (told.go, told.stay, told.verdict.people) == (5, 4, 5)
    assert {way.choice.people for way in told.ways} == {5}


def test_how_many_travel_longer_to_another_centre() -> None:
    world = Large()
    far = a_room(centre=a_centre(lat=52.28), capacity=20)
    Enrolment.objects.filter(pk=world.seats[-1].pk).update(seats=2)
    told = world.judge(room_id=far.pk)
    assert {one.seat_row for one in told.further} == set(world.seats[-4:])
    longer = {way.choice.room_id: way.longer for way in told.ways}
    assert longer[far.pk] == 5
    assert longer.get(world.room.pk, 0) == 0


def test_an_evening_is_one_on_each_date() -> None:
    world = Large()
    evening = {"weekday": 3, "start": time(17), "end": time(22)}
    OpeningHoursFactory(centre=world.room.centre, **evening)
    AvailabilityWindowFactory(person=world.leader.person, **evening)
    ways = [*world.judge("2026-12-02 19:00").ways, *world.judge().ways]
    told = {(way.choice.start.hour >= 17, way.choice.evenings) for way in ways}
    assert told == {(True, 3), (False, 0)}


def test_nobody_has_to_come_elsewhere_when_only_the_leader_differs() -> None:
    """A group online, at the same hour, led by somebody else."""
    world = Large()
    spares = {a_leader().pk for _ in range(2)}
    world.draft.delete()
    world.group.sessions.update(room=None, online=True)
    type(world.group).objects.filter(pk=world.group.pk).update(room=None)
    type(world.offering).objects.filter(pk=world.offering.pk).update(format="online")
    world.draft = world.again()
    told = world.judge("2026-12-01 10:00", room_id=None, leader_ids=(min(spares),))
    here = [way for way in told.ways if not way.choice.minutes]
    assert [way.choice.leader_ids for way in here] == [(max(spares),)]
    assert [way.choice.people for way in here] == [0]
    assert {way.choice.people for way in told.ways if way.choice.minutes} <= {4}
