"""Taking over a plan to start from: told of, stopped when asked, and done once."""

from __future__ import annotations

import time
from typing import Any

import pytest

from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import Pin, PlanningProblem
from scheduling.solver.search import beginning
from scheduling.solver.search.trial import Judge
from scheduling.solver.search.watcher import ProgressEvent
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.verify import violations
from tests.builders import HOUR, placed, plan, problem, registration, room, series

COUNT = 8
EIGHT = 32


def day(**facts: Any) -> tuple[PlanningProblem, Plan]:
    """A day of groups one after the other in one room, and a plan that has them all."""
    groups = tuple(series(f"s{number}") for number in range(COUNT))
    made = problem(
        series=groups,
        rooms=(room("r"),),
        registrations=tuple(registration(f"n {one.id}", one.id) for one in groups),
        **facts,
    )
    held = [
        placed(one, EIGHT + HOUR * number, "r") for number, one in enumerate(groups)
    ]
    return made, plan(held, [(f"n {one.id}", one.id) for one in groups])


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Judging a series takes long; gives the series that were judged."""
    judge_new, found = Judge.judge_new, []

    def slow(self: Judge, context: Any, placements: Any, allocations: Any) -> Any:
        time.sleep(0.15)
        found.extend(one.series_id for one in placements)
        return judge_new(self, context, placements, allocations)

    monkeypatch.setattr(Judge, "judge_new", slow)
    monkeypatch.setattr("scheduling.solver.search.watcher.REPORT_EVERY", 0.2)
    return found


def test_it_is_told_of_and_done_once(judged: list[str]) -> None:
    facts, start = day()
    told: list[str] = []
    found = solve(
        facts,
        SolveSettings(seconds=20, workers=1, strict=True),
        start=start,
        progress=lambda event: told.append(event.doing),
    )
    assert judged == [one.id for one in facts.series]
    assert told.count("start") >= 3
    assert found.status is SolveStatus.OPTIMAL
    assert len(found.allocations) == COUNT


def test_a_stop_leaves_what_was_taken_over(
    judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "TAKING_OVER", 0.1)
    facts, start = day()
    told: list[str] = []

    def hears(event: ProgressEvent) -> None:
        told.append(event.doing)

    found = solve(
        facts,
        SolveSettings(seconds=600, workers=1, strict=True),
        start=start,
        progress=hears,
        should_stop=lambda: "start" in told,
    )
    assert 0 < len(judged) < COUNT
    assert set(judged) <= set(found.placement_of)
    assert violations(facts, found) == ()


def test_a_stop_waits_a_moment_for_all_of_it(judged: list[str]) -> None:
    facts, start = day()
    found = solve(
        facts,
        SolveSettings(seconds=600, workers=1, strict=True),
        start=replaced(start, 4),
        should_stop=lambda: True,
    )
    assert len(judged) == 4
    assert set(judged) <= set(found.placement_of)


def test_what_was_taken_over_stays_when_there_is_no_time_for_all_of_it(
    judged: list[str],
) -> None:
    """With the seconds that are: whoever stops never has less than was begun from."""
    facts, start = day()
    found = solve(
        facts,
        SolveSettings(seconds=600, workers=1, strict=True),
        start=start,
        should_stop=lambda: True,
    )
    assert judged
    assert found.placement_of
    assert set(found.placement_of) <= set(judged)


def replaced(start: Plan, count: int) -> Plan:
    """The first so many groups of it."""
    return plan(start.placements[:count])


def test_pins_that_the_start_has_are_not_asked_of_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts, start = day(pins=(Pin("p", "s3", EIGHT + 3 * HOUR, "r"),))
    settings = SolveSettings(seconds=20, workers=1, strict=True)
    asked = []
    require = beginning.require

    def noting(*given: Any) -> Any:
        asked.append(given)
        return require(*given)

    monkeypatch.setattr(beginning, "require", noting)
    assert solve(facts, settings, start=start).status is SolveStatus.OPTIMAL
    assert not asked
    assert solve(facts, settings).status is SolveStatus.OPTIMAL
    assert len(asked) == 1
