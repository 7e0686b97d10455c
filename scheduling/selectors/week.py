"""The sessions of a week as one kind of row, published or as a draft has them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone

from audit.actor import Actor
from courses.enums import SessionState
from courses.selectors import session_by_id, sessions_of_series
from courses.selectors.coordinator import SeatCount, seat_counts
from courses.selectors.week import (
    OF_A_SESSION,
    leader_ids,
    sessions_dropped,
    sessions_in_short,
    times_and_rooms,
)
from people.selectors.leaders import leaders_at_work
from rooms.selectors import rooms_by_id
from scheduling.models import (
    Schedule,
    ScheduledLeader,
    ScheduledSession,
    ScheduleState,
    SeriesPin,
)
from scheduling.selectors.seats import drafted_counts
from scheduling.weeks import Week

if TYPE_CHECKING:
    from courses.models import Session
    from people.models import Facilitator
    from rooms.models import Room


@dataclass(frozen=True, kw_only=True)
class Leader:
    """Who leads a session: a name as used at work, with organisation and roles."""

    id: int
    name: str
    organisation_id: int
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WeekSession:
    """One session as a page shows it. Times are on the clock of the region.

    ``seats`` given out of ``size``; ``of`` is the number of sessions, ``None`` without
    an end. ``was`` is when it was first to be, or is in what is published now.
    ``smallest`` group with which it may start; ``broken``: it cannot go on like this,
    or a rule it breaks was accepted by name.
    """

    id: uuid.UUID
    series_id: uuid.UUID
    organisation_id: int
    title: str
    kind: str
    format: str
    number: int
    of: int | None
    start: datetime
    end: datetime
    room: Room | None
    leaders: tuple[Leader, ...]
    size: int
    seats: int = 0
    enrols: bool = True
    was: datetime | None = None
    other_room: bool = False
    other_leaders: bool = False
    cancelled: bool = False
    new: bool = False
    pinned: bool = False
    smallest: int = 0
    broken: bool = False

    @property
    def below_minimum(self) -> bool:
        """Whether fewer people have a seat than the smallest group asks for."""
        grouped = self.enrols and self.size > 1 and not self.cancelled
        return grouped and self.seats < self.smallest

    @property
    def without_leader(self) -> bool:
        return not self.leaders and not self.cancelled

    @property
    def moved(self) -> bool:
        return self.was is not None and self.was != self.start

    @property
    def changed(self) -> bool:
        """Whether it differs from what is published now (of a draft only)."""
        different = self.moved or self.other_room or self.other_leaders
        return different or self.new or self.cancelled


def published_in(*, week: Week) -> Schedule | None:
    """The published schedule of a week."""
    return Schedule.objects.filter(
        kind="week", first_date=week.monday, state=ScheduleState.PUBLISHED
    ).first()


def drafts_in(*, week: Week) -> list[Schedule]:
    """Drafts that say something about a week, newest first."""
    return list(
        Schedule.objects.filter(
            state=ScheduleState.DRAFT,
            first_date__lte=week.sunday,
            last_date__gte=week.monday,
        ).order_by("-pk")
    )


def published_week(
    *,
    actor: Actor,
    week: Week,
    organisation_ids: Collection[int] | None = None,
    rooms: Iterable[Room] = (),
) -> list[WeekSession]:
    """Published and cancelled sessions of a week, in order of time.

    A fixed number of reads and one log line naming the leaders. `organisation_ids` are
    those of the offering; ``rooms``: those known already, which saves reading them.
    """
    rows = sessions_in_short(
        start=week.start, end=week.end, organisation_ids=organisation_ids
    )
    led = leader_ids(session_ids=[row.pk for row in rows])
    parts = _parts(actor, rows, led, rooms)
    return [_of_session(row, parts) for row in rows]


def draft_week(
    *,
    actor: Actor,
    schedule: Schedule,
    week: Week,
    organisation_ids: Collection[int] | None = None,
    rooms: Iterable[Room] = (),
) -> list[WeekSession]:
    """The sessions of a week as a draft has them, with how they differ from now.

    What a release would cancel is among them. A fixed number of reads, one log line.
    """
    rows = list(
        _scheduled(schedule, organisation_ids).filter(
            period__overlap=DateTimeTZRange(week.start, week.end)
        )
    )
    gone = sessions_dropped(
        start=week.start,
        end=week.end,
        series=schedule.series_rows.values("series_id"),
        kept=schedule.sessions.values("session_id"),
        organisation_ids=organisation_ids,
    )
    drafted = [row.session_id for row in rows]
    now = leader_ids(session_ids=[*drafted, *(row.pk for row in gone)])
    led = {**now, **_drafted_leaders(rows)}
    parts = _parts(actor, [*rows, *gone], led, rooms, schedule)
    known = times_and_rooms(session_ids=drafted)
    found = [_of_scheduled(row, parts, known, now) for row in rows]
    found += [replace(_of_session(row, parts), cancelled=True) for row in gone]
    return sorted(found, key=lambda one: (one.start, one.title, str(one.id)))


def one_session(
    *,
    actor: Actor,
    session_id: uuid.UUID,
    schedule: Schedule | None = None,
    organisation_ids: Collection[int] | None = None,
) -> WeekSession | None:
    """One session, published or as a draft has it; ``None`` outside one's reach."""
    if schedule is None:
        row = session_by_id(actor=actor, session_id=session_id)
        if row is None or (
            organisation_ids is not None
            and row.series.offering.organisation_id not in organisation_ids
        ):
            return None
        leaders = [leader.facilitator for leader in row.session_leaders.all()]
        parts = _Parts(
            rooms={row.room.pk: row.room} if row.room else {},
            leaders={row.pk: tuple(_leader(one) for one in leaders)},
            seats=seat_counts(series_ids=[row.series_id]),
            pinned=_pinned([row.series_id]),
        )
        return _of_session(row, parts)
    draft = _scheduled(schedule, organisation_ids).filter(session_id=session_id).first()
    if draft is None:
        return None
    parts = _parts(actor, [draft], _drafted_leaders([draft]), (), schedule)
    known = times_and_rooms(session_ids=[session_id])
    return _of_scheduled(draft, parts, known, leader_ids(session_ids=[session_id]))


