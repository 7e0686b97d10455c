"""How full a week is: for leaders against what they agreed to, and for rooms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING
from courses.selectors import planning_sessions
from people.selectors import list_facilitators
from rooms.selectors import planning_rooms
from scheduling.weeks import Week

if TYPE_CHECKING:
    from courses.models import Session
    from people.models import Facilitator
    from rooms.models import Room


@dataclass(frozen=True, kw_only=True)
class LeaderLoad:
    """What a leader does in a week of what was published."""

    facilitator: Facilitator
    sessions: int
    minutes: int
    days: int

    @property
    def percent(self) -> float | None:
        """Share of the most minutes a week; ``None`` without such a limit."""
        most = self.facilitator.max_minutes_per_week
        return 100 * self.minutes / most if most else None


@dataclass(frozen=True, kw_only=True)
class RoomLoad:
    """What happens in a room in a week; ``bookings`` are those of others."""

    room: Room
    sessions: int
    minutes: int
    bookings: int


def leader_loads(
    *, actor: Actor, week: Week, organisation_ids: Collection[int] | None = None
) -> list[LeaderLoad]:
    """Active leaders with their load of a week, by name; three reads, one log line."""
    leaders = list_facilitators(
        actor=actor, organisation_ids=organisation_ids, purpose=PLANNING
    )
    led: dict[int, list[Session]] = defaultdict(list)
    for session in planning_sessions(start=week.start, end=week.end):
        for row in session.session_leaders.all():
            led[row.facilitator_id].append(session)
    return [
        LeaderLoad(
            facilitator=one,
            sessions=len(led[one.pk]),
            minutes=_minutes(led[one.pk]),
            days=len({_day(session) for session in led[one.pk]}),
        )
        for one in leaders
    ]


def room_loads(*, week: Week) -> list[RoomLoad]:
    """Rooms in use with their load of a week, by centre; no person."""
    used: dict[int, list[Session]] = defaultdict(list)
    for session in planning_sessions(start=week.start, end=week.end):
        if session.room_id is not None:
            used[session.room_id].append(session)
    loads = [
        RoomLoad(
            room=room,
            sessions=len(used[room.pk]),
            minutes=_minutes(used[room.pk]),
            bookings=len(room.bookings_then),
        )
        for room in planning_rooms(start=week.start, end=week.end)
    ]
    return sorted(loads, key=lambda one: (one.room.centre.name, one.room.name))


def _minutes(sessions: Iterable[Session]) -> int:
    spans = (one.period.upper - one.period.lower for one in sessions)
    return round(sum(span.total_seconds() for span in spans) / 60)


def _day(session: Session) -> date:
    return timezone.localtime(session.period.lower).date()
