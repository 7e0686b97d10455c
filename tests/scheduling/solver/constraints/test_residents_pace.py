"""Meetings in a day and a week, over groups one is in and seats one may get."""

from __future__ import annotations

from typing import Any

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.resident_pace import ResidentPace
from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import DatePattern, Format, Person, PlanningProblem
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    ELEVEN,
    NINE,
    TWO,
    check_judges_agree,
    check_necessary,
    every_plan,
    model_allows,
    placed,
    plan,
    problem,
    registration,
    series,
    with_facts,
)

rule = ResidentPace()
WEEKLY, LATER = DatePattern((0, 7)), DatePattern((1, 8))
TWICE_IN_A_WEEK = DatePattern((0, 7, 9))


def online(name: str, *patterns: DatePattern, **facts: Any) -> Any:
    return series(name, format=Format.ONLINE, date_patterns=patterns, **facts)


def three(**limits: Any) -> PlanningProblem:
    """A group the person is in, and two registrations for groups beside it."""
    return problem(
        series=(
            online("a", WEEKLY, members=("p",)),
            online("b", WEEKLY, LATER),
            online("c", DatePattern((8,))),
        ),
        persons=(Person("p", **limits),),
        registrations=(
            registration("r", "b", person_id="p"),
            registration("s", "c", person_id="p"),
        ),
    )


class TestResidentPace:
    facts = three(sessions_per_week=2)
    a, b, c = facts.series
    seats = (("r", "b"), ("s", "c"))

    def test_allows_as_many_a_week_as_one_can_take(self) -> None:
        legal = plan([placed(self.a, NINE), placed(self.b, TWO)], self.seats[:1])
        assert model_allows(self.facts, [rule], legal)
        assert not list(rule.violations(self.facts, legal))

    def test_forbids_one_more(self) -> None:
        breach = plan(
            [placed(self.a, NINE), placed(self.b, TWO), placed(self.c, NINE)],
            self.seats,
        )
        assert not model_allows(self.facts, [rule], breach)
        (found,) = rule.violations(self.facts, breach)
        assert found.facts == (("sessions_per_week", 3), ("limit", 2))
        assert found.slot == 8 * 96 + NINE

    def test_encoder_and_judge_agree_on_weeks(self) -> None:
        assert check_judges_agree(self.facts, rule, (NINE, TWO)) == (119, 16)

    def test_encoder_and_judge_agree_on_days(self) -> None:
        assert check_judges_agree(three(sessions_per_day=1), rule, (NINE,)) == (25, 5)

    def test_has_no_variable_for_what_is_too_much_beside_what_is_fixed(self) -> None:
        """On Mondays somebody is in a already: only the Tuesdays of b are left."""
        facts = three(sessions_per_day=1)
        context = Context(facts, [placed(facts.series[0], NINE)])
        variables = PlanningModel(facts, [rule], context=context).variables
        patterns = {seat.timing.pattern for seat in variables.seats_of("r")}
        assert patterns == {1}

    def test_nobody_is_held_to_a_pace_they_did_not_ask_for(self) -> None:
        for facts in (three(), three(sessions_per_day=2, sessions_per_week=3)):
            for one in every_plan(facts, (NINE,)):
                assert not list(rule.violations(facts, one))
                assert model_allows(facts, [rule], one)

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, rule, CONSTRAINTS, (NINE, ELEVEN))

    def test_agrees_beside_what_is_fixed(self) -> None:
        day = three(sessions_per_day=1)
        for facts in (self.facts, day):
            for fixed, seated in (
                ({"a"}, ()),
                ({"b"}, {"r"}),
                ({"a", "c"}, {"s"}),
                ({"a", "b", "c"}, ()),
            ):
                check_agree_beside(facts, rule, fixed, seated, (NINE,))

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, (NINE,)))


class TestOneSeriesAlone:
    """A series that meets twice in one week can be too much by itself."""

    facts = problem(
        series=(online("a", WEEKLY, TWICE_IN_A_WEEK),),
        persons=(Person("p-r", sessions_per_week=1),),
        registrations=(registration("r", "a"),),
    )

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, rule, (NINE,)) == (4, 1)
        assert check_agree_beside(self.facts, rule, {"a"}, (), (NINE,)) == (4, 1)

    def test_agrees_on_a_fixed_series_whose_meetings_differ(self) -> None:
        """Moved dates make several stretches; the count is over all of them."""
        facts = with_facts(
            self.facts,
            persons=(Person("p-r", sessions_per_week=2),),
            series=(online("a", DatePattern((0, 1, 2))),),
        )
        moved = Placement(
            "a", (Meeting(NINE), Meeting(96 + NINE), Meeting(2 * 96 + TWO))
        )
        model = PlanningModel(facts, [rule], context=Context(facts, [moved]))
        joined = plan([moved], [("r", "a")])
        assert list(rule.violations(facts, joined))
        model.fix(joined)
        assert model.solve(seconds=10).status.value == "infeasible"


def test_weeks_that_say_the_same_are_told_once() -> None:
    """Ten weeks of the same two groups give one constraint, not ten."""

    def size(days: tuple[int, ...]) -> int:
        facts = problem(
            series=(online("a", DatePattern(days)), online("b", DatePattern(days))),
            persons=(Person("p", sessions_per_week=1),),
            registrations=(
                registration("r", "a", person_id="p"),
                registration("s", "b", person_id="p"),
            ),
        )
        return len(PlanningModel(facts, [rule]).engine_model.proto.constraints)

    assert size(tuple(range(0, 70, 7))) == size((0,))
