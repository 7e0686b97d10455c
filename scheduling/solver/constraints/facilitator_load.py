"""The rule about what one facilitator can carry."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from scheduling.solver.constraints.facilitator_sums import limit_loads
from scheduling.solver.constraints.presence import placements_in, seated_in
from scheduling.solver.horizon import FULL_DAY, SLOT_MINUTES, SLOTS_PER_DAY, Horizon
from scheduling.solver.plan import Plan, Violation
from scheduling.solver.problem import (
    UNLIMITED,
    Facilitator,
    LoadLimits,
    PlanningProblem,
    Series,
)
from scheduling.solver.rule import Constraint, Days

if TYPE_CHECKING:
    from scheduling.solver.context import Context
    from scheduling.solver.variables import PlanVariables

Stretch = tuple[int, int]


class FacilitatorLoad(Constraint):
    """Nobody leads more than they can carry: minutes and days in a week; meetings, the
    time from first to last, and time without a break in a day.

    Whoever coaches a self-paced series carries its minutes for every seat taken in
    every week of the plan; two coaches each carry them all.
    """

    id = "facilitator-load"
    bound = "relaxed"
    any_place = True

    def fits_leader(
        self, problem: PlanningProblem, series: Series, facilitator: Facilitator
    ) -> bool:
        limit = facilitator.load.minutes_per_week
        return limit is None or _members_minutes(series) <= limit

    def fits_leader_beside(
        self, context: Context, series: Series, facilitator: Facilitator
    ) -> bool:
        limit, minutes = facilitator.load.minutes_per_week, _members_minutes(series)
        if limit is None or not minutes:
            return True
        fixed = fixed_load(context, facilitator.id)
        weeks = range(_last_week(context.problem.horizon) + 1)
        return all(fixed.minutes_in(week) + minutes <= limit for week in weeks)

    def leader_starts(
        self,
        problem: PlanningProblem,
        facilitator: Facilitator,
        days: Days,
        length: int,
    ) -> int:
        return _starts(problem.horizon, facilitator.load, days, length, NOTHING)

    def leader_starts_beside(
        self,
        context: Context,
        facilitator: Facilitator,
        place_id: str | None,
        days: Days,
        length: int,
    ) -> int:
        fixed = fixed_load(context, facilitator.id)
        if fixed is NOTHING or facilitator.load == UNLIMITED:
            return FULL_DAY
        return _starts(context.problem.horizon, facilitator.load, days, length, fixed)

    def add_to(self, variables: PlanVariables) -> None:
        limit_loads(variables, lambda name: fixed_load(variables.context, name))

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        wanted = None
        if touching is not None:
            wanted = {
                name
                for item in placements_in(plan, touching)
                for name in item.leader_ids
            }
        led: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        coached: dict[str, dict[str, int]] = defaultdict(dict)
        for placement in plan.placements:
            series = problem.series_by_id[placement.series_id]
            for meeting in placement.meetings:
                end = meeting.slot + series.length
                for name in dict.fromkeys(meeting.facilitator_ids):
                    if wanted is None or name in wanted:
                        led[name].append((meeting.slot, end, series.id))
            for name in placement.coach_ids:
                if wanted is None or name in wanted:
                    taken = len(series.members)
                    taken += sum(i.seats for i in seated_in(problem, plan, series.id))
                    coached[name][series.id] = series.coach_minutes_per_seat * taken
        for name in sorted({*led, *coached}):
            limits, meetings = problem.facilitator_by_id[name].load, sorted(led[name])
            for breach in (
                *_week_breaches(problem.horizon, limits, meetings, coached[name]),
                *_day_breaches(limits, meetings),
            ):
                if touching is None or any(item in touching for item in breach.series):
                    yield Violation(
                        self.id,
                        (
                            ("facilitator", name),
                            *(("series", item) for item in breach.series),
                        ),
                        breach.slot,
                        ((breach.limit, breach.value), ("limit", breach.allowed)),
                    )


# Filters. ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FixedLoad:
    """What a facilitator leads already: minutes and days by week, stretches by day.

    ``coaching`` minutes come on top in every week of the horizon.
    """

    minutes: Counter[int]
    days: dict[int, frozenset[int]]
    stretches: dict[int, tuple[Stretch, ...]]
    coaching: int = 0

    def minutes_in(self, week: int) -> int:
        return self.minutes[week] + self.coaching


NOTHING = FixedLoad(Counter(), {}, {})


def fixed_load(context: Context, facilitator_id: str) -> FixedLoad:
    """What the context gives a facilitator to carry; worked out once."""
    return context.once(
        ("facilitator load", facilitator_id), lambda: _fixed(context, facilitator_id)
    )


def _fixed(context: Context, facilitator_id: str) -> FixedLoad:
    coaching = context.once("coaching", lambda: _coaching(context))[facilitator_id]
    diary = context.leaders.get(facilitator_id, {})
    if not diary and not coaching:
        return NOTHING
    minutes: Counter[int] = Counter()
    days: dict[int, set[int]] = defaultdict(set)
    for day, busy in diary.items():
        week = context.problem.horizon.week(day)
        minutes[week] += sum(item.end - item.start for item in busy) * SLOT_MINUTES
        days[week].add(day)
    return FixedLoad(
        minutes,
        {week: frozenset(found) for week, found in days.items()},
        {
            day: tuple(sorted((item.start, item.end) for item in busy))
            for day, busy in diary.items()
        },
        coaching,
    )


def _coaching(context: Context) -> Counter[str]:
    """Minutes a week by coach."""
    minutes: Counter[str] = Counter()
    for name, placement in context.placements.items():
        series = context.problem.series_by_id[name]
        taken = len(series.members) + sum(s.seats for s in context.seats.get(name, ()))
        for coach_id in placement.coach_ids:
            minutes[coach_id] += series.coach_minutes_per_seat * taken
    return minutes


def _members_minutes(series: Series) -> int:
    """Minutes a week a coach has with those who are in the series already."""
    return series.coach_minutes_per_seat * len(series.members)


def _last_week(horizon: Horizon) -> int:
    return horizon.week(horizon.day_count - 1)


def _starts(
    horizon: Horizon, limits: LoadLimits, days: Days, length: int, fixed: FixedLoad
) -> int:
    """Quarters at which one more series can be carried beside what is fixed."""
    if limits == UNLIMITED:
        return FULL_DAY
    most_minutes, most_days = limits.minutes_per_week, limits.days_per_week
    minutes = length * SLOT_MINUTES
    for week, found in _by_week(horizon.weekday(0), days):
        if most_minutes is not None and (
            len(found) * minutes + fixed.minutes_in(week) > most_minutes
        ):
            return 0
        if most_days is not None and (
            len(found | fixed.days.get(week, frozenset())) > most_days
        ):
            return 0
    starts = FULL_DAY
    busy = fixed.stretches
    for stretches in {busy.get(day, ()) for day in days} if busy else ((),):
        starts &= _day_starts(limits, stretches, length)
    return starts


@lru_cache(maxsize=16384)
def _by_week(first_weekday: int, days: Days) -> list[tuple[int, frozenset[int]]]:
    """Each calendar week of the days, with its days."""
    weeks: dict[int, set[int]] = defaultdict(set)
    for day in days:
        weeks[(first_weekday + day) // 7].add(day)
    return [(week, frozenset(found)) for week, found in weeks.items()]


@lru_cache(maxsize=65536)
def _day_starts(limits: LoadLimits, busy: tuple[Stretch, ...], length: int) -> int:
    """Quarters at which a meeting can be added to a day."""
    if limits.sessions_per_day is not None and len(busy) >= limits.sessions_per_day:
        return 0
    if limits.span_minutes is None and limits.block_minutes is None:
        return FULL_DAY
    starts = 0
    for start in range(SLOTS_PER_DAY):
        stretches = [*busy, (start, start + length)]
        first = min(begin for begin, _ in stretches)
        span = max(end for _, end in stretches) - first
        if _exceeds(span, limits.span_minutes):
            continue
        blocks = _merged(stretches, limits.break_minutes)
        if not any(
            _exceeds(end - begin, limits.block_minutes) for begin, end in blocks
        ):
            starts |= 1 << start
    return starts


def _exceeds(slots: int, minutes: int | None) -> bool:
    return minutes is not None and slots * SLOT_MINUTES > minutes


def _merged(stretches: Iterable[Stretch], break_minutes: int) -> list[Stretch]:
    """Stretches with those that have no break between them made one."""
    merged: list[Stretch] = []
    for stretch in sorted(stretches):
        if merged and (stretch[0] - merged[-1][1]) * SLOT_MINUTES < break_minutes:
            begin, end = merged.pop()
            merged.append((begin, max(end, stretch[1])))
        else:
            merged.append(stretch)
    return merged


# Judge. --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Breach:
    limit: str
    value: int
    allowed: int
    series: tuple[str, ...]
    slot: int


def _names(meetings: Iterable[tuple[int, int, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, _, name in meetings))


def _week_breaches(
    horizon: Horizon,
    limits: LoadLimits,
    meetings: list[tuple[int, int, str]],
    coached: dict[str, int],
) -> Iterator[_Breach]:
    """Too many minutes or days in a calendar week."""
    weeks: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for meeting in meetings:
        weeks[horizon.week(meeting[0] // SLOTS_PER_DAY)].append(meeting)
    planned = range(_last_week(horizon) + 1)
    for week in sorted({*weeks, *(planned if coached else ())}):
        here, minutes = weeks[week], 0
        for start, end, _ in here:
            minutes += (end - start) * SLOT_MINUTES
        names = _names(here)
        if week in planned and coached:
            minutes += sum(coached.values())
            names = tuple(dict.fromkeys((*names, *coached)))
        slot = max(0, 7 * week - horizon.weekday(0)) * SLOTS_PER_DAY
        if here:
            slot = here[0][0]
        if limits.minutes_per_week is not None and minutes > limits.minutes_per_week:
            yield _Breach(
                "minutes_per_week", minutes, limits.minutes_per_week, names, slot
            )
        worked = {start // SLOTS_PER_DAY for start, _, _ in here}
        if limits.days_per_week is not None and len(worked) > limits.days_per_week:
            yield _Breach(
                "days_per_week", len(worked), limits.days_per_week, _names(here), slot
            )


def _day_breaches(
    limits: LoadLimits, meetings: list[tuple[int, int, str]]
) -> Iterator[_Breach]:
    """Too many meetings in a day, too long a day, or too long without a break."""
    days: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for meeting in meetings:
        days[meeting[0] // SLOTS_PER_DAY].append(meeting)
    for here in days.values():
        slot = here[0][0]
        if limits.sessions_per_day is not None and len(here) > limits.sessions_per_day:
            yield _Breach(
                "sessions_per_day",
                len(here),
                limits.sessions_per_day,
                _names(here),
                slot,
            )
        span = (max(end for _, end, _ in here) - slot) * SLOT_MINUTES
        if limits.span_minutes is not None and span > limits.span_minutes:
            yield _Breach("span_minutes", span, limits.span_minutes, _names(here), slot)
        if limits.block_minutes is not None:
            yield from _block_breaches(limits.block_minutes, limits.break_minutes, here)


def _block_breaches(
    allowed: int, break_minutes: int, meetings: list[tuple[int, int, str]]
) -> Iterator[_Breach]:
    block: list[tuple[int, int, str]] = []
    for meeting in [*meetings, None]:
        last = max((end for _, end, _ in block), default=0)
        if meeting is not None and (
            not block or (meeting[0] - last) * SLOT_MINUTES < break_minutes
        ):
            block.append(meeting)
            continue
        minutes = (last - block[0][0]) * SLOT_MINUTES
        if minutes > allowed:
            slot = block[0][0]
            yield _Breach("block_minutes", minutes, allowed, _names(block), slot)
        block = [] if meeting is None else [meeting]
