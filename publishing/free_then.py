"""Whether a room and leaders are free for a session that would come back.

What the planner would keep off: what is held by then, by what is published, by the
schedule itself and by what comes back before it; lent rooms, hours and days on which a
centre is shut, leave, and rooms and leaders that are not in use any more.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone

from courses.enums import SeriesState, SessionState
from courses.selectors import planning_sessions
from courses.selectors.concerns import open_then
from people.selectors.leaders import leave_between, still_leading
from rooms.selectors import (
    Hours,
    bookings_between,
    closed_days,
    given_hours,
    opening_hours,
    rooms_by_id,
    still_in_use,
)
from scheduling.services import clock

if TYPE_CHECKING:
    from audit.actor import Actor
    from courses.models import Session
    from scheduling.models import Schedule

Fields = Mapping[str, Any]
"""``state``, ``room`` and ``online`` of a session."""
Held = tuple[uuid.UUID, DateTimeTZRange]
"""A session, and when it is held."""


class WhyNot(StrEnum):
    """Why a session does not come back."""

    OVER = "over"
    CHANGED = "changed"
    ROOM = "room"
    LENT = "lent"
    CLOSED = "closed"
    HOURS = "hours"  # the centre is not open at that hour
    UNUSED = "unused"  # the room is not in use any more, or was removed
    LEADER = "leader"
    LEAVE = "leave"
    STOPPED = "stopped"  # a leader does not lead any more


class FreeThen:
    """What is taken of rooms and leaders at the hours of some sessions.

    ``wanted``: these sessions as they are, with the fields that they go back to;
    ``decided``: groups that the schedule decides on within ``period``; ``coming``:
    groups that come back, ``ending``: that stop at the same time, and hinder nobody. A
    fixed number of queries, none without a session.
    """

    def __init__(
        self,
        *,
        actor: Actor,
        wanted: Iterable[tuple[Session, Fields]],
        schedule: Schedule,
        decided: Collection[uuid.UUID],
        period: DateTimeTZRange,
        coming: Collection[uuid.UUID],
        ending: Collection[uuid.UUID],
    ) -> None:
        self.rooms: dict[int, list[Held]] = defaultdict(list)
        self.leaders: dict[int, list[Held]] = defaultdict(list)
        self.lent: dict[int, list[DateTimeTZRange]] = defaultdict(list)
        self.closed: Mapping[int, Collection[date]] = {}
        self.away: Mapping[int, Sequence[Any]] = {}
        self.hours: Mapping[int, Sequence[Hours]] = {}
        self.in_use: Collection[int] = ()
        self.leading: Collection[int] = ()
        held = [one for one in wanted if one[1]["state"] == SessionState.PUBLISHED]
        if not held:
            return
        within = DateTimeTZRange(
            min(row.period.lower for row, _aim in held),
            max(row.period.upper for row, _aim in held),
        )
        self._read_published(within, decided, period, ending)
        self._read_schedule(within, schedule, coming, ending)
        self._read_facts(actor, within, held)

    def _read_published(
        self,
        within: DateTimeTZRange,
        decided: Collection[uuid.UUID],
        period: DateTimeTZRange,
        ending: Collection[uuid.UUID],
    ) -> None:
        """What is published now, but for what will be as the schedule says."""
        now = clock.now()
        for one in planning_sessions(start=within.lower, end=within.upper):
            own = one.series_id in decided and one.period.lower in period
            if one.series_id in ending or (own and one.period.lower > now):
                continue
            self._keep(one.pk, one.period, one.room_id, leaders_of(one))

    def _read_schedule(
        self,
        within: DateTimeTZRange,
        schedule: Schedule,
        coming: Collection[uuid.UUID],
        ending: Collection[uuid.UUID],
    ) -> None:
        """What the schedule itself holds; of groups that stay cancelled nothing."""
        stays_away = Q(series__state=SeriesState.CANCELLED) & ~Q(series__in=coming)
        planned = schedule.sessions.filter(period__overlap=within).exclude(stays_away)
        for one in planned.exclude(series__in=ending).prefetch_related("leader_rows"):
            leads = {row.facilitator_id for row in one.leader_rows.all()}
            self._keep(one.session_id, one.period, one.room_id, leads)

    def _read_facts(
        self,
        actor: Actor,
        within: DateTimeTZRange,
        held: Sequence[tuple[Session, Fields]],
    ) -> None:
        first, last = _day(within.lower), _day(within.upper)
        rooms = {aim["room"] for _row, aim in held} - {None}
        for booking in bookings_between(
            room_ids=rooms, start=within.lower, end=within.upper
        ):
            self.lent[booking.room_id].append(booking.period)
        self.closed = closed_days(room_ids=rooms, first=first, last=last)
        self.hours = _hours(rooms)
        self.in_use = still_in_use(room_ids=rooms)
        leads = {key for row, _aim in held for key in leaders_of(row)}
        self.away = leave_between(
            actor=actor, facilitator_ids=leads, first=first, last=last
        )
        self.leading = still_leading(facilitator_ids=leads)

    def _keep(
        self,
        key: uuid.UUID,
        period: DateTimeTZRange,
        room_id: int | None,
        leaders: Iterable[int],
    ) -> None:
        if room_id is not None:
            self.rooms[room_id].append((key, period))
        for leader in leaders:
            self.leaders[leader].append((key, period))

    def take(self, row: Session, aim: Fields) -> WhyNot | None:
        """Hold a session, or say why it cannot be; None when it is held."""
        if aim["state"] != SessionState.PUBLISHED:
            return None
        returns = row.state != SessionState.PUBLISHED
        why = self._room_taken(row, aim["room"])
        if why is None and returns:
            why = self._leader_taken(row)
        if why is None:
            self._keep(row.pk, row.period, aim["room"], leaders_of(row))
        return why

    def _room_taken(self, row: Session, room: int | None) -> WhyNot | None:
        if room is None:
            return None
        if room not in self.in_use:
            return WhyNot.UNUSED
        if _meets(row, self.rooms[room]):
            return WhyNot.ROOM
        if any(_overlap(row.period, one) for one in self.lent[room]):
            return WhyNot.LENT
        if _day(row.period.lower) in self.closed.get(room, ()):
            return WhyNot.CLOSED
        is_open = room not in self.hours or open_then(row.period, self.hours[room])
        return None if is_open else WhyNot.HOURS

    def _leader_taken(self, row: Session) -> WhyNot | None:
        leaders = leaders_of(row)
        if not leaders.issubset(self.leading):
            return WhyNot.STOPPED
        if any(_meets(row, self.leaders[key]) for key in leaders):
            return WhyNot.LEADER
        day = _day(row.period.lower)
        away = any(day in days for key in leaders for days in self.away.get(key, ()))
        return WhyNot.LEAVE if away else None


def _hours(room_ids: Collection[int]) -> dict[int, list[Hours]]:
    """When rooms can be used, by room; without those whose centre wrote no hours."""
    centres = {
        key: room.centre_id for key, room in rooms_by_id(room_ids=room_ids).items()
    }
    usual = opening_hours(centre_ids=centres.values())
    given = given_hours(room_ids=room_ids)
    return {
        key: [*usual[centre], *given.get(key, ())]
        for key, centre in centres.items()
        if centre in usual
    }


def leaders_of(row: Session) -> set[int]:
    """Facilitators who lead a session whose `session_leaders` are loaded."""
    return {one.facilitator_id for one in row.session_leaders.all()}


def _day(moment: Any) -> date:
    return timezone.localtime(moment).date()


def _overlap(one: DateTimeTZRange, other: DateTimeTZRange) -> bool:
    return bool(one.lower < other.upper and other.lower < one.upper)


def _meets(row: Session, others: Iterable[Held]) -> bool:
    """Whether another session is held at the same time."""
    return any(key != row.pk and _overlap(row.period, period) for key, period in others)
