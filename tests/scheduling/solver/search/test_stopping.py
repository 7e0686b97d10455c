"""A stop is answered whatever a stage does, also one that does not listen."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.generate import generate
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.line import Line
from scheduling.solver.search.table import TableMaker
from scheduling.solver.search.watcher import ABANDONED_AFTER, ProgressEvent, Watcher
from scheduling.solver.search.worth import Worth
from scheduling.solver.solve import SolveSettings, solve

LATE = 2.0


@pytest.mark.parametrize("listens", [True, False])
def test_a_slow_stage_is_left_behind(listens: bool) -> None:
    told = [time.monotonic()]

    def hears(event: ProgressEvent) -> None:
        told.append(time.monotonic())

    def slow(line: Line) -> str:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if listens and line.stopped.is_set():
                return "its own best"
            time.sleep(0.02)
        return "too late"

    began = time.monotonic()
    watcher = Watcher(
        generate(0.1, 1, "term"),
        600.0,
        hears,
        lambda: time.monotonic() - began > 1.2,
    )
    answer = watcher.attend(slow, "what there was")
    waited = time.monotonic() - began - 1.2
    assert answer == ("its own best" if listens else "what there was")
    assert waited < (LATE - ABANDONED_AFTER + 0.5 if listens else LATE + 0.5)
    told.append(time.monotonic())
    assert max(later - one for one, later in pairwise(told)) < LATE


class TestOneLongStep:
    """Something in the midst of the work takes long and listens to nobody."""

    @pytest.fixture(autouse=True)
    def _slow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def slow(problem: PlanningProblem) -> Context:
            time.sleep(2.5)
            return fixed_context(problem)

        monkeypatch.setattr("scheduling.solver.solve.fixed_context", slow)

    def test_the_caller_hears_of_it_all_the_while_in_his_own_thread(self) -> None:
        told: list[tuple[float, int]] = []
        solve(
            generate(0.1, 1, "term"),
            SolveSettings(seconds=600, workers=1, steps=0),
            progress=lambda _: told.append((time.monotonic(), threading.get_ident())),
        )
        assert {thread for _, thread in told} == {threading.get_ident()}
        assert max(later - one for (one, _), (later, _) in pairwise(told)) < LATE

    def test_what_telling_raises_ends_it(self) -> None:
        told: list[None] = []

        def hears(_: ProgressEvent) -> None:
            told.append(None)
            if len(told) > 2:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            solve(
                generate(0.1, 1, "term"),
                SolveSettings(seconds=600, workers=1),
                progress=hears,
            )
        assert len(told) == 3


def test_a_table_that_is_stopped_is_empty_and_no_bound() -> None:
    problem = generate(0.1, 1, "term")
    maker = TableMaker(
        Filters(problem, CONSTRAINTS),
        fixed_context(problem),
        Worth(problem, OBJECTIVES),
        frozenset(rule.id for rule in CONSTRAINTS),
    )
    asked = iter([False, False, True])
    table = maker.make(lambda: next(asked))
    assert table.cut_short
    assert (table.series, table.modes) == ((), [])
