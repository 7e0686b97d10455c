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
from scheduling.solver.context import Context
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
    first answer; ``start`` is the legal plan that it was given to begin from.
    """

    facts: Facts
    placements: list[Placement]
    allocations: list[Allocation]
    bound: float | None
    first: float | None
    start: Plan | None = None
    version: str = ""


def legal(answer: Answer) -> tuple[Plan, int]:
    """The legal part of an answer as a plan, and how many things were dropped.

    Series by series: seats that a breach names go first, and the series itself only
    when it breaks a rule without them.
    """
    problem, context = answer.facts.problem, answer.facts.context
    judge = Judge(problem, CONSTRAINTS)
    seats: dict[str, list[Allocation]] = {}
    for allocation in answer.allocations:
        seats.setdefault(allocation.series_id, []).append(allocation)
    placements = {item.series_id: item for item in answer.placements}
    dropped = 0
    for series_id in dict.fromkeys((*placements, *seats)):
        new = [placements[series_id]] if series_id in placements else []
        wanted = seats.get(series_id, [])
        kept = _kept(judge, context, new, wanted) if new or wanted else []
        if kept is None:
            dropped += len(new) + len(wanted)
            continue
        dropped += len(wanted) - len(kept)
        for placement in new:
            context.place(placement)
        for allocation in kept:
            context.seat(allocation)
    return Incumbent.of_context(context).plan(problem), dropped


def _kept(
    judge: Judge,
    context: Context,
    new: list[Placement],
    wanted: list[Allocation],
) -> list[Allocation] | None:
    """The seats that can stay; ``None`` when the series cannot."""
    kept = list(wanted)
    while broken := judge.judge_new(context, new, kept):
        named = {name for one in broken for kind, name in one.about}
        people = judge.problem.registration_by_id
        fewer = [
            item
            for item in kept
            if item.registration_id not in named
            and people[item.registration_id].person_id not in named
        ]
        if len(fewer) == len(kept):
            return None
        kept = fewer
    return kept


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


def _value(problem: PlanningProblem, plan: Plan) -> int:
    return tier_values(problem, plan)[1]


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
    if answer.start is not None and _value(problem, plan) < _value(
        problem, answer.start
    ):
        plan, dropped = answer.start, 0
    plan = finished(answer, plan, given.seed, spent)
    given.out.write_text(write_plan(plan, problem.horizon), "utf-8")
    told = {
        "seconds": plan.seconds,
        "first_plan_seconds": plan.first_plan_seconds,
        "dropped": dropped,
        "solver_version": answer.version,
    }
    print(json.dumps(told, sort_keys=True))
