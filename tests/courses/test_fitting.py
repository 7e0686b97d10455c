"""Whether many people fit many groups, read in one pass: the same answers, one cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.fitting import Together
from courses.models import Enrolment
from courses.selectors.small import fits_of, groups_beside, members_of
from courses.suitability import cautions, objections
from people.models import Person, Resident
from tests.factories import (
    EnrolmentFactory,
    KeepPairFactory,
    OfferingFactory,
    PlaceFactory,
    RegistrationFactory,
    SeriesLeaderFactory,
    SessionLeaderFactory,
)
from tests.scheduling.rows import a_group, a_leader, a_room, running

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() + timedelta(days=10)


def group(hour: str, offering: Any, members: int = 1, **more: Any) -> Any:
    return running(
        f"{DAY.isoformat()} {hour}",
        f"{(DAY + timedelta(days=7)).isoformat()} {hour}",
        offering=offering,
        members=members,
        **more,
    )


def by_one(seat: Enrolment, target: Any) -> tuple[list[str], list[str]]:
    """The same question, asked one at a time."""
    common: dict[str, Any] = {
        "resident_id": seat.resident_id,
        "series": target,
        "leaving": seat.series_id,
    }
    no = objections(registration=seat.registration, for_planner=True, **common)
    return no, [] if no else cautions(**common)


def a_world() -> tuple[Any, list[Any]]:
    """A group of nine, each with something else to object to, and three others."""
    first = OfferingFactory()
    offering = a_group(
        size_max=30, prerequisite=first, age_min=18, closed_after_session=None
    )
    room = a_room(capacity=40)
    series = group("10:00", offering, members=9, room=room)
    others = [group(hour, offering, room=room) for hour in ("12:00", "14:00", "16:00")]
    seats = members_of(series_id=series.pk)
    for seat in seats[1:]:  # all but one finished what comes first
        EnrolmentFactory(
            series=running(offering=first),
            registration=RegistrationFactory(resident=seat.resident, state="finished"),
            state="completed",
        )
    person = [seat.resident.person for seat in seats]
    Person.objects.filter(pk=person[2].pk).update(birth_year=DAY.year - 12)
    inside = others[0].enrolments.get().resident.person
    pair = sorted([person[3], inside], key=lambda one: one.pk)
    KeepPairFactory(person_a=pair[0], person_b=pair[1])
    other_seat = RegistrationFactory(resident=seats[4].resident, state="placed")
    EnrolmentFactory(
        series=group("14:30", a_group(), members=0), registration=other_seat
    )
    Resident.objects.filter(pk=seats[5].resident_id).update(
        access_needs=["step-free"], pace_per_week=1, format_wishes=["online"]
    )
    EnrolmentFactory(
        series=group("09:00", a_group(), members=0),
        registration=RegistrationFactory(resident=seats[5].resident, state="placed"),
    )
    leads = a_leader(person=person[6])
    SeriesLeaderFactory(series=others[1], facilitator=leads)
    SessionLeaderFactory(
        session=group("16:30", a_group(), members=0).sessions.first(), facilitator=leads
    )
    far = PlaceFactory(lat=51.0, lon=4.0)
    Person.objects.filter(pk=person[7].pk).update(place=far)
    return series, others


def test_the_answers_are_those_of_one_at_a_time() -> None:
    series, _others = a_world()
    targets = groups_beside(series=series)
    seats = members_of(series_id=series.pk)
    found = fits_of(seats=seats, targets=targets)
    expected = {
        (seat.pk, target.pk): by_one(seat, target)
        for seat in seats
        for target in targets
    }
    assert found == expected
    told = {text for no, hints in found.values() for text in (*no, *hints)}
    assert len(told) >= 8  # each of them had something else to say


def test_a_closed_group_is_closed_for_all() -> None:
    offering = a_group(closed_after_session=1, size_max=30)
    series = group("10:00", offering, members=2)
    past = (timezone.localdate() - timedelta(days=7)).isoformat()
    begun = running(f"{past} 12:00", f"{DAY} 12:00", offering=offering, members=1)
    seats = members_of(series_id=series.pk)
    found = fits_of(seats=seats, targets=groups_beside(series=series))
    assert set(found) == {(seat.pk, begun.pk) for seat in seats}
    for seat in seats:
        assert found[seat.pk, begun.pk] == by_one(seat, begun)
        assert found[seat.pk, begun.pk][0]


def test_one_pass_costs_the_same_for_few_and_many() -> None:
    series, _others = a_world()
    targets = groups_beside(series=series)
    seats = members_of(series_id=series.pk)
    counts = set()
    for people, groups in ((3, 1), (9, 1), (9, 3)):
        with CaptureQueriesContext(connection) as seen:
            fits_of(seats=seats[-people:], targets=targets[-groups:])
        counts.add(len(seen))
    assert len(counts) == 1, counts
    assert max(counts) <= 15


def test_questions_about_others_are_a_mistake() -> None:
    reading = Together(resident_ids=[], series_ids=[])
    with pytest.raises(KeyError):
        reading.facts(1)
