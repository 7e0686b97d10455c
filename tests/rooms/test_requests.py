"""Asking for a room: held, answered, lapsed, and never two at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from rooms.models import RoomBooking
from rooms.services.requests import (
    answer_request,
    book_own,
    cancel_booking,
    lapse_requests,
    request_room,
)
from tests.courses.test_race import at_once
from tests.factories import (
    CalendarSourceFactory,
    OrganisationFactory,
    PersonFactory,
    RoomBookingFactory,
    RoomFactory,
)

ACTOR = Actor(user_id="1", role="facilitator")


def hours(ahead: int = 10, start: int = 10, length: int = 2) -> DateTimeTZRange:
    at = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    begin: datetime = at + timedelta(days=ahead, hours=start)
    return DateTimeTZRange(begin, begin + timedelta(hours=length))


def ask(room: Any, period: DateTimeTZRange | None = None, person: Any = None) -> Any:
    return request_room(
        actor=ACTOR,
        room=room,
        period=period or hours(),
        requested_by=person or PersonFactory(),
    )


@pytest.mark.django_db
def test_a_request_holds_the_room_and_is_logged_for_who_asked() -> None:
    booking = ask(RoomFactory())
    left = booking.held_until - timezone.now()
    assert timedelta(days=4) < left <= timedelta(days=5)
    event = AuditEvent.objects.get(event_code="booking.request")
    assert event.subject_ids == [str(booking.requested_by_id)]


@pytest.mark.django_db
def test_a_hold_ends_before_the_hours_begin() -> None:
    booking = ask(RoomFactory(), hours(ahead=2))
    assert booking.held_until == booking.period.lower


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["confirmed", "requested"])
def test_what_is_taken_cannot_be_asked_for(state: str) -> None:
    room = RoomFactory()
    RoomBookingFactory(room=room, period=hours(start=11), state=state)
    with pytest.raises(ValidationError):
        ask(room)
    ask(room, hours(start=13))


@pytest.mark.django_db
def test_a_second_press_gives_the_same_request() -> None:
    room, person = RoomFactory(), PersonFactory()
    assert ask(room, person=person) == ask(room, person=person)
    assert RoomBooking.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "period", [hours(ahead=-1), hours(ahead=600), hours(length=24 * 15)]
)
def test_impossible_hours_are_refused(period: DateTimeTZRange) -> None:
    with pytest.raises(ValidationError):
        ask(RoomFactory(), period)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("approved", "state"), [(True, "confirmed"), (False, "lapsed")]
)
def test_an_answer_is_given_once(approved: bool, state: str) -> None:
    booking = ask(RoomFactory())
    answered = answer_request(actor=ACTOR, booking=booking, approved=approved)
    assert (answered.state, answered.held_until) == (state, None)
    for again in (True, False):
        with pytest.raises(ValidationError):
            answer_request(actor=ACTOR, booking=booking, approved=again)
    booking.refresh_from_db()
    assert booking.state == state


@pytest.mark.django_db
def test_requests_lapse_by_themselves_and_cannot_be_given_afterwards() -> None:
    over, held = ask(RoomFactory()), ask(RoomFactory())
    RoomBooking.objects.filter(pk=over.pk).update(
        held_until=timezone.now() - timedelta(minutes=1)
    )
    with pytest.raises(ValidationError):
        answer_request(actor=ACTOR, booking=over, approved=True)
    assert lapse_requests(actor=ACTOR) == [over]
    assert lapse_requests(actor=ACTOR) == []
    held.refresh_from_db()
    over.refresh_from_db()
    assert (over.state, held.state) == ("lapsed", "requested")


@pytest.mark.django_db
def test_the_centre_goes_first() -> None:
    room = RoomFactory()
    asked = ask(room)
    owner = OrganisationFactory()
    book_own(actor=ACTOR, room=room, period=hours(start=11), booked_by=owner)
    asked.refresh_from_db()
    assert asked.state == "lapsed"
    with pytest.raises(ValidationError):
        book_own(actor=ACTOR, room=room, period=hours(start=12), booked_by=owner)


@pytest.mark.django_db
def test_hours_of_an_agenda_are_cancelled_there() -> None:
    source = CalendarSourceFactory()
    read = RoomBookingFactory(room=source.room, source=source, period=hours())
    with pytest.raises(ValidationError):
        cancel_booking(actor=ACTOR, booking=read)
    own = RoomBookingFactory(room=source.room, period=hours(start=15))
    cancel_booking(actor=ACTOR, booking=own)
    own.refresh_from_db()
    assert own.state == "lapsed"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_gets_it() -> None:
    room, period = RoomFactory(), hours()
    people = PersonFactory.create_batch(4)
    results = at_once(
        *(lambda one=one: ask(room, period, one) for one in people)  # type: ignore[misc]
    )
    assert sorted(type(one).__name__ for one in results) == [
        "RoomBooking",
        "ValidationError",
        "ValidationError",
        "ValidationError",
    ]


@pytest.mark.django_db(transaction=True)
def test_giving_and_refusing_at_once_is_one_answer() -> None:
    booking = ask(RoomFactory())
    results = at_once(
        lambda: answer_request(actor=ACTOR, booking=booking, approved=True),
        lambda: answer_request(actor=ACTOR, booking=booking, approved=False),
    )
    kinds = sorted(type(one).__name__ for one in results)
    assert kinds == ["RoomBooking", "ValidationError"]
