"""How the model keeps a facilitator's load: what several free series add up to.

What is fixed beside them is in the filters for one series alone; here it is the room
that is left for two or more. A limit is told once for all weeks or days in which the
same series may meet, with the least room left; one that cannot be reached is not told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scheduling.solver.candidates import SELF_PACED
from scheduling.solver.constraints.facilitator_days import limit_course
from scheduling.solver.horizon import SLOT_MINUTES, quarters_in
from scheduling.solver.problem import UNLIMITED, LoadLimits

if TYPE_CHECKING:
    from scheduling.solver.constraints.facilitator_load import FixedLoad
    from scheduling.solver.problem import Series
    from scheduling.solver.stays import Stay
    from scheduling.solver.variables import Literal, PlanVariables


Levels = tuple[int, ...]
"""Which stays meet at least once, at least twice ... in a period: bit masks."""


@dataclass(frozen=True, slots=True)
class _Part:
    """``factor`` times ``variable``, at most ``most``; of parts of one ``owner`` no
    two are positive."""

    factor: int
    variable: Any
    most: int
    owner: Hashable


@dataclass(slots=True)
class _Load:
    """What one facilitator may come to carry."""

    limits: LoadLimits
    fixed: FixedLoad
    stays: list[Stay]
    days: dict[int, Levels]
    coaching: list[_Part]


def limit_loads(
    variables: PlanVariables, fixed_load: Callable[[str], FixedLoad]
) -> None:
    """Keep everybody who may lead to their limits, beside what they lead already."""
    stays: dict[str, list[Stay]] = defaultdict(list)
    coaching: dict[str, list[_Part]] = defaultdict(list)
    for series in variables.series:
        for name, _, stay in variables.lead_stays(series.id):
            stays[name].append(stay)
        for (timing, name), literal in variables.leads(series.id).items():
            if timing == SELF_PACED:
                coaching[name] += _coaches(variables, series, literal)
    for series in variables.given:
        for name in variables.context.placements[series.id].coach_ids:
            coaching[name] += _joins(variables, series)
    people = variables.problem.facilitator_by_id
    for name in dict.fromkeys((*stays, *coaching)):
        limits, wanting = people[name].load, stays[name]
        if not coaching[name] and len({stay.series_id for stay in wanting}) < 2:
            continue  # The filters keep one series alone to the limits.
        if limits == UNLIMITED:
            continue
        days = by_period(wanting, lambda day: day)
        load = _Load(limits, fixed_load(name), wanting, days, coaching[name])
        _limit_minutes(variables, load)
        _limit_sessions(variables, load)
        _limit_days(variables, load)
        if load.limits.span_minutes is None and load.limits.block_minutes is None:
            continue
        limit_course(
            variables,
            load.limits,
            load.stays,
            {
                day: (levels[0], load.fixed.stretches.get(day, ()))
                for day, levels in load.days.items()
            },
        )


def _coaches(variables: PlanVariables, series: Series, literal: Literal) -> list[_Part]:
    """Minutes a week for who coaches the series, none for who does not."""
    seats, each = variables.seats(series.id), series.coach_minutes_per_seat
    joining = each * sum(seat.registration.seats for seat in seats)
    members = each * len(series.members)
    if not members + joining:
        return []
    minutes = variables.model.new_int_var(0, members + joining, "coaching")
    variables.model.add(
        minutes
        >= members * literal
        + each * sum(seat.registration.seats * seat.literal for seat in seats)
        - joining
        + joining * literal
    )
    return [_Part(1, minutes, members + joining, series.id)]


def _joins(variables: PlanVariables, series: Series) -> list[_Part]:
    """Minutes a week that new seats bring to who coaches the series already."""
    parts: list[_Part] = []
    if not series.coach_minutes_per_seat:
        return parts
    for seat in variables.seats(series.id):
        minutes = series.coach_minutes_per_seat * seat.registration.seats
        owner = ("registration", seat.registration.id)
        parts.append(_Part(minutes, seat.literal, minutes, owner))
    return parts


# Sums over weeks and days. -------------------------------------------------------
def by_period(stays: Sequence[Stay], period: Callable[[int], int]) -> dict[int, Levels]:
    """For each week or day which stays meet in it, and how often."""
    known: dict[tuple[int, ...], Counter[int]] = {}
    found: dict[int, list[int]] = defaultdict(list)
    for number, stay in enumerate(stays):
        if stay.days not in known:
            known[stay.days] = Counter(period(day) for day in stay.days)
        for key, count in known[stay.days].items():
            levels = found[key]
            for level in range(count):
                if level == len(levels):
                    levels.append(0)
                levels[level] |= 1 << number
    return {key: tuple(levels) for key, levels in found.items()}


def _keep_sums(
    variables: PlanVariables,
    stays: Sequence[Stay],
    factor: Callable[[Stay], int],
    left: Iterable[tuple[Levels, int]],
    always: Sequence[_Part] = (),
) -> None:
    """``factor`` of the stays in a period is at most what is left in it.

    Where nothing is left beside what is fixed, nothing comes on top.
    """
    least: dict[Levels, int] = {}
    for levels, spare in left:
        least[levels] = min(spare, least.get(levels, spare))
    for levels, spare in least.items():
        if any(
            other != levels and least[other] <= spare and _within(levels, other)
            for other in least
        ):
            continue
        counts = Counter(number for mask in levels for number in quarters_in(mask))
        parts = list(always)
        for number, count in counts.items():
            stay = stays[number]
            amount = count * factor(stay)
            parts.append(_Part(amount, stay.literal, amount, stay.series_id))
        worst: dict[Hashable, int] = {}
        for part in parts:
            worst[part.owner] = max(part.most, worst.get(part.owner, 0))
        if sum(worst.values()) > max(0, spare):
            variables.model.add(
                sum(part.factor * part.variable for part in parts) <= max(0, spare)
            )


def _within(levels: Levels, other: Levels) -> bool:
    """Whether all that meets in one period meets as often in another."""
    return len(levels) <= len(other) and not any(
        mask & ~wider for mask, wider in zip(levels, other, strict=False)
    )


def _limit_minutes(variables: PlanVariables, load: _Load) -> None:
    limit, horizon = load.limits.minutes_per_week, variables.problem.horizon
    if limit is None or not (load.stays or load.coaching):
        return
    weeks = by_period(load.stays, horizon.week)
    if load.coaching:
        for week in range(horizon.week(horizon.day_count - 1) + 1):
            weeks.setdefault(week, ())
    _keep_sums(
        variables,
        load.stays,
        lambda stay: stay.length * SLOT_MINUTES,
        (
            (levels, limit - load.fixed.minutes_in(week))
            for week, levels in weeks.items()
        ),
        load.coaching,
    )


def _limit_sessions(variables: PlanVariables, load: _Load) -> None:
    limit = load.limits.sessions_per_day
    if limit is None:
        return
    _keep_sums(
        variables,
        load.stays,
        lambda _: 1,
        (
            (levels, limit - len(load.fixed.stretches.get(day, ())))
            for day, levels in load.days.items()
        ),
    )


def _limit_days(variables: PlanVariables, load: _Load) -> None:
    limit, horizon = load.limits.days_per_week, variables.problem.horizon
    if limit is None:
        return
    weeks: dict[int, list[int]] = defaultdict(list)
    for day, levels in load.days.items():
        if day not in load.fixed.stretches:
            weeks[horizon.week(day)].append(levels[0])
    least: dict[tuple[int, ...], int] = {}
    for week, masks in weeks.items():
        spare = max(0, limit - len(load.fixed.days.get(week, ())))
        if len(masks) > spare:
            key = tuple(sorted(masks))
            least[key] = min(spare, least.get(key, spare))
    worked: dict[int, Literal] = {}
    for found, spare in least.items():
        for mask in found:
            if mask not in worked:
                worked[mask] = _any_of(variables, load.stays, mask)
        variables.model.add(sum(worked[mask] for mask in found) <= spare)


def _any_of(variables: PlanVariables, stays: Sequence[Stay], mask: int) -> Literal:
    """A literal that is true when one of the stays comes to pass."""
    by_series: dict[str, list[Literal]] = defaultdict(list)
    for number in quarters_in(mask):
        by_series[stays[number].series_id].append(stays[number].literal)
    if mask.bit_count() == 1:
        return stays[mask.bit_length() - 1].literal
    works = variables.model.new_bool_var("works")
    for literals in by_series.values():
        variables.model.add(sum(literals) <= works)
    return works
