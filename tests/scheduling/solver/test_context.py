"""What is fixed, less a part of it, is what is fixed without that part."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from scheduling.solver.context import Context
from scheduling.solver.generate import generate
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.solve import SolveSettings, solve


@pytest.fixture(scope="module")
def week() -> tuple[PlanningProblem, Plan]:
    facts = generate(scale=1, seed=5, mode="week")
    return facts, solve(facts, SolveSettings(seconds=600, steps=0, strict=True))


def told(context: Context) -> dict[str, Any]:
    """All that a context knows, with nothing empty and lists in order."""

    def diaries(of: Any) -> dict[str, Any]:
        found = {
            owner: {day: sorted(map(repr, busy)) for day, busy in diary.items() if busy}
            for owner, diary in of.items()
        }
        return {owner: diary for owner, diary in found.items() if diary}

    return {
        "placements": context.placements,
        "seated": context.seated,
        "seats": {
            name: sorted(item.id for item in seats)
            for name, seats in context.seats.items()
            if seats
        },
        "rooms": diaries(context.rooms),
        "leaders": diaries(context.leaders),
        "persons": diaries(context.persons),
    }


def test_less_a_part_is_as_if_the_part_had_never_been(week) -> None:
    facts, plan = week
    whole = Context.of_plan(facts, plan)
    before = told(whole)
    dice = Random(3)
    for _ in range(20):
        series_ids = frozenset(dice.sample([*whole.placements], 12))
        others = [name for name, at in whole.seated.items() if at not in series_ids]
        people = frozenset(dice.sample(others, 10))
        free = people.union(
            name for name, at in whole.seated.items() if at in series_ids
        )
        afresh = Context(
            facts,
            (item for item in plan.placements if item.series_id not in series_ids),
            (one for one in plan.allocations if one.registration_id not in free),
        )
        assert told(whole.without(series_ids, people)) == told(afresh)
        assert told(whole) == before


def test_what_is_taken_out_and_put_back_is_the_whole_again(week) -> None:
    facts, plan = week
    whole = Context.of_plan(facts, plan)
    before = told(whole)
    series_ids = frozenset([*whole.placements][:20])
    part = whole.without(series_ids, ())
    for name in series_ids:
        part.place(plan.placement_of[name])
    for allocation in plan.allocations:
        if allocation.series_id in series_ids:
            part.seat(allocation)
    assert told(part) == before
