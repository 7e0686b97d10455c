"""One date of a series as a series of its own, and how far a freed one may move.

The rows of a moved session are loaded the same way: one session with the members of its
group, which nobody enters. So one date can change while the rest keeps its rhythm, and
no rule has to know of exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scheduling.solver.horizon import SLOTS_PER_DAY, WeeklyWindow
from scheduling.solver.plan import Placement
from scheduling.solver.problem import DatePattern, PlanningProblem, Series

DAYS_OF_WEEK = range(6)
"""Monday to Saturday: on which days a session that must move may be put."""


def part_id(problem: PlanningProblem, series_id: str, day: int) -> str:
    """Id of one date of a series taken on its own."""
    return f"{series_id}@{problem.horizon.date_of(day).isoformat()}"


def split(
    problem: PlanningProblem, series_id: str, slots: Sequence[int]
) -> tuple[PlanningProblem, list[tuple[str, int]]]:
    """Take some of a published series' meetings out of it, each on its own.

    Gives the problem and, for each slot, the id of the new series. Who has a seat in
    the series is a member of each: the seat itself stays with the rest.
    """
    series = problem.series_by_id[series_id]
    placement = next(
        item for item in problem.published.placements if item.series_id == series_id
    )
    rest = tuple(item for item in placement.meetings if item.slot not in slots)
    seated = [
        problem.registration_by_id[item.registration_id]
        for item in problem.published.allocations
        if item.series_id == series_id
    ]
    members = tuple(
        dict.fromkeys((*series.members, *(one.person_id for one in seated)))
    )
    companions = sum(one.seats - 1 for one in seated)
    parts, placements, names = [], [], []
    for meeting in placement.meetings:
        if meeting.slot not in slots:
            continue
        day = meeting.slot // SLOTS_PER_DAY
        name = part_id(problem, series_id, day)
        names.append((name, meeting.slot))
        placements.append(Placement(name, (meeting,)))
        parts.append(
            replace(
                series,
                id=name,
                date_patterns=(DatePattern((day,)),),
                members=members,
                guests=series.guests + companions,
                size_min=min(series.size_min, len(members)),
                size_max=max(series.size_max, len(members)),
                # It is a session of a group that exists: nobody else enters it.
                meetings_held=max(1, series.meetings_held),
                closed_after=0,
                held_weight=0,
            )
        )
    days = tuple(item.slot // SLOTS_PER_DAY for item in rest)
    main = replace(series, date_patterns=(DatePattern(days),))
    ids = [name for name, _ in names]
    return (
        replace(
            problem,
            series=(
                *(main if item.id == series_id else item for item in problem.series),
                *parts,
            ),
            series_order=(
                *problem.series_order,
                *_ordered(problem.series_order, series_id, ids),
            ),
            pins=tuple(
                # A pinned first meeting that moves is no longer the first.
                replace(pin, first_slot=rest[0].slot)
                if pin.series_id == series_id and pin.first_slot in slots
                else pin
                for pin in problem.pins
            ),
            published=replace(
                problem.published,
                placements=(
                    *(
                        replace(item, meetings=rest) if item is placement else item
                        for item in problem.published.placements
                    ),
                    *placements,
                ),
            ),
        ),
        names,
    )


def _ordered(
    pairs: Iterable[tuple[str, str]], series_id: str, ids: Sequence[str]
) -> list[tuple[str, str]]:
    return [
        (name, after) if before == series_id else (before, name)
        for before, after in pairs
        if series_id in (before, after)
        for name in ids
    ]


def bare(problem: PlanningProblem) -> PlanningProblem:
    """The problem without what no bound of a repair's cost holds to: a least number of
    people, pins, and who sits together."""
    return replace(
        problem,
        series=tuple(replace(one, size_min=0) for one in problem.series),
        pins=(),
        seat_pins=(),
        keep_together=(),
    )


def loosened(
    problem: PlanningProblem,
    series_id: str,
    *,
    also_in: Iterable[WeeklyWindow] = (),
    today: int = 0,
    shut: Iterable[int] = (),
) -> PlanningProblem:
    """Let a freed series be held another way.

    A single session whose facts know one date alone may be held on the other days of
    its week, at the hours its own day allows; not before ``today``, not on ``shut``
    days, and not on a day on which the rest of its group meets. A minimum to open with
    no longer binds what was published with fewer.
    """
    series = problem.series_by_id[series_id]
    placement = next(
        (one for one in problem.published.placements if one.series_id == series_id),
        None,
    )
    windows = (*series.windows, *also_in)
    patterns = series.date_patterns
    if placement is not None and len(placement.meetings) == 1 == len(patterns):
        slot = placement.meetings[0].slot
        others = _other_days(problem, series_id, slot // SLOTS_PER_DAY, today, shut)
        patterns = (
            *patterns,
            *(DatePattern((day,), patterns[0].place_ids) for day in others),
        )
        windows = (*windows, *_same_hours(problem, series, slot, others))
    taken = len(series.members) + sum(
        problem.registration_by_id[item.registration_id].seats
        for item in problem.published.allocations
        if item.series_id == series_id
    )
    wider = replace(
        series,
        date_patterns=patterns,
        windows=tuple(dict.fromkeys(windows)),
        size_min=min(series.size_min, taken) if taken else series.size_min,
    )
    return replace(
        problem,
        series=tuple(
            wider if item.id == series_id else item for item in problem.series
        ),
    )


def _other_days(
    problem: PlanningProblem, series_id: str, day: int, today: int, shut: Iterable[int]
) -> list[int]:
    horizon, busy = problem.horizon, {day, *shut}
    family = series_id.partition("@")[0]
    for placement in problem.published.placements:
        if placement.series_id.partition("@")[0] == family:
            busy.update(item.slot // SLOTS_PER_DAY for item in placement.meetings)
    monday = day - horizon.weekday(day)
    return [
        other
        for other in range(monday, monday + len(DAYS_OF_WEEK))
        if max(0, today) <= other < horizon.day_count and other not in busy
    ]


def _same_hours(
    problem: PlanningProblem, series: Series, slot: int, days: Iterable[int]
) -> list[WeeklyWindow]:
    """The windows around a meeting, on the weekdays of other days."""
    horizon = problem.horizon
    day, quarter = divmod(slot, SLOTS_PER_DAY)
    around = [
        window
        for window in series.windows
        if window.weekday == horizon.weekday(day)
        and window.start <= quarter
        and quarter + series.length <= window.end
    ]
    return [
        replace(window, weekday=horizon.weekday(other))
        for other in days
        for window in around
    ]
