"""The sessions of a week as one kind of row, published or as a draft has them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_read
from courses.enums import SessionState
from courses.selectors import (
    planning_sessions,
    session_by_id,
    sessions_between,
    sessions_of_series,
)
from courses.selectors.coordinator import SeatCount, seat_counts, sessions_by_id
from scheduling.models import (
    Schedule,
    ScheduledLeader,
    ScheduledSession,
    ScheduleState,
    SeriesPin,
)
from scheduling.weeks import Week

if TYPE_CHECKING:
    from courses.models import Session
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
) -> list[WeekSession]:
    """Published and cancelled sessions of a week, in order of time.

    Four reads and one log line naming the leaders. `organisation_ids` are those of
    the offering.
    """
    rows = sessions_between(
        actor=actor,
        start=week.start,
        end=week.end,
        organisation_ids=organisation_ids,
        purpose=PLANNING,
    )
    keys = {row.series_id for row in rows}
    seats, pinned = seat_counts(series_ids=keys), _pinned(keys)
    return [_of_session(row, seats, pinned) for row in rows]


def draft_week(
    *,
    actor: Actor,
    schedule: Schedule,
    week: Week,
    organisation_ids: Collection[int] | None = None,
) -> list[WeekSession]:
    """The sessions of a week as a draft has them, with how they differ from now.

    What a release would cancel is among them. A fixed number of reads, one log line.
    """
    rows = list(
        _scheduled(schedule, organisation_ids).filter(
            period__overlap=DateTimeTZRange(week.start, week.end)
        )
    )
    known = {
        row.pk: row
        for row in sessions_by_id(session_ids=[row.session_id for row in rows])
    }
    keys = {row.series_id for row in rows}
    seats, pinned = seat_counts(series_ids=keys), _pinned(keys)
    found = [_of_scheduled(row, seats, pinned, known) for row in rows]
    found += _to_be_cancelled(actor, schedule, week, organisation_ids)
    _log(actor, rows, schedule)
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
        keys = {row.series_id}
        return _of_session(row, seat_counts(series_ids=keys), _pinned(keys))
    draft = _scheduled(schedule, organisation_ids).filter(session_id=session_id).first()
    if draft is None:
        return None
    keys = {draft.series_id}
    known = {row.pk: row for row in sessions_by_id(session_ids=[session_id])}
    _log(actor, [draft], schedule)
    return _of_scheduled(draft, seat_counts(series_ids=keys), _pinned(keys), known)


def _scheduled(
    schedule: Schedule, organisation_ids: Collection[int] | None
) -> QuerySet[ScheduledSession]:
    leaders = ScheduledLeader.objects.select_related("facilitator__person")
    found = schedule.sessions.select_related(
        "series__offering", "room__centre__place"
    ).prefetch_related(Prefetch("leader_rows", queryset=leaders))
    if organisation_ids is not None:
        found = found.filter(series__offering__organisation__in=organisation_ids)
    return found


def _log(actor: Actor, rows: Iterable[ScheduledSession], schedule: Schedule) -> None:
    record_read(
        actor=actor,
        subjects=[
            leader.facilitator.person_id
            for row in rows
            for leader in row.leader_rows.all()
        ],
        purpose=PLANNING,
        code="agenda.read",
        object_kind="schedule",
        object_id=schedule.pk,
    )


def _pinned(series_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    pins = SeriesPin.objects.filter(series__in=list(series_ids))
    return set(pins.values_list("series_id", flat=True))


def _to_be_cancelled(
    actor: Actor,
    schedule: Schedule,
    week: Week,
    organisation_ids: Collection[int] | None,
) -> list[WeekSession]:
    """Published sessions of series the draft decides on that it does not have."""
    decided = set(schedule.series_rows.values_list("series_id", flat=True))
    kept = set(schedule.sessions.values_list("session_id", flat=True))
    gone = {
        row.pk
        for row in planning_sessions(start=week.start, end=week.end)
        if row.series_id in decided and row.pk not in kept
    }
    if not gone:
        return []
    return [
        replace(one, cancelled=True)
        for one in published_week(
            actor=actor, week=week, organisation_ids=organisation_ids
        )
        if one.id in gone
    ]


def _of_session(
    row: Session,
    seats: Mapping[uuid.UUID, SeatCount],
    pinned: Collection[uuid.UUID],
) -> WeekSession:
    was = row.original_period.lower if row.original_period else None
    return WeekSession(
        **_common(row),
        id=row.pk,
        leaders=_leaders(row.session_leaders.all()),
        seats=seats.get(row.series_id, SeatCount()).sure,
        was=timezone.localtime(was) if was else None,
        cancelled=row.state == SessionState.CANCELLED,
        pinned=row.series_id in pinned,
    )


def _of_scheduled(
    row: ScheduledSession,
    seats: Mapping[uuid.UUID, SeatCount],
    pinned: Collection[uuid.UUID],
    known: Mapping[uuid.UUID, Session],
) -> WeekSession:
    now = known.get(row.session_id)
    led_by = {leader.facilitator_id for leader in row.leader_rows.all()}
    return WeekSession(
        **_common(row),
        id=row.session_id,
        leaders=_leaders(row.leader_rows.all()),
        seats=seats.get(row.series_id, SeatCount()).taken,
        was=timezone.localtime(now.period.lower) if now else None,
        other_room=now is not None and now.room_id != row.room_id,
        other_leaders=now is not None
        and led_by != {one.facilitator_id for one in now.session_leaders.all()},
        new=now is None,
        pinned=row.series_id in pinned,
    )


def _common(row: Session | ScheduledSession) -> dict[str, Any]:
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
        "room": row.room,
        "size": series.largest,
        "smallest": series.smallest,
        "enrols": offering.policy.takes_registrations,
    }


def _leaders(rows: Iterable[Any]) -> tuple[Leader, ...]:
    return tuple(
        Leader(
            id=row.facilitator_id,
            name=row.facilitator.person.group_name,
            organisation_id=row.facilitator.organisation_id,
            roles=tuple(row.facilitator.staff_roles),
        )
        for row in rows
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
