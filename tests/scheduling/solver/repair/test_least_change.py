"""A repair changes as little as can be: engine and enumeration of all plans agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.plan import Plan
from scheduling.solver.problem import Person, PlanningProblem
from scheduling.solver.repair.answer import Alternative, Mended, Scope
from scheduling.solver.repair.event import (
    CentreClosed,
    Event,
    HolidayForgotten,
    LeaderIll,
    ResidentJoined,
    ResidentLeft,
    RoomLost,
)
from scheduling.solver.repair.floor import Floor
from scheduling.solver.repair.mend import MendSettings, mend
from scheduling.solver.repair.order import REPAIR, repair_costs
from scheduling.solver.repair.part import freeing
from scheduling.solver.validate import faults
from scheduling.solver.verify import violations
from tests.builders import every_plan, registration
from tests.strategies import quarters_of, seeded_problem

SEEDS = range(42)
LAST_DAYS = 5
"""What must move may go to Saturday alone, so that all plans can be enumerated."""


def told(seed: int) -> tuple[PlanningProblem, Plan]:
    """A tiny problem and one of its lawful plans that seats and holds a good deal."""
    facts, dice = seeded_problem(seed), Random(seed)
    facts = replace(facts, pins=(), seat_pins=(), published=type(facts.published)())
    best, most = Plan(facts.id), -1.0
    for one in every_plan(facts, quarters_of(facts), (0, 1, 2)):
        size = len(one.placements) + len(one.allocations) + dice.random()
        if size > most and not violations(facts, one):
            best, most = one, size
    return facts, best


def event_of(seed: int, facts: PlanningProblem, plan: Plan) -> Event:
    """Something that happens, of each kind in turn."""
    late = {"id": "e", "today": LAST_DAYS}
    place = facts.rooms[0].place_id
    new = replace(
        registration("new", "one", "two"),
        person_id="p-new",
        levels=frozenset({1, 2, 3}),
    )
    events: tuple[Event, ...] = (
        LeaderIll(facilitator_id="f", first_day=0, last_day=1, **late),
        RoomLost(room_id="q", first_day=0, **late),
        CentreClosed(place_id=place, first_day=0, last_day=0, **late),
        HolidayForgotten(first_day=0, last_day=0, **late),
        ResidentLeft(person_id="p-a", **late),
        ResidentJoined(registrations=(new,), person=Person("p-new"), **late),
    )
    return events[seed % len(events)]


def rivals(facts: PlanningProblem) -> Iterator[tuple[tuple[int, ...], Plan]]:
    """Plans of what was told, with their costs; nothing unpublished is opened."""
    names = {item.series_id for item in facts.published.placements}
    small = replace(
        facts, series=tuple(item for item in facts.series if item.id in names)
    )
    quarters = tuple(
        sorted({window.start for item in facts.series for window in item.windows})
    )
    fixed = {*facts.kept_placements.values()}
    seats = set(facts.kept_seats.items())
    for one in every_plan(_choosing(small, names), quarters, (0, 1, 2)):
        given = {(item.registration_id, item.series_id) for item in one.allocations}
        if fixed <= set(one.placements) and seats <= given:
            yield repair_costs(facts, one), one


def _choosing(facts: PlanningProblem, names: set[str]) -> PlanningProblem:
    return replace(
        facts,
        registrations=tuple(
            replace(
                item,
                choices=tuple(one for one in item.choices if one.series_id in names),
            )
            for item in facts.registrations
        ),
    )


def least(facts: PlanningProblem, asking: frozenset[str]) -> tuple[int, ...]:
    """Costs of the best lawful plan in the order of a repair."""
    seated = {item.registration_id for item in facts.published.allocations}
    best: tuple[int, ...] | None = None
    for costs, one in rivals(facts):
        new = {item.registration_id for item in one.allocations} - seated
        better = best is None or costs < best
        if better and new <= asking and not broken(facts, one):
            best = costs
    assert best is not None
    return best


def broken(facts: PlanningProblem, one: Plan) -> bool:
    return any(True for rule in CONSTRAINTS for _ in rule.violations(facts, one, None))


@cache
def mended(seed: int) -> Mended:
    facts, plan = told(seed)
    return mend(facts, plan, event_of(seed, facts, plan), MendSettings(seconds=30))


def proven(one: Alternative, *scopes: Scope) -> tuple[int, ...]:
    """Values of the wishes up to the first that is not proven so far."""
    found = []
    for item in one.proofs:
        if item.scope not in scopes:
            break
        found.append(item.value)
    return tuple(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_changes_less(seed: int) -> None:
    answer = mended(seed)
    facts, best = answer.problem, answer.alternatives[0]
    assert faults(facts) == ()
    for one in answer.alternatives:
        assert violations(facts, one.plan) == ()
        assert one.costs == repair_costs(facts, one.plan)
    for_the_part = proven(best, Scope.PART, Scope.WHOLE)
    assert len(for_the_part) == len(REPAIR)
    assert for_the_part == least(facts, answer.happened.asking)
    for_the_whole = proven(best, Scope.WHOLE)
    everything = freeing(facts, {one.series_id for one in facts.published.placements})
    names = frozenset(item.id for item in facts.registrations)
    whole = least(everything, names)
    assert for_the_whole == whole[: len(for_the_whole)]
    rings = sorted(everything.published.freed_series)
    for name in rings[seed % 3 :][:1]:
        under = Floor(facts).under(frozenset({name}), 30, 1)
        assert under <= whole[: len(under)]


def test_the_seeds_try_every_kind_and_both_proofs() -> None:
    """Otherwise the test above would compare nothing."""
    touched = lost = moved = whole = with_people = 0
    for seed in SEEDS:
        answer = mended(seed)
        best = answer.alternatives[0]
        touched += bool(answer.happened.touched)
        lost += best.costs[0] > 0
        moved += best.costs[1] > 0 == best.costs[0]
        whole += len(proven(best, Scope.WHOLE)) >= 2
        with_people += len(proven(best, Scope.WHOLE)) >= 3 and best.costs[2] > 0
    assert (touched > 12, lost > 4, moved > 3, whole > 25) == (True,) * 4
    assert with_people > 5
