"""A repair ends in time and when it is told to, and proves what it can."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any, NoReturn

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.horizon import WeeklyWindow
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Allocation, Plan, SolveStatus
from scheduling.solver.problem import DatePattern, PlanningProblem
from scheduling.solver.repair.answer import Scope
from scheduling.solver.repair.event import LeaderIll
from scheduling.solver.repair.happen import happen
from scheduling.solver.repair.mend import MendSettings, mend
from scheduling.solver.repair.part import Part
from scheduling.solver.search.watcher import ProgressEvent
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

WHOLE = (Scope.WHOLE, Scope.WHOLE)
LATE = 2.0
"""Seconds within which a stop is answered, and a silence that is too long."""


def two_groups(other_max: int) -> tuple[PlanningProblem, Plan]:
    """Nobody can stand in for the leader of the first group; the second goes on.

    Two people sit in the first, one in the second, all three may sit in either.
    """
    first, second = (
        series(
            name,
            size_min=1,
            size_max=most,
            staff=(need(1, role),),
            windows=(WeeklyWindow(0, start, start + 8),),
            date_patterns=(DatePattern((0,)),),
        )
        for name, most, role, start in (
            ("first", 4, "rare", NINE),
            ("second", other_max, "role", NINE + 12),
        )
    )
    facts = problem(
        series=(first, second),
        rooms=(room("q"),),
        facilitators=(facilitator("lead", "rare"), facilitator("other", "role")),
        registrations=tuple(registration(one, "first", "second") for one in "abc"),
    )
    placements = (
        placed(first, NINE, "q", "lead"),
        placed(second, NINE + 12, "q", "other"),
    )
    seats = (("a", "first"), ("b", "first"), ("c", "second"))
    return facts, Plan(facts.id, placements, tuple(Allocation(*one) for one in seats))


def ill_all_the_time(facts: PlanningProblem) -> LeaderIll:
    last = facts.horizon.day_count - 1
    return LeaderIll(id="e", facilitator_id="lead", first_day=0, last_day=last)


@pytest.mark.parametrize(("other_max", "lost"), [(1, 3), (2, 2), (3, 1), (4, 1)])
def test_who_cannot_sit_elsewhere_is_proven_lost(other_max: int, lost: int) -> None:
    """One session, and each seat for which no chair is left in the second group."""
    facts, plan = two_groups(other_max)
    assert violations(facts, plan) == ()
    best = mend(
        facts, plan, ill_all_the_time(facts), MendSettings(seconds=30)
    ).alternatives[0]
    assert best.costs[:2] == (lost, 1)
    assert set(best.plan.versions) == {"planner", "ortools", "python", "format"}
    assert tuple(one.scope for one in best.proofs[:2]) == WHOLE


class SlowToBuild:
    """A model that takes a minute to build, unless its beat ends that."""

    def __init__(self) -> None:
        self.beats = 0

    def model(self, beat: Callable[[], None]) -> NoReturn:
        for _ in range(1200):
            beat()
            self.beats += 1
            time.sleep(0.05)
        raise AssertionError("nobody ended it")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowToBuild:
    slow = SlowToBuild()
    monkeypatch.setattr(Part, "model", lambda _, beat: slow.model(beat))
    return slow


def test_building_a_model_ends_when_time_is_up(slow: SlowToBuild) -> None:
    facts, plan = two_groups(2)
    settings = MendSettings(seconds=1)
    began = time.monotonic()
    found = mend(facts, plan, ill_all_the_time(facts), settings)
    assert time.monotonic() - began < 1 + LATE
    assert slow.beats > 0
    (nothing,) = found.alternatives
    assert nothing.consequences.sessions_lost == 1
    assert violations(found.problem, nothing.plan) == ()
    assert nothing.proofs[2].scope is Scope.NOT


def test_a_stop_is_answered_while_a_model_is_built(slow: SlowToBuild) -> None:
    facts, plan = two_groups(2)
    told = [time.monotonic()]

    def hears(event: ProgressEvent) -> None:
        told.append(time.monotonic())

    began = time.monotonic()
    found = mend(
        facts,
        plan,
        ill_all_the_time(facts),
        MendSettings(seconds=600),
        progress=hears,
        should_stop=lambda: time.monotonic() - began > 1.5,
    )
    told.append(time.monotonic())
    assert told[-1] - began < 1.5 + LATE
    assert max(later - one for one, later in pairwise(told)) < LATE
    assert violations(found.problem, found.alternatives[0].plan) == ()


def market_split(engine: Any, rows: int = 6, columns: int = 50) -> None:
    """Sums that only very long enumeration can meet or refute (Cornuejols, Dawande)."""
    dice = Random(1)
    choices = [engine.new_bool_var(f"x{number}") for number in range(columns)]
    for _ in range(rows):
        weights = [dice.randrange(100) for _ in choices]
        total = sum(w * x for w, x in zip(weights, choices, strict=True))
        engine.add(total == sum(weights) // 2)


def test_the_engine_ends_when_told_to() -> None:
    facts, _ = two_groups(2)
    model = PlanningModel(facts, CONSTRAINTS)
    market_split(model.engine_model)
    began = time.monotonic()
    answer = model.solve(seconds=600, stop=lambda: time.monotonic() - began > 0.5)
    assert time.monotonic() - began < 0.5 + LATE
    assert answer.status is SolveStatus.UNKNOWN


def test_what_ends_the_caller_ends_the_engine() -> None:
    facts, _ = two_groups(2)
    model = PlanningModel(facts, CONSTRAINTS)
    market_split(model.engine_model)

    def stop() -> bool:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        model.solve(seconds=600, stop=stop)
    assert time.monotonic() - began < LATE


def test_tiers_for_which_there_was_no_time_are_not_proven() -> None:
    facts, plan = two_groups(2)
    happened = happen(facts, plan, ill_all_the_time(facts))
    part = Part(happened.problem, happened.freed_series, happened.asking)
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return True

    model = part.model()
    answer = model.solve(600, 1, stop)
    assert answer.found
    assert asked
    assert answer.untried == frozenset(model.model.tiers) - {1}
    scopes = [one.scope for one in part.proofs(part.plan((), ()), answer)]
    assert len(answer.untried) > 1
    assert {scopes[tier - 1] for tier in answer.untried} == {Scope.NOT}
