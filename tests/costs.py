"""Wishes on the bench: the model's value against the judge's cost, plan by plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ortools.sat.python import cp_model

from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Allocation, Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Objective
from tests.builders import NINE, TEN, every_plan


def context_plan(context: Context) -> Plan:
    """What a context fixes, as a plan."""
    return Plan(
        context.problem.id,
        tuple(context.placements.values()),
        tuple(Allocation(one, other) for one, other in context.seated.items()),
    )


def model_costs(
    facts: PlanningProblem, wish: Objective, one: Plan, context: Context
) -> set[int]:
    """What the model can say that exactly this plan costs: the least and the most."""
    found = set()
    for sign in (1, -1):
        model = PlanningModel(facts, (), [wish], context=context)
        model.fix(one)
        change = sum(model.variables.costs.get(wish.id, ()))
        model.engine_model.minimize(sign * change)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(model.engine_model)
        assert status == cp_model.OPTIMAL, f"{wish.id}: {status} for {one}"
        found.add(sign * round(solver.objective_value))
    before = wish.cost(facts, context_plan(context))
    return {before + change for change in found}


def check_costs_agree(
    facts: PlanningProblem,
    wish: Objective,
    quarters: Sequence[int] = (NINE, TEN),
    leader_counts: Sequence[int] = (0, 1),
    context: Context | None = None,
) -> dict[int, int]:
    """Compare model and judge on every plan that keeps what the context fixes.

    Gives how many plans have each cost; fails when there is only one cost.
    """
    context = context or Context(facts)
    fixed = context_plan(context)
    counts: Counter[int] = Counter()
    for one in every_plan(facts, quarters, leader_counts):
        if not set(fixed.placements) <= set(one.placements):
            continue
        if not set(fixed.allocations) <= set(one.allocations):
            continue
        judged = wish.cost(facts, one)
        modelled = model_costs(facts, wish, one, context)
        assert modelled == {judged}, (
            f"{wish.id}: model says {modelled}, judge {judged} of {one}"
        )
        counts[judged] += 1
    assert len(counts) > 1, f"{wish.id}: the problem tests nothing"
    assert min(counts) >= 0, f"{wish.id}: a cost below nought"
    return dict(sorted(counts.items()))