@dataclass(frozen=True)
class _Parts:
    """What the rows of a week refer to, each read once: leaders by session, rooms by
    id, and by series what is given out and whether it is pinned."""

    rooms: Mapping[int, Room]
    leaders: Mapping[uuid.UUID, tuple[Leader, ...]]
    seats: Mapping[uuid.UUID, SeatCount]
    pinned: Collection[uuid.UUID]


def _parts(
    actor: Actor,
    rows: Collection[Session | ScheduledSession],
    led: Mapping[uuid.UUID, Sequence[int]],
    rooms: Iterable[Room],
    schedule: Schedule | None = None,
) -> _Parts:
    """``led``: the leaders of each session; reading who they are is logged."""
    series_ids = {row.series_id for row in rows}
    known = {room.pk: room for room in rooms}
    missing = {row.room_id for row in rows if row.room_id is not None} - known.keys()
    people = leaders_at_work(
        actor=actor,
        facilitator_ids={key for keys in led.values() for key in keys},
        code="agenda.read",
        object_kind="schedule" if schedule else "session",
        object_id=schedule.pk if schedule else "",
    )
    leaders = {key: _leader(one) for key, one in people.items()}
    return _Parts(
        rooms={**known, **rooms_by_id(room_ids=missing)},
        leaders={key: tuple(leaders[one] for one in ids) for key, ids in led.items()},
        seats=drafted_counts(schedule=schedule, series_ids=series_ids)
        if schedule
        else seat_counts(series_ids=series_ids),
        pinned=_pinned(series_ids),
    )


