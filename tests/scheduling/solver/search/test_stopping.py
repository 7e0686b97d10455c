"""A stop is answered whatever a stage does, also one that does not listen."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from scheduling.solver.generate import generate
from scheduling.solver.search.leader import ProgressEvent, Watcher
from scheduling.solver.search.line import LAST_WAIT, Line

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
    assert waited < (LATE - LAST_WAIT + 0.5 if listens else LATE + 0.5)
    told.append(time.monotonic())
    assert max(later - one for one, later in pairwise(told)) < LATE
