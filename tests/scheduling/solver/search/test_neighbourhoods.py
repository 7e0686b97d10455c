"""Which series are freed together, and who with them."""

from __future__ import annotations

from random import Random

import pytest

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.generate import generate
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.problem import PlanningProblem, Published
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.incumbent import Incumbent
from scheduling.solver.search.neighbourhoods import KINDS, Neighbourhoods, halves
from scheduling.solver.search.table import ModeTable, TableMaker
from scheduling.solver.search.worth import Worth
from tests.builders import NINE, placed, problem, registration, room, series

RULES = frozenset(rule.id for rule in CONSTRAINTS)


def table_of(facts: PlanningProblem) -> ModeTable:
    return TableMaker(
        Filters(facts, CONSTRAINTS),
        fixed_context(facts),
        Worth(facts, OBJECTIVES),
        RULES,
    ).make()


@pytest.fixture(scope="module")
def term() -> tuple[PlanningProblem, ModeTable]:
    facts = generate(scale=1, seed=9, mode="term")
    return facts, table_of(facts)


class TestPick:
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_frees_as_many_as_it_is_large(self, term, kind: str) -> None:
        facts, table = term
        hoods = Neighbourhoods(facts, table, Random(1))
        hoods.kinds = {kind: hoods.kinds[kind]}
        picked, names = hoods.pick(Incumbent(), {})
        assert picked == kind
        assert len(names) == round(hoods.kinds[kind].size)
        assert names <= {item.id for item in table.series}

    def test_a_territory_is_not_left(self, term) -> None:
        facts, table = term
        hoods = Neighbourhoods(facts, table, Random(1))
        hoods.territory = frozenset(item.id for item in table.series[:9])
        for _ in range(20):
            assert hoods.pick(Incumbent(), {})[1] <= hoods.territory

    def test_kinds_grow_while_quick_and_shrink_when_unproven(self, term) -> None:
        hoods = Neighbourhoods(*term, Random(1))
        size = hoods.kinds["people"].size
        hoods.learn("people", better=True, proven=True, quick=True)
        assert hoods.kinds["people"].size > size
        assert hoods.kinds["people"].weight > 1
        for _ in range(50):
            hoods.learn("people", better=False, proven=False, quick=False)
        assert hoods.kinds["people"].size == 3
        assert hoods.kinds["people"].weight < 1

    def test_regret_draws_the_seed(self, term) -> None:
        facts, table = term
        hoods = Neighbourhoods(facts, table, Random(1))
        hoods.kinds = {"random": hoods.kinds["random"]}
        hoods.kinds["random"].size = 1
        name = table.series[0].id
        drawn = [hoods.pick(Incumbent(), {name: 5.0})[1] for _ in range(40)]
        assert sum(one == {name} for one in drawn) > 12


class TestRegistrations:
    held = series("a", members=("m",))
    facts = problem(
        series=(held, series("b"), series("c")),
        rooms=(room("r"),),
        registrations=(
            registration("here", "b", "c"),
            registration("there", "c", "b"),
            registration("nowhere", "b"),
            registration("told", "a", "b"),
            registration("friend", "c"),
            registration("other", "a"),
        ),
        keep_together=(("nowhere", "friend"),),
        published=Published(
            (placed(held, NINE, "r"),),
            (),
        ),
    )

    def test_who_sits_there_or_waits_for_it_and_their_partners(self) -> None:
        hoods = Neighbourhoods(self.facts, table_of(self.facts), Random(1))
        incumbent = Incumbent({}, {"here": "b", "there": "c", "told": "a"})
        assert hoods.registrations({"b"}, incumbent) == {"here", "nowhere", "friend"}

    def test_what_is_published_is_joined_but_not_freed(self) -> None:
        hoods = Neighbourhoods(self.facts, table_of(self.facts), Random(1))
        assert "a" in hoods.names
        assert hoods.free.isdisjoint({"a"})


def test_halves_are_two_parts_of_one_size_apart_on_the_map() -> None:
    facts = generate(scale=2, seed=9, mode="term")
    table = table_of(facts)
    one, other = halves(facts, table, Random(3))
    with_modes = {table.series[int(number)].id for number in table.series_of}
    assert one | other == with_modes
    assert not one & other
    assert abs(len(one) - len(other)) <= 1
    clusters = [{name.split("-")[0] for name in half} for half in (one, other)]
    assert all(clusters)
