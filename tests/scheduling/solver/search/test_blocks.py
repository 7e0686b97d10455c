"""A bound from blocks is a bound, whatever the blocks and the prices."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.generate import generate
from scheduling.solver.objectives import OBJECTIVES, tier_one_value
from scheduling.solver.plan import SolveStatus
from scheduling.solver.problem import InvalidProblem, PlanningProblem, SeatPin
from scheduling.solver.search import loop
from scheduling.solver.search.blocks import shared, split
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.incumbent import Incumbent, costs_of
from scheduling.solver.search.line import Line
from scheduling.solver.search.part import Effort
from scheduling.solver.search.prices import Prices, Relaxation
from scheduling.solver.search.relaxed import ModeProgram, whole
from scheduling.solver.search.table import ModeTable, TableMaker
from scheduling.solver.search.worth import Worth
from scheduling.solver.solve import SolveSettings, solve
from tests.builders import problem, registration, room, series
from tests.strategies import seeded_problem

RULES = frozenset(rule.id for rule in CONSTRAINTS)


def table_of(facts: PlanningProblem) -> ModeTable:
    return TableMaker(
        Filters(facts, CONSTRAINTS),
        fixed_context(facts),
        Worth(facts, OBJECTIVES),
        RULES,
    ).make()


def fixed_value(facts: PlanningProblem) -> int:
    """The first tier's value of what is fixed."""
    context = fixed_context(facts)
    return tier_one_value(facts, Incumbent.of_context(context).plan(facts))


def block_bound(
    facts: PlanningProblem,
    table: ModeTable,
    prices: Prices,
    blocks: list[frozenset[str]],
) -> float:
    """The bound of the whole, first-tier value of what is fixed included."""
    paid = shared(table, prices, blocks)
    bound = paid.total + fixed_value(facts)
    for block in blocks:
        found = ModeProgram(table, block, paid).solve(20.0, 1)
        assert found is not None
        bound += found.bound
    return bound


def best_of(facts: PlanningProblem) -> int | None:
    """The best first-tier value; ``None`` when there is no plan."""
    try:
        found = solve(facts, SolveSettings(seconds=20, workers=1, strict=True))
    except InvalidProblem:
        return None
    return found.tiers[0].value if found.status is SolveStatus.OPTIMAL else None


def test_no_prices_on_blocks_make_it_too_low() -> None:
    dice, tried = np.random.default_rng(4), 0
    for seed in range(40):
        facts = seeded_problem(seed)
        best = best_of(facts)
        if best is None:
            continue
        table = table_of(facts)
        blocks = [frozenset({item.id}) for item in table.series]
        for _ in range(3):
            prices = Prices(
                dice.uniform(0, 200, len(table.registrations)),
                dice.uniform(0, 200, len(table.rows)),
            )
            assert block_bound(facts, table, prices, blocks) >= best - 1e-6
            tried += len(blocks) > 1
    assert tried > 10


def test_the_whole_with_whole_modes_is_never_below_the_optimum() -> None:
    tried = 0
    for seed in range(40):
        facts = seeded_problem(seed)
        best = best_of(facts)
        if best is None:
            continue
        table = table_of(facts)
        every = [item.id for item in table.series]
        found = ModeProgram(table, every, whole(table)).solve(20.0, 1)
        assert found is not None
        assert found.bound + fixed_value(facts) >= best - 1e-6
        assert found.modes.keys() <= {*every}
        tried += len(found.modes) > 0
    assert tried > 10


def test_one_block_is_the_whole_and_its_bound_the_optimum() -> None:
    facts = problem(
        series=(series("a", size_max=1), series("b", size_max=1)),
        rooms=(room("r"),),
        registrations=tuple(registration(name, "a", "b") for name in "xyz"),
    )
    table = table_of(facts)
    prices = Relaxation(table).walk(50)
    one_block = [frozenset({"a", "b"})]
    best = best_of(facts)
    assert block_bound(facts, table, prices, one_block) == pytest.approx(best)
    apart = [frozenset({"a"}), frozenset({"b"})]
    assert block_bound(facts, table, prices, apart) >= best - 1e-6


@pytest.mark.parametrize(("most_to_prove", "bounds"), [(20, 2), (1000, 1)])
def test_a_large_table_is_bounded_in_small_blocks_and_then_in_large_ones(
    monkeypatch: pytest.MonkeyPatch, most_to_prove: int, bounds: int
) -> None:
    monkeypatch.setattr(loop, "MOST_TO_PROVE", most_to_prove)
    monkeypatch.setattr(loop, "MOST_IN_BLOCK", 20)
    facts = generate(0.4, 2, "term", "scarce-leaders")
    table, told = table_of(facts), []
    assert len(table.series_of) > 20
    nothing = Incumbent.of_context(fixed_context(facts))
    nothing.costs = costs_of(facts, nothing.plan(facts), OBJECTIVES)
    job = loop.Job(
        Filters(facts, CONSTRAINTS), CONSTRAINTS, OBJECTIVES, table,
        Relaxation(table).walk(50), nothing, 0.0, float(fixed_value(facts)), 1,
        Effort(work=0.1), relax_seconds=20.0,
    )  # fmt: skip
    loop.Searcher(job, Line(told.append)).relax()
    found = [message[1] for message in told if message[0] == "bound"]
    assert len(found) == bounds
    assert found == sorted(set(found), reverse=True)  # each lower than the one before


def test_only_what_two_blocks_share_is_paid_for() -> None:
    facts = problem(
        series=(series("a"), series("b"), series("c")),
        rooms=(room("r"),),
        registrations=(registration("x", "a", "b"), registration("y", "b", "c")),
    )
    table = table_of(facts)
    prices = Prices(np.full(2, 7.0), np.full(len(table.rows), 3.0))
    paid = shared(table, prices, [frozenset({"a", "b"}), frozenset({"c"})])
    assert paid.people.tolist() == [0.0, 7.0]
    assert paid.rows.tolist() == [0.0 if kept else 3.0 for kept in paid.kept]
    crossing = sum(
        limit
        for limit, kept in zip(table.rows.limits, paid.kept, strict=True)
        if not kept
    )
    assert crossing > 0
    assert paid.total == 7.0 + 3.0 * crossing
    alone = shared(table, prices, [frozenset({"a", "b", "c"})])
    assert (alone.people.any(), alone.rows.any(), alone.total) == (False, False, 0.0)


def test_blocks_are_all_series_once_and_small_enough() -> None:
    facts = generate(scale=1, seed=9, mode="term")
    table = table_of(facts)
    modes = np.bincount(table.series_of, minlength=len(table.series))
    size = {item.id: int(modes[place]) for place, item in enumerate(table.series)}
    blocks = split(facts, table, 120, Random(1))
    names = [name for block in blocks for name in block]
    assert sorted(names) == sorted(size)
    assert len(blocks) > 2
    for block in blocks:
        assert len(block) == 1 or sum(size[name] for name in block) <= 120


def test_a_pinned_seat_is_asked_of_its_own_block_only() -> None:
    facts = problem(
        series=(series("a"), series("b")),
        rooms=(room("r"), room("s")),
        registrations=(registration("x", "a", "b"), registration("y", "b")),
    )
    pinned = replace(facts, seat_pins=(SeatPin("p", "x", "a"),))
    table = table_of(pinned)
    prices = Prices(np.zeros(2), np.zeros(len(table.rows)))
    apart = [frozenset({"a"}), frozenset({"b"})]
    assert block_bound(pinned, table, prices, apart) >= best_of(pinned)
