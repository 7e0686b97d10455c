"""Sessions after a period that come back with their group, and those that cannot.

A room or leader that others have by now stays theirs: such a session stays cancelled
(or online) and is named. What is over did not take place and stays so.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from courses.enums import SessionState
from courses.selectors import planning_sessions, sessions_of_series
from courses.selectors.coordinator import sessions_by_id
from publishing.remembered import session_steps, undone
from scheduling.services import clock

if TYPE_CHECKING:
    from courses.models import Session
    from courses.selectors.returning import Meeting
    from publishing.models import ChangedGroup
    from scheduling.models import Schedule

Fields = Mapping[str, Any]
"""``state``, ``room`` and ``online`` of a session."""


class WhyNot(StrEnum):
    """Why a session does not come back."""

    OVER = "over"
    CHANGED = "changed"
    ROOM = "room"
    LEADER = "leader"


@dataclass(frozen=True, kw_only=True)
class NotHeld:
    """A session that does not come back as it was."""

    series: uuid.UUID
    start: datetime
    why: WhyNot


@dataclass(frozen=True)
class Restored:
    """By group: sessions that come back as fields, and facilitators who lead them."""

    sessions: Mapping[uuid.UUID, Mapping[uuid.UUID, Fields]] = field(
        default_factory=dict
    )
    leaders: Mapping[uuid.UUID, tuple[int, ...]] = field(default_factory=dict)
    not_held: tuple[NotHeld, ...] = ()


def sessions_back(
    *,
    steps: Mapping[uuid.UUID, Sequence[ChangedGroup]],
    decided: Collection[uuid.UUID],
    period: DateTimeTZRange,
    ending: Collection[uuid.UUID],
) -> Restored:
    """Sessions of these groups that the schedule itself does not decide on.

    ``decided``: groups that it decides on, within ``period``; ``ending``: groups that
    stop at the same time, and so hinder nobody. Four queries, none without a session.
    """
    of_sessions = {
        key: found
        for rows in steps.values()
        for key, found in session_steps(rows).items()
    }
    if not of_sessions:
        return Restored()
    wanted: list[tuple[Session, Fields]] = []
    not_held: list[NotHeld] = []
    now = clock.now()
    for row in sessions_by_id(session_ids=of_sessions).order_by("period", "pk"):
        if row.period.lower in period and row.series_id in decided:
            continue
        fields = {"state": row.state, "room": row.room_id, "online": row.online}
        before, whole = undone(fields, of_sessions[row.pk])
        if not whole:
            not_held.append(_not_held(row, WhyNot.CHANGED))
        elif before != fields and row.period.lower <= now:
            not_held.append(_not_held(row, WhyNot.OVER))
        elif before != fields:
            wanted.append((row, before))
    taken = _Taken([row for row, _aim in wanted], ending)
    sessions: dict[uuid.UUID, dict[uuid.UUID, Fields]] = defaultdict(dict)
    leaders: dict[uuid.UUID, set[int]] = defaultdict(set)
    for row, aim in wanted:
        hindered = taken.why(row, aim)
        if hindered is not None:
            not_held.append(_not_held(row, hindered))
            continue
        sessions[row.series_id][row.pk] = aim
        leaders[row.series_id].update(_leaders(row))
    return Restored(
        sessions=dict(sessions),
        leaders={key: tuple(sorted(found)) for key, found in leaders.items()},
        not_held=tuple(not_held),
    )


def _not_held(row: Session, why: WhyNot) -> NotHeld:
    return NotHeld(series=row.series_id, start=row.period.lower, why=why)


def _leaders(row: Session) -> set[int]:
    return {one.facilitator_id for one in row.session_leaders.all()}


class _Taken:
    """Rooms and leaders that others have at the hours of some sessions."""

    def __init__(self, rows: Sequence[Session], ending: Collection[uuid.UUID]) -> None:
        self.rooms: dict[int, list[Session]] = defaultdict(list)
        self.leaders: dict[int, list[Session]] = defaultdict(list)
        if not rows:
            return
        for one in planning_sessions(
            start=min(row.period.lower for row in rows),
            end=max(row.period.upper for row in rows),
        ):
            if one.series_id in ending:
                continue
            if one.room_id is not None:
                self.rooms[one.room_id].append(one)
            for key in _leaders(one):
                self.leaders[key].append(one)

    def why(self, row: Session, before: Fields) -> WhyNot | None:
        """What another session has of what this one had; None when it can be held."""
        if before["state"] != SessionState.PUBLISHED:
            return None
        room = before["room"]
        if room is not None and _meets(row, self.rooms[room]):
            return WhyNot.ROOM
        if row.state != SessionState.PUBLISHED and any(
            _meets(row, self.leaders[key]) for key in _leaders(row)
        ):
            return WhyNot.LEADER
        return None


def _meets(row: Session, others: Iterable[Session]) -> bool:
    """Whether a session of another group is held at the same time."""
    return any(
        one.pk != row.pk
        and one.period.lower < row.period.upper
        and row.period.lower < one.period.upper
        for one in others
    )


def meets_then(
    *,
    series_ids: Collection[uuid.UUID],
    schedule: Schedule,
    decided: Collection[uuid.UUID],
    period: DateTimeTZRange,
    restored: Restored,
) -> dict[uuid.UUID, list[Meeting]]:
    """When these groups meet once a schedule was gone back to, from now on.

    In its period as it says, otherwise as published or brought back. Two queries, none
    without a group.
    """
    found: dict[uuid.UUID, list[Meeting]] = {key: [] for key in series_ids}
    if not found:
        return found
    now = clock.now()
    for row in sessions_of_series(series_ids=found):
        own = row.period.lower in period and row.series_id in decided
        if own or row.period.upper <= now:
            continue
        fields = restored.sessions.get(row.series_id, {}).get(row.pk)
        state = row.state if fields is None else fields["state"]
        room = row.room_id if fields is None else fields["room"]
        if state == SessionState.PUBLISHED:
            found[row.series_id].append((row.period, room))
    for one in schedule.sessions.filter(series__in=list(found)):
        if one.period.upper > now:
            found[one.series_id].append((one.period, one.room_id))
    return found
