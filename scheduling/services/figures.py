"""What a coordinator wants to know of a plan at a glance, as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import Any

from courses.selectors.coordinator import reason_counts
from scheduling.solver.compare import Figures, figures
from scheduling.solver.plan import Plan
from scheduling.solver.problem import Format, PlanningProblem

ONE_TO_ONE_LEVEL = 3


def figures_of(problem: PlanningProblem, plan: Plan) -> dict[str, Any]:
    """Counts, shares (fractions) and days; ``None`` where there is nothing to count.

    ``seated`` of ``asking`` registrations; ``light`` the share of seats in a group or
    digital; ``waiting`` the median days waited by who gets a seat, with ``norm``, the
    median of their norms; ``gap`` the proven distance of tier 1 from the best plan.
    """
    seats = [
        (
            problem.registration_by_id[item.registration_id],
            problem.series_by_id[item.series_id],
        )
        for item in plan.allocations
    ]
    light = sum(
        1
        for _, series in seats
        if series.size_max > 1 or series.format is Format.SELF_PACED
    )
    first = next((tier for tier in plan.tiers if tier.tier == 1), None)
    return {
        "seated": len(seats),
        "asking": len(problem.registrations),
        "held": len(plan.placements),
        "series": len(problem.series),
        "light": light / len(seats) if seats else None,
        "one_to_one": sum(1 for _, item in seats if item.level == ONE_TO_ONE_LEVEL),
        "waiting": median(one.waiting_days for one, _ in seats) if seats else None,
        "norm": median(one.norm_days for one, _ in seats) if seats else None,
        "gap": None if first is None else first.gap,
        "value": None if first is None else first.value,
        "bound": None if first is None else first.bound,
        "seconds": plan.seconds,
        "first_plan_seconds": plan.first_plan_seconds,
        "costs": dict(plan.costs),
    }


def compared_figures(
    problem: PlanningProblem, plan: Plan, rows: Mapping[str, Any]
) -> dict[str, Any]:
    """What stands of a plan beside other plans; numbers alone, so that it may be kept.

    Beside what ``figures_of`` has: ``people`` helped, ``unseated`` registrations,
    their middle wait in days (``waited``) and how many are ``beyond_norm``; shares
    ``group`` and ``digital``; ``reasons`` for one-to-one by code, with how many carry
    each; ``travel`` in minutes; ``moved`` meetings, ``lost`` series and ``seats_lost``
    against what is published; ``evenings``: how many leaders have so many evenings.
    """
    found = figures(problem, plan)
    return figures_of(problem, plan) | _as_numbers(found, rows)


def _as_numbers(found: Figures, rows: Mapping[str, Any]) -> dict[str, Any]:
    alone = [int(rows["registrations"][ident]) for ident in found.one_to_one]
    evenings = Counter(found.evenings.values())
    return {
        "people": found.people,
        "unseated": found.waiting,
        "waited": found.waited,
        "beyond_norm": found.beyond_norm,
        "group": found.group,
        "digital": found.digital,
        "reasons": reason_counts(registration_ids=alone) if alone else {},
        "travel": found.travel,
        "moved": found.moved,
        "lost": found.lost,
        "seats_lost": found.seats_lost,
        "evenings": {str(number): evenings[number] for number in sorted(evenings)},
    }
