"""Which published series stand in the way of a session that would be lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from scheduling.solver.candidates import Filters
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import PlanningProblem, Series


def in_the_way(
    problem: PlanningProblem,
    filters: Filters,
    plan: Plan,
    touched: Collection[str],
) -> list[str]:
    """Kept series, those that could block a touched one most first.

    Another series can be in the way on a day on which the touched one might be held,
    when they share somebody who could lead it, a room that it could use, or somebody
    who takes part. Series that share nothing come last, by id.
    """
    score: Counter[str] = Counter()
    kept = [item for item in plan.placements if item.series_id not in touched]
    for name in sorted(touched):
        series = problem.series_by_id[name]
        days = {day for one in series.date_patterns for day in one.days}
        leaders = {one.id for one in filters.leaders(series)}
        rooms = {one.id for one in filters.rooms(series)}
        people = _people(problem, plan, series)
        weight = 1 if name in plan.placement_of else 100
        for placement in kept:
            if days & _days(placement):
                other = problem.series_by_id[placement.series_id]
                score[other.id] += weight * (
                    4 * len(leaders & placement.leader_ids)
                    + 2 * len(people & _people(problem, plan, other))
                    + len(rooms & {item.room_id for item in placement.meetings})
                )
    return sorted(
        (item.series_id for item in kept), key=lambda name: (-score[name], name)
    )


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
