"""The judge: every broken rule and every cost of any plan, from the facts alone.

It never loads the engine, so a hand move is judged at once and a plan of another
program as strictly as our own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.objectives import OBJECTIVES, most_tier_one_value, tier_costs
from scheduling.solver.plan import (
    Allocation,
    Meeting,
    Placement,
    Plan,
    TierResult,
    Violation,
)
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint, Objective

UNKNOWN_REFERENCE = "unknown-reference"
"""A plan names a series, room, facilitator or registration that is not in the facts."""

OUTSIDE_HORIZON = "series-rhythm"
"""A meeting on no day of the horizon is on no date of a pattern either."""

ROUNDING = 1e-6


@dataclass(frozen=True)
class Judgement:
    """What a plan is worth.

    ``costs`` are unweighted, by id of the wish. ``tiers`` have the values the facts
    give and the bounds that were claimed. ``disputed`` are the numbers of tiers for
    which a claim cannot be true: another value, or a bound that the plan beats.
    """

    violations: tuple[Violation, ...]
    costs: dict[str, int]
    tiers: tuple[TierResult, ...]
    disputed: tuple[int, ...] = ()

    @property
    def holds(self) -> bool:
        """The plan breaks no rule and claims nothing untrue."""
        return not self.violations and not self.disputed


def violations(
    problem: PlanningProblem,
    plan: Plan,
    constraints: Iterable[Constraint] = CONSTRAINTS,
    touching: Collection[str] | None = None,
) -> tuple[Violation, ...]:
    """Every breach in a plan, also in one that makes no sense.

    What names something unknown is reported and then left out, so that the rules can
    judge the rest. ``touching``: only breaches in which one of these series is.
    """
    wanted = None if touching is None else frozenset(touching)
    faults, readable = _read(problem, plan)
    found = [
        fault for series_id, fault in faults if wanted is None or series_id in wanted
    ]
    for rule in constraints:
        found.extend(rule.violations(problem, readable, wanted))
    return tuple(found)


def costs(
    problem: PlanningProblem,
    plan: Plan,
    objectives: Iterable[Objective] = OBJECTIVES,
) -> dict[str, int]:
    """Unweighted cost of each wish, by its id; unknown things count for nothing."""
    _, readable = _read(problem, plan)
    return {wish.id: wish.cost(problem, readable) for wish in objectives}


def tier_values(
    problem: PlanningProblem,
    plan: Plan,
    objectives: Iterable[Objective] = OBJECTIVES,
) -> dict[int, int]:
    """What each tier shows: in the first the weight reached, in the others a cost."""
    _, readable = _read(problem, plan)
    values = tier_costs(problem, readable, objectives)
    if 1 in values:
        values[1] = most_tier_one_value(problem) - values[1]
    return values


def judge(
    problem: PlanningProblem,
    plan: Plan,
    tiers: Sequence[TierResult] | None = None,
) -> Judgement:
    """Judge a plan and what is claimed of it.

    ``tiers`` are claimed values and proven bounds; the plan's own when left out.
    """
    claims = {item.tier: item for item in (plan.tiers if tiers is None else tiers)}
    values = tier_values(problem, plan)
    judged = tuple(
        TierResult(tier, value, claims[tier].bound if tier in claims else None)
        for tier, value in sorted(values.items())
    )
    disputed = {
        tier
        for tier, claim in claims.items()
        if tier not in values or claim.value != values[tier]
    }
    disputed.update(item.tier for item in judged if _beats_its_bound(item))
    return Judgement(
        violations(problem, plan),
        costs(problem, plan),
        judged,
        tuple(sorted(disputed)),
    )


def _beats_its_bound(result: TierResult) -> bool:
    if result.bound is None:
        return False
    slack = ROUNDING * max(1.0, abs(result.bound))
    if result.tier == 1:
        return result.value > result.bound + slack
    return result.value < result.bound - slack


def _read(
    problem: PlanningProblem, plan: Plan
) -> tuple[list[tuple[str, Violation]], Plan]:
    """Faults by series, and the plan without what they are about."""
    faults: list[tuple[str, Violation]] = []
    placements = []
    for placement in plan.placements:
        if placement.series_id not in problem.series_by_id:
            faults.append(
                (placement.series_id, _unknown("series", placement.series_id))
            )
            continue
        found = list(_placement_faults(problem, placement))
        faults += [(placement.series_id, fault) for fault in found]
        placements.append(_known_part(problem, placement) if found else placement)
    allocations = []
    for allocation in plan.allocations:
        found = list(_allocation_faults(problem, allocation))
        faults += [(allocation.series_id, fault) for fault in found]
        if not found:
            allocations.append(allocation)
    if not faults:
        return faults, plan
    return faults, replace(
        plan, placements=tuple(placements), allocations=tuple(allocations)
    )


def _placement_faults(
    problem: PlanningProblem, placement: Placement
) -> Iterator[Violation]:
    series = ("series", placement.series_id)
    slots = problem.horizon.slot_count
    unknown: set[tuple[str, str]] = set()
    for meeting in placement.meetings:
        if not 0 <= meeting.slot < slots:
            facts = (("outside_horizon", meeting.slot),)
            yield Violation(OUTSIDE_HORIZON, (series,), None, facts)
        if meeting.room_id is not None and meeting.room_id not in problem.room_by_id:
            unknown.add(("room", meeting.room_id))
    for facilitator_id in placement.leader_ids:
        if facilitator_id not in problem.facilitator_by_id:
            unknown.add(("facilitator", facilitator_id))
    for kind, ident in sorted(unknown):
        yield _unknown(kind, ident, series)


def _known_part(problem: PlanningProblem, placement: Placement) -> Placement:
    def known(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in problem.facilitator_by_id)

    return Placement(
        placement.series_id,
        tuple(
            Meeting(
                meeting.slot,
                meeting.room_id if meeting.room_id in problem.room_by_id else None,
                known(meeting.facilitator_ids),
            )
            for meeting in placement.meetings
            if 0 <= meeting.slot < problem.horizon.slot_count
        ),
        known(placement.coach_ids),
    )


def _allocation_faults(
    problem: PlanningProblem, allocation: Allocation
) -> Iterator[Violation]:
    series = ("series", allocation.series_id)
    registration = ("registration", allocation.registration_id)
    if allocation.registration_id not in problem.registration_by_id:
        yield _unknown(*registration, series)
    if allocation.series_id not in problem.series_by_id:
        yield _unknown(*series, registration)


def _unknown(kind: str, ident: str, *where: tuple[str, str]) -> Violation:
    """``about`` begins with what is not known."""
    return Violation(UNKNOWN_REFERENCE, ((kind, ident), *where))
