"""What seats and held series are worth in the first tier, one by one.

Wishes of the first tier that are not sums over seats only lower the value, so leaving
them out keeps the bound true.
"""

from __future__ import annotations

from collections.abc import Iterable

from scheduling.solver.candidates import SELF_PACED, Mode
from scheduling.solver.context import Context
from scheduling.solver.objectives.coverage import (
    HoldSeries,
    SeatEveryRegistration,
    registration_weight,
)
from scheduling.solver.objectives.per_seat import (
    SeatWish,
    Sitting,
    sitting_as_placed,
)
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.rule import Objective


class Worth:
    """First-tier worth under a set of wishes."""

    def __init__(
        self, problem: PlanningProblem, objectives: Iterable[Objective]
    ) -> None:
        self.problem = problem
        first = [one for one in objectives if one.tier == 1 and one.weight(problem)]
        self._seat = sum(
            one.weight(problem)
            for one in first
            if isinstance(one, SeatEveryRegistration)
        )
        self._held = sum(
            one.weight(problem) for one in first if isinstance(one, HoldSeries)
        )
        self._wishes = [one for one in first if isinstance(one, SeatWish)]
        self.nowhere = Sitting()

    def held(self, series: Series) -> int:
        return self._held * series.held_weight

    def seat(self, registration: Registration, series: Series, sitting: Sitting) -> int:
        """Worth of a seat for the registration, all its seats together."""
        lost = sum(
            wish.weight(self.problem)
            * wish.seat_cost(self.problem, registration, series, sitting)
            for wish in self._wishes
        )
        return self._seat * registration_weight(registration) - lost

    def sitting(self, series: Series, mode: Mode) -> Sitting:
        """When and where people sit in a mode of a free series."""
        if mode.timing == SELF_PACED:
            return Sitting()
        days = series.date_patterns[mode.timing.pattern].days
        weekday = self.problem.horizon.weekday
        return Sitting(
            days[0],
            frozenset((weekday(day), mode.timing.part) for day in days),
            frozenset() if mode.place_id is None else frozenset((mode.place_id,)),
        )

    def sitting_given(self, context: Context, series_id: str) -> Sitting:
        """When and where people sit in a series that is fixed."""
        return sitting_as_placed(self.problem, context.placements[series_id])
