"""The desk judges as the judge of whole plans does, and offers only what is lawful."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from scheduling.solver.context import Busy, Context
from scheduling.solver.generate import generate
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Allocation, Meeting, Placement, Plan
from scheduling.solver.problem import PlanningProblem, Published
from scheduling.solver.repair.desk import Desk, with_leader
from scheduling.solver.verify import violations
from tests.builders import (
    NINE,
    TEN,
    every_plan,
    facilitator,
    need,
    placed,
    problem,
    registration,
    room,
    series,
    with_facts,
)
from tests.strategies import quarters_of, seeded_problem


@pytest.fixture(scope="module")
def week() -> Desk:
    facts = generate(0.5, 3, "week")
    plan = Plan(facts.id, facts.published.placements)
    return Desk(with_facts(facts, published=Published()), plan)


def replaced(plan: Plan, *new: Placement) -> Plan:
    names = {item.series_id for item in new}
    kept = [item for item in plan.placements if item.series_id not in names]
    return Plan(plan.problem_id, (*kept, *new), plan.allocations)


def shifted(placement: Placement, dice: Random, facts: PlanningProblem) -> Placement:
    """The placement at another hour, and now and then in another room or led by
    somebody else."""
    hours = dice.choice((-8, -4, 4, 8, 96))
    room_id = dice.choice([None, *(one.id for one in facts.rooms)])
    lead = dice.choice(facts.facilitators).id
    moved = Placement(
        placement.series_id,
        tuple(
            Meeting(
                item.slot + hours,
                room_id if item.room_id and room_id else item.room_id,
                item.facilitator_ids,
            )
            for item in placement.meetings
        ),
    )
    if dice.random() < 0.5 and placement.leader_ids:
        return with_leader(moved, sorted(placement.leader_ids)[0], lead)
    return moved


def test_says_what_the_judge_of_the_whole_plan_says(week: Desk) -> None:
    dice, found = Random(1), 0
    for placement in week.plan.placements:
        moved = shifted(placement, dice, week.problem)
        whole = violations(
            week.problem, replaced(week.plan, moved), touching={moved.series_id}
        )
        assert Counter(week.judge(moved)) == Counter(whole)
        found += bool(whole)
    assert found > 10


@pytest.mark.parametrize("seed", range(12))
def test_says_so_of_tiny_plans_with_seats_pairs_and_orders(seed: int) -> None:
    facts, dice = seeded_problem(seed), Random(seed)
    plans = list(every_plan(facts, quarters_of(facts), (0, 1)))
    told = 0
    for one in dice.sample(plans, min(40, len(plans))):
        desk = Desk(facts, one)
        for placement in one.placements:
            for other in dice.sample(plans, 5):
                new = other.placement_of.get(placement.series_id)
                if new is not None:
                    whole = violations(
                        facts, replaced(one, new), touching={new.series_id}
                    )
                    assert Counter(desk.judge(new)) == Counter(whole)
                    told += 1
    assert told


def test_what_is_offered_is_lawful_and_near(week: Desk) -> None:
    dice, offered = Random(2), 0
    for placement in dice.sample(list(week.plan.placements), 12):
        moved = shifted(placement, dice, week.problem)
        options = week.options(moved)
        assert len(options) <= 5
        for option in options:
            new = option.placement
            whole = violations(
                week.problem, replaced(week.plan, new), touching={new.series_id}
            )
            assert whole == ()
            assert option.people >= len(option.joins) + len(option.leaves)
        offered += len(options)
    assert offered > 8


class TestOptions:
    def desk(self) -> Desk:
        item = series(
            "group",
            staff=(need(),),
            members=("m",),
            place_ids=frozenset("x"),
            start_step=2,
        )
        other = series("other", staff=(need(),))
        facts = problem(
            series=(item, other),
            rooms=(room("q"), room("s")),
            facilitators=(
                facilitator("lead"),
                facilitator("near", base_place_id="x"),
                facilitator("far", base_place_id="y"),
            ),
            registrations=(registration("asks", "group"),),
        )
        plan = Plan(
            facts.id,
            (placed(item, NINE, "q", "lead"), placed(other, TEN, "q", "far")),
            (Allocation("asks", "group"),),
        )
        return Desk(facts, plan)

    def test_the_wanted_time_in_another_room_comes_before_another_time(self) -> None:
        desk = self.desk()
        item = desk.problem.series_by_id["group"]
        wanted = placed(item, TEN, "q", "lead")
        assert {one.rule for one in desk.judge(wanted)} == {"room-conflict"}
        best = desk.options(wanted)[0]
        assert best.placement == placed(item, TEN, "s", "lead")
        assert (best.people, best.minutes, best.joins) == (3, 60, ())

    def test_other_leaders_are_offered_at_the_wanted_time(self) -> None:
        desk = self.desk()
        item = desk.problem.series_by_id["group"]
        options = desk.options(placed(item, TEN, "s", "lead"))
        joins = {option.joins for option in options}
        assert ("near",) in joins
        assert ("far",) not in joins  # leads elsewhere in the same hour

    def test_who_steps_in_is_ranked_by_travel(self) -> None:
        desk = self.desk()
        found = desk.substitutes("group", "lead")
        assert [one.facilitator_id for one in found] == ["near", "far"]
        assert [one.travel_minutes for one in found] == [0, 30]
        # The other leads another hour that week as well.
        assert [one.week_minutes for one in found] == [60, 120]

    def test_an_evening_is_counted(self) -> None:
        desk = self.desk()
        item = desk.problem.series_by_id["group"]
        option = desk.option(placed(item, 76, "s", "lead"))
        assert option.evenings == 1
        assert option.minutes == 15 * (76 - NINE)

    def test_two_swaps_are_judged_together(self) -> None:
        desk = self.desk()
        one = placed(desk.problem.series_by_id["group"], TEN, "q", "lead")
        other = placed(desk.problem.series_by_id["other"], NINE, "q", "far")
        assert desk.judge(one) != ()
        assert desk.judge(one, other) == ()

    def test_a_module_has_no_options(self) -> None:
        assert self.desk().options(Placement("group")) == ()

    def test_days_are_those_of_the_facts(self) -> None:
        desk = self.desk()
        item = desk.problem.series_by_id["group"]
        days = {
            meeting.slot // SLOTS_PER_DAY
            for option in desk.options(placed(item, TEN, "q", "lead"))
            for meeting in option.placement.meetings
        }
        assert days == {0}


def test_a_context_without_one_series_is_the_same_however_it_is_made(
    week: Desk,
) -> None:
    def diaries(context: Context, name: str) -> dict[str, dict[int, list[Busy]]]:
        """What is in a diary, days and names without anything left out."""
        found = {
            key: {day: sorted(own, key=repr) for day, own in days.items() if own}
            for key, days in getattr(context, name).items()
        }
        return {key: days for key, days in found.items() if days}

    facts, plan = week.problem, week.plan
    whole = Context.of_plan(facts, plan)
    for placement in plan.placements[:12]:
        name = placement.series_id
        lifted, made = (
            whole.without((name,), ()),
            Context.of_plan(facts, plan, without=[name]),
        )
        assert lifted.placements == made.placements
        assert lifted.seated == made.seated
        for diary in ("rooms", "leaders", "persons"):
            assert diaries(lifted, diary) == diaries(made, diary)
    assert diaries(whole, "rooms") == diaries(Context.of_plan(facts, plan), "rooms")
