"""What people were told may break a rule already: a repair is not asked to end that,
and claims nothing that holds only if it did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduling.solver.horizon import Availability, WeeklyWindow
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import DatePattern, PlanningProblem, Series
from scheduling.solver.repair.answer import Alternative, Scope
from scheduling.solver.repair.event import LeaderIll
from scheduling.solver.repair.mend import MendSettings, mend
from scheduling.solver.repair.part import freeing
from scheduling.solver.verify import violations
from tests.builders import NINE, facilitator, need, placed, problem, room, series
from tests.scheduling.solver.repair.test_least_change import (
    event_of,
    proven,
    rivals,
    told,
)

WINDOW = (WeeklyWindow(0, NINE, NINE + 4),)


def group(name: str, members: int, *roles: str) -> Series:
    """A group of one session, on the first Monday at nine."""
    return series(
        name,
        members=tuple(f"{name}-{number}" for number in range(members)),
        windows=WINDOW,
        length=4,
        staff=(need(1, *roles),),
        size_min=0,
        size_max=9,
        date_patterns=(DatePattern((0,)),),
    )


def week(*, crowded: bool) -> tuple[PlanningProblem, Plan]:
    """Two groups at once: who may stand in for the leader of the first leads the
    second, which another could lead; a third is in a room that may be too small."""
    first, second = group("first", 3, "guide"), group("second", 1, "guide", "other")
    third = group("third", 5, "third")
    here = Availability(WINDOW)
    facts = problem(
        series=(first, second, third),
        rooms=(
            room("q", capacity=5),
            room("r", capacity=5),
            room("small", capacity=3 if crowded else 6),
        ),
        facilitators=(
            facilitator("ill", "guide", availability=here),
            facilitator("guide", "guide", availability=here),
            facilitator("other", "other", availability=here),
            facilitator("third", "third", availability=here),
        ),
    )
    placements = (
        placed(first, NINE, "q", "ill"),
        placed(second, NINE, "r", "guide"),
        placed(third, NINE, "small", "third"),
    )
    return facts, Plan(facts.id, placements)


def mended(*, crowded: bool) -> Alternative:
    facts, plan = week(crowded=crowded)
    assert bool(violations(facts, plan)) is crowded
    last = facts.horizon.day_count - 1
    event = LeaderIll(id="e", facilitator_id="ill", first_day=0, last_day=last)
    return mend(facts, plan, event, MendSettings(seconds=20)).alternatives[0]


def test_a_room_too_small_beside_it_hides_no_better_repair() -> None:
    best = mended(crowded=True)
    assert best.costs[:2] == (0, 2)
    assert set(best.plan.placement_of["first"].leader_ids) == {"guide"}
    assert set(best.plan.placement_of["second"].leader_ids) == {"other"}
    assert [one.scope for one in best.proofs[:2]] == [Scope.WHOLE, Scope.PART]


def test_the_same_week_within_the_rules_is_proven_whole() -> None:
    best = mended(crowded=False)
    assert best.costs[:2] == (0, 2)
    assert [one.scope for one in best.proofs[:2]] == [Scope.WHOLE, Scope.WHOLE]


def test_only_what_is_proven_for_the_whole_plan_is_called_optimal() -> None:
    """A status holds for every wish, and ``part`` is a proof of less."""
    scopes = {}
    for crowded in (True, False):
        best = mended(crowded=crowded)
        scopes[best.plan.status] = {one.scope for one in best.proofs}
    assert scopes == {
        SolveStatus.FEASIBLE: {Scope.WHOLE, Scope.PART},
        SolveStatus.OPTIMAL: {Scope.WHOLE},
    }


def smaller(facts: PlanningProblem, plan: Plan) -> PlanningProblem:
    """The same facts with a room in which hardly anything that was told still fits."""
    used = {item.room_id for one in plan.placements for item in one.meetings}
    return replace(
        facts,
        rooms=tuple(
            replace(item, capacity=1) if item.id in used else item
            for item in facts.rooms
        ),
    )


def breaches(facts: PlanningProblem, plan: Plan) -> set[tuple[str, object]]:
    return {(one.rule, one.about) for one in violations(facts, plan)}


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_that_breaks_nothing_new_is_better_than_proven(seed: int) -> None:
    lawful, plan = told(seed)
    facts = smaller(lawful, plan)
    event = event_of(seed, facts, plan)
    answer = mend(facts, plan, event, MendSettings(seconds=30))
    best = answer.alternatives[0]
    everything = freeing(
        answer.problem, {one.series_id for one in answer.problem.published.placements}
    )
    stands = breaches(facts, plan)
    least = best.costs
    for costs, one in rivals(everything):
        if costs < least and breaches(everything, one) <= stands:
            least = costs
    for_the_whole = proven(best, Scope.WHOLE)
    assert for_the_whole == least[: len(for_the_whole)]
