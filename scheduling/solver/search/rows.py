"""What modes and leaders use up: one row for each thing that can run out.

A row says that the shares used of one thing add up to at most its limit. A term's
series meet on many dates; things used on the same dates by the same modes make one row,
and a date whose users are among another date's needs none (its row follows).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.candidates import SELF_PACED, Mode, Timing
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOT_MINUTES
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.rule import Days

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class Entry:
    """Somebody leading a series in a timing; ``starts`` over all its places."""

    facilitator_id: str
    series: Series
    timing: Timing
    starts: int

    @property
    def days(self) -> Days:
        if self.timing == SELF_PACED:
            return ()
        return self.series.date_patterns[self.timing.pattern].days

    def share(self, number: int) -> Share:
        series = self.series
        return Share(number, series.id, self.days, self.starts, series.length)


@dataclass(frozen=True, slots=True)
class Usage:
    """A mode that meets: the rooms it may have and the registrations it may seat."""

    number: int
    series: Series
    mode: Mode
    rooms: dict[str, int]
    seats: Sequence[int]

    @property
    def days(self) -> Days:
        return self.series.date_patterns[self.mode.timing.pattern].days

    def share(self, number: int) -> Share:
        series = self.series
        return Share(number, series.id, self.days, self.mode.starts, series.length)


@dataclass(frozen=True, slots=True)
class Share:
    """One user of a row: its number, its days, and where in the day it can lie."""

    user: int
    series_id: str
    days: Days
    starts: int
    length: int


@dataclass
class Rows:
    """Sparse matrices of shares: modes, leaders and seats (flat) by row."""

    limits: list[float] = field(default_factory=list)
    names: list[Hashable] = field(default_factory=list)
    _parts: dict[str, list[tuple[int, int, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(
        self,
        kind: str,
        name: Hashable,
        limit: float,
        shares: Iterable[tuple[int, float]],
    ) -> None:
        """Add the row: shares (user number, share) of a kind sum to ``limit``."""
        number = len(self.limits)
        self.limits.append(limit)
        self.names.append(name)
        self._parts[kind].extend((user, number, share) for user, share in shares)

    def __len__(self) -> int:
        return len(self.limits)

    def matrix(self, kind: str) -> tuple[Ints, Ints, Floats]:
        """Users, rows and shares of a kind, as three arrays side by side."""
        parts = self._parts.get(kind, [])
        return (
            np.array([one[0] for one in parts], np.int32),
            np.array([one[1] for one in parts], np.int32),
            np.array([one[2] for one in parts], float),
        )


def resource_rows(
    context: Context,
    rules: frozenset[str],
    entries: Sequence[Entry],
    usages: Sequence[Usage],
    registrations: Sequence[Registration],
    width: int,
) -> Rows:
    """The rows of the rules that hold.

    Kinds: ``lead`` (users are entries), ``mode`` (modes) and ``seat`` (mode number
    times ``width`` plus the place in its list of seats).
    """
    rows = Rows()
    problem = context.problem
    if "facilitator-conflict" in rules:
        _leader_halves(rows, problem, entries)
    if "facilitator-load" in rules:
        _leader_loads(rows, context, entries)
    if "room-conflict" in rules:
        _rooms(rows, usages)
    if "resident-conflict" in rules:
        _persons(rows, usages, registrations, width)
    return rows


def fitting_shares(shares: Sequence[Share]) -> list[float]:
    """For things of which no two overlap: shares that sum to at most 1.

    With a thing that starts at ``s`` at most so many others fit before and after it as
    the shortest of all fits there; its share is one over that count and itself, at the
    most generous ``s``. (All of any set that fits together have a count of at least
    the set's size.)
    """
    low = min(_first(one.starts) for one in shares)
    high = max(_last(one.starts) + one.length for one in shares)
    shortest = max(1, min(one.length for one in shares))
    found = []
    for one in shares:
        room = max(
            max(0, start - low) // shortest
            + max(0, high - start - one.length) // shortest
            for start in (_first(one.starts), *_inner(one.starts))
        )
        found.append(1.0 / (1 + room))
    return found


def _first(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _last(mask: int) -> int:
    return mask.bit_length() - 1


def _inner(mask: int) -> Iterable[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def day_groups(shares: Sequence[Share]) -> list[list[Share]]:
    """Largest sets of shares that meet on one day, each once."""
    by_days: dict[Days, list[Share]] = defaultdict(list)
    for one in shares:
        by_days[one.days].append(one)
    on_day: dict[int, set[Days]] = defaultdict(set)
    for days in by_days:
        for day in days:
            on_day[day].add(days)
    found: list[frozenset[Days]] = []
    for days_set in sorted({frozenset(one) for one in on_day.values()}, key=_by_size):
        if not any(days_set <= larger for larger in found):
            found.append(days_set)
    return [[one for days in sorted(group) for one in by_days[days]] for group in found]


def _by_size(group: frozenset[Days]) -> tuple[int, list[Days]]:
    return -len(group), sorted(group)


def _leader_halves(
    rows: Rows, problem: PlanningProblem, entries: Sequence[Entry]
) -> None:
    """A leader is in one meeting at a time."""
    by_half: dict[tuple[str, int, int], list[Share]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if entry.days:
            half = (
                entry.facilitator_id,
                problem.horizon.weekday(entry.days[0]),
                entry.timing.part,
            )
            by_half[half].append(entry.share(number))
    for half, shares in by_half.items():
        for group in day_groups(shares):
            if len({one.series_id for one in group}) > 1:
                parts = fitting_shares(group)
                users = (one.user for one in group)
                rows.add("lead", ("half", *half), 1.0, zip(users, parts, strict=True))


def _leader_loads(rows: Rows, context: Context, entries: Sequence[Entry]) -> None:
    """A leader's minutes a week and meetings a day stay within the limits."""
    problem = context.problem
    by_leader: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        by_leader[entry.facilitator_id].append(number)
    for leader_id, numbers in by_leader.items():
        load = problem.facilitator_by_id[leader_id].load
        if load.minutes_per_week is not None:
            weeks = _weekly_minutes(context, leader_id, entries, numbers)
            for used, shares in weeks:
                left = load.minutes_per_week - used
                if sum(shares.values()) > left:
                    scale = max(1.0, float(load.minutes_per_week))
                    rows.add(
                        "lead",
                        ("week", leader_id),
                        max(0.0, left / scale),
                        ((user, part / scale) for user, part in shares.items()),
                    )
        if load.sessions_per_day is not None:
            _leader_days(
                rows, context, leader_id, load.sessions_per_day, entries, numbers
            )


def _weekly_minutes(
    context: Context, leader_id: str, entries: Sequence[Entry], numbers: Sequence[int]
) -> list[tuple[int, dict[int, int]]]:
    """Fixed minutes and each entry's minutes, for weeks no other week implies."""
    horizon = context.problem.horizon
    minutes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for number in numbers:
        entry = entries[number]
        for day in entry.days:
            minutes[horizon.week(day)][number] += entry.series.length * SLOT_MINUTES
    found: list[tuple[int, dict[int, int]]] = []
    diary = context.leaders.get(leader_id, {})
    fixed: dict[int, int] = defaultdict(int)
    for day, busy in diary.items():
        fixed[horizon.week(day)] += SLOT_MINUTES * sum(
            one.end - one.start for one in busy
        )
    for week in sorted(minutes, key=lambda one: (-len(minutes[one]), one)):
        used, shares = fixed[week], dict(minutes[week])
        if not any(
            used <= more_used
            and all(more.get(user, 0) >= part for user, part in shares.items())
            for more_used, more in found
        ):
            found.append((used, shares))
    return found


def _leader_days(
    rows: Rows,
    context: Context,
    leader_id: str,
    limit: int,
    entries: Sequence[Entry],
    numbers: Sequence[int],
) -> None:
    by_weekday: dict[int, list[Share]] = defaultdict(list)
    horizon = context.problem.horizon
    for number in numbers:
        entry = entries[number]
        if entry.days:
            weekday = horizon.weekday(entry.days[0])
            by_weekday[weekday].append(entry.share(number))
    for weekday, shares in by_weekday.items():
        for group in day_groups(shares):
            if len({one.series_id for one in group}) > limit:
                users = ((one.user, 1.0 / max(1, limit)) for one in group)
                rows.add("lead", ("day", leader_id, weekday), float(limit > 0), users)


def _rooms(rows: Rows, usages: Sequence[Usage]) -> None:
    """A room holds one meeting at a time; rooms that can stand in for each other are
    counted together, once for each set of rooms that some mode may have."""
    by_half: dict[tuple[str | None, int, int], list[Usage]] = defaultdict(list)
    for usage in usages:
        if usage.rooms:
            timing = usage.mode.timing
            by_half[usage.mode.place_id, usage.days[0] % 7, timing.part].append(usage)
    for half, users in by_half.items():
        sets = {frozenset(one.rooms) for one in users}
        for rooms in sorted(sets, key=lambda one: (len(one), sorted(one))):
            inside = [
                one.share(one.number) for one in users if rooms.issuperset(one.rooms)
            ]
            if len({one.series_id for one in inside}) <= len(rooms):
                continue
            for group in day_groups(inside):
                parts = fitting_shares(group)
                shares = zip((one.user for one in group), parts, strict=True)
                rows.add("mode", ("rooms", *half), float(len(rooms)), shares)


def _persons(
    rows: Rows,
    usages: Sequence[Usage],
    registrations: Sequence[Registration],
    width: int,
) -> None:
    """Somebody with several registrations is in one meeting at a time."""
    count: dict[str, int] = defaultdict(int)
    for item in registrations:
        count[item.person_id] += 1
    by_half: dict[tuple[str, int, int], list[tuple[Share, int, float]]] = defaultdict(
        list
    )
    for usage in usages:
        for position, seat in enumerate(usage.seats):
            item = registrations[seat]
            if count[item.person_id] > 1:
                half = (item.person_id, usage.days[0] % 7, usage.mode.timing.part)
                flat = usage.number * width + position
                by_half[half].append((usage.share(flat), seat, 1.0 / item.seats))
    for half, found in by_half.items():
        if len({seat for _, seat, _ in found}) < 2:
            continue
        part_of = {share.user: part for share, _, part in found}
        for group in day_groups([share for share, _, _ in found]):
            parts = fitting_shares(group)
            rows.add(
                "seat",
                ("person", *half),
                1.0,
                (
                    (one.user, part * part_of[one.user])
                    for one, part in zip(group, parts, strict=True)
                ),
            )
