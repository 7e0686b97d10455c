"""Which published series stand in the way of a session that would be lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

from scheduling.solver.candidates import Candidates, Filters
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import PlanningProblem, Series

LOST = 100
"""How much more a series in the way of a lost one counts than one of a moved one."""


def in_the_way(
    problem: PlanningProblem,
    filters: Filters,
    plan: Plan,
    touched: Collection[str],
    beat: Callable[[], None] = lambda: None,
) -> list[str]:
    """Kept series, those that could block a touched one most first.

    Another series can be in the way on a day on which the touched one might be held,
    when they share somebody who could lead it then, a room that it could use, or
    somebody who takes part. ``filters`` of a problem in which nothing else is held say
    who could. Series that share nothing come last, by id.
    """
    score: Counter[str] = Counter()
    kept = [item for item in plan.placements if item.series_id not in touched]
    empty = Context(filters.problem)
    alone = Candidates(filters, empty, frozenset(touched), frozenset(), beat=beat)
    for name in sorted(touched):
        beat()
        series = filters.problem.series_by_id[name]
        leaders, rooms, days = _able(alone, series)
        people = _people(problem, plan, series)
        weight = 1 if name in plan.placement_of else LOST
        for placement in kept:
            shared = days & _days(placement)
            if not shared:
                continue
            other = problem.series_by_id[placement.series_id]
            leading = sum(
                (lead, day) in leaders
                for day in shared
                for lead in placement.leader_ids
            )
            score[other.id] += weight * (
                4 * leading
                + 2 * len(people & _people(problem, plan, other))
                + len(rooms & {item.room_id for item in placement.meetings})
            )
    return sorted(
        (item.series_id for item in kept), key=lambda name: (-score[name], name)
    )


def _able(
    alone: Candidates, series: Series
) -> tuple[set[tuple[str, int]], set[str | None], set[int]]:
    """Who could lead it on which day, the rooms it could use, and the days."""
    leaders: set[tuple[str, int]] = set()
    rooms: set[str | None] = set()
    days: set[int] = set()
    for mode in alone.modes[series.id]:
        if series.is_self_paced:
            continue
        here = alone.rooms_for(series, mode)
        if series.needs_room and not here:
            continue
        rooms.update(here)
        on = series.date_patterns[mode.timing.pattern].days
        days.update(on)
        for lead in alone.filters.leaders(series):
            if alone.leader_starts(series, mode, lead):
                leaders.update((lead.id, day) for day in on)
    return leaders, rooms, days


def _days(placement: Placement) -> set[int]:
    return {item.slot // SLOTS_PER_DAY for item in placement.meetings}


def _people(problem: PlanningProblem, plan: Plan, series: Series) -> set[str]:
    return {
        *series.members,
        *(
            problem.registration_by_id[name].person_id
            for name in plan.seats_in.get(series.id, ())
        ),
    }