def _scheduled(
    schedule: Schedule, organisation_ids: Collection[int] | None
) -> QuerySet[ScheduledSession]:
    own = ("schedule", "session_id", "number", "period", "room", "online")
    found = schedule.sessions.select_related("series__offering").only(
        *own, *OF_A_SESSION
    )
    if organisation_ids is not None:
        found = found.filter(series__offering__organisation__in=organisation_ids)
    return found


def _drafted_leaders(
    rows: Iterable[ScheduledSession],
) -> dict[uuid.UUID, list[int]]:
    """Ids of who leads in the draft, by session; nobody is an empty list."""
    found: dict[uuid.UUID, list[int]] = {row.session_id: [] for row in rows}
    pairs = ScheduledLeader.objects.filter(session__in=[row.pk for row in rows])
    for session_id, facilitator_id in pairs.order_by("pk").values_list(
        "session__session_id", "facilitator_id"
    ):
        found[session_id].append(facilitator_id)
    return found


def _pinned(series_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    pins = SeriesPin.objects.filter(series__in=list(series_ids))
    return set(pins.values_list("series_id", flat=True))


def _of_session(row: Session, parts: _Parts) -> WeekSession:
    was = row.original_period.lower if row.original_period else None
    return WeekSession(
        **_common(row, parts),
        id=row.pk,
        leaders=parts.leaders.get(row.pk, ()),
        seats=parts.seats.get(row.series_id, SeatCount()).sure,
        was=timezone.localtime(was) if was else None,
        cancelled=row.state == SessionState.CANCELLED,
    )


def _of_scheduled(
    row: ScheduledSession,
    parts: _Parts,
    known: Mapping[uuid.UUID, tuple[datetime, int | None]],
    now: Mapping[uuid.UUID, Sequence[int]],
) -> WeekSession:
    """``known`` and ``now``: time, room and leaders of what is published."""
    was, room_id = known.get(row.session_id, (None, None))
    leaders = parts.leaders.get(row.session_id, ())
    led_now = set(now.get(row.session_id, ()))
    return WeekSession(
        **_common(row, parts),
        id=row.session_id,
        leaders=leaders,
        seats=parts.seats.get(row.series_id, SeatCount()).taken,
        was=timezone.localtime(was) if was else None,
        other_room=was is not None and room_id != row.room_id,
        other_leaders=was is not None and {one.id for one in leaders} != led_now,
        new=was is None,
    )


def _common(row: Session | ScheduledSession, parts: _Parts) -> dict[str, Any]:
    series, offering = row.series, row.series.offering
    return {
        "series_id": row.series_id,
        "organisation_id": offering.organisation_id,
        "title": offering.title,
        "kind": offering.kind,
        "format": "online" if row.online else "in_person",
        "number": row.number,
        "of": series.number_of_sessions,
        "start": timezone.localtime(row.period.lower),
        "end": timezone.localtime(row.period.upper),
        "room": None if row.room_id is None else parts.rooms[row.room_id],
        "size": series.largest,
        "smallest": series.smallest,
        "enrols": offering.policy.takes_registrations,
        "pinned": row.series_id in parts.pinned,
    }


def _leader(facilitator: Facilitator) -> Leader:
    return Leader(
        id=facilitator.pk,
        name=facilitator.person.group_name,
        organisation_id=facilitator.organisation_id,
        roles=tuple(facilitator.staff_roles),
    )


def other_dates(*, session: WeekSession, schedule: Schedule | None = None) -> list[Any]:
    """(number, start, cancelled) of all sessions of the same series; no person."""
    rows: Iterable[Any]
    if schedule is None:
        rows = sessions_of_series(series_ids=[session.series_id])
    else:
        rows = schedule.sessions.filter(series=session.series_id).order_by("period")
    return [
        (
            row.number,
            timezone.localtime(row.period.lower),
            getattr(row, "state", "") == SessionState.CANCELLED,
        )
        for row in rows
    ]
