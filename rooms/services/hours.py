"""Asking a centre for a room in more hours, for our groups, and the centre's answer.

A booking keeps others out of a room; these hours let our groups in. The planner uses
them only once they were given.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import save_checked
from rooms.enums import HoursState
from rooms.models import Centre, ExtraHours, OpeningHours, Room, RoomFeature
from rooms.services import create_room

if TYPE_CHECKING:
    from people.models import Person


@transaction.atomic
def ask_hours(
    *,
    actor: Actor,
    centre: Centre,
    weekday: int,
    start: time,
    end: time,
    first: date,
    last: date,
    chairs: int,
    features: Iterable[str] = (),
    asked_by: Person | None = None,
) -> ExtraHours:
    """Ask a centre for one room more on an ISO weekday; the days are both included.

    Raises
    ------
    django.core.exceptions.ValidationError
        For hours or days that make no sense, or that are over.
    """
    if last < timezone.localdate():
        raise ValidationError(_("These days are over. Choose days to come."))
    if last < first:
        raise ValidationError(_("The last day must not come before the first day."))
    row = save_checked(
        ExtraHours(
            centre=centre,
            weekday=weekday,
            start=start,
            end=end,
            days=DateRange(first, last + timedelta(days=1)),
            chairs=chairs,
            features=sorted(features),
            asked_by=asked_by,
        )
    )
    _log(actor, "hours.ask", row)
    return row


@transaction.atomic
def give_hours(
    *,
    actor: Actor,
    hours_id: int,
    room: Room | None = None,
    name: str = "",
    capacity: int | None = None,
) -> ExtraHours:
    """Give a room for the hours that were asked: one there is, or a new one by name.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it was answered already, or the room is not of this centre or too small.
    """
    row = _asked(hours_id)
    if room is None:
        if not name.strip() or capacity is None:
            raise ValidationError(
                _("Choose a room, or write the name and chairs of another one.")
            )
        room = create_room(
            actor=actor, centre=row.centre, name=name.strip(), capacity=capacity
        )
        room.features.set(RoomFeature.objects.filter(pk__in=row.features))
    if room.centre_id != row.centre_id:
        raise ValidationError(_("Choose a room of this location."))
    if room.capacity < row.chairs:
        raise ValidationError(
            _("%(chairs)d chairs are needed; this room has %(has)d.")
            % {"chairs": row.chairs, "has": room.capacity}
        )
    row.room, row.state, row.answered_at = room, HoursState.GIVEN, timezone.now()
    save_checked(row)
    _log(actor, "hours.give", row)
    return row


@transaction.atomic
def refuse_hours(*, actor: Actor, hours_id: int) -> ExtraHours:
    """Say no; raises ``ValidationError`` when it was answered already."""
    row = _asked(hours_id)
    row.state, row.answered_at = HoursState.REFUSED, timezone.now()
    save_checked(row)
    _log(actor, "hours.refuse", row)
    return row


@transaction.atomic
def withdraw_hours(*, actor: Actor, hours_id: int) -> None:
    """Take back what was asked or given; no new group is planned in it from now on."""
    row = ExtraHours.objects.select_for_update(of=("self",)).get(pk=hours_id)
    if row.state in (HoursState.REFUSED, HoursState.WITHDRAWN):
        return
    row.state = HoursState.WITHDRAWN
    save_checked(row)
    _log(actor, "hours.withdraw", row)


def _asked(hours_id: int) -> ExtraHours:
    rows = ExtraHours.objects.select_for_update(of=("self",)).select_related("centre")
    row = rows.get(pk=hours_id)
    if row.state != HoursState.ASKED:
        raise ValidationError(_("This request was answered already, or has lapsed."))
    return row


def _log(actor: Actor, code: str, row: ExtraHours) -> None:
    record_event(
        actor=actor,
        code=code,
        action="C" if code == "hours.ask" else "U",
        purpose=ADMINISTRATION,
        subjects=[row.asked_by_id] if row.asked_by_id else [],
        object_kind="hours",
        object_id=row.pk,
    )


@transaction.atomic
def open_longer(
    *, actor: Actor, room_id: int, hours: Iterable[tuple[int, time, time]]
) -> None:
    """Add weekly opening hours (ISO weekday, from, until) to the centre of a room.

    Raises ``ValidationError`` when they overlap hours there are; nothing is added then.
    """
    centre = Room.objects.select_related("centre").get(pk=room_id).centre
    for weekday, start, end in hours:
        save_checked(OpeningHours(centre=centre, weekday=weekday, start=start, end=end))
    record_event(
        actor=actor,
        code="centre.hours",
        action="U",
        purpose=ADMINISTRATION,
        object_kind="centre",
        object_id=centre.pk,
    )


@transaction.atomic
def add_features(*, actor: Actor, room_id: int, features: Iterable[str]) -> None:
    """Write down that a room has these features too, by their codes."""
    room = Room.objects.select_for_update(of=("self",), no_key=True).get(pk=room_id)
    room.features.add(*RoomFeature.objects.filter(pk__in=list(features)))
    record_event(
        actor=actor,
        code="room.update",
        action="U",
        purpose=ADMINISTRATION,
        object_kind="room",
        object_id=room.pk,
    )
