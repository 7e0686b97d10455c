"""Groups of known members find a timetable in which everybody is, and a better one."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.generate import Regime, generate, generate_known
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.plan import Plan
from scheduling.solver.problem import LoadLimits, Place, PlanningProblem
from scheduling.solver.search.carrying import Carrying
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.timetable import Timetable
from scheduling.solver.search.timetable_facts import timetabled, wants_timetable
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.verify import judge, tier_values, violations


def made(problem: PlanningProblem, seed: int = 1) -> Timetable:
    filters = Filters(problem, CONSTRAINTS)
    facts = timetabled(filters, fixed_context(problem), OBJECTIVES)
    assert facts is not None
    return Timetable(facts, seed)


def plan_of(table: Timetable) -> Plan:
    return Plan(table.facts.problem.id, tuple(table.placements()))


def after(steps: int):
    counter = count()
    return lambda: next(counter) >= steps


@pytest.mark.parametrize("regime", Regime)
def test_everybody_is_in_and_no_rule_is_broken(regime: Regime) -> None:
    problem, _ = generate_known(0.3, 1, regime)
    table = made(problem)
    assert table.complete(after(20_000))
    plan = plan_of(table)
    assert len(plan.placements) == len(problem.series)
    assert violations(problem, plan) == ()


def test_no_rule_is_broken_on_the_way() -> None:
    problem, _ = generate_known(0.3, 3, "scarce-rooms")
    table = made(problem)
    for steps in (5, 20, 20, 20):
        table.complete(after(steps))
        assert violations(problem, plan_of(table)) == ()


def test_comfort_is_what_the_later_tiers_cost_and_only_falls() -> None:
    problem, _ = generate_known(0.3, 2)
    table = made(problem)
    assert table.complete(after(20_000))
    before, soft = tier_values(problem, plan_of(table)), table.soft
    table.polish(after(400))
    plan = plan_of(table)
    assert violations(problem, plan) == ()
    assert len(plan.placements) == len(problem.series)
    now = tier_values(problem, plan)
    assert table.soft < soft
    assert (now[1], now[2]) == (before[1], before[2])
    assert now[3] < before[3]


def test_nobody_is_in_two_places_without_the_way_between() -> None:
    problem, _ = generate_known(0.3, 5)
    half = len(problem.rooms) // 2
    problem = replace(
        problem,
        places=(*problem.places, Place("place-002", "town")),
        travel_minutes=((0, 35), (35, 0)),
        rooms=tuple(
            replace(room, place_id="place-002") if number < half else room
            for number, room in enumerate(problem.rooms)
        ),
        series=tuple(replace(item, place_ids=None) for item in problem.series),
    )
    table = made(problem)
    table.complete(after(300))
    plan = plan_of(table)
    rooms = {one.meetings[0].room_id for one in plan.placements}
    assert {problem.room_by_id[room or ""].place_id for room in rooms} == {
        "place-001",
        "place-002",
    }
    assert violations(problem, plan) == ()


def test_leaders_are_relieved_of_what_is_too_much() -> None:
    load = LoadLimits(600, 3, 480, 2, 180, 15)
    carrying = Carrying([load], 7)
    for number, begin in enumerate((32, 38, 96 + 32)):
        carrying.add(0, number, begin, begin + 6)

    def gone(begin: int, end: int) -> set[int]:
        return carrying.too_much(0, begin, end, set(), lambda one: one)

    assert gone(96 + 52, 96 + 58) == set()
    assert gone(44, 48) == {0}  # three in a row without a break: a block too long
    assert gone(70, 76) == {0, 1}  # too late for a day that began so early
    assert gone(192 + 40, 192 + 46) == {0, 1}  # a third day: one of the others goes
    full = carrying.full(6)
    assert full[0].tolist() == [False, False, True, True, True, True, True]


def test_a_week_of_groups_is_a_timetable_and_a_term_is_not() -> None:
    problem, _ = generate_known(0.3, 1)
    assert wants_timetable(problem.series)
    few = problem.series[:5]
    assert not wants_timetable(few)
    term = generate(0.3, 1, "term")
    assert not wants_timetable(term.series)


def test_the_solver_begins_with_it_and_proves_that_everybody_is_in() -> None:
    problem, known = generate_known(0.3, 1)
    settings = SolveSettings(seconds=60.0, workers=1, steps=1, strict=True)
    plan = solve(problem, settings)
    judged = judge(problem, plan)
    assert judged.holds
    assert len(plan.placements) == len(known.placements)
    assert plan.tiers[0].gap == 0
    again = solve(problem, settings)
    assert again.placements == plan.placements
