"""The judge: plans that make no sense, costs, and claims that are not true."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from scheduling import solver
from scheduling.solver.constraints.rooms import RoomConflict
from scheduling.solver.plan import (
    Allocation,
    Meeting,
    Placement,
    Plan,
    TierResult,
    Violation,
)
from scheduling.solver.problem import Format, Person
from scheduling.solver.verify import costs, judge, tier_values, violations
from tests.builders import (
    NINE,
    TEN,
    facilitator,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)

FACTS = problem(
    series=(
        series("a"),
        series("b"),
        series("c", format=Format.ONLINE, held_weight=40),
    ),
    rooms=(room("q"), room("s")),
    facilitators=(facilitator("f"),),
    registrations=(registration("r", "a", "c"), registration("t", "c")),
)
A, B, C = FACTS.series
SOUND = plan([placed(A, NINE, "q"), placed(C, TEN)], [("r", "a"), ("t", "c")])


def rules(one: Plan, **options: object) -> list[str]:
    return [str(item) for item in violations(FACTS, one, **options)]  # type: ignore[arg-type]


class TestViolations:
    def test_a_sound_plan_has_none(self) -> None:
        assert rules(SOUND) == []

    def test_unknown_things_are_named_and_the_rest_is_judged(self) -> None:
        strange = Plan(
            "tiny",
            (
                placed(A, NINE, "q", "nobody"),
                placed(B, NINE, "q"),
                Placement("nothing", (Meeting(NINE, "q"),)),
            ),
            (Allocation("who", "a"), Allocation("r", "nothing")),
        )
        assert rules(strange, constraints=[RoomConflict()]) == [
            "unknown-reference: facilitator nobody, series a",
            "unknown-reference: series nothing",
            "unknown-reference: registration who, series a",
            "unknown-reference: series nothing, registration r",
            "room-conflict: room q, series a, series b",
        ]

    def test_an_unknown_room_is_named_once_for_all_meetings(self) -> None:
        nowhere = Placement("c", (Meeting(NINE, "x"), Meeting(96 + NINE, "x")))
        found = violations(FACTS, plan([nowhere]), ())
        assert found == (
            Violation("unknown-reference", (("room", "x"), ("series", "c"))),
        )

    def test_slots_outside_the_horizon_are_named(self) -> None:
        last = FACTS.horizon.slot_count - 1
        for slot, outside in ((0, False), (last, False), (-1, True), (last + 1, True)):
            found = violations(FACTS, plan([Placement("c", (Meeting(slot),))]), ())
            named = [item.facts for item in found if item.rule == "series-rhythm"]
            assert named == ([(("outside_horizon", slot),)] if outside else [])

    def test_a_slot_beyond_every_calendar_is_only_named(self) -> None:
        for slot in (10**12, -(10**12)):
            one = plan([Placement("c", (Meeting(slot),))], [("t", "c")])
            assert "series-rhythm" in {item.rule for item in violations(FACTS, one)}
            assert costs(FACTS, one)["hold-series"] == 0

    def test_only_the_rules_asked_for(self) -> None:
        clash = plan([placed(A, NINE, "q"), placed(B, NINE, "q")])
        assert rules(clash, constraints=()) == []
        assert rules(clash, constraints=[RoomConflict()]) == [
            "room-conflict: room q, series a, series b"
        ]

    def test_only_breaches_that_touch_a_series(self) -> None:
        clash = plan(
            [placed(A, NINE, "q"), placed(B, NINE, "q"), placed(C, TEN, None, "x")]
        )
        asked = [RoomConflict()]
        for touching, count in (({"a"}, 1), ({"c"}, 1), ({"a", "c"}, 2), (set(), 0)):
            found = rules(clash, constraints=asked, touching=touching)
            assert len(found) == count, touching


class TestJudge:
    def test_costs_by_id_of_every_wish(self) -> None:
        found = costs(FACTS, SOUND)
        assert list(found) == [wish.id for wish in solver.OBJECTIVES]
        assert found["ranked-choice"] == 0
        assert found["seat-every-registration"] == found["hold-series"] == 0
        worse = replace(SOUND, allocations=SOUND.allocations[1:])
        assert costs(FACTS, worse)["seat-every-registration"] == 150

    def test_unknown_things_count_for_nothing(self) -> None:
        strange = replace(
            SOUND,
            placements=(*SOUND.placements, Placement("nothing", (Meeting(3, "x"),))),
            allocations=(*SOUND.allocations, Allocation("who", "a")),
        )
        assert costs(FACTS, strange) == costs(FACTS, SOUND)

    def test_the_first_tier_shows_what_was_reached(self) -> None:
        assert tier_values(FACTS, SOUND)[1] == 150 + 150 + 40
        assert tier_values(FACTS, plan())[1] == 0

    def test_gives_the_values_of_the_facts_with_the_bounds_claimed(self) -> None:
        values = tier_values(FACTS, SOUND)
        claims = tuple(
            TierResult(tier, value, float(value)) for tier, value in values.items()
        )
        found = judge(FACTS, replace(SOUND, tiers=claims))
        assert found.holds
        assert found.tiers == claims
        assert found.costs == costs(FACTS, SOUND)

    def test_a_wrong_value_is_disputed(self) -> None:
        found = judge(FACTS, SOUND, (TierResult(1, 341, 400.0),))
        assert found.disputed == (1,)
        assert found.tiers[0] == TierResult(1, 340, 400.0)
        assert not found.holds

    def test_a_bound_that_the_plan_beats_is_disputed(self) -> None:
        values = tier_values(FACTS, SOUND)
        first = [
            judge(FACTS, SOUND, (TierResult(1, 340, bound),)).disputed
            for bound in (339.0, 340.0, 400.0, None)
        ]
        assert first == [(1,), (), (), ()]
        second = [
            judge(FACTS, SOUND, (TierResult(2, values[2], bound),)).disputed
            for bound in (values[2] + 1.0, float(values[2]), 0.0, None)
        ]
        assert second == [(2,), (), (), ()]

    def test_a_tier_that_does_not_exist_is_disputed(self) -> None:
        assert judge(FACTS, SOUND, (TierResult(9, 0),)).disputed == (9,)

    def test_a_plan_with_a_violation_does_not_hold(self) -> None:
        clash = plan([placed(A, NINE, "q"), placed(B, NINE, "q")])
        assert not judge(FACTS, clash).holds


class TestDoor:
    def test_everything_behind_it_works_without_the_engine(self) -> None:
        code = (
            "import sys\n"
            "from datetime import date\n"
            "from scheduling.solver import *\n"
            "facts = PlanningProblem('x', Horizon(date(2026, 11, 30), 7))\n"
            "assert judge(facts, Plan('x')).holds\n"
            "print('ortools' in sys.modules, 'django' in sys.modules)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "False False\n"), done.stderr

    def test_it_offers_what_it_lists(self) -> None:
        assert all(hasattr(solver, name) for name in solver.__all__)
        assert solver.Person is Person
