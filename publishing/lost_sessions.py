"""Sessions after a period that come back with their group, and those that cannot.

A room or leader that others have by now stays theirs, and nobody meets in a lent room,
in a closed centre or with a leader on leave: such a session stays cancelled (or online)
and is named. What is over did not take place and stays so.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from courses.enums import SessionState
from courses.selectors import sessions_of_series
from courses.selectors.coordinator import sessions_by_id
from publishing.free_then import Fields, FreeThen, WhyNot, leaders_of
from publishing.remembered import session_steps, undone
from scheduling.services import clock

if TYPE_CHECKING:
    from audit.actor import Actor
    from courses.models import Session
    from courses.selectors.returning import Meeting
    from publishing.models import ChangedGroup
    from scheduling.models import Schedule


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
    actor: Actor,
    schedule: Schedule,
    steps: Mapping[uuid.UUID, Sequence[ChangedGroup]],
    decided: Collection[uuid.UUID],
    period: DateTimeTZRange,
    ending: Collection[uuid.UUID],
) -> Restored:
    """Sessions of these groups that the schedule itself does not decide on.

    ``decided``: groups that it decides on, within ``period``; ``ending``: groups that
    stop at the same time, and so hinder nobody. A fixed number of queries, none without
    a session.
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
    free = FreeThen(
        actor=actor,
        wanted=wanted,
        schedule=schedule,
        decided=decided,
        period=period,
        coming=steps,
        ending=ending,
    )
    sessions: dict[uuid.UUID, dict[uuid.UUID, Fields]] = defaultdict(dict)
    leaders: dict[uuid.UUID, set[int]] = defaultdict(set)
    for row, aim in wanted:
        hindered = free.take(row, aim)
        if hindered is not None:
            not_held.append(_not_held(row, hindered))
            continue
        sessions[row.series_id][row.pk] = aim
        leaders[row.series_id].update(leaders_of(row))
    return Restored(
        sessions=dict(sessions),
        leaders={key: tuple(sorted(found)) for key, found in leaders.items()},
        not_held=tuple(not_held),
    )


def _not_held(row: Session, why: WhyNot) -> NotHeld:
    return NotHeld(series=row.series_id, start=row.period.lower, why=why)


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
