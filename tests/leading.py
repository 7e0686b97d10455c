"""One facilitator and what they may be asked to lead, for rules about their load."""

from __future__ import annotations

from typing import Any

from scheduling.solver.problem import (
    DatePattern,
    Format,
    LoadLimits,
    PlanningProblem,
    Series,
)
from scheduling.solver.rule import Constraint
from tests.builders import facilitator, model_allows, placed, plan, problem, series

ONE = DatePattern((0,))


def online(name: str, *patterns: DatePattern, **facts: Any) -> Series:
    return series(name, format=Format.ONLINE, date_patterns=patterns or (ONE,), **facts)


def led_by_one(*items: Series, **limits: int) -> PlanningProblem:
    return problem(
        series=items, facilitators=(facilitator("f", load=LoadLimits(**limits)),)
    )


def may_lead(facts: PlanningProblem, rule: Constraint, *quarters: int) -> bool:
    """Whether f may lead the series, each at its quarter; judge and model agree."""
    one = plan(
        placed(item, quarter, None, "f")
        for item, quarter in zip(facts.series, quarters, strict=True)
    )
    model, judged = model_allows(facts, [rule], one), not [*rule.violations(facts, one)]
    assert model == judged
    return model
