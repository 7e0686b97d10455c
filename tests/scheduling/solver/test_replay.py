"""The same seed and steps give the same plan: in another process, also with pins."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scheduling.solver.plan import SolveStatus
from scheduling.solver.problem import Pin, PlanningProblem
from scheduling.solver.search.leader import Leader
from scheduling.solver.search.part import Effort, Part
from scheduling.solver.solve import SolveSettings, solve
from tests.builders import (
    NINE,
    facilitator,
    need,
    problem,
    registration,
    room,
    series,
)

ROOT = Path(__file__).parents[3]
SCRIPT = """
import hashlib, json
from dataclasses import replace
from ortools.sat.python import cp_model
from scheduling.solver.generate import generate
from scheduling.solver.problem import Pin
from scheduling.solver.snapshot import plan_to_dict
from scheduling.solver.solve import SolveSettings, solve

asked = []
engine = cp_model.CpSolver.solve

def noting(self, model, *rest):
    asked.append(hashlib.sha256(str(model.proto).encode()).hexdigest())
    return engine(self, model, *rest)

facts = generate(scale=0.1, seed=3, mode="week")
first = solve(facts, SolveSettings(seconds=600, steps=0, strict=True))
pins = tuple(
    Pin(f"pin {one.series_id}", one.series_id, facilitator_ids=one.leader_ids)
    for one in first.placements
    if len(one.leader_ids) > 1
)
facts = replace(facts, pins=pins)
cp_model.CpSolver.solve = noting
plan = solve(facts, SolveSettings(seconds=600, steps=3, strict=True))
told = plan_to_dict(plan, facts.horizon)
del told["seconds"], told["first_plan_seconds"]
print(json.dumps({"pins": len(pins), "models": asked, "plan": told}))
"""


def replays(*hash_seeds: str) -> list[dict[str, Any]]:
    """What the script prints in a process for each way to order what is in sets."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
        )
        for seed in hash_seeds
    ]
    found = []
    for process in running:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        found.append(json.loads(said))
    return found


def test_another_process_builds_the_same_models_and_the_same_plan() -> None:
    one, other = replays("1", "2")
    assert one["pins"] > 1
    assert len(one["models"]) >= 2 + 3, "two for the pins, one for each step"
    assert one["models"] == other["models"]
    assert one["plan"] == other["plan"]
    assert one["plan"]["versions"]["planner"]


def pinned(*pins: Pin) -> PlanningProblem:
    """A small problem with a pin, one leader and one room."""
    return problem(
        series=(series("a", staff=(need(),)), series("b", staff=(need(),))),
        rooms=(room("r"),),
        facilitators=(facilitator("lead"),),
        registrations=(registration("one", "a"), registration("two", "b", "a")),
        pins=pins or (Pin("p", "a", NINE, "r", frozenset({"lead"})),),
    )


def efforts(
    facts: PlanningProblem, settings: SolveSettings, monkeypatch: pytest.MonkeyPatch
) -> list[Effort]:
    """What each question to the engine about a part was cut off by."""
    asked: list[Effort] = []
    run = Part._run

    def noting(self: Part, effort: Effort, *rest: Any, **named: Any) -> Any:
        asked.append(effort)
        return run(self, effort, *rest, **named)

    monkeypatch.setattr(Part, "_run", noting)
    solve(facts, settings)
    return asked


class TestWhatCutsOff:
    steps = SolveSettings(seconds=600, steps=2, strict=True)

    def test_with_steps_work_is_counted_also_for_pins(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = efforts(pinned(), self.steps, monkeypatch)
        assert [one.work for one in asked[:2]] == [10.0, 2.0]
        assert all(one.seconds is None or one.work is not None for one in asked)

    def test_and_for_naming_pins_that_contradict(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        facts = pinned(Pin("p", "a", NINE), Pin("q", "b", NINE))
        asked = efforts(facts, self.steps, monkeypatch)
        assert [one.work for one in asked] == [10.0, 10.0, 10.0]
        assert solve(facts, self.steps).contradiction == ("p", "q")

    def test_without_steps_they_have_seconds(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = efforts(pinned(), SolveSettings(seconds=20, workers=1), monkeypatch)
        assert asked[:2] == [Effort(10.0), Effort(2.0)]

    @pytest.mark.parametrize(
        ("settings", "given"),
        [
            (SolveSettings(seconds=20, steps=2), math.inf),
            (SolveSettings(seconds=20, workers=1), 10.0),
        ],
    )
    def test_with_steps_nobody_loses_patience(
        self, settings: SolveSettings, given: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lead, patience = Leader.lead, []

        def noting(self: Leader, helpers: Any, seconds: float) -> None:
            patience.append(seconds)
            lead(self, helpers, seconds)

        monkeypatch.setattr(Leader, "lead", noting)
        assert solve(pinned(), settings).status is SolveStatus.OPTIMAL
        assert patience == [given]
