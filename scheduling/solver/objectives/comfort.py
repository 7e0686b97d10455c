"""Wishes of the people who take part: their first choice, their half-days."""

from __future__ import annotations

from scheduling.solver.objectives.per_seat import SeatWish, Sitting
from scheduling.solver.problem import PlanningProblem, Registration, Series


class RankedChoice(SeatWish):
    """People get the series that they like best.

    Costs the ranks below the first; a series not chosen counts as after the last.
    """

    id = "ranked-choice"
    tier = 4
    default_weight = 4

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        ranks = {item.series_id: item.rank for item in registration.choices}
        last = max(ranks.values(), default=0)
        return max(0, ranks.get(series.id, last + 1) - 1)


class PreferredWindows(SeatWish):
    """People meet in the half-days that they prefer.

    Costs 1 for each seat with a meeting in a half-day that no preferred window touches.
    """

    id = "preferred-windows"
    tier = 4
    default_weight = 6

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        liked = {
            (window.weekday, part)
            for window in registration.preferred
            for part in range(
                problem.day_part(window.start), problem.day_part(window.end - 1) + 1
            )
        }
        return int(bool(liked) and not sitting.halves <= liked)
