"""Going back to a week from before a group began: it was not there, and stays away."""

from __future__ import annotations

import pytest

from courses.models import Enrolment, Registration, Session
from publishing.services.release import preview
from scheduling.services.decisions import end_group, merge_groups
from tests.factories import LeaveFactory, days
from tests.publishing.drafts import World, planned, publish
from tests.publishing.parted import Split
from tests.scheduling.rows import ACTOR

pytestmark = pytest.mark.django_db


def test_a_half_that_was_merged_again_stays_merged_in_the_whole() -> None:
    world = Split()
    world.decide(merge_groups, world.half, target_id=world.group.pk)
    assert (world.placed(world.group), world.state(world.half)) == (8, "cancelled")
    seen = world.go(world.before)
    assert seen.back.not_restored() == []
    assert not seen.back.touched
    assert (world.placed(world.group), world.placed(world.half)) == (8, 0)
    assert world.state(world.half) == "cancelled"
    assert not world.half.sessions.filter(state="published").exists()


def test_a_half_comes_back_in_a_week_that_had_it() -> None:
    world = Split()
    world.decide(merge_groups, world.half, target_id=world.group.pk)
    seen = world.go(world.parted)
    assert seen.back.not_restored() == []
    assert (world.placed(world.group), world.placed(world.half)) == (4, 4)
    assert world.half.sessions.filter(state="published").count() == 3


def test_who_was_in_a_half_that_stopped_still_waits() -> None:
    world = Split()
    gone = list(world.half.enrolments.values_list("registration_id", flat=True))
    world.decide(end_group, world.half)
    seen = world.go(world.before)
    assert seen.back.seats == ()
    assert world.state(world.half) == "cancelled"
    states = Registration.objects.filter(pk__in=gone).values_list("state", flat=True)
    assert set(states) == {"waiting"}


def test_a_conversation_that_was_planned_later_is_not_booked_again() -> None:
    world = World()
    away = [
        LeaveFactory(facilitator=one, days=days("2026-11-30", "2026-12-06"))
        for one in world.talkers
    ]
    first = planned()
    publish(first)
    assert not Session.objects.filter(series__offering=world.talk).exists()
    for one in away:
        one.delete()
    publish(planned())
    talk = Session.objects.get(series__offering=world.talk)
    assert talk.state == "published"
    for one in world.talkers:
        LeaveFactory(facilitator=one, days=days("2026-11-30", "2026-12-06"))
    publish(planned())
    talk.refresh_from_db()
    assert talk.state == "cancelled"
    first.refresh_from_db()
    assert preview(actor=ACTOR, schedule=first).back.not_restored() == []
    publish(first)
    talk.refresh_from_db()
    assert talk.state == "cancelled"
    assert not Enrolment.objects.filter(series=talk.series, state="enrolled").exists()
