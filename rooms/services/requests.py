"""Asking for a room of somebody else, and the owner's answer.

A request is held: the planner stays off those hours until the owner answers, or until
the hold is over and the request lapses by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import save_checked
from rooms.enums import BookingState
from rooms.models import CalendarSource, Room, RoomBooking

if TYPE_CHECKING:
    from people.models import Organisation, Person

HOLD_DAYS = 5
"""Days that a request keeps a room; never past its own beginning."""
LONGEST = timedelta(days=14)
FARTHEST = timedelta(days=550)


def _log(actor: Actor, code: str, action: str, booking: RoomBooking) -> None:
    subjects = [booking.requested_by_id] if booking.requested_by_id else []
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        subjects=subjects,
        object_kind="booking",
        object_id=booking.pk,
    )


def _locked_room(room_id: int) -> None:
    """Whoever writes bookings of one room goes one by one, the agenda reader too."""
    Room.objects.select_for_update(no_key=True).get(pk=room_id)


def check_hours(period: DateTimeTZRange, *, now: datetime) -> None:
    """Refuse hours that are over, too long or too far away.

    Raises
    ------
    django.core.exceptions.ValidationError
        With a sentence for the person who wrote them.
    """
    if period.upper <= period.lower:
        raise ValidationError(_("The end must come after the start."))
    if period.lower <= now:
        raise ValidationError(_("Choose a time that is still to come."))
    if period.upper - period.lower > LONGEST:
        raise ValidationError(_("A booking lasts at most two weeks."))
    if period.lower > now + FARTHEST:
        raise ValidationError(_("Choose a day within a year and a half."))


@transaction.atomic
def request_room(
    *,
    actor: Actor,
    room: Room,
    period: DateTimeTZRange,
    requested_by: Person,
    booked_by: Organisation | None = None,
) -> RoomBooking:
    """Ask the owner of a room for these hours; the same again gives the same request.

    Raises
    ------
    django.core.exceptions.ValidationError
        For impossible hours, and when the room is taken then.
    """
    now = timezone.now()
    check_hours(period, now=now)
    _locked_room(room.pk)
    there = RoomBooking.objects.filter(
        room=room,
        period__overlap=period,
        state__in=[BookingState.CONFIRMED, BookingState.REQUESTED],
    ).first()
    if there is not None:
        same = there.requested_by_id == requested_by.pk and there.period == period
        if same and there.state == BookingState.REQUESTED:
            return there
        raise ValidationError(
            _("The room is taken then, or somebody asked for it first.")
        )
    booking = save_checked(
        RoomBooking(
            room=room,
            period=period,
            state=BookingState.REQUESTED,
            booked_by=booked_by,
            requested_by=requested_by,
            held_until=min(now + timedelta(days=HOLD_DAYS), period.lower),
        )
    )
    _log(actor, "booking.request", "C", booking)
    return booking


@transaction.atomic
def answer_request(
    *, actor: Actor, booking: RoomBooking, approved: bool
) -> RoomBooking:
    """Give the room, or refuse it.

    Raises
    ------
    django.core.exceptions.ValidationError
        When the request was answered or lapsed already, or the room is taken.
    """
    _locked_room(booking.room_id)
    booking = RoomBooking.objects.select_for_update().get(pk=booking.pk)
    if booking.state != BookingState.REQUESTED or _over(booking):
        raise ValidationError(_("This request was answered already, or has lapsed."))
    booking.state = BookingState.CONFIRMED if approved else BookingState.LAPSED
    booking.held_until = None
    save_checked(booking)
    _log(actor, "booking.approve" if approved else "booking.refuse", "U", booking)
    return booking


def _over(booking: RoomBooking) -> bool:
    return booking.held_until is not None and booking.held_until <= timezone.now()


@transaction.atomic
def book_own(
    *, actor: Actor, room: Room, period: DateTimeTZRange, booked_by: Organisation
) -> RoomBooking:
    """A booking of the centre itself: it goes first, also over planned sessions.

    Requests for those hours lapse.

    Raises
    ------
    django.core.exceptions.ValidationError
        For impossible hours, and when another booking of the centre is there.
    """
    check_hours(period, now=timezone.now())
    _locked_room(room.pk)
    at_that_time = RoomBooking.objects.filter(room=room, period__overlap=period)
    booking = save_checked(
        RoomBooking(
            room=room,
            period=period,
            state=BookingState.CONFIRMED,
            booked_by=booked_by,
        )
    )
    for asked in at_that_time.filter(state=BookingState.REQUESTED):
        asked.state, asked.held_until = BookingState.LAPSED, None
        asked.save(update_fields=["state", "held_until"])
        _log(actor, "booking.refuse", "U", asked)
    _log(actor, "booking.create", "C", booking)
    return booking


@transaction.atomic
def cancel_booking(*, actor: Actor, booking: RoomBooking) -> None:
    """Let a booking of the centre itself, or one it gave, go.

    Raises
    ------
    django.core.exceptions.ValidationError
        For hours that were read from an agenda: those are changed there.
    """
    booking = RoomBooking.objects.select_for_update().get(pk=booking.pk)
    if booking.source_id is not None:
        raise ValidationError(
            _("This comes from the agenda of the room. Change it in that agenda.")
        )
    if booking.state == BookingState.LAPSED:
        return
    booking.state, booking.held_until = BookingState.LAPSED, None
    save_checked(booking)
    # What the room's own agenda has at those hours counts again: read it anew.
    CalendarSource.objects.filter(room=booking.room_id).update(tag="", fingerprint="")
    _log(actor, "booking.cancel", "U", booking)


@transaction.atomic
def lapse_requests(*, actor: Actor) -> list[RoomBooking]:
    """Let requests lapse whose hold is over; those that lapsed now."""
    over = list(
        RoomBooking.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("room__centre", "requested_by")
        .filter(state=BookingState.REQUESTED, held_until__lte=timezone.now())
        .order_by("pk")
    )
    for booking in over:
        booking.state, booking.held_until = BookingState.LAPSED, None
        booking.save(update_fields=["state", "held_until"])
        _log(actor, "booking.lapse", "U", booking)
    return over
