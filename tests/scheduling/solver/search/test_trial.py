"""Judging a few placements where they touch a plan finds what judging all finds."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.generate import generate
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Allocation, Meeting, Placement
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.search.fixed import check_fixed, fixed_context
from scheduling.solver.search.incumbent import Incumbent
from scheduling.solver.search.trial import Judge
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.verify import violations
from tests.builders import NINE, TEN, placed, plan, problem, registration, room, series


def shifted(facts: PlanningProblem, one: Placement, dice: Random) -> Placement:
    """The placement at another time, with other leaders or in another room."""
    rooms = [item.id for item in facts.rooms]
    leaders = [item.id for item in facts.facilitators]
    by, kind = dice.choice((-8, -4, 4, 8)), dice.choice(("time", "room", "leaders"))
    meetings = []
    for meeting in one.meetings:
        if kind == "time":
            quarter = meeting.slot % SLOTS_PER_DAY
            slot = meeting.slot + (by if 8 <= quarter < 80 else 0)
            meetings.append(replace(meeting, slot=slot))
        elif kind == "room" and meeting.room_id:
            meetings.append(replace(meeting, room_id=dice.choice(rooms)))
        else:
            team = tuple(sorted(dice.sample(leaders, len(meeting.facilitator_ids))))
            meetings.append(Meeting(meeting.slot, meeting.room_id, team))
    return replace(one, meetings=tuple(meetings))


@pytest.mark.parametrize("mode", ["term", "week"])
def test_a_part_is_judged_as_strictly_as_the_whole(mode: str) -> None:
    facts = generate(scale=1, seed=8, mode=mode)
    found = solve(facts, SolveSettings(seconds=0, workers=1, strict=True))
    incumbent = Incumbent(
        {item.series_id: item for item in found.placements},
        {item.registration_id: item.series_id for item in found.allocations},
    )
    judge, dice = Judge(facts, CONSTRAINTS), Random(2)
    free = sorted(set(incumbent.placements) - set(facts.kept_placements))
    broken = 0
    for name in free[:12]:
        people = {one for one, where in incumbent.seats.items() if where == name}
        people -= set(facts.kept_seats)
        context = incumbent.context(facts, {name}, people)
        for _ in range(4):
            moved = shifted(facts, incumbent.placements[name], dice)
            seats = [Allocation(one, name) for one in sorted(people)]
            changed = Incumbent(
                {**incumbent.placements, name: moved}, incumbent.seats
            ).plan(facts)
            whole = set(map(str, violations(facts, changed, CONSTRAINTS, {name})))
            part = set(map(str, judge.breaches(context, [moved], seats)))
            assert part == whole
            broken += bool(part)
    assert broken > 5


class TestTakeOver:
    facts = problem(
        series=(series("a"), series("b"), series("c")),
        rooms=(room("r"),),
        registrations=(registration("one", "a"), registration("two", "b")),
    )

    def test_what_is_legal_is_taken_and_the_rest_left(self) -> None:
        context = fixed_context(self.facts)
        first, second, _ = self.facts.series
        Judge(self.facts, CONSTRAINTS).take_over(
            context,
            plan(
                [
                    placed(first, NINE, "r"),
                    placed(second, NINE, "r"),
                    placed(series("elsewhere"), NINE, "r"),
                ],
                [("one", "a"), ("two", "b"), ("nobody", "a")],
            ),
        )
        assert set(context.placements) == {"a"}
        assert context.seated == {"one": "a"}

    def test_a_placement_in_an_unknown_room_is_left(self) -> None:
        context = fixed_context(self.facts)
        Judge(self.facts, CONSTRAINTS).take_over(
            context, plan([placed(self.facts.series[0], TEN, "nowhere")])
        )
        assert context.placements == {}

    def test_what_is_published_and_sound_is_no_fault(self) -> None:
        check_fixed(self.facts, fixed_context(self.facts), CONSTRAINTS)

    def test_partners_are_found_over_several_pairs(self) -> None:
        facts = replace(self.facts, keep_together=(("one", "two"), ("two", "three")))
        judge = Judge(facts, CONSTRAINTS)
        assert judge.partners("three") == {"one", "two", "three"}
        assert judge.partners("four") == {"four"}
