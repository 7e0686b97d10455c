"""What is published and no longer possible may move: it is freed, to be repaired."""

from __future__ import annotations

from dataclasses import replace

from scheduling.solver import verify
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem

FREEING_ROUNDS = 4


def with_breaches_freed(problem: PlanningProblem) -> PlanningProblem:
    """Free what is published and breaks a rule on its own, so that it is repaired."""
    for _ in range(FREEING_ROUNDS):
        published = problem.published
        fixed = Plan(
            problem.id,
            tuple(
                item
                for item in published.placements
                if item.series_id not in published.freed_series
            ),
        )
        broken = {
            ident
            for violation in verify.violations(problem, fixed)
            for kind, ident in violation.about
            if kind == "series"
        } & set(fixed.placement_of)
        if not broken:
            break
        problem = replace(
            problem,
            published=replace(published, freed_series=published.freed_series | broken),
        )
    return problem
