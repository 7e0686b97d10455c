"""A published group that fell below its minimum is a fact to decide on, no fault."""

from __future__ import annotations

from dataclasses import replace

from scheduling.solver.plan import Placement
from scheduling.solver.problem import PlanningProblem, Published
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.verify import violations
from tests.builders import (
    NINE,
    facilitator,
    need,
    placed,
    problem,
    registration,
    room,
    series,
)

QUICK = SolveSettings(seconds=10, workers=1, strict=True)


def promised(*waiting: str) -> tuple[PlanningProblem, Placement]:
    """A group of at least three with one member, published and never held."""
    item = series(
        "small", size_min=3, size_max=4, members=("m",), staff=(need(),), length=4
    )
    held = placed(item, NINE, "q", "lead")
    facts = problem(
        series=(item,),
        rooms=(room("q"),),
        facilitators=(facilitator("lead"),),
        registrations=tuple(registration(name, "small") for name in waiting),
        published=Published((held,)),
    )
    return facts, held


def test_people_who_wait_fill_it() -> None:
    facts, held = promised("a", "b", "c")
    found = solve(facts, QUICK)
    assert found.placements == (held,)
    assert len(found.allocations) == 3


def test_it_goes_on_when_nobody_waits() -> None:
    facts, held = promised("a")
    found = solve(facts, QUICK)
    assert found.placements == (held,)
    assert [one.registration_id for one in found.allocations] == ["a"]


def test_a_new_group_still_opens_with_enough_people_only() -> None:
    facts, held = promised("a")
    new = replace(facts, published=Published())
    assert solve(new, QUICK).placements == ()
    plan = replace(solve(new, QUICK), placements=(held,))
    assert "group-size" in {one.rule for one in violations(new, plan)}
