"""What a plan starts from: everything published that was not freed."""

from __future__ import annotations

from collections.abc import Iterable

from scheduling.solver.context import Context
from scheduling.solver.plan import Allocation, Plan, Violation
from scheduling.solver.problem import Fault, InvalidProblem, PlanningProblem
from scheduling.solver.rule import Constraint


def fixed_context(problem: PlanningProblem) -> Context:
    """Placements and seats that may not change."""
    held = problem.kept_placements
    return Context(
        problem,
        held.values(),
        (
            Allocation(name, series_id)
            for name, series_id in problem.kept_seats.items()
            if series_id in held
        ),
    )


def check_fixed(
    problem: PlanningProblem, context: Context, constraints: Iterable[Constraint]
) -> None:
    """Raise ``InvalidProblem`` when what may not change breaks a rule by itself.

    Breaches in which something free has a part are no faults: it can still change.
    """
    plan = Plan(
        problem.id,
        tuple(context.placements.values()),
        tuple(Allocation(name, where) for name, where in context.seated.items()),
    )
    touching = frozenset(context.placements)
    faults = tuple(
        Fault(
            f"published {_named(violation)}",
            f"breaks {violation.rule}",
            "free one of them, so that it may change",
        )
        for rule in constraints
        for violation in rule.violations(problem, plan, touching)
        if _is_fixed(context, violation)
    )
    if faults:
        raise InvalidProblem(tuple(dict.fromkeys(faults)))


def _is_fixed(context: Context, violation: Violation) -> bool:
    for kind, name in violation.about:
        if kind == "series" and name not in context.placements:
            return False
        if kind == "registration" and name not in context.seated:
            return False
    return True


def _named(violation: Violation) -> str:
    things = [f"{kind} {name}" for kind, name in violation.about]
    return ", ".join(things) or "placements"
