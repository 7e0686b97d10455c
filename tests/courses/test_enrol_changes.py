"""Missing a date, going to another group, pausing and coming back; and two seats."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from courses import selectors, services
from courses.enums import EnrolmentState, RegistrationState
from courses.models import Absence
from courses.services import changes
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    SessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + timedelta(weeks=3)


def open_group(seats: int = 5):
    return SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=seats)
    )


def sessions(series, number: int = 3):
    first = timezone.now() + timedelta(days=2)
    return [
        SessionFactory(
            series=series,
            room=None,
            period=(
                first + timedelta(weeks=week),
                first + timedelta(weeks=week, hours=2),
            ),
        )
        for week in range(number)
    ]


# --- a date missed ----------------------------------------------------------------


def test_dates_missed_are_written_once_and_can_be_taken_back(actor) -> None:
    seat = EnrolmentFactory(series=open_group())
    one, two, _three = sessions(seat.series)
    user = UserFactory()
    for _twice in range(2):
        changes.say_absent(enrolment=seat, sessions=[one, two], actor=actor, user=user)
    assert set(seat.absences.values_list("session", flat=True)) == {one.pk, two.pk}
    changes.say_absent(enrolment=seat, sessions=[two], actor=actor)
    assert list(seat.absences.values_list("session", flat=True)) == [two.pk]
    event = AuditEvent.objects.filter(event_code="absence.say").last()
    assert event.subject_ids == [str(seat.resident.person_id)]


def test_only_own_coming_dates_can_be_missed(actor) -> None:
    seat = EnrolmentFactory(series=open_group())
    (elsewhere,) = sessions(open_group(), 1)
    past = SessionFactory(
        series=seat.series,
        room=None,
        period=(
            timezone.now() - timedelta(days=2),
            timezone.now() - timedelta(days=1),
        ),
    )
    for wrong in (elsewhere, past):
        with pytest.raises(ValidationError):
            changes.say_absent(enrolment=seat, sessions=[wrong], actor=actor)
    services.withdraw(enrolment=seat, actor=actor)
    with pytest.raises(ValidationError):
        changes.say_absent(enrolment=seat, sessions=[], actor=actor)
    assert Absence.objects.count() == 0


# --- another group ----------------------------------------------------------------


def test_going_to_another_group_frees_the_old_seat_in_one_moment(actor) -> None:
    old = open_group(1)
    new = SeriesFactory(published=True, offering=old.offering)
    seat = EnrolmentFactory(series=old)
    waits = RegistrationFactory()
    RegistrationChoiceFactory(registration=waits, series=old)
    result = changes.swap(enrolment=seat, series=new, actor=actor)
    assert result.enrolment.series == new
    seat.refresh_from_db()
    assert seat.state == EnrolmentState.WITHDRAWN
    assert old.enrolments.get(state="offered").registration == waits


def test_same_hours_elsewhere_are_no_reason_against_a_swap(actor) -> None:
    old = open_group()
    new = SeriesFactory(published=True, offering=old.offering)
    seat = EnrolmentFactory(series=old)
    (one,) = sessions(old, 1)
    SessionFactory(series=new, room=None, period=one.period)
    assert changes.swap(enrolment=seat, series=new, actor=actor).enrolment is not None


def test_the_old_seat_is_kept_while_waiting_for_the_other(actor) -> None:
    old = open_group(1)
    new = SeriesFactory(published=True, offering=old.offering)
    EnrolmentFactory(series=new)
    seat = EnrolmentFactory(series=old)
    result = changes.swap(enrolment=seat, series=new, actor=actor)
    seat.refresh_from_db()
    assert (result.enrolment, result.waiting_position) == (None, 1)
    assert seat.state == EnrolmentState.ENROLLED


def test_a_swap_stays_within_the_offering_and_needs_a_seat(actor) -> None:
    seat = EnrolmentFactory(series=open_group())
    other = SeriesFactory(published=True, offering=seat.series.offering)
    for wrong in (open_group(), seat.series):
        with pytest.raises(ValidationError):
            changes.swap(enrolment=seat, series=wrong, actor=actor)
    services.withdraw(enrolment=seat, actor=actor)
    with pytest.raises(ValidationError):
        changes.swap(enrolment=seat, series=other, actor=actor)


# --- a pause ----------------------------------------------------------------------


def test_a_pause_gives_the_seat_away_and_keeps_the_place_in_turn(actor) -> None:
    series = open_group(1)
    seat = EnrolmentFactory(series=series)
    newer = RegistrationFactory(registered_at=timezone.now())
    RegistrationChoiceFactory(registration=newer, series=series)
    paused = changes.pause(enrolment=seat, until=SOON, actor=actor)
    assert (paused.state, paused.paused_until) == (RegistrationState.WAITING, SOON)
    offer = series.enrolments.get(state="offered")
    assert offer.registration == newer
    assert selectors.waiting_position(registration=paused, series=series) is None
    changes.rejoin(registration=paused, actor=actor)
    assert selectors.waiting_position(registration=paused, series=series) == 1


def test_coming_back_takes_a_free_seat_as_an_offer(actor) -> None:
    seat = EnrolmentFactory(series=open_group(2))
    paused = changes.pause(enrolment=seat, until=SOON, actor=actor)
    assert changes.rejoin(registration=paused, actor=actor).state == "offered"
    with pytest.raises(ValidationError):
        changes.rejoin(registration=paused, actor=actor)


def test_nobody_is_offered_a_seat_during_a_pause(actor) -> None:
    series = open_group(1)
    waits = RegistrationFactory()
    RegistrationChoiceFactory(registration=waits, series=series)
    changes.pause_waiting(registration=waits, until=SOON, actor=actor)
    assert services.offer_free_seats(series=series, actor=actor) == []
    assert changes.end_pauses(actor=actor, today=TODAY) == 0
    assert changes.end_pauses(actor=actor, today=SOON) == 1
    assert series.enrolments.get().registration == waits


def test_a_closed_group_knows_no_pause(actor) -> None:
    series = SeriesFactory(
        published=True, offering=OfferingFactory(closed_after_session=2)
    )
    seat = EnrolmentFactory(series=series)
    with pytest.raises(ValidationError):
        changes.pause(enrolment=seat, until=SOON, actor=actor)
    seat.refresh_from_db()
    assert seat.state == EnrolmentState.ENROLLED


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_pause_ends_within_half_a_year(actor, days: int) -> None:
    seat = EnrolmentFactory(series=open_group())
    until = TODAY + timedelta(days=days)
    with pytest.raises(ValidationError):
        changes.pause(enrolment=seat, until=until, actor=actor)
    with pytest.raises(ValidationError):
        changes.pause_waiting(registration=seat.registration, until=until, actor=actor)


# --- two seats or none ------------------------------------------------------------


def test_with_a_companion_it_is_two_seats_or_none(actor) -> None:
    series = open_group(3)
    pair = services.enrol(
        resident=ResidentFactory(), series=series, actor=actor, seats=2
    )
    assert pair.enrolment.seats == 2
    late = services.enrol(
        resident=ResidentFactory(), series=series, actor=actor, seats=2
    )
    assert (late.enrolment, late.waiting_position) == (None, 1)
    single = services.enrol(resident=ResidentFactory(), series=series, actor=actor)
    assert single.waiting_position == 2  # who asked for two keeps the turn
    services.withdraw(enrolment=pair.enrolment, actor=actor)
    states = series.enrolments.filter(state="offered")
    assert sorted(states.values_list("seats", flat=True)) == [1, 2]
