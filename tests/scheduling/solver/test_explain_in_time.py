"""An explanation ends when it is told to, and asks no more than it must."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.explain import tell
from scheduling.solver.explain.reasons import Explainer
from scheduling.solver.explain.told import told_by
from scheduling.solver.generate import generate
from scheduling.solver.plan import Plan, Reason, Unplaced, Verified
from scheduling.solver.problem import DatePattern, PlanningProblem, Registration
from scheduling.solver.rule import Constraint
from scheduling.solver.solve import SolveSettings, solve


@cache
def planned() -> tuple[PlanningProblem, Plan]:
    problem = generate(0.2, 4, "term")
    return problem, solve(problem, SolveSettings(seconds=600, workers=1, steps=0))


def reasons_of(plan: Plan) -> list[Reason]:
    return [one for item in plan.unplaced for one in item.reasons] + list(plan.unheld)


@pytest.mark.parametrize("asked_before", [0, 1, 150])
def test_what_was_not_asked_yet_is_undecided(
    asked_before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduling.solver.explain.reasons.ASK_EVERY", 0.0)
    problem, plan = planned()
    whole = reasons_of(tell(problem, plan).plan)
    assert not [one for one in whole if one.verified is Verified.UNDECIDED]
    asked: list[None] = []

    def stop() -> bool:
        asked.append(None)
        return len(asked) > asked_before

    told = told_by(Explainer(problem, plan, should_stop=stop))
    cut = reasons_of(told.plan)
    assert [one.series_id for one in cut] == [one.series_id for one in whole]
    for now, once in zip(cut, whole, strict=True):
        assert now.verified is Verified.UNDECIDED or now == once
    unsaid = sum(one.verified is Verified.UNDECIDED for one in cut)
    assert 0 < unsaid <= len(whole)
    assert (unsaid == len(whole)) is (asked_before < 2)
    assert not told.of_series
    assert not told.of_choice
    assert not told.elsewhere
    assert len(asked) == asked_before + 1


class Slow:
    """A step of two thirds of a second in which nobody is told anything."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        explain = Explainer.explain

        def slow(explainer: Explainer, wanted: frozenset[str] | None) -> Plan:
            time.sleep(0.65)
            return explain(explainer, wanted)

        monkeypatch.setattr(Explainer, "explain", slow)


def test_the_caller_hears_of_it_in_his_thread_however_long_a_step_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Slow(monkeypatch)
    heard: list[int] = []
    problem, plan = planned()
    told = tell(problem, plan, beat=lambda: heard.append(threading.get_ident()))
    assert set(heard) == {threading.get_ident()}
    assert len(heard) >= 4
    assert told == tell(problem, plan)


def test_who_stops_before_it_began_is_told_nothing() -> None:
    problem, plan = planned()
    told = tell(problem, plan, should_stop=lambda: True)
    found = reasons_of(told.plan)
    assert found
    assert {one.verified for one in found} == {Verified.UNDECIDED}


def test_what_the_caller_raises_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Slow(monkeypatch)
    asked = []
    why = Explainer.why_unplaced

    def counted(explainer: Explainer, item: Registration) -> Unplaced:
        asked.append(explainer.beat())
        return why(explainer, item)

    beats = iter([None, None])
    monkeypatch.setattr(Explainer, "why_unplaced", counted)
    with pytest.raises(StopIteration):
        tell(*planned(), beat=lambda: next(beats))
    assert asked
    assert all(asked)


@pytest.mark.parametrize(
    "rule", [rule for rule in CONSTRAINTS if rule.any_place], ids=lambda rule: rule.id
)
def test_a_rule_for_any_place_says_the_same_everywhere(rule: Constraint) -> None:
    """Else leaving out the other places would hide what it refuses there."""
    problem, plan = planned()
    context = Context.of_plan(problem, plan)
    places = (None, *(one.id for one in problem.places[:4]))
    days = tuple(islice((one.days for one in _patterns(problem)), 6))
    refused = 0
    for asked, people in (
        (rule.leader_starts_beside, problem.facilitators),
        (rule.person_starts_beside, problem.persons),
    ):
        for who in people:
            for some in days:
                masks = {asked(context, who, place, some, 6) for place in places}
                assert len(masks) == 1
                refused += min(masks).bit_count() < 96
    assert refused > 0


def _patterns(problem: PlanningProblem) -> Iterator[DatePattern]:
    return (one for item in problem.series for one in item.date_patterns)
