"""The counted queues are the queue that hands out seats, in a few queries."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from courses.selectors.queue import Queue, own_positions, queues
from courses.selectors.waiting import waiting_position, waiting_queue
from tests.factories import (
    AvailabilityWindowFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db


def a_crowd() -> list[Any]:
    """Series at several hours, and people who wait for them in every way there is."""
    offering = OfferingFactory()
    day = timezone.localdate() + timedelta(days=14)
    series = [
        SeriesFactory(
            published=True, offering=offering, weekday=weekday, start_time=start
        )
        for weekday, start in [(2, time(10)), (3, time(19)), (4, time(23))]
    ]
    series.append(SeriesFactory(published=True, first_date=day))
    series.append(SeriesFactory(offering=offering))
    for number, (kind, hours) in enumerate(
        [
            ("series", None),
            ("offering", (2, time(9), time(12))),
            ("offering", (2, time(10, 30), time(12))),
            ("choice", (3, time(19), time(21))),
            ("choice", None),
            ("offering", (4, time(0), time(23, 59))),
            ("withdrawn", (2, time(9), time(12))),
        ]
    ):
        person = RegistrationFactory(
            need_class=number % 5 + 1,
            seats=number % 2 + 1,
            state="withdrawn" if kind == "withdrawn" else "waiting",
            offering=offering if kind in {"offering", "withdrawn"} else None,
        )
        if kind == "series":
            RegistrationChoiceFactory(registration=person, series=series[0])
            RegistrationChoiceFactory(registration=person, series=series[3], rank=2)
        if kind == "choice":
            RegistrationChoiceFactory(registration=person, offering=offering)
        if hours:
            weekday, start, end = hours
            AvailabilityWindowFactory(
                person=person.resident.person, weekday=weekday, start=start, end=end
            )
    return series


def test_counts_are_those_of_the_queue_itself(django_assert_num_queries: Any) -> None:
    series = a_crowd()
    with django_assert_num_queries(6):
        found = queues(series_ids=[one.pk for one in series])
    expected = {}
    for one in series:
        waiting = list(waiting_queue(series=one))
        expected[one.pk] = Queue(
            seats=sum(person.seats for person in waiting),
            ahead=sum(person.need_class <= 3 for person in waiting),
        )
    assert found == expected
    assert [found[one.pk].seats for one in series] == [3, 2, 0, 1, 0]


def test_positions_are_those_of_the_queue_itself(
    django_assert_num_queries: Any,
) -> None:
    series = SeriesFactory(published=True, first_date=date(2026, 11, 24))
    people = [RegistrationFactory(need_class=need) for need in (3, 1, 3, 5)]
    for one in people:
        RegistrationChoiceFactory(registration=one, series=series)
    with django_assert_num_queries(6):
        found = own_positions(registration_ids=[one.pk for one in people])
    assert found == {
        (one.pk, series.pk): waiting_position(registration=one, series=series)
        for one in people
    }
    assert [found[one.pk, series.pk] for one in people] == [2, 1, 3, 4]


def test_who_does_not_wait_has_no_position() -> None:
    series = SeriesFactory(published=True)
    placed = RegistrationFactory(state="placed")
    RegistrationChoiceFactory(registration=placed, series=series)
    assert own_positions(registration_ids=[placed.pk]) == {}
