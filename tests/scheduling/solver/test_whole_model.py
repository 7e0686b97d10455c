"""All rules and wishes together: the engine's optimum is the best of all plans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.model import Answer, PlanningModel
from scheduling.solver.objectives import OBJECTIVES, most_tier_one_value, tier_costs
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import InvalidProblem, PlanningProblem
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.solve import SolveSettings
from scheduling.solver.solve import solve as solve_all
from scheduling.solver.verify import judge, violations
from tests.builders import every_plan
from tests.costs import context_plan
from tests.strategies import quarters_of, seeded_problem, tiny_problems

SEARCHED_SEEDS = (
    *(401, 403, 404, 406, 407, 408, 409, 411, 413, 416, 419, 422, 425, 426, 427),
    *(428, 433, 434, 441, 443, 444, 445, 446, 448, 449, 450, 452, 453, 455, 457),
    *(459, 461, 462, 463, 464, 466, 469, 470, 476, 478),
)
"""Problems that have a plan, and few enough to try them all at once."""

SEARCHED = SolveSettings(seconds=600, steps=4, strict=True)
TIERS = tuple(sorted({wish.tier for wish in OBJECTIVES}))
Costs = tuple[int, ...]


def costs_of(facts: PlanningProblem, one: Plan) -> Costs:
    """Weighted costs of the tiers, in their order."""
    return tuple(tier_costs(facts, one).values())


def is_lawful(facts: PlanningProblem, one: Plan) -> bool:
    return not any(
        True for rule in CONSTRAINTS for _ in rule.violations(facts, one, None)
    )


def plans_with(facts: PlanningProblem, fixed: Plan) -> Iterator[Plan]:
    """Every plan that keeps what is fixed, also unlawful ones."""
    for one in every_plan(facts, quarters_of(facts), (0, 1, 2)):
        if set(fixed.placements) <= set(one.placements) and (
            set(fixed.allocations) <= set(one.allocations)
        ):
            yield one


def best_of_all(
    facts: PlanningProblem, fixed: Plan | None = None
) -> tuple[Costs, Plan] | None:
    """The lawful plan with the least costs, tier by tier; ``None``: there is none."""
    first = tuple(wish for wish in OBJECTIVES if wish.tier == 1)
    best: tuple[Costs, Plan] | None = None
    for one in plans_with(facts, fixed or Plan(facts.id)):
        # Most plans lose on the first tier already: no need to judge those.
        if best is not None and tier_costs(facts, one, first)[1] > best[0][0]:
            continue
        costs = costs_of(facts, one)
        if (best is None or costs < best[0]) and is_lawful(facts, one):
            best = costs, one
    return best


def solve(
    facts: PlanningProblem,
    context: Context | None = None,
    constraints: Sequence[Constraint] = CONSTRAINTS,
    objectives: Sequence[Objective] = OBJECTIVES,
) -> tuple[Answer, Plan, Costs]:
    """The model's answer, the whole plan with it and the costs it says it has."""
    context = context or Context(facts)
    answer = PlanningModel(facts, constraints, objectives, context=context).solve(
        seconds=30
    )
    fixed = context_plan(context)
    whole = Plan(
        facts.id,
        (*fixed.placements, *answer.placements),
        (*fixed.allocations, *answer.allocations),
    )
    said = tuple(
        before + answer.costs.get(tier, 0)
        for tier, before in zip(TIERS, costs_of(facts, fixed), strict=True)
    )
    return answer, whole, said


def check_optimum(facts: PlanningProblem, context: Context | None = None) -> Costs:
    """Engine and enumeration find the same; gives the costs, () when infeasible."""
    fixed = context_plan(context) if context else Plan(facts.id)
    best = best_of_all(facts, fixed)
    answer, whole, said = solve(facts, context)
    if best is None:
        assert answer.status is SolveStatus.INFEASIBLE, whole
        return ()
    costs, known = best
    assert answer.status is SolveStatus.OPTIMAL, (answer.status, known)
    assert violations(facts, whole) == ()
    assert said == costs_of(facts, whole)
    assert said == costs, (whole, known)
    first = tier_costs(facts, fixed)[1]
    assert first + answer.bounds.get(1, 0) <= costs[0] + 1e-6
    return costs


@pytest.mark.parametrize("seed", [*range(90), *range(1006, 1080)])
def test_optimum_is_the_best_of_all_plans(seed: int) -> None:
    check_optimum(seeded_problem(seed))


