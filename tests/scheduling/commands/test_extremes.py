"""Extreme facts give a plan or a named contradiction, and never too late."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduling.solver.explain import tell
from scheduling.solver.generate import generate, generate_known
from scheduling.solver.plan import Plan, Verified
from scheduling.solver.problem import (
    Availability,
    Choice,
    LoadLimits,
    Person,
    Pin,
    PlanningProblem,
    Registration,
    SeatPin,
)
from scheduling.solver.repair.event import LeaderIll
from scheduling.solver.repair.mend import MendSettings, mend
from scheduling.solver.snapshot import read_plan, write_problem
from scheduling.solver.verify import judge
from tests.problem_files import Manage

SECONDS = 5
LATEST = 60.0
"""For any of them, on a busy machine too."""


class Solved:
    """What `solve_problem` made of a problem, judged."""

    def __init__(
        self, manage: Manage, folder: Path, problem: PlanningProblem, seconds: float
    ) -> None:
        source, target = folder / "in.json", folder / "plan.json"
        source.write_text(write_problem(problem), "utf-8")
        self.status, self.said, self.errors = manage(
            "solve_problem", source, "--out", target, "--seconds", seconds,
            "--workers", 1, "--json",
        )  # fmt: skip
        self.written = target.exists()
        if self.written:
            self.plan = read_plan(target.read_bytes(), problem.horizon)
            judged = judge(problem, self.plan)
            assert judged.holds, judged.violations

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.said.strip().splitlines()[-1])
        return found


@pytest.fixture
def term() -> PlanningProblem:
    return generate(0.2, 1, "term")


def solved(
    manage: Manage, folder: Path, problem: PlanningProblem, seconds: float = SECONDS
) -> Solved:
    found = Solved(manage, folder, problem, seconds)
    assert "Traceback" not in found.errors
    if found.status == 0:
        assert found.written
        assert found.told["seconds"] <= LATEST
        check_explained(problem, found.plan)
        for allowed in (0, 2):
            check_mended(problem, found.plan, allowed)
    return found


def check_explained(problem: PlanningProblem, plan: Plan) -> None:
    """Everybody left out has a decided reason for each choice, in time."""
    began = time.process_time()
    told = tell(problem, plan).plan
    assert time.process_time() - began < LATEST
    seated = {one.registration_id for one in plan.allocations}
    chosen = {
        item.id: [one.series_id for one in item.choices]
        for item in problem.registrations
        if item.id not in seated
    }
    assert chosen == {
        item.registration_id: [one.series_id for one in item.reasons]
        for item in told.unplaced
    }
    reasons = [*told.unheld, *(one for item in told.unplaced for one in item.reasons)]
    assert Verified.UNDECIDED not in {one.verified for one in reasons}


def check_mended(problem: PlanningProblem, plan: Plan, seconds: float) -> None:
    """Whoever leads falls ill for good: a lawful plan without them, in time."""
    leading = sorted({lead for one in plan.placements for lead in one.leader_ids})
    if not leading:
        return
    last = problem.horizon.day_count - 1
    ill = LeaderIll(id="ill", facilitator_id=leading[0], first_day=0, last_day=last)
    began = time.process_time()
    mended = mend(problem, plan, ill, MendSettings(seconds=seconds))
    assert time.process_time() - began < LATEST
    for one in mended.alternatives:
        assert judge(mended.problem, one.plan).violations == ()
        for placement in one.plan.placements:
            assert leading[0] not in {
                lead for item in placement.meetings for lead in item.facilitator_ids
            }


def test_nobody_has_a_candidate(
    manage: Manage, tmp_path: Path, term: PlanningProblem
) -> None:
    nobody = tuple(replace(one, choices=()) for one in term.registrations)
    found = solved(manage, tmp_path, replace(term, registrations=nobody))
    assert found.status == 0
    assert found.told["placed"] == 0
    assert found.told["unplaced"] == len(term.registrations)
    assert found.told["tiers"][0]["gap"] == 0


def test_nobody_can_come_at_any_time(
    manage: Manage, tmp_path: Path, term: PlanningProblem
) -> None:
    members = {one for item in term.series for one in item.members}
    never = tuple(
        one if one.id in members else replace(one, availability=Availability())
        for one in term.persons
    )
    found = solved(manage, tmp_path, replace(term, persons=never))
    assert found.status == 0
    person_of = {one.id: one.person_id for one in term.registrations}
    for seat in found.plan.allocations:  # a self-paced series needs no hour
        series = term.series_by_id[seat.series_id]
        assert series.is_self_paced or person_of[seat.registration_id] in members
    assert found.told["tiers"][0]["gap"] == 0


def test_there_is_no_room_at_all(
    manage: Manage, tmp_path: Path, term: PlanningProblem
) -> None:
    held = {one.series_id for one in term.published.placements}
    problem = replace(
        term,
        rooms=(),
        series=tuple(one for one in term.series if one.id not in held),
        published=type(term.published)(),
    )
    found = solved(manage, tmp_path, problem)
    assert found.status == 0
    assert found.plan.placements == () or all(
        meeting.room_id is None
        for one in found.plan.placements
        for meeting in one.meetings
    )
    needing = [one for one in problem.series if one.needs_room]
    assert needing
    assert not {one.id for one in needing} & found.plan.placement_of.keys()


def pinned_to(problem: PlanningProblem, plan: Any) -> tuple[Pin, ...]:
    return tuple(
        Pin(
            f"pin-{one.series_id}",
            one.series_id,
            one.meetings[0].slot,
            one.meetings[0].room_id,
            frozenset(one.meetings[0].facilitator_ids),
        )
        for one in plan.placements
        if one.meetings
    )


def test_everything_is_pinned_and_the_plan_is_that(
    manage: Manage, tmp_path: Path
) -> None:
    problem, known = generate_known(0.2, 1)
    problem = replace(problem, pins=pinned_to(problem, known))
    found = solved(manage, tmp_path, problem)
    assert found.status == 0, found.errors
    assert set(found.plan.placements) == set(known.placements)


def test_every_seat_is_pinned_too(
    manage: Manage, tmp_path: Path, term: PlanningProblem
) -> None:
    first = solved(manage, tmp_path, term, 2)
    free = [
        one
        for one in first.plan.placements
        if one.series_id not in term.kept_placements and one.meetings
    ]
    names = {one.series_id for one in free}
    seats = [one for one in first.plan.allocations if one.series_id in names]
    plan = replace(first.plan, placements=tuple(free))
    problem = replace(
        term,
        pins=pinned_to(term, plan),
        seat_pins=tuple(
            SeatPin(f"seat-{one.registration_id}", one.registration_id, one.series_id)
            for one in seats
        ),
    )
    found = solved(manage, tmp_path, problem)
    assert found.status == 0, found.errors
    assert set(free) <= set(found.plan.placements)
    assert set(seats) <= set(found.plan.allocations)


def test_two_groups_pinned_to_one_room_and_hour_are_named(
    manage: Manage, tmp_path: Path
) -> None:
    problem, known = generate_known(0.2, 2)
    first = pinned_to(problem, known)
    one = first[0]
    other = next(
        pin
        for pin in first[1:]
        if pin.facilitator_ids != one.facilitator_ids
        and problem.room_by_id[one.room_id or ""].capacity
        > len(problem.series_by_id[pin.series_id].members)
    )
    clash = replace(other, first_slot=None, room_id=one.room_id, facilitator_ids=None)
    clash = replace(clash, first_slot=one.first_slot)
    problem = replace(problem, pins=(one, clash))
    found = solved(manage, tmp_path, problem)
    assert found.status == 2
    assert clash.id in found.errors
    assert not found.written


def test_a_leader_who_can_carry_less_than_one_meeting_leads_none(
    manage: Manage, tmp_path: Path, term: PlanningProblem
) -> None:
    leading = {lead for one in term.published.placements for lead in one.leader_ids}
    tired = {one.id for one in term.facilitators if one.id not in leading}
    assert tired
    problem = replace(
        term,
        facilitators=tuple(
            replace(one, load=LoadLimits(minutes_per_week=10))
            if one.id in tired
            else one
            for one in term.facilitators
        ),
    )
    found = solved(manage, tmp_path, problem)
    assert found.status == 0
    used = {lead for one in found.plan.placements for lead in one.leader_ids}
    with_meetings = {
        lead
        for one in found.plan.placements
        for meeting in one.meetings
        for lead in meeting.facilitator_ids
    }
    assert used
    assert not tired & with_meetings


def test_ten_thousand_ask_for_one_seat(
    manage: Manage, tmp_path: Path, term: PlanningProblem
) -> None:
    published = {one.series_id for one in term.published.placements}
    series = next(
        one
        for one in term.series
        if one.id not in published and one.needs_room and not one.prerequisites
    )
    one_seat = replace(
        series, size_min=1, size_max=1, age_min=None, age_max=None, language=None
    )
    persons = tuple(Person(f"asker-{number:05}") for number in range(10_000))
    asking = tuple(
        Registration(
            f"asks-{number:05}",
            person.id,
            (Choice(series.id),),
            urgency=5 if number == 7_777 else 1 + number % 4,
        )
        for number, person in enumerate(persons)
    )
    problem = replace(
        term,
        series=(one_seat,),
        persons=persons,
        registrations=asking,
        keep_apart=(),
        keep_together=(),
        series_order=(),
        published=type(term.published)(),
        facilitators=tuple(replace(one, person_id=None) for one in term.facilitators),
    )
    found = solved(manage, tmp_path, problem)
    assert found.status == 0
    (seat,) = found.plan.allocations
    assert seat.registration_id == "asks-07777"
    assert found.told["unplaced"] == 9_999
    assert found.told["tiers"][0]["gap"] == 0


@pytest.mark.parametrize("mode", ["term", "week", "known-members"])
def test_no_time_at_all_still_gives_a_plan(
    manage: Manage, tmp_path: Path, mode: str
) -> None:
    found = solved(manage, tmp_path, generate(0.2, 3, mode), 0)
    assert found.status == 0
    assert found.plan.placements
