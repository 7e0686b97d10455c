"""Wishes about help near home."""

from __future__ import annotations

from scheduling.solver.objectives.per_seat import SeatWish, Sitting
from scheduling.solver.problem import PlanningProblem, Registration, Series

MINUTES_A_STEP = 5


class OwnDistrict(SeatWish):
    """People are helped in the municipality where they live.

    Costs 1 for each seat with a meeting in another; an unknown one counts as own.
    """

    id = "own-district"
    tier = 4
    default_weight = 3

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        home = problem.person_by_id[registration.person_id].home_place_id
        here = _district(problem, home)
        there = {_district(problem, place_id) for place_id in sitting.place_ids}
        return int(bool(here) and bool(there - {here, ""}))


class ShortTravel(SeatWish):
    """People do not travel far.

    Costs 1 for each whole 5 minutes from home to the farthest meeting, one way.
    """

    id = "short-travel"
    tier = 4
    default_weight = 1

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        home = problem.person_by_id[registration.person_id].home_place_id
        minutes = [problem.travel(home, place_id) for place_id in sitting.place_ids]
        return max(minutes, default=0) // MINUTES_A_STEP


def _district(problem: PlanningProblem, place_id: str | None) -> str:
    if place_id is None:
        return ""
    return problem.places[problem.place_index[place_id]].district
