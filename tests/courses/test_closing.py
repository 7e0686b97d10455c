"""Series end by themselves, and nobody is forgotten in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from courses import services
from courses.enums import EnrolmentState, RegistrationState, SeriesState
from courses.models import Series
from courses.selectors import waiting_queue
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def course(
    ended_days_ago: float, sessions: int = 2, first: int = 1, **offering: Any
) -> Series:
    facts: dict[str, Any] = {"size_min": 0, "size_max": 5, "sessions_count": 2}
    series = SeriesFactory(published=True, offering=OfferingFactory(**facts | offering))
    last = first + sessions - 1
    for number in range(first, last + 1):
        end = NOW - timedelta(days=ended_days_ago + 7 * (last - number))
        SessionFactory(
            series=series,
            number=number,
            room=None,
            period=(end - timedelta(hours=2), end),
        )
    return series


@pytest.mark.parametrize(
    ("series", "over"),
    [
        (lambda: course(1), True),
        (lambda: course(0.25), False),
        (lambda: course(-3), False),
        (lambda: course(1, follow_up_weeks=6), False),
        (lambda: course(1, sessions=3, follow_up_weeks=6), True),
        (lambda: course(8, sessions=1), False),
        (lambda: course(80, sessions=1), True),
        # The second group of a split: what was before it was not its own.
        (lambda: course(8, sessions=1, first=2), True),
        (lambda: course(8, sessions=1, first=2, follow_up_weeks=6), False),
        (lambda: course(400, sessions_count=None), False),
        (lambda: SeriesFactory(published=True), False),
    ],
)
def test_what_is_over(actor, series: Any, over: bool) -> None:
    one = series()
    assert services.close_finished(actor=actor, now=NOW) == int(over)
    one.refresh_from_db()
    assert (one.state == SeriesState.FINISHED) == over
    assert services.close_finished(actor=actor, now=NOW) == 0


def test_an_open_group_ends_on_its_latest_day(actor) -> None:
    one = course(3, sessions_count=None)
    one.latest_end = timezone.localdate(NOW) - timedelta(days=1)
    one.save()
    assert services.close_finished(actor=actor, now=NOW) == 1


def test_who_took_part_is_done_and_who_waited_waits_for_the_next(actor) -> None:
    series = course(1)
    member = EnrolmentFactory(series=series, registration__state="placed")
    held = EnrolmentFactory(series=series, state="held_by_draft")
    offer = EnrolmentFactory(
        series=series,
        state="offered",
        registration__state="offered",
        offer_expires_at=NOW + timedelta(days=1),
    )
    waits = RegistrationFactory()
    RegistrationChoiceFactory(registration=waits, series=series, rank=1)
    RegistrationChoiceFactory(registration=waits, rank=2)
    asked_both = RegistrationFactory(offering=series.offering)
    RegistrationChoiceFactory(registration=asked_both, series=series)
    services.close_finished(actor=actor, now=NOW)
    for seat, state, asking in (
        (member, EnrolmentState.COMPLETED, RegistrationState.FINISHED),
        (held, EnrolmentState.WITHDRAWN, RegistrationState.WAITING),
        (offer, EnrolmentState.WITHDRAWN, RegistrationState.WAITING),
    ):
        seat.refresh_from_db()
        seat.registration.refresh_from_db()
        assert (seat.state, seat.registration.state) == (state, asking)
    assert offer.registration.choices.get().offering == series.offering
    chosen = waits.choices.order_by("rank")
    assert [one.offering for one in chosen] == [series.offering, None]
    assert not asked_both.choices.exists()
    # All of them are in the queue of the next run, with their own dates.
    next_run = SeriesFactory(published=True, offering=series.offering)
    for one in (waits, asked_both, offer.registration):
        one.resident.person.windows.create(weekday=2, start="09:00", end="13:00")
    assert set(waiting_queue(series=next_run)) == {
        waits,
        asked_both,
        offer.registration,
    }


def test_a_cancelled_series_loses_nobody(
    actor, django_capture_on_commit_callbacks
) -> None:
    series = course(-7)
    other = SeriesFactory(published=True, offering=series.offering)
    member = EnrolmentFactory(series=series, registration__state="placed")
    member.resident.person.windows.create(weekday=2, start="09:00", end="13:00")
    waits = RegistrationFactory()
    RegistrationChoiceFactory(registration=waits, series=series)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_series(series=series, actor=actor)
    waits.refresh_from_db()
    assert waits.state == RegistrationState.WAITING
    assert waits.choices.get().offering == series.offering
    # Who had a seat is offered one in another group of the course at once.
    assert other.enrolments.get().registration == member.registration
