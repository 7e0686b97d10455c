"""Faults of series: sizes, staff, dates and what they refer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scheduling.solver.horizon import SLOT_MINUTES, SLOTS_PER_DAY
from scheduling.solver.problem import DatePattern, Fault, PlanningProblem, Series
from scheduling.solver.validate.facts import at_least, check_windows, unknown


def check_series(problem: PlanningProblem) -> Iterator[Fault]:
    for series in problem.series:
        where = f"series {series.id}"
        yield from check_windows(where, series.windows)
        yield from _check_sizes(where, series)
        yield from _check_staff(where, series)
        yield from _check_members(problem, where, series)
        yield from _check_references(problem, where, series)
        yield from _check_time(problem, where, series)


def _check_sizes(where: str, series: Series) -> Iterator[Fault]:
    yield from at_least(
        where,
        0,
        size_min=series.size_min,
        guests=series.guests,
        meetings_held=series.meetings_held,
        closed_after=series.closed_after,
        held_weight=series.held_weight,
        coach_minutes_per_seat=series.coach_minutes_per_seat,
        age_min=series.age_min,
        age_max=series.age_max,
    )
    yield from at_least(where, 0, level=series.level)
    if series.size_min > series.size_max:
        yield Fault(
            where,
            f"needs at least {series.size_min} seats and has at most {series.size_max}",
            "let size_min be at most size_max",
        )
    if len(series.members) > series.size_max:
        yield Fault(
            where,
            f"has {len(series.members)} members and at most {series.size_max} seats",
            f"raise size_max to {len(series.members)}, or take members out",
        )
    if None not in (series.age_min, series.age_max) and (
        (series.age_min or 0) > (series.age_max or 0)
    ):
        yield Fault(
            where,
            f"is for ages from {series.age_min} to {series.age_max}",
            "let age_min be at most age_max",
        )


def _check_staff(where: str, series: Series) -> Iterator[Fault]:
    for number, need in enumerate(series.staff, start=1):
        yield from at_least(f"{where}, staff need {number}", 1, count=need.count)
        yield from at_least(
            f"{where}, staff need {number}", 0, from_seats=need.from_seats
        )
        if not need.roles:
            yield Fault(
                f"{where}, staff need {number}",
                "names no role",
                "name the roles of which each leader has one",
            )


def _check_members(
    problem: PlanningProblem, where: str, series: Series
) -> Iterator[Fault]:
    for person_id, count in Counter(series.members).items():
        if person_id not in problem.person_by_id:
            yield unknown(where, "person", person_id)
        if count > 1:
            yield Fault(
                where,
                f"has the person {person_id} as a member {count} times",
                "name each member once",
            )


def _check_references(
    problem: PlanningProblem, where: str, series: Series
) -> Iterator[Fault]:
    for place_id in sorted(series.place_ids or ()):
        if place_id not in problem.place_index:
            yield unknown(where, "place", place_id)
    before = series.continuity
    if before is None:
        return
    if before.room_id is not None and before.room_id not in problem.room_by_id:
        yield unknown(f"{where}, continuity", "room", before.room_id)
    for lead_id in sorted(before.facilitator_ids):
        if lead_id not in problem.facilitator_by_id:
            yield unknown(f"{where}, continuity", "facilitator", lead_id)
    if before.weekday is not None and not 0 <= before.weekday <= 6:
        yield Fault(
            f"{where}, continuity",
            f"was on weekday {before.weekday}",
            "give 0 (Monday) to 6",
        )


def _check_time(
    problem: PlanningProblem, where: str, series: Series
) -> Iterator[Fault]:
    if series.is_self_paced:
        if series.date_patterns or series.length:
            yield Fault(
                where,
                "is self-paced and has dates or a length",
                "leave out its dates and its minutes, or give it another format",
            )
        return
    if not 1 <= series.length <= SLOTS_PER_DAY:
        yield Fault(
            where,
            f"has meetings of {series.length * SLOT_MINUTES} minutes",
            "give 15 to 1440 minutes: a meeting lies within one day",
        )
    if not 1 <= series.start_step <= SLOTS_PER_DAY:
        yield Fault(
            where,
            f"starts on multiples of {series.start_step} quarters",
            f"give 1 to {SLOTS_PER_DAY}",
        )
    if not series.date_patterns:
        yield Fault(
            where,
            "has no dates",
            "give at least one date pattern, or make it self-paced",
        )
    for number, pattern in enumerate(series.date_patterns, start=1):
        yield from _check_pattern(problem, f"{where}, dates {number}", pattern)


def _check_pattern(
    problem: PlanningProblem, where: str, pattern: DatePattern
) -> Iterator[Fault]:
    days, horizon = pattern.days, problem.horizon
    if not days:
        yield Fault(where, "is empty", "give at least one date")
        return
    if list(days) != sorted(set(days)):
        yield Fault(
            where,
            "are not in order, or one comes twice",
            "give each date once, in order",
        )
    for day in days:
        if not 0 <= day < horizon.day_count:
            yield Fault(
                where,
                f"have {_date(problem, day)}, which is outside the horizon",
                f"give dates from {_date(problem, 0)} to "
                f"{_date(problem, horizon.day_count - 1)}, or widen the horizon",
            )
    if len({horizon.weekday(day) for day in days[:-1]}) > 1:
        yield Fault(
            where,
            "lie on several weekdays",
            "keep one weekday; only the last date may be on another",
        )
    for place_id in sorted(pattern.place_ids or ()):
        if place_id not in problem.place_index:
            yield unknown(where, "place", place_id)


def _date(problem: PlanningProblem, day: int) -> str:
    try:
        return problem.horizon.date_of(day).isoformat()
    except OverflowError:
        return f"day {day}"
