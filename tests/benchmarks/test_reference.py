"""The other solvers get the same problem, and lose nothing on the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.reference.answer import Answer, finished, legal
from benchmarks.reference.facts import Facts
from benchmarks.reference.plain import solve as solve_plainly
from benchmarks.reference.timefold import Task
from scheduling.solver.generate import generate
from scheduling.solver.plan import Allocation, Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.verify import judge, violations

QUICK = SolveSettings(seconds=0.0, workers=1)


@pytest.fixture(scope="module", params=["term", "week"])
def problem(request: pytest.FixtureRequest) -> PlanningProblem:
    return generate(0.3, 4, request.param)


@pytest.fixture(scope="module")
def start(problem: PlanningProblem) -> Plan:
    return solve(problem, QUICK)


def new_parts(problem: PlanningProblem, plan: Plan) -> tuple[list, list]:
    fixed = Facts(problem).context
    return (
        [one for one in plan.placements if one.series_id not in fixed.placements],
        [one for one in plan.allocations if one.registration_id not in fixed.seated],
    )


def answer_of(problem: PlanningProblem, placements: list, seats: list) -> Answer:
    return Answer(Facts(problem), placements, seats, None, None)


def test_a_legal_answer_comes_through_whole(
    problem: PlanningProblem, start: Plan
) -> None:
    plan, dropped = legal(answer_of(problem, *new_parts(problem, start)))
    assert dropped == 0
    assert set(plan.placements) == set(start.placements)
    assert set(plan.allocations) == set(start.allocations)
    told = finished(answer_of(problem, [], []), plan, 1, 2.0)
    assert judge(problem, told).holds
    assert told.tiers[0].value == start.tiers[0].value


def test_only_what_breaks_a_rule_is_dropped(
    problem: PlanningProblem, start: Plan
) -> None:
    placements, seats = new_parts(problem, start)
    seated = {one.registration_id for one in seats}
    stranger = next(
        Allocation(item.id, start.placements[-1].series_id)
        for item in problem.registrations
        if item.id not in seated
        and start.placements[-1].series_id
        not in {choice.series_id for choice in item.choices}
    )
    first = replace(
        placements[0],
        meetings=tuple(
            replace(one, facilitator_ids=()) for one in placements[0].meetings
        ),
        coach_ids=(),
    )
    nobody_leads = [first, *placements[1:]]
    plan, dropped = legal(answer_of(problem, nobody_leads, [*seats, stranger]))
    lost = [one for one in seats if one.series_id == placements[0].series_id]
    assert violations(problem, plan) == ()
    assert dropped == 1 + len(lost) + 1
    assert placements[0].series_id not in plan.placement_of


def test_the_start_is_the_same_plan_in_timefolds_terms(
    problem: PlanningProblem, start: Plan
) -> None:
    task = Task(Facts(problem), start)
    given = task.as_json(5.0, 1)
    said = {
        "options": [one["start"] for one in given["groups"]],
        "leads": [one["start"] for one in given["posts"]],
        "seats": [one["start"] for one in given["seats"]],
    }
    plan, dropped = legal(answer_of(problem, *task.read(said)))
    assert dropped == 0
    assert judge(problem, plan).tiers[0].value == start.tiers[0].value
    assert set(plan.allocations) == set(start.allocations)


def test_the_plain_model_gives_a_plan_and_a_true_bound() -> None:
    problem = generate(0.1, 1, "week")
    answer = solve_plainly(problem, 60.0, 1, 1)
    assert answer.bound is not None
    plan, _ = legal(answer)
    told = finished(answer, plan, 1, 60.0)
    assert judge(problem, told).holds
    ours = solve(problem, QUICK)
    assert told.tiers[0].value > 0
    assert max(told.tiers[0].value, ours.tiers[0].value) <= answer.bound
