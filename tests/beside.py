"""Rules beside what is fixed, and judged for a few series: checks for every rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from scheduling.solver.candidates import Filters
from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint
from tests.builders import NINE, TEN, every_plan, plan


def check_agree_beside(
    facts: PlanningProblem,
    rule: Constraint,
    fixed: Collection[str],
    seated: Collection[str] = (),
    quarters: Sequence[int] = (NINE, TEN),
    leader_counts: Sequence[int] = (0, 1, 2),
) -> tuple[int, int]:
    """Compare encoder and judge on every plan, with a part of each one fixed.

    Fixed are the placements of the series ``fixed`` and the seats of the registrations
    ``seated``; the model has only the rest to choose. Where the fixed part breaks the
    rule on its own the model need not refuse. Gives (allowed, refused), both > 0.
    """
    counts = {True: 0, False: 0}
    filters = Filters(facts, [rule])
    for one in every_plan(facts, quarters, leader_counts):
        held = [item for item in one.placements if item.series_id in fixed]
        seats = [item for item in one.allocations if item.registration_id in seated]
        if any(item.series_id not in fixed for item in seats):
            continue
        model = PlanningModel(
            facts,
            [rule],
            filters=filters,
            context=Context(facts, held, seats),
            series_ids={item.id for item in facts.series} - set(fixed),
            registration_ids={item.id for item in facts.registrations} - set(seated),
        )
        model.fix(one)
        status = model.solve(seconds=10).status
        assert status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), status
        allowed = status is SolveStatus.OPTIMAL
        judged = not list(rule.violations(facts, one))
        alone = plan(held, [(item.registration_id, item.series_id) for item in seats])
        if allowed and not judged and list(rule.violations(facts, alone)):
            continue
        assert allowed == judged, (
            f"{rule.id}: model {'allows' if allowed else 'refuses'}, "
            f"judge {'allows' if judged else 'refuses'} {one}"
        )
        counts[judged] += 1
    assert min(counts.values()) > 0, f"{rule.id}: the problem tests nothing"
    return counts[True], counts[False]


def check_touching(
    facts: PlanningProblem, rule: Constraint, plans: Iterable[Plan]
) -> None:
    """Judged for one series, a plan has exactly the breaches that name the series."""
    breaches = 0
    for one in plans:
        everything = set(rule.violations(facts, one))
        breaches += len(everything)
        for series in facts.series:
            some = set(rule.violations(facts, one, touching={series.id}))
            named = {item for item in everything if ("series", series.id) in item.about}
            assert some == named, f"{rule.id}: touching {series.id} in {one}"
        assert not set(rule.violations(facts, one, touching=()))
    assert breaches, f"{rule.id}: no plan breaks it"
