"""What going back to an earlier schedule does not bring back.

Merging, splitting, stopping or taking a group online is a decision on all that is to
come of it: people have other seats by then, or wait for others. A schedule of one week
cannot turn that round, so going back leaves those groups as they are, and says so by
name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from courses.enums import RUNNING_STATES
from courses.selectors.agenda import cancelled_series
from courses.selectors.coordinator import series_with_offering
from scheduling.enums import ScheduleState
from scheduling.services.decided import (
    decided_elsewhere,
    held_when_published,
    series_with_a_room,
    split_elsewhere,
)
from scheduling.services.decisions import ending

if TYPE_CHECKING:
    from scheduling.models import Schedule


class Stays(StrEnum):
    """How a group stays after going back."""

    MERGED = "merged"
    STOPPED = "stopped"
    ONLINE = "online"
    SPLIT = "split"


@dataclass(frozen=True, kw_only=True)
class NotBack:
    """A group that a schedule has, and that going back to it does not restore."""

    series: UUID
    stays: Stays


@dataclass(frozen=True)
class GoingBack:
    """``lines``: what does not come back; ``over``: groups that are cancelled now."""

    lines: tuple[NotBack, ...] = ()
    over: frozenset[UUID] = frozenset()

    @property
    def stopped(self) -> frozenset[UUID]:
        """Groups of which no session is published again."""
        return frozenset(
            one.series
            for one in self.lines
            if one.stays in (Stays.MERGED, Stays.STOPPED)
        )


def going_back(schedule: Schedule, period: DateTimeTZRange) -> GoingBack:
    """What an archived schedule says that stays as it is now; nothing for a draft.

    A group that a release took out of this period as a whole (a conversation) does come
    back. One that was merged or stopped, by a decision or by hand, does not: this
    schedule has a part of its sessions at most, and nobody of its people. Seven
    queries.
    """
    if schedule.state != ScheduleState.ARCHIVED:
        return GoingBack()
    held = set(
        schedule.series_rows.filter(held=True).values_list("series_id", flat=True)
    )
    over = cancelled_series(series_ids=held, period=period)
    decided = decided_elsewhere(schedule=schedule, series_ids=held)
    by_hand = held_when_published(schedule=schedule)
    lines = [
        NotBack(
            series=key,
            stays=Stays.MERGED if decided.get(key) == "merge" else Stays.STOPPED,
        )
        for key, whole in sorted(over.items())
        if key in decided or key in by_hand or not whole
    ]
    online = {key for key, kind in decided.items() if kind == "online"}
    roomed = online & series_with_a_room(schedule=schedule) if online else set()
    lines += [
        NotBack(series=key, stays=Stays.ONLINE)
        for key, row in sorted(series_with_offering(series_ids=roomed).items())
        if row.state in RUNNING_STATES and row.room_id is None
    ]
    halves = split_elsewhere(schedule=schedule, series_ids=held)
    lines += [
        NotBack(series=key, stays=Stays.SPLIT)
        for key in sorted(halves)
        if key not in over
    ]
    own = ending(schedule)
    told = tuple(one for one in lines if one.series not in own)
    return GoingBack(told, frozenset(over))