@pytest.mark.parametrize("seed", range(100, 115))
def test_optimum_beside_what_is_fixed_is_the_best_of_the_rest(seed: int) -> None:
    facts = seeded_problem(seed)
    lawful = [
        one
        for one in plans_with(facts, Plan(facts.id))
        if one.placements and is_lawful(facts, one)
    ]
    if not lawful:
        assert check_optimum(facts) in ((), costs_of(facts, Plan(facts.id)))
        return
    rng = Random(seed)
    known = rng.choice(lawful)
    kept = rng.choice(known.placements)
    seats = [item for item in known.allocations if item.series_id == kept.series_id]
    context = Context(facts, [kept], seats[: rng.randint(0, len(seats))])
    check_optimum(facts, context)


@pytest.mark.parametrize("seed", range(200, 206))
def test_order_of_rules_and_wishes_does_not_matter(seed: int) -> None:
    facts, rng = seeded_problem(seed), Random(seed)
    first, _, costs = solve(facts)
    for _ in range(3):
        answer, whole, said = solve(
            facts,
            constraints=rng.sample(CONSTRAINTS, len(CONSTRAINTS)),
            objectives=rng.sample(OBJECTIVES, len(OBJECTIVES)),
        )
        assert (answer.status, said) == (first.status, costs)
        if answer.found:
            assert violations(facts, whole) == ()


def planned(facts: PlanningProblem) -> Plan | None:
    """What the planner says; ``None`` when it refuses the facts."""
    try:
        return solve_all(facts, SolveSettings(seconds=20, workers=1, strict=True))
    except InvalidProblem:
        return None


@pytest.mark.parametrize("seed", [*range(300, 312), 704])
def test_what_comes_out_of_the_door_is_the_best_and_judged_so(seed: int) -> None:
    """Also for contradictory facts, which are refused by name or proven to be so."""
    facts = seeded_problem(seed)
    best = best_of_all(facts)
    plan = planned(facts)
    if best is None:
        assert plan is None or plan.status is SolveStatus.INFEASIBLE
        return
    assert plan is not None, "refused, though there is a plan"
    assert plan.status is SolveStatus.OPTIMAL
    assert costs_of(facts, plan) == best[0]
    assert judge(facts, plan).holds


@cache
def searched(seed: int) -> tuple[Costs, Plan]:
    """Of a problem the best costs, and what the search for large ones makes of it: with
    prices, greedy start and neighbourhoods."""
    facts = seeded_problem(seed)
    best = best_of_all(facts)
    assert best is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scheduling.solver.solve.SMALL_SERIES", -1)
        return best[0], solve_all(facts, SEARCHED)


@pytest.mark.parametrize("seed", SEARCHED_SEEDS)
def test_what_is_searched_for_is_never_better_than_the_best_nor_its_bound_lower(
    seed: int,
) -> None:
    costs, plan = searched(seed)
    facts = seeded_problem(seed)
    assert judge(facts, plan).holds
    assert costs_of(facts, plan) >= costs
    (first,) = (item for item in plan.tiers if item.tier == 1)
    best = most_tier_one_value(facts) - costs[0]
    assert first.bound is not None
    assert first.value <= best <= first.bound


def test_the_search_mostly_finds_the_best_and_seats_people() -> None:
    """The test above would prove nothing of plans that seat nobody."""
    found = {seed: searched(seed) for seed in SEARCHED_SEEDS}
    seated = sum(bool(plan.allocations) for _, plan in found.values())
    best = sum(
        costs_of(seeded_problem(seed), plan) == costs
        for seed, (costs, plan) in found.items()
    )
    assert len(found) == 40
    assert seated >= 15
    assert best >= 30


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(facts=tiny_problems())
def test_any_problem_ends_optimal_or_proven_infeasible(facts: PlanningProblem) -> None:
    check_optimum(facts)


def test_the_problems_made_are_not_all_alike() -> None:
    """Some are contradictory, some leave somebody out, some seat everybody."""
    kinds = set()
    for seed in range(60):
        facts = seeded_problem(seed)
        answer, whole, _ = solve(facts)
        seated = len(whole.allocations)
        everybody = seated == len(facts.registrations)
        kinds.add((answer.status, seated > 0, everybody))
    assert {status for status, _, _ in kinds} == {
        SolveStatus.OPTIMAL,
        SolveStatus.INFEASIBLE,
    }
    assert (SolveStatus.OPTIMAL, True, False) in kinds
    assert (SolveStatus.OPTIMAL, True, True) in kinds
