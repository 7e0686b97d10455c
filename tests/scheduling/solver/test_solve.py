"""From problem to plan: the best one where it can be known, and never a broken one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.generate import generate
from scheduling.solver.horizon import Availability, WeeklyWindow
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import (
    InvalidProblem,
    Pin,
    PlanningProblem,
    Published,
    SeatPin,
)
from scheduling.solver.search.incumbent import costs_of
from scheduling.solver.search.watcher import ProgressEvent
from scheduling.solver.snapshot import read_plan, write_plan
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.verify import judge, violations
from tests.builders import (
    NINE,
    SEVEN,
    TEN,
    every_plan,
    facilitator,
    need,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
    with_facts,
)

QUICK = SolveSettings(seconds=10, workers=1, strict=True)


def fair(facts: PlanningProblem, one: Plan) -> Plan:
    """The plan, once the judge has found no breach and no untrue claim in it."""
    judgement = judge(facts, one)
    assert judgement.violations == ()
    assert judgement.disputed == ()
    seated = {item.registration_id for item in one.allocations}
    left_out = {item.registration_id for item in one.unplaced}
    assert seated | left_out == {item.id for item in facts.registrations}
    assert not seated & left_out
    return one


def rivals() -> PlanningProblem:
    """Two series, one leader, one room, three people: something must give."""
    return problem(
        series=(
            series("a", staff=(need(),), size_min=2, size_max=2),
            series("b", staff=(need(),), size_max=1, level=2),
        ),
        rooms=(room("r", capacity=4),),
        facilitators=(
            facilitator(
                "lead",
                availability=Availability(weekly=(WeeklyWindow(0, NINE, TEN + 4),)),
            ),
        ),
        registrations=(
            registration("one", "a", "b", urgency=4),
            registration("two", "a", urgency=2),
            registration("three", "b", urgency=5),
        ),
    )


class TestSmall:
    @pytest.mark.parametrize("quarters", [(NINE,), (NINE, TEN)])
    def test_is_the_best_of_every_plan_in_the_order_of_the_tiers(
        self, quarters: tuple[int, ...]
    ) -> None:
        window = WeeklyWindow(0, NINE, max(quarters) + 4)
        facts = with_facts(
            rivals(),
            series=tuple(replace(item, windows=(window,)) for item in rivals().series),
        )
        best = min(
            costs_of(facts, one, OBJECTIVES)
            for one in every_plan(facts, quarters, (0, 1))
            if not violations(facts, one)
        )
        found = fair(facts, solve(facts, QUICK))
        assert found.status is SolveStatus.OPTIMAL
        assert costs_of(facts, found, OBJECTIVES) == best
        assert [item.gap for item in found.tiers] == [0.0] * len(found.tiers)

    def test_says_with_what_and_how_it_was_made(self) -> None:
        found = solve(rivals(), replace(QUICK, seed=5))
        assert found.seed == 5
        assert found.settings == {
            "seconds": 10,
            "workers": 1,
            "neighbourhoods": found.settings["neighbourhoods"],
        }
        assert set(found.versions) == {"planner", "ortools", "python", "format"}
        assert found.first_plan_seconds is not None
        assert found.first_plan_seconds <= found.seconds
        horizon = rivals().horizon
        assert read_plan(write_plan(found, horizon), horizon) == found

    def test_what_is_published_stays_and_may_be_joined(self) -> None:
        facts = rivals()
        held = placed(facts.series[1], TEN, "r", "lead")
        facts = with_facts(facts, published=Published((held,), ()))
        found = fair(facts, solve(facts, QUICK))
        assert found.placement_of["b"] == held
        assert found.seats_in["b"] == ("three",)


class TestBadInput:
    def test_faulty_facts_are_named_all_at_once(self) -> None:
        facts = with_facts(
            rivals(),
            pins=(Pin("p", "nowhere"),),
            seat_pins=(SeatPin("q", "nobody", "a"),),
        )
        with pytest.raises(InvalidProblem) as caught:
            solve(facts, QUICK)
        text = str(caught.value)
        assert "nowhere" in text
        assert "nobody" in text

    def test_published_placements_that_break_a_rule_are_named(self) -> None:
        facts = rivals()
        held = [placed(item, SEVEN, "r", "lead") for item in facts.series]
        facts = with_facts(facts, published=Published(tuple(held), ()))
        with pytest.raises(InvalidProblem) as caught:
            solve(facts, QUICK)
        assert "series a" in str(caught.value)
        assert "change, free or take out one of them" in str(caught.value)

    def test_what_is_published_and_cannot_be_any_more_is_named(self) -> None:
        """No contradiction of the facts: somebody fell ill, and nothing was freed."""
        facts = rivals()
        (lead,) = facts.facilitators
        held = placed(facts.series[0], SEVEN, "r", "lead")
        facts = with_facts(
            facts,
            facilitators=(replace(lead, availability=Availability()),),
            published=Published((held,), ()),
        )
        with pytest.raises(InvalidProblem) as caught:
            solve(facts, QUICK)
        assert (
            "published facilitator lead, series a: breaks facilitator-availability "
            "(free one of them, so that it may change)"
        ) in map(str, caught.value.faults)
        freed = replace(facts.published, freed_series=frozenset({"a"}))
        plan = solve(replace(facts, published=freed), QUICK)
        assert "a" not in plan.placement_of

    def test_nobody_can_go_anywhere(self) -> None:
        facts = with_facts(
            rivals(),
            registrations=tuple(
                replace(item, levels=frozenset({3})) for item in rivals().registrations
            ),
        )
        found = fair(facts, solve(facts, QUICK))
        assert found.status is SolveStatus.OPTIMAL
        assert len(found.unplaced) == 3

    def test_no_rooms(self) -> None:
        facts = with_facts(rivals(), rooms=())
        found = fair(facts, solve(facts, QUICK))
        assert found.placements == ()
        assert found.tiers[0].gap == 0.0

    def test_nothing_to_plan(self) -> None:
        facts = problem()
        found = fair(facts, solve(facts, QUICK))
        assert (found.placements, found.unplaced) == ((), ())

    def test_everything_is_pinned(self) -> None:
        facts = with_facts(
            rivals(),
            pins=(
                Pin("p", "a", NINE, "r", frozenset({"lead"})),
                Pin("q", "b", TEN, "r", frozenset({"lead"})),
            ),
            seat_pins=(
                SeatPin("s", "one", "a"),
                SeatPin("t", "two", "a"),
                SeatPin("u", "three", None),
            ),
        )
        found = fair(facts, solve(facts, QUICK))
        assert found.seats_in == {"a": ("one", "two")}
        assert set(found.placement_of) == {"a", "b"}

    def test_contradicting_pins_are_named_and_no_others(self) -> None:
        facts = with_facts(
            rivals(),
            pins=(
                Pin("p", "a", NINE),
                Pin("q", "b", NINE),
            ),
            seat_pins=(SeatPin("s", "three", None),),
        )
        found = solve(facts, QUICK)
        assert found.status is SolveStatus.INFEASIBLE
        assert found.contradiction == ("p", "q")
        assert found.placements == ()

    def test_a_pinned_seat_that_needs_others_brings_them(self) -> None:
        facts = with_facts(rivals(), seat_pins=(SeatPin("s", "two", "a"),))
        found = fair(facts, solve(facts, QUICK))
        assert found.seats_in["a"] == ("one", "two")

    def test_a_leader_whose_load_is_below_one_session(self) -> None:
        facts = rivals()
        lead = facts.facilitators[0]
        lead = replace(lead, load=replace(lead.load, minutes_per_week=45))
        facts = with_facts(facts, facilitators=(lead,))
        found = fair(facts, solve(facts, QUICK))
        assert found.placements == ()

    def test_ten_thousand_registrations_for_one_seat(self) -> None:
        facts = problem(
            series=(series("a", size_max=1),),
            rooms=(room("r"),),
            registrations=tuple(
                registration(f"r{number}", "a", urgency=1 + number // 2500)
                for number in range(10_000)
            ),
        )
        found = fair(facts, solve(facts, SolveSettings(seconds=8, workers=1)))
        assert len(found.unplaced) == 9999
        assert found.tiers[0].value == found.tiers[0].bound

    @pytest.mark.parametrize("mode", ["term", "week"])
    def test_no_time_gives_a_plan_at_once(self, mode: str) -> None:
        facts = generate(scale=1, seed=2, mode=mode)
        began = time.monotonic()
        found = fair(facts, solve(facts, SolveSettings(seconds=0, strict=True)))
        assert found.allocations
        assert time.monotonic() - began < 60

    def test_the_largest_seed_is_one_like_any_other(self) -> None:
        settings = SolveSettings(seconds=2, workers=1, seed=2**31 - 1, strict=True)
        assert solve(rivals(), settings).status is SolveStatus.OPTIMAL

    @pytest.mark.parametrize(
        ("facts", "named"),
        [({"seconds": -1}, "seconds"), ({"workers": 0}, "workers")],
    )
    def test_senseless_settings_are_refused(self, facts, named: str) -> None:
        with pytest.raises(ValueError, match=named):
            SolveSettings(**facts)


PROMISED = 2.0
"""Seconds within which a stop is answered. Counted here are seconds of the processor,
of the search and of whoever leads it in one process, whatever else runs meanwhile.
``search/test_leader.py`` counts in a time of its own, ``benchmarks.cancel`` on the
clock."""


class TestRealSize:
    @pytest.mark.parametrize("mode", ["term", "week"])
    def test_a_few_steps_give_a_fair_plan_twice_the_same(self, mode: str) -> None:
        facts = generate(scale=1, seed=4, mode=mode)
        settings = SolveSettings(seconds=600, steps=2, strict=True)
        first, second = (fair(facts, solve(facts, settings)) for _ in range(2))
        assert (first.placements, first.allocations) == (
            second.placements,
            second.allocations,
        )
        assert first.tiers == second.tiers
        assert first.tiers[0].bound >= first.tiers[0].value > 0

    def test_two_processes_and_progress_in_the_callers_thread(self) -> None:
        facts = generate(scale=1, seed=5, mode="week")
        told: list[ProgressEvent] = []
        threads = set()

        def progress(event: ProgressEvent) -> None:
            told.append(event)
            threads.add(threading.get_ident())

        settings = SolveSettings(seconds=12, workers=2, strict=True)
        found = fair(facts, solve(facts, settings, progress=progress))
        assert threads == {threading.get_ident()}
        values = [event.value for event in told if event.value is not None]
        assert values == sorted(values)
        assert values[-1] == found.tiers[0].value
        bounds = [event.bound for event in told if event.bound is not None]
        assert bounds == sorted(bounds, reverse=True)
        # Twice a second is usual: a stage that says nothing is missed here.
        assert len(told) > found.seconds
        assert told[-1].placed + told[-1].unplaced == len(facts.registrations)

    def test_stopping_keeps_the_best_plan(self) -> None:
        facts = generate(scale=1, seed=6, mode="week")
        asked: list[float] = []

        def stop() -> bool:
            asked.append(time.process_time())
            return len(asked) > 8

        settings = SolveSettings(seconds=300, workers=1, strict=True)
        found = solve(facts, settings, should_stop=stop)
        assert time.process_time() - asked[-1] < 2 * PROMISED
        assert len(asked) == 9
        assert max(later - one for one, later in pairwise(asked)) < PROMISED
        assert fair(facts, found).allocations

    def test_a_start_is_no_worse_after_than_before(self) -> None:
        facts = generate(scale=1, seed=7, mode="week")
        first = solve(facts, SolveSettings(seconds=600, steps=2, strict=True))
        again = solve(
            facts, SolveSettings(seconds=600, steps=0, strict=True), start=first
        )
        assert costs_of(facts, again, OBJECTIVES) <= costs_of(facts, first, OBJECTIVES)

    def test_of_a_broken_start_only_what_is_legal_is_taken(self) -> None:
        facts = rivals()
        start = plan(
            [placed(item, NINE, "r", "lead") for item in facts.series],
            [("one", "a"), ("two", "a"), ("three", "b"), ("nobody", "b")],
        )
        found = fair(facts, solve(facts, QUICK, start=start))
        assert found.status is SolveStatus.OPTIMAL


SCRIPT = """
from scheduling.solver.generate import generate
from scheduling.solver.solve import SolveSettings, solve
found = solve(generate(scale=1, seed=1, mode="week"), SolveSettings(seconds=6))
print(found.status, len(found.allocations) > 0)
"""


def test_processes_need_no_main_module() -> None:
    """Also a script from standard input, which cannot be imported again, may solve."""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-"],
        input=SCRIPT,
        text=True,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=120,
    )
    assert done.stdout.strip() == "feasible True"
    assert done.stderr == ""


def test_the_rules_given_are_the_rules_kept() -> None:
    """Without its rule a leader may be in two places, and with it not."""
    facts = rivals()
    rest = tuple(one for one in CONSTRAINTS if "facilitator" not in one.id)
    found = solve(facts, QUICK, constraints=rest)
    assert violations(facts, found, rest) == ()
    assert found.status is SolveStatus.OPTIMAL
