"""The catalogue of wishes: one tuple, in the order of the tiers, and their sums."""

from __future__ import annotations

from collections.abc import Iterable

from scheduling.solver.objectives.comfort import PreferredWindows, RankedChoice
from scheduling.solver.objectives.coverage import (
    HoldSeries,
    SeatEveryRegistration,
    StartWithinTarget,
    registration_weight,
)
from scheduling.solver.objectives.fairness import (
    KeepSeatsForTheInflexible,
    LongestWaitFirst,
    ShareEvenings,
)
from scheduling.solver.objectives.formats import (
    PreferDigitalFormat,
    PreferGroupFormat,
    PreferLightCare,
    SpareProfessionalTime,
)
from scheduling.solver.objectives.occupancy import FillBeforeOpening, RoomFit
from scheduling.solver.objectives.stability import (
    KeepContinuity,
    KeepPublishedPlacement,
)
from scheduling.solver.objectives.travel import OwnDistrict, ShortTravel
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Objective

OBJECTIVES: tuple[Objective, ...] = (
    SeatEveryRegistration(),
    HoldSeries(),
    StartWithinTarget(),
    PreferLightCare(),
    PreferGroupFormat(),
    PreferDigitalFormat(),
    SpareProfessionalTime(),
    KeepPublishedPlacement(),
    KeepContinuity(),
    LongestWaitFirst(),
    RankedChoice(),
    PreferredWindows(),
    OwnDistrict(),
    ShortTravel(),
    ShareEvenings(),
    RoomFit(),
    FillBeforeOpening(),
    KeepSeatsForTheInflexible(),
)

__all__ = [
    "OBJECTIVES",
    "most_tier_one_value",
    "registration_weight",
    "tier_costs",
    "tier_one_value",
]


def tier_costs(
    problem: PlanningProblem,
    plan: Plan,
    objectives: Iterable[Objective] = OBJECTIVES,
) -> dict[int, int]:
    """Weighted cost of each tier; a wish with weight 0 is not asked."""
    totals: dict[int, int] = {}
    for wish in objectives:
        weight = wish.weight(problem)
        part = weight * wish.cost(problem, plan) if weight else 0
        totals[wish.tier] = totals.get(wish.tier, 0) + part
    return totals


def most_tier_one_value(problem: PlanningProblem) -> int:
    """Value of the first tier if everybody had a seat in time and all was held."""
    seats = SeatEveryRegistration().weight(problem)
    held = HoldSeries().weight(problem)
    return seats * sum(map(registration_weight, problem.registrations)) + held * sum(
        series.held_weight for series in problem.series
    )


def tier_one_value(problem: PlanningProblem, plan: Plan) -> int:
    """What the first tier shows: weight of the seats given and series held, less
    what starting late takes off."""
    first = tuple(wish for wish in OBJECTIVES if wish.tier == 1)
    return most_tier_one_value(problem) - tier_costs(problem, plan, first)[1]
