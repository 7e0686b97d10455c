"""What one more resource brings, against every plan of a problem small enough."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

from scheduling.solver import verify
from scheduling.solver.change import LeaderHours, NewLeader, NewRoom
from scheduling.solver.explain.bottlenecks import Bottleneck, bottlenecks, ranked
from scheduling.solver.horizon import Availability, WeeklyWindow
from scheduling.solver.model import PlanningModel
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.what_if import what_if
from tests.builders import (
    NINE,
    SEVEN,
    every_plan,
    facilitator,
    need,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)

TIMES = tuple(WeeklyWindow(0, quarter, quarter + 4) for quarter in (NINE, SEVEN))
MORNINGS = Availability((WeeklyWindow(0, 0, 50),))


def evening_short() -> PlanningProblem:
    """Two groups, one room in the morning and none in the evening."""
    return problem(
        series=(
            series("a", windows=TIMES, staff=(need(),)),
            series("b", windows=TIMES, staff=(need(),)),
        ),
        rooms=(room("r", opening=MORNINGS),),
        facilitators=(facilitator("f"), facilitator("g", availability=MORNINGS)),
        registrations=(
            registration("n", "a"),
            registration("m", "a"),
            registration("k", "b"),
        ),
    )


def most_seats(facts: PlanningProblem) -> int:
    """The most people any plan without a violation seats."""
    return max(
        len(one.allocations)
        for one in every_plan(facts, (NINE, SEVEN), (0, 1))
        if not verify.violations(facts, one)
    )


def test_the_gain_is_that_of_the_best_plans_with_and_without() -> None:
    facts = evening_short()
    best = solve(facts, SolveSettings(seconds=3, workers=1))
    before = most_seats(facts)
    assert len(best.allocations) == before == 2
    found = bottlenecks(facts, best, seconds=10)
    assert found
    assert all(one.proven for one in found)
    for one in found:
        assert most_seats(one.change.apply(facts)) - before == one.seats > 0
    assert isinstance(found[0].change, NewRoom)
    assert found[0].opens == ("b",)


def test_best_first_and_nothing_without_a_gain() -> None:
    facts = evening_short()
    best = solve(facts, SolveSettings(seconds=3, workers=1))
    values = [one.value for one in bottlenecks(facts, best, seconds=10)]
    assert values == sorted(values, reverse=True)
    assert all(value > 0 for value in values)


def test_what_is_proven_comes_before_what_a_cut_solve_found() -> None:
    def one(value: int, *, proven: bool, seven: int = SEVEN) -> Bottleneck:
        return Bottleneck(NewRoom("x", 0, seven, 96), 1, value, ("a",), (), proven)

    luck, sure, less = (
        one(90, proven=False),
        one(30, proven=True),
        one(20, proven=True),
    )
    assert ranked([luck, less, sure]) == (sure, less, luck)
    early, late = one(5, proven=True, seven=40), one(5, proven=True, seven=44)
    assert ranked([late, early]) == ranked([early, late])


class Enough(Exception):
    pass


def test_a_beat_ends_it_while_the_engine_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = evening_short()
    best = solve(facts, SolveSettings(seconds=3, workers=1))
    working = False

    def works(_: PlanningModel, *, seconds: float, **given: Any) -> NoReturn:
        nonlocal working
        working = True
        for _ask in range(3):
            assert not given["stop"]()
        raise AssertionError("nobody ended it")

    def beat() -> None:
        if working:
            raise Enough

    monkeypatch.setattr(PlanningModel, "solve", works)
    with pytest.raises(Enough):
        bottlenecks(facts, best, seconds=600, beat=beat)


def test_where_all_have_a_seat_there_is_no_bottleneck() -> None:
    one = series("a")
    facts = problem(
        series=(one,), rooms=(room("r"),), registrations=(registration("n", "a"),)
    )
    assert bottlenecks(facts, plan([placed(one, NINE, "r")], [("n", "a")])) == ()


def test_a_leader_more_is_found_where_leaders_lack() -> None:
    facts = problem(
        series=(series("a", staff=(need(2),)),),
        rooms=(room("r"),),
        facilitators=(facilitator("f"), facilitator("g", availability=Availability())),
        registrations=(registration("n", "a"),),
    )
    kinds = {type(one.change) for one in bottlenecks(facts, plan(), seconds=10)}
    assert kinds == {LeaderHours, NewLeader}


class TestWhatIf:
    def test_a_scenario_is_a_plan_of_its_own_problem(self) -> None:
        facts = evening_short()
        best = solve(facts, SolveSettings(seconds=3, workers=1))
        change = NewRoom("x", 0, SEVEN, SEVEN + 8)
        found = what_if(facts, best, [change], SolveSettings(seconds=3, workers=1))
        assert found.possible
        assert found.problem == change.apply(facts)
        assert not verify.violations(found.problem, found.after)
        assert found.comparison.gained == {"k"}
        assert found.comparison.after.seats - found.comparison.before.seats == 1

    @pytest.mark.parametrize("seed", [1, 2])
    def test_no_change_at_all_makes_no_difference(self, seed: int) -> None:
        facts = evening_short()
        best = solve(facts, SolveSettings(seconds=3, workers=1))
        found = what_if(facts, best, [], SolveSettings(seconds=2, workers=1, seed=seed))
        assert found.comparison.same
