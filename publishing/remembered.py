"""What the releases after an earlier one changed of whole groups, undone step by step.

Each release keeps how the groups it stopped or took online stood before and after, with
the seats. Read from the newest to the oldest, each step counts as long as what is there
now is what that step left: then it can be put back. Where somebody or something went
on since, the steps before it do not count any more.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from courses.enums import RUNNING_STATES
from publishing.models import ChangedGroup, ChangedSeat, Release

if TYPE_CHECKING:
    from courses.models import Enrolment, Series
    from scheduling.models import Schedule


@dataclass
class Memory:
    """Changes since a schedule was released last (``since``), newest first.

    ``removed``: groups among them that have no row any more.
    """

    groups: dict[uuid.UUID, list[ChangedGroup]] = field(default_factory=dict)
    seats: dict[int, list[ChangedSeat]] = field(default_factory=dict)
    removed: int = 0
    since: datetime | None = None

    @property
    def series_ids(self) -> set[uuid.UUID]:
        """Groups whose state or seats changed."""
        return set(self.groups) | {
            seat.series_id
            for rows in self.seats.values()
            for row in rows
            for seat in (row.was, row.now)
            if seat is not None
        }


def memory_of(schedule: Schedule) -> Memory:
    """What going back to a schedule has to undo; three queries, no person is shown."""
    last = Release.objects.filter(schedule=schedule).order_by("-pk").first()
    if last is None:
        return Memory()
    memory = Memory(since=last.released_at)
    later = Release.objects.filter(
        pk__gt=last.pk,
        schedule__kind=schedule.kind,
        schedule__first_date=schedule.first_date,
    ).order_by()
    groups: dict[uuid.UUID, list[ChangedGroup]] = defaultdict(list)
    rows = ChangedGroup.objects.filter(release__in=later)
    for group in rows.order_by("-release_id", "-pk"):
        if group.series_id is None:
            memory.removed += 1
        else:
            groups[group.series_id].append(group)
    seats: dict[int, list[ChangedSeat]] = defaultdict(list)
    changed = ChangedSeat.objects.filter(release__in=later).select_related(
        "registration", "was__registration__resident", "now"
    )
    for seat in changed.order_by("-release_id", "-pk"):
        seats[seat.registration_id].append(seat)
    memory.groups, memory.seats = dict(groups), dict(seats)
    return memory


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same; published and running are one state."""
    return one == other or (one in RUNNING_STATES and other in RUNNING_STATES)


def undone(
    now: Mapping[str, Any], steps: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> tuple[dict[str, Any], bool]:
    """Fields with these steps undone, the newest first: (before, after) of each.

    Also whether all of them counted. A step that is undone already is passed over.
    """
    state = dict(now)
    for before, after in steps:
        if all(alike(state.get(name), value) for name, value in after.items()):
            state |= before
        elif not all(alike(state.get(name), value) for name, value in before.items()):
            return state, False
    return state, True


def group_before(
    series: Series, steps: Iterable[ChangedGroup]
) -> tuple[dict[str, Any], bool]:
    """``state`` and ``room`` that a group goes back to, and whether that is all."""
    now = {"state": series.state, "room": series.room_id}
    return undone(now, [(one.was, one.now) for one in steps])


def session_steps(
    steps: Iterable[ChangedGroup],
) -> dict[uuid.UUID, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """The same for each session that changed with the group: steps, newest first."""
    found: dict[uuid.UUID, list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    for one in steps:
        for key, step in one.sessions.items():
            found.setdefault(uuid.UUID(key), []).append((step["was"], step["now"]))
    return found


@dataclass(frozen=True)
class SeatBefore:
    """The seat that a registration goes back to; None is none, that it waited.

    ``moved_on``: it has another seat by now, so that ``seat`` is not it.
    """

    seat: Enrolment | None
    moved_on: bool = False


def seat_before(now: Enrolment | None, steps: Iterable[ChangedSeat]) -> SeatBefore:
    """Which seat a registration had; who has none now goes back to any that it had."""
    key = now.pk if now is not None else None
    seat = now
    for one in steps:
        if one.was_id == one.now_id:  # its choices changed, not its seat
            continue
        if key is None or key == one.now_id:
            seat, key = one.was, one.was_id
        elif key != one.was_id:
            return SeatBefore(_first_had(steps), moved_on=True)
    return SeatBefore(seat)


def _first_had(steps: Iterable[ChangedSeat]) -> Enrolment | None:
    had = [one.was for one in steps if one.was is not None]
    return had[-1] if had else None


def choices_before(now: list[Any], steps: Iterable[ChangedSeat]) -> list[Any] | None:
    """What a registration asked for; None where it asks for something else by now."""
    chosen = now
    for one in steps:
        if chosen == one.choices_now:
            chosen = one.choices_was
        elif chosen != one.choices_was:
            return None
    return chosen


def forgotten(memory: Memory, series_id: uuid.UUID) -> int:
    """How many people had a seat in a group of whom nothing is kept any more."""
    oldest = memory.groups[series_id][-1]
    there = Counter(
        row.release_id
        for rows in memory.seats.values()
        for row in rows
        if row.was is not None and row.was.series_id == series_id
    )
    return max(0, oldest.people - there[oldest.release_id])
