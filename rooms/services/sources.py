"""A room's own agenda: made known, read, and kept as confirmed bookings.

A reading that fails keeps the bookings of the last good one. The hours of an agenda
give way to confirmed bookings that were written by hand: the two never overlap, as the
database asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import save_checked
from rooms.calendars.apart import busy_hours_apart
from rooms.calendars.faults import Unreadable
from rooms.calendars.fetch import MOST_BYTES, clean_address, fetch
from rooms.calendars.read import WINDOW, Hours, joined, without
from rooms.calendars.seal import seal, unseal
from rooms.enums import BookingState, SourceKind, SourceProblem, SourceState
from rooms.models import CalendarSource, Room, RoomBooking

EVERY = timedelta(hours=1)
LONGEST_PAUSE = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one reading did. `broke` is true only when it worked the time before."""

    source: CalendarSource
    added: int = 0
    removed: int = 0
    broke: bool = False


def _log(actor: Actor, code: str, action: str, object_id: object) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        object_kind="agenda",
        object_id=object_id,
    )


@transaction.atomic
def add_address(*, actor: Actor, room: Room, address: str) -> CalendarSource:
    """Make known the address of a room's own agenda; an address before it goes.

    Raises
    ------
    django.core.exceptions.ValidationError
        For what is no address; whether it answers shows at the first reading.
    """
    try:
        parts = clean_address(address)
    except Unreadable as error:
        raise ValidationError(SourceProblem(error.problem).label) from error
    CalendarSource.objects.filter(room=room, kind=SourceKind.ADDRESS).delete()
    source = save_checked(
        CalendarSource(
            room=room,
            kind=SourceKind.ADDRESS,
            sealed_address=seal(parts.geturl()),
            host=str(parts.hostname)[:253],
        )
    )
    _log(actor, "source.create", "C", source.pk)
    return source


@transaction.atomic
def add_file(
    *, actor: Actor, room: Room, data: bytes, skip_uids: Collection[str] = ()
) -> Reading:
    """Take over the hours of a file; those of a file before it go.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it cannot be read; then nothing has changed.
    """
    now = timezone.now()
    try:
        busy = _read(data, now, skip_uids)
    except Unreadable as error:
        raise ValidationError(SourceProblem(error.problem).label) from error
    CalendarSource.objects.filter(room=room, kind=SourceKind.FILE).delete()
    source = save_checked(
        CalendarSource(
            room=room,
            kind=SourceKind.FILE,
            state=SourceState.GOOD,
            tried_at=now,
            good_at=now,
        )
    )
    added, removed = _keep(source, busy)
    _log(actor, "source.create", "C", source.pk)
    return Reading(source=source, added=added, removed=removed)


@transaction.atomic
def stop_source(*, actor: Actor, source: CalendarSource) -> None:
    """Forget an agenda of a room, with the bookings that were read from it."""
    key = source.pk
    source.delete()
    _log(actor, "source.delete", "D", key)


def due_sources(*, now: datetime) -> list[int]:
    """Ids of addresses that are to be read now, the longest waiting first.

    Every hour; one that keeps failing less and less often, at least once a day.
    """
    due = []
    for source in CalendarSource.objects.filter(kind=SourceKind.ADDRESS):
        pause = min(EVERY * 2 ** min(source.failures, 10), LONGEST_PAUSE)
        if source.tried_at is None or source.tried_at <= now - pause:
            due.append((source.tried_at or source.made_at, source.pk))
    return [key for _tried, key in sorted(due)]


def read_source(
    *,
    actor: Actor,
    source_id: int,
    own_uids: Callable[[int], Collection[str]] = lambda _room_id: (),
) -> Reading | None:
    """Read an address now and keep its hours; None if it is gone meanwhile.

    `own_uids` gives the events of a room that are ours and do not count. What goes
    wrong is written on the source, and the hours of the last good reading stay.
    """
    source = CalendarSource.objects.filter(
        pk=source_id, kind=SourceKind.ADDRESS
    ).first()
    if source is None:
        return None
    now = timezone.now()
    # A day later the window has moved, so the file is wanted also if it did not change.
    day = f"{now:%Y-%m-%d} "
    known = source.tag.removeprefix(day) if source.tag.startswith(day) else ""
    try:
        answer = fetch(unseal(source.sealed_address), tag=known)
        if answer.body is None:
            return _done(actor, source_id, now, None, source.tag, source.fingerprint)
        mark = f"{day}{hashlib.sha256(answer.body).hexdigest()[:50]}"
        if mark == source.fingerprint:
            return _done(actor, source_id, now, None, source.tag, mark)
        busy = _read(answer.body, now, own_uids(source.room_id))
    except Unreadable as error:
        return _failed(actor, source_id, now, error.problem)
    tag = f"{day}{answer.tag}" if answer.tag else ""
    return _done(actor, source_id, now, busy, tag, mark)


def _read(data: bytes, now: datetime, skip_uids: Collection[str]) -> list[Hours]:
    if len(data) > MOST_BYTES:
        raise Unreadable("big")
    back, ahead = WINDOW
    return busy_hours_apart(
        data, start=now - back, end=now + ahead, skip_uids=skip_uids
    )


def _locked(source_id: int) -> CalendarSource | None:
    return CalendarSource.objects.select_for_update().filter(pk=source_id).first()


@transaction.atomic
def _done(
    actor: Actor,
    source_id: int,
    now: datetime,
    busy: list[Hours] | None,
    tag: str,
    mark: str,
) -> Reading | None:
    source = _locked(source_id)
    if source is None:
        return None
    added, removed = (0, 0) if busy is None else _keep(source, busy)
    source.state, source.problem, source.failures = SourceState.GOOD, "", 0
    source.tag, source.fingerprint = tag, mark
    source.tried_at = source.good_at = now
    save_checked(source)
    if added or removed:
        _log(actor, "source.read", "U", source.pk)
    return Reading(source=source, added=added, removed=removed)


@transaction.atomic
def _failed(
    actor: Actor, source_id: int, now: datetime, problem: str
) -> Reading | None:
    source = _locked(source_id)
    if source is None:
        return None
    broke = source.state == SourceState.GOOD
    source.state, source.problem = SourceState.BROKEN, problem
    source.failures += 1
    source.tag, source.fingerprint = "", ""
    source.tried_at = now
    save_checked(source)
    if broke:
        _log(actor, "source.broken", "U", source.pk)
    return Reading(source=source, broke=broke)


def _keep(source: CalendarSource, busy: list[Hours]) -> tuple[int, int]:
    """Make the bookings of a source these hours; how many came and went."""
    # Whoever writes a booking of this room meanwhile waits for this (book_room too).
    Room.objects.select_for_update(no_key=True).get(pk=source.room_id)
    others = RoomBooking.objects.filter(
        room=source.room_id, state=BookingState.CONFIRMED
    ).exclude(source=source)
    taken = joined(
        (one.lower, one.upper) for one in others.values_list("period", flat=True)
    )
    wanted = set(without(busy, taken))
    gone = []
    for row in RoomBooking.objects.filter(source=source):
        hours = (row.period.lower, row.period.upper)
        if hours in wanted:
            wanted.remove(hours)
        else:
            gone.append(row.pk)
    RoomBooking.objects.filter(pk__in=gone).delete()
    RoomBooking.objects.bulk_create(
        RoomBooking(
            room_id=source.room_id,
            source=source,
            state=BookingState.CONFIRMED,
            period=DateTimeTZRange(first, last),
        )
        for first, last in sorted(wanted)
    )
    return len(wanted), len(gone)
