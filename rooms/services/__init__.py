"""The writes of rooms: checked, keyword-only, and logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import lock_row, save_checked
from rooms.enums import BookingState
from rooms.models import (
    Centre,
    Closure,
    OpeningHours,
    Room,
    RoomBooking,
    RoomFeature,
    TravelTime,
)

if TYPE_CHECKING:
    from people.models import Organisation, Place


def _log(actor: Actor, code: str, action: str, object_id: object) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        object_kind=code.partition(".")[0],
        object_id=object_id,
    )


@transaction.atomic
def create_centre(*, actor: Actor, code: str, name: str, **fields: Any) -> Centre:
    """Add a centre; `fields` are those of Centre."""
    centre = save_checked(Centre(code=code, name=name, **fields))
    _log(actor, "centre.create", "C", centre.pk)
    return centre


def hours_facts(hours: Iterable[tuple[int, time, time]]) -> dict[str, Any]:
    """Opening hours by ISO weekday, all seven, as facts of a form (`audit.rows`)."""
    rows = sorted(hours)
    return {
        str(day): [(start, end) for weekday, start, end in rows if weekday == day]
        for day in range(1, 8)
    }


def _hours_now(centre: Centre) -> dict[str, Any]:
    rows = centre.opening_hours.values_list("weekday", "start", "end")
    return hours_facts(rows)


@transaction.atomic
def set_opening_hours(
    *,
    actor: Actor,
    centre: Centre,
    hours: Sequence[tuple[int, time, time]],
    version: str | None = None,
) -> list[OpeningHours]:
    """Replace the opening hours by (ISO weekday, from, until).

    With a `version`, only if they are still as the form of that version saw them.

    Raises
    ------
    audit.rows.StaleRow
        Somebody changed them meanwhile; nothing is written.
    django.core.exceptions.ValidationError
        If two overlap or one ends before it starts; the old hours then stay.
    """
    lock_row(centre, version=version, read=_hours_now)
    centre.opening_hours.all().delete()
    made = [
        save_checked(OpeningHours(centre=centre, weekday=day, start=start, end=end))
        for day, start, end in hours
    ]
    _log(actor, "centre.hours", "U", centre.pk)
    return made


@transaction.atomic
def add_closure(*, actor: Actor, centre: Centre, first: date, last: date) -> Closure:
    """Close a centre from the first to the last day, both included.

    Days that are written down already are not written twice.
    """
    if last < first:
        raise ValidationError(_("The last day must not come before the first day."))
    days = DateRange(first, last + timedelta(days=1))
    known = Closure.objects.filter(centre=centre, days__contains=days).first()
    if known is not None:
        return known
    closure = save_checked(Closure(centre=centre, days=days))
    _log(actor, "centre.closure", "C", centre.pk)
    return closure


@transaction.atomic
def add_closures(
    *, actor: Actor, centres: Iterable[Centre], first: date, last: date
) -> list[Closure]:
    """Close several centres from the first to the last day, both included.

    Of a centre that is closed on all those days already nothing is written. Returns
    what was; two queries, and a line in the log for each.
    """
    if last < first:
        raise ValidationError(_("The last day must not come before the first day."))
    days = DateRange(first, last + timedelta(days=1))
    known = Closure.objects.filter(days__contains=days)
    shut = set(known.values_list("centre_id", flat=True))
    made = Closure.objects.bulk_create(
        Closure(centre=one, days=days) for one in centres if one.pk not in shut
    )
    for one in made:
        _log(actor, "centre.closure", "C", one.centre_id)
    return made


@transaction.atomic
def create_room(
    *,
    actor: Actor,
    centre: Centre,
    name: str,
    capacity: int,
    features: Iterable[RoomFeature] = (),
    **fields: Any,
) -> Room:
    """Add a room; `capacity` counts everybody, leaders too."""
    room = save_checked(Room(centre=centre, name=name, capacity=capacity, **fields))
    room.features.set(features)
    _log(actor, "room.create", "C", room.pk)
    return room


@transaction.atomic
def book_room(
    *,
    actor: Actor,
    room: Room,
    period: DateTimeTZRange,
    state: str = BookingState.REQUESTED,
    booked_by: Organisation | None = None,
) -> RoomBooking:
    """Write down a booking by others.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it is confirmed and the room has a confirmed booking then.
    """
    booking = save_checked(
        RoomBooking(room=room, period=period, state=state, booked_by=booked_by)
    )
    _log(actor, "booking.create", "C", booking.pk)
    return booking


@transaction.atomic
def lose_room_for(
    *, actor: Actor, room: Room, period: DateTimeTZRange
) -> list[RoomBooking]:
    """Write down that a room cannot be used in a period: it is taken around the
    bookings that it has already."""
    taken = RoomBooking.objects.filter(
        room=room, state=BookingState.CONFIRMED, period__overlap=period
    ).order_by("period")
    start, made = period.lower, []
    for begin, end in [
        *((one.period.lower, one.period.upper) for one in taken),
        (period.upper, period.upper),
    ]:
        if start < begin:
            made.append(
                book_room(
                    actor=actor,
                    room=room,
                    period=DateTimeTZRange(start, begin),
                    state=BookingState.CONFIRMED,
                )
            )
        start = max(start, end)
    return made


@transaction.atomic
def change_booking(*, actor: Actor, booking: RoomBooking, state: str) -> RoomBooking:
    """Confirm a booking or let it lapse.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it is to be confirmed while another one is, or for an unknown state.
    """
    booking.state = state
    save_checked(booking)
    _log(actor, "booking.update", "U", booking.pk)
    return booking


@transaction.atomic
def set_travel_time(
    *, actor: Actor, from_place: Place, to_place: Place, minutes: int
) -> TravelTime:
    """Write the minutes between two places; the same pair again replaces them."""
    written = TravelTime.objects.filter(
        from_place=from_place, to_place=to_place
    ).first() or TravelTime(from_place=from_place, to_place=to_place)
    written.minutes = minutes
    save_checked(written)
    _log(actor, "travel.update", "U", written.pk)
    return written


@transaction.atomic
def remove_closure(*, actor: Actor, closure: Closure) -> None:
    """Take a closure back."""
    key = closure.centre_id
    closure.delete()
    _log(actor, "centre.closure", "D", key)
