"""What modes and leaders use up: one row for each thing that can run out.

A row says that the shares used of one thing add up to at most its limit. A term's
series meet on many dates; things used on the same dates by the same modes make one row,
and a date whose users are among another date's needs none (its row follows).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.candidates import SELF_PACED, Mode, Timing
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOT_MINUTES
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.rule import Days
from scheduling.solver.search.clashes import Clashes, Gap, Share, pack

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class Entry:
    """Somebody leading a series in a timing; ``spots`` are starts by place."""

    facilitator_id: str
    series: Series
    timing: Timing
    spots: dict[str | None, int]

    @property
    def days(self) -> Days:
        if self.timing == SELF_PACED:
            return ()
        return self.series.date_patterns[self.timing.pattern].days

    def share(self, number: int) -> Share:
        series = self.series
        spots = tuple(self.spots.items())
        return Share(number, series.id, self.days, spots, series.length)


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
        series, starts = self.series, self.mode.starts
        if self.rooms:
            starts &= union(self.rooms.values())
        spots = ((self.mode.place_id, starts),)
        return Share(number, series.id, self.days, spots, series.length)


@dataclass
class Rows:
    """Sparse matrices of shares: modes, leaders and seats (flat) by row."""

    limits: list[float] = field(default_factory=list)
    names: list[Hashable] = field(default_factory=list)
    fine: list[bool] = field(default_factory=list)
    _parts: dict[str, list[tuple[int, int, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(
        self,
        kind: str,
        name: Hashable,
        limit: float,
        shares: Iterable[tuple[int, float]],
        *,
        fine: bool = False,
    ) -> None:
        """Add the row: shares (user number, share) of a kind sum to ``limit``.

        A ``fine`` row says more about what another row has already.
        """
        number = len(self.limits)
        self.limits.append(limit)
        self.names.append(name)
        self.fine.append(fine)
        self._parts[kind].extend((user, number, share) for user, share in shares)

    def __len__(self) -> int:
        return len(self.limits)

    def matrix(self, kind: str, *, coarse: bool = False) -> tuple[Ints, Ints, Floats]:
        """Users, rows and shares of a kind, as three arrays side by side.

        ``coarse``: without the fine rows.
        """
        parts = self._parts.get(kind, [])
        users = np.array([one[0] for one in parts], np.int32)
        rows = np.array([one[1] for one in parts], np.int32)
        shares = np.array([one[2] for one in parts], float)
        if coarse and len(rows):
            kept = ~np.array(self.fine)[rows]
            return users[kept], rows[kept], shares[kept]
        return users, rows, shares


def resource_rows(
    context: Context,
    rules: frozenset[str],
    entries: Sequence[Entry],
    usages: Sequence[Usage],
    registrations: Sequence[Registration],
    width: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> Rows:
    """The rows of the rules that hold; not of all when that ``should_stop``.

    Kinds: ``lead`` (users are entries), ``mode`` (modes) and ``seat`` (mode number
    times ``width`` plus the place in its list of seats).
    """
    rows = Rows()
    problem = context.problem
    travel = Clashes(problem.travel_slots)

    def wanted(rule: str) -> bool:
        return rule in rules and not should_stop()

    if wanted("facilitator-conflict"):
        _leader_halves(rows, problem, entries, travel)
    if wanted("facilitator-load"):
        _leader_loads(rows, context, entries)
    if wanted("room-conflict"):
        _rooms(rows, problem, usages)
    if wanted("resident-conflict"):
        _persons(rows, usages, registrations, width, travel)
    if wanted("keep-apart"):
        _apart(rows, problem, usages, registrations, width)
    return rows


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
    rows: Rows, problem: PlanningProblem, entries: Sequence[Entry], clashes: Clashes
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
                for number, row in enumerate(pack(group, clashes)):
                    rows.add("lead", ("half", *half), 1.0, row, fine=number > 0)


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


def _rooms(rows: Rows, problem: PlanningProblem, usages: Sequence[Usage]) -> None:
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
            pause = min(problem.room_by_id[one].changeover for one in rooms)
            clashes = Clashes(_always(pause))
            for group in day_groups(inside):
                limit = float(len(rooms))
                for number, row in enumerate(pack(group, clashes)):
                    rows.add("mode", ("rooms", *half), limit, row, fine=number > 0)


def _always(pause: int) -> Gap:
    return lambda _, __: pause


def _persons(
    rows: Rows,
    usages: Sequence[Usage],
    registrations: Sequence[Registration],
    width: int,
    clashes: Clashes,
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
            for number, row in enumerate(pack(group, clashes)):
                shares = ((user, part * part_of[user]) for user, part in row)
                rows.add("seat", ("person", *half), 1.0, shares, fine=number > 0)


def _apart(
    rows: Rows,
    problem: PlanningProblem,
    usages: Sequence[Usage],
    registrations: Sequence[Registration],
    width: int,
) -> None:
    """Of two people who are kept apart one at most is in a series."""
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in problem.keep_apart:
        for one in set(pair):
            pairs[one].append(pair)
    users: dict[tuple[str, tuple[str, str]], dict[int, tuple[str, float]]]
    users = defaultdict(dict)
    for usage in usages:
        for position, seat in enumerate(usage.seats):
            item = registrations[seat]
            for pair in pairs.get(item.person_id, ()):
                flat = usage.number * width + position
                part = (item.person_id, 1.0 / item.seats)
                users[usage.series.id, pair][flat] = part
    for (series_id, pair), found in users.items():
        if len({person_id for person_id, _ in found.values()}) > 1:
            shares = [(flat, part) for flat, (_, part) in found.items()]
            rows.add("seat", ("apart", *pair, series_id), 1.0, shares, fine=True)


def union(masks: Iterable[int]) -> int:
    """Starts in any of the masks."""
    found = 0
    for mask in masks:
        found |= mask
    return found
