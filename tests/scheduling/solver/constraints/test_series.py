"""Size, entry and order of series, each rule alone on its own tiny problem."""

from __future__ import annotations

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.series import ClosedGroup, GroupSize, SeriesOrder
from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Allocation, SolveStatus
from scheduling.solver.problem import DatePattern, Format, Published
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    ELEVEN,
    NINE,
    TEN,
    check_judges_agree,
    check_necessary,
    every_plan,
    model_allows,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
    with_facts,
)


class TestGroupSize:
    """Two to three seats, one of them a member's; one registration is for two."""

    rule = GroupSize()
    facts = problem(
        series=(series("a", size_min=2, size_max=3, members=("m",)),),
        rooms=(room("r"), room("s", "y")),
        registrations=(
            registration("n", "a"),
            registration("o", "a"),
            registration("two", "a", seats=2),
        ),
    )
    (a,) = facts.series
    held = (placed(a, NINE, "r"),)

    def test_allows_from_the_least_to_the_most(self) -> None:
        for seats in (["n"], ["n", "o"], ["two"]):
            legal = plan([placed(self.a, NINE, "r")], [(item, "a") for item in seats])
            assert model_allows(self.facts, [self.rule], legal), seats

    def test_forbids_one_fewer_and_one_more(self) -> None:
        for seats, fact in (([], ("size_min", 2)), (["n", "two"], ("size_max", 3))):
            breach = plan([placed(self.a, NINE, "r")], [(item, "a") for item in seats])
            assert not model_allows(self.facts, [self.rule], breach)
            (found,) = self.rule.violations(self.facts, breach)
            assert fact in found.facts

    def test_encoder_and_judge_agree(self) -> None:
        # Of the eight sets of seats: none is too few, and two with n or o too many.
        assert check_judges_agree(self.facts, self.rule, (NINE, TEN)) == (17, 16)
        for seated in ((), {"n"}, {"two"}):
            check_agree_beside(self.facts, self.rule, {"a"}, seated, (NINE,))

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, self.rule, CONSTRAINTS)

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_a_running_group_that_became_small_goes_on(self) -> None:
        facts = with_facts(
            self.facts,
            series=(
                series("a", size_min=2, size_max=3, members=("m",), meetings_held=1),
            ),
        )
        alone = plan([placed(self.a, NINE, "r")])
        assert model_allows(facts, [self.rule], alone)
        assert check_judges_agree(facts, self.rule, (NINE, TEN)) == (21, 12)
        check_agree_beside(facts, self.rule, {"a"}, {"n"}, (NINE,))

    def test_a_fixed_series_is_filled_to_its_least(self) -> None:
        context = Context(self.facts, [placed(self.a, NINE, "r")])
        for seats, expected in (
            ([], SolveStatus.INFEASIBLE),
            (["n"], SolveStatus.OPTIMAL),
        ):
            model = PlanningModel(self.facts, [self.rule], context=context)
            model.fix(plan(self.held, [(item, "a") for item in seats]))
            assert model.solve(seconds=10).status is expected

    def test_a_self_paced_series_has_a_size_too(self) -> None:
        item = series(
            "a", format=Format.SELF_PACED, length=0, date_patterns=(), size_max=2
        )
        facts = with_facts(self.facts, series=(item,), rooms=())
        assert check_judges_agree(facts, self.rule, ()) == (6, 3)
        assert check_agree_beside(facts, self.rule, {"a"}, (), ()) == (6, 3)

    def test_more_members_than_seats_cannot_meet(self) -> None:
        facts = problem(
            series=(series("a", size_max=1, members=("m", "l")),), rooms=(room("r"),)
        )
        assert check_judges_agree(facts, self.rule, (NINE,)) == (1, 1)


class TestClosedGroup:
    """a closed after its second meeting, b does so after its third."""

    rule = ClosedGroup()
    facts = problem(
        series=(
            series("a", meetings_held=2, closed_after=2),
            series("b", meetings_held=2, closed_after=3),
        ),
        rooms=(room("r"),),
        registrations=(registration("n", "a", "b"), registration("m", "a")),
        published=Published(
            allocations=(Allocation("m", "a"),), freed_series=frozenset({"a"})
        ),
    )
    a, b = facts.series

    def test_allows_to_enter_before_it_closes(self) -> None:
        legal = plan([placed(self.b, NINE, "r")], [("n", "b")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_has_no_seat_once_it_is_closed(self) -> None:
        breach = plan([placed(self.a, NINE, "r")], [("n", "a")])
        assert not model_allows(self.facts, [self.rule], breach)
        seats = PlanningModel(self.facts, [self.rule]).variables.seats_of("n")
        assert {seat.series_id for seat in seats} == {"b"}
        (found,) = self.rule.violations(self.facts, breach)
        assert found.facts == (("meetings_held", 2), ("closed_after", 2))

    def test_who_had_a_seat_is_not_new(self) -> None:
        legal = plan([placed(self.a, NINE, "r")], [("m", "a")])
        assert model_allows(self.facts, [self.rule], legal)
        assert not list(self.rule.violations(self.facts, legal))

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, self.rule, (NINE,)) == (9, 4)
        assert check_agree_beside(self.facts, self.rule, {"a"}, (), (NINE,)) == (9, 4)

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, self.rule, CONSTRAINTS)

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))


class TestSeriesOrder:
    """a ends on day 1 or day 8; b begins on day 1 or day 7."""

    rule = SeriesOrder()
    facts = problem(
        series=(
            series(
                "a",
                length=5,
                start_step=1,
                format=Format.ONLINE,
                date_patterns=(DatePattern((0, 1)), DatePattern((0, 8))),
            ),
            series(
                "b",
                start_step=1,
                format=Format.ONLINE,
                date_patterns=(DatePattern((1,)), DatePattern((7, 9))),
            ),
        ),
        series_order=(("a", "b"),),
    )
    a, b = facts.series
    quarters = (NINE, NINE + 5, ELEVEN)

    def test_allows_to_start_as_soon_as_the_other_has_ended(self) -> None:
        legal = plan([placed(self.a, NINE), placed(self.b, NINE + 5)])
        assert model_allows(self.facts, [self.rule], legal)
        assert not list(self.rule.violations(self.facts, legal))

    def test_forbids_to_start_a_quarter_earlier(self) -> None:
        breach = plan([placed(self.a, NINE), placed(self.b, NINE + 4)])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert found.about == (("series", "a"), ("series", "b"))
        assert found.slot == 96 + NINE + 4

    def test_encoder_and_judge_agree(self) -> None:
        # On day 1 only nine is before another; day 8 is after both days 1 and 7.
        expected = (1 + 6 + 6 + 2 + 9, 7 + 9 + 9)
        assert check_judges_agree(self.facts, self.rule, self.quarters) == expected
        for fixed in ({"a"}, {"b"}):
            counts = check_agree_beside(self.facts, self.rule, fixed, (), self.quarters)
            assert counts == expected

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, self.rule, CONSTRAINTS, self.quarters)

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, self.quarters))

    def test_a_self_paced_series_has_no_last_meeting(self) -> None:
        item = series("a", format=Format.SELF_PACED, length=0, date_patterns=())
        facts = with_facts(self.facts, series=(item, self.b))
        for one in every_plan(facts, (NINE,), (0,)):
            assert model_allows(facts, [self.rule], one)
            assert not list(self.rule.violations(facts, one))
