"""What a reference solver's program has in common: its command line and its repair.

An answer that breaks a rule is not thrown away: what of it is legal is taken over,
series by series, and only the rest is dropped and counted. So nobody loses to the
planner by leaving a rule out of its model.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.reference.facts import Facts
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.plan import (
    Allocation,
    Placement,
    Plan,
    SolveStatus,
    TierResult,
    Unplaced,
)
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.search.incumbent import Incumbent
from scheduling.solver.search.trial import Judge
from scheduling.solver.snapshot import read_problem, write_plan
from scheduling.solver.verify import tier_values


@dataclass
class Answer:
    """What a solver found: new placements and seats beside what is fixed.

    ``bound`` of the whole first tier (``None``: none), ``first`` seconds until its
    first answer.
    """

    facts: Facts
    placements: list[Placement]
    allocations: list[Allocation]
    bound: float | None
    first: float | None


def legal(answer: Answer) -> tuple[Plan, int]:
    """The legal part of an answer as a plan, and how many things were dropped."""
    problem, context = answer.facts.problem, answer.facts.context
    claimed = Plan(problem.id, tuple(answer.placements), tuple(answer.allocations))
    judge = Judge(problem, CONSTRAINTS)
    before = len(context.placements) + len(context.seated)
    judge.take_over(context, claimed)
    # A seat at a time, where all seats of a series together went wrong.
    for allocation in answer.allocations:
        if (
            allocation.registration_id not in context.seated
            and allocation.series_id in context.placements
            and not judge.breaches(context, (), (allocation,))
        ):
            context.seat(allocation)
    taken = len(context.placements) + len(context.seated) - before
    asked = len(answer.placements) + len(answer.allocations)
    return Incumbent.of_context(context).plan(problem), asked - taken


def finished(answer: Answer, plan: Plan, seed: int, seconds: float) -> Plan:
    """The plan with its own account of value and bound."""
    problem = answer.facts.problem
    seated = {item.registration_id for item in plan.allocations}
    bounds = {} if answer.bound is None else {1: float(int(answer.bound + 1e-6))}
    return replace(
        plan,
        unplaced=tuple(
            Unplaced(item.id) for item in problem.registrations if item.id not in seated
        ),
        status=SolveStatus.FEASIBLE,
        tiers=tuple(
            TierResult(tier, value, bounds.get(tier))
            for tier, value in sorted(tier_values(problem, plan).items())
        ),
        seed=seed,
        seconds=round(seconds, 3),
        first_plan_seconds=answer.first,
    )


Solver = Callable[[PlanningProblem, float, int, int], Answer]


def main(solve: Solver, words: str) -> None:
    """Read a problem file, solve it, write the plan; the last line is JSON."""
    parser = argparse.ArgumentParser(description=words.splitlines()[0])
    parser.add_argument("problem", type=Path, metavar="IN.json")
    parser.add_argument("--out", type=Path, required=True, metavar="PLAN.json")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    problem = read_problem(given.problem.read_bytes())
    began = time.monotonic()
    answer = solve(problem, given.seconds, given.workers, given.seed)
    spent = time.monotonic() - began
    plan, dropped = legal(answer)
    plan = finished(answer, plan, given.seed, spent)
    given.out.write_text(write_plan(plan, problem.horizon), "utf-8")
    told = {
        "seconds": plan.seconds,
        "first_plan_seconds": plan.first_plan_seconds,
        "dropped": dropped,
    }
    print(json.dumps(told, sort_keys=True))
