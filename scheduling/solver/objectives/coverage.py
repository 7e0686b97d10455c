"""Wishes about who is helped and when: the first tier, before all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduling.solver.objectives.per_seat import SeatWish, Sitting, seats_taken
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables

NEED_STEP = 50
NORM_STEP = 50
MOST_FOR_WAITING = 150
LATE_WEEK = 5
MOST_FOR_LATENESS = 45


def registration_weight(registration: Registration) -> int:
    """What a seat for the registration is worth: 50 to 400.

    50 for each step of urgency (1 to 5), and 50 for each norm of waiting that has
    passed, counted in days and up to three norms. So somebody of urgency 2 who waited
    two norms weighs as much as somebody of urgency 4 who just came. Nothing else
    counts: neither which formats somebody would take nor how many choices there are.
    """
    urgent = NEED_STEP * min(max(registration.urgency, 1), 5)
    waited = max(registration.waiting_days, 0)
    norm = max(registration.norm_days, 1)
    return urgent + min(NORM_STEP * waited // norm, MOST_FOR_WAITING)


class SeatEveryRegistration(Objective):
    """Everybody who asks gets a seat, those first whose need is most urgent and who
    waited longest for their norm (Treeknorm).

    Costs the weight of each registration without a seat: 50 for each step of urgency
    (1 to 5), and 50 for each time that the norm has passed, in part too, at most 150.
    """

    id = "seat-every-registration"
    tier = 1
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        terms = [
            -registration_weight(registration) * seat.literal
            for registration in variables.registrations
            for seat in variables.seats_of(registration.id)
        ]
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        seated = {item.id for item, _, _ in seats_taken(problem, plan)}
        return sum(
            registration_weight(item)
            for item in problem.registrations
            if item.id not in seated
        )


class HoldSeries(Objective):
    """A series that people already belong to is held.

    Costs what holding it is worth.
    """

    id = "hold-series"
    tier = 1
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        terms = [
            -series.held_weight * variables.opens(series.id)
            for series in variables.series
            if series.held_weight
        ]
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        held = plan.placement_of
        return sum(item.held_weight for item in problem.series if item.id not in held)


class StartWithinTarget(SeatWish):
    """Nobody's first meeting comes after the day by which it should be.

    Costs 5 for each week begun after it and at most 45, so a late seat is always
    better than none.
    """

    id = "start-within-target"
    tier = 1
    default_weight = 1

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        if registration.target_day is None or sitting.first_day is None:
            return 0
        late = sitting.first_day - registration.target_day
        return min(LATE_WEEK * -(-max(late, 0) // 7), MOST_FOR_LATENESS)
