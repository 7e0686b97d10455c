"""Every way that is told, applied to the problem, does what it says: the engine, which
had no part in finding it, holds the series and gives the seats."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from scheduling.solver import verify
from scheduling.solver.change import (
    HalfDay,
    LeaderHours,
    LeaderMinutes,
    MoreSeats,
    NewLeader,
    NewRoom,
    OtherChoice,
    Pace,
    Repeat,
    SmallerStart,
    Travel,
    Unpin,
    apply_all,
)
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.explain import Explainer
from scheduling.solver.explain.ways import MOST_TRIED, Way, Ways
from scheduling.solver.horizon import Availability, Span, WeeklyWindow
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import (
    DatePattern,
    InvalidProblem,
    LoadLimits,
    Person,
    Pin,
    PlanningProblem,
)
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.validate import faults
from tests.builders import (
    NINE,
    SEVEN,
    facilitator,
    need,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)
from tests.strategies import seeded_problem

SEEDS = range(60)
MORNINGS = Availability(tuple(WeeklyWindow(day, 0, 48) for day in range(7)))


def ways_of(facts: PlanningProblem, one: Plan) -> list[Way]:
    """Everything that is told beside a plan."""
    explainer = Explainer(facts, one)
    ways = Ways(explainer)
    found = [way for item in explainer.unheld for way in ways.of_series(item)]
    for item in explainer.waiting:
        for choice in item.choices:
            found += ways.of_choice(item, facts.series_by_id[choice.series_id])
        found += ways.elsewhere(item)
    return found


def does_what_it_says(facts: PlanningProblem, one: Plan, way: Way) -> bool:
    """The engine, with the rest of the plan fixed, gives all the seats at once."""
    changed = apply_all(facts, way.changes)
    model = PlanningModel(
        changed,
        CONSTRAINTS,
        context=Context.of_plan(changed, one),
        series_ids=way.freed,
        registration_ids=way.seats,
    )
    for name in way.opens:
        model.engine_model.add(model.variables.opens(name) == 1)
    for name in way.seats:
        model.engine_model.add_bool_or(
            seat.literal for seat in model.variables.seats_of(name)
        )
    return model.solve(seconds=10).status is SolveStatus.OPTIMAL


@cache
def told(seed: int) -> tuple[PlanningProblem, Plan, list[Way]] | None:
    facts = seeded_problem(seed)
    if faults(facts):
        return None
    try:
        one = solve(facts, SolveSettings(seconds=5, workers=1))
    except InvalidProblem:
        return None
    if one.status is not SolveStatus.OPTIMAL:
        return None
    return facts, one, ways_of(facts, one)


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if told(seed)])
def test_every_way_applied_does_what_it_says(seed: int) -> None:
    found = told(seed)
    assert found is not None
    facts, one, ways = found
    assert not verify.violations(facts, one)
    for way in ways:
        assert way.changes
        assert way.seats or way.opens
        assert does_what_it_says(facts, one, way), way


def test_the_random_problems_have_ways_of_many_kinds() -> None:
    kinds = Counter(
        change.kind
        for seed in SEEDS
        for found in [told(seed)]
        if found is not None
        for way in found[2]
        for change in way.changes
    )
    assert len(kinds) >= 7, kinds


def only(facts: PlanningProblem, one: Plan) -> list[tuple[object, ...]]:
    found = ways_of(facts, one)
    assert all(does_what_it_says(facts, one, way) for way in found)
    return [way.changes for way in found]


class TestUnheldSeries:
    """One obstacle each, and the change that takes it away."""

    def test_one_more_room_in_the_evening(self) -> None:
        evening = (WeeklyWindow(0, SEVEN, SEVEN + 8),)
        facts = problem(
            series=(series("a", windows=evening),),
            rooms=(room("r", opening=MORNINGS),),
            registrations=(registration("n", "a"),),
        )
        (change,) = only(facts, plan())[0]
        assert isinstance(change, NewRoom)
        assert (change.place_id, change.weekday) == ("x", 0)
        assert change.start <= SEVEN

    def test_a_leader_who_could_also_come_then(self) -> None:
        facts = problem(
            series=(series("a", staff=(need(),)),),
            rooms=(room("r"),),
            facilitators=(facilitator("f", availability=Availability()),),
            registrations=(registration("n", "a"),),
        )
        kinds = {type(change) for changes in only(facts, plan()) for change in changes}
        assert kinds == {LeaderHours, NewLeader}

    def test_a_leader_with_more_minutes_comes_before_a_new_one(self) -> None:
        full = facilitator("f", load=LoadLimits(minutes_per_week=30))
        facts = problem(
            series=(series("a", staff=(need(),)),),
            rooms=(room("r"),),
            facilitators=(full,),
        )
        assert only(facts, plan())[0] == (LeaderMinutes("f", 60),)

    def test_a_second_leader(self) -> None:
        facts = problem(
            series=(series("a", staff=(need(2),)),),
            rooms=(room("r"),),
            facilitators=(facilitator("f"),),
        )
        (change,) = only(facts, plan())[0]
        assert isinstance(change, NewLeader)
        assert change.roles == {"guide"}

    def test_a_smaller_start(self) -> None:
        facts = problem(
            series=(series("a", size_min=3),),
            rooms=(room("r"),),
            registrations=(registration("n", "a"), registration("m", "a")),
        )
        assert (SmallerStart("a", 1),) in only(facts, plan())

    def test_a_pin_that_shuts_it(self) -> None:
        facts = problem(
            series=(series("a"),),
            rooms=(room("r"),),
            pins=(Pin("p", "a", closed=True),),
        )
        assert only(facts, plan()) == [(Unpin("p"),)]

    def test_the_cheapest_of_each_kind_comes_before_a_second_of_another(self) -> None:
        """On Monday one person comes and nine could; on Tuesday ten come and nine
        leaders could: more than are tried."""
        monday, tuesday, never = (
            Availability((WeeklyWindow(day, 0, 96),)) for day in (0, 1, 5)
        )
        days = (DatePattern((0,)), DatePattern((1,)))
        names = [f"m{number}" for number in range(9)]
        facts = problem(
            series=(series("a", size_min=2, staff=(need(),), date_patterns=days),),
            rooms=(room("r"),),
            facilitators=(
                facilitator("f", availability=monday),
                *(facilitator(f"g{name}", availability=never) for name in names),
            ),
            persons=tuple(Person(f"p-{name}", tuesday) for name in names),
            registrations=tuple(registration(name, "a") for name in ("n", *names)),
        )
        ways = Ways(Explainer(facts, plan()))
        (group,) = facts.series
        tried = [way.changes[0] for way in ways.tried(group)]
        assert len(tried) == MOST_TRIED
        kinds = {HalfDay, SmallerStart, LeaderHours, NewLeader}
        assert {type(one) for one in tried} == kinds
        assert all(isinstance(way.changes[0], HalfDay) for way in ways.of_series(group))


class TestHeldSeries:
    held = series("a", size_max=1)

    def test_a_full_group_takes_one_more_or_is_held_again(self) -> None:
        facts = problem(
            series=(self.held,),
            rooms=(room("r"),),
            registrations=(registration("n", "a"), registration("m", "a")),
        )
        one = plan([placed(self.held, NINE, "r")], [("m", "a")])
        assert only(facts, one) == [(MoreSeats("a", 1),), (Repeat("a"),)]

    def test_a_group_full_of_members_too(self) -> None:
        full = series("a", size_max=1, members=("m",))
        facts = problem(
            series=(full,), rooms=(room("r"),), registrations=(registration("n", "a"),)
        )
        one = plan([placed(full, NINE, "r")])
        assert only(facts, one) == [(MoreSeats("a", 1),), (Repeat("a"),)]

    def test_travel_and_half_days_and_pace_are_one_way_together(self) -> None:
        facts = problem(
            series=(series("b"), self.held),
            rooms=(room("r", "y"), room("q", "y")),
            persons=(
                Person(
                    "p",
                    Availability((WeeklyWindow(1, 0, 96),)),
                    home_place_id="x",
                    travel_limit_minutes=20,
                ),
            ),
            registrations=(registration("n", "a", person_id="p"),),
        )
        one = plan([placed(self.held, NINE, "r"), placed(series("b"), NINE, "q")])
        changes = only(facts, one)
        assert (Travel("p", 10), HalfDay("p", 0, 0, 50)) in changes or (
            HalfDay("p", 0, 0, 50),
            Travel("p", 10),
        ) in changes

    def test_one_meeting_more_in_a_week(self) -> None:
        busy = series("b", members=("p",))
        facts = problem(
            series=(busy, self.held),
            rooms=(room("r"), room("q")),
            persons=(Person("p", sessions_per_week=1),),
            registrations=(registration("n", "a", person_id="p"),),
        )
        one = plan([placed(self.held, NINE, "r"), placed(busy, NINE + 4, "q")])
        assert only(facts, one) == [(Pace("p", 1, 0),)]

    def test_another_course_with_room(self) -> None:
        other = series("b")
        facts = problem(
            series=(self.held, other),
            rooms=(room("r"), room("q")),
            registrations=(registration("n", "a"), registration("m", "a")),
        )
        one = plan(
            [placed(self.held, NINE, "r"), placed(other, NINE, "q")], [("m", "a")]
        )
        assert (OtherChoice("n", "b"),) in only(facts, one)

    def test_leave_is_not_asked_away(self) -> None:
        away = Availability((WeeklyWindow(1, 0, 96),), blocked=(Span(0, 96),))
        facts = problem(
            series=(self.held,),
            rooms=(room("r"),),
            persons=(Person("p", away),),
            registrations=(registration("n", "a", person_id="p"),),
        )
        assert only(facts, plan([placed(self.held, NINE, "r")])) == []
