"""Rules about when rooms can be used, each alone on its own tiny problem."""

from __future__ import annotations

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.rooms import RoomBooking, RoomConflict, RoomOpen
from scheduling.solver.context import Context
from scheduling.solver.horizon import (
    ALWAYS,
    SLOTS_PER_DAY,
    Availability,
    Span,
    WeeklyWindow,
)
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Meeting, Placement, SolveStatus
from scheduling.solver.problem import DatePattern, PlanningProblem
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    ELEVEN,
    HOUR,
    NINE,
    TEN,
    TWO,
    check_judges_agree,
    check_necessary,
    every_plan,
    model_allows,
    placed,
    plan,
    problem,
    room,
    series,
)

WEEKLY = DatePattern((0, 7))
SECOND_MONDAY = 7 * SLOTS_PER_DAY


class TestRoomConflict:
    facts = problem(
        series=(series("a"), series("b")), rooms=(room("r", changeover=1), room("s"))
    )
    rule = RoomConflict()

    def test_allows_two_meetings_with_the_changeover_between(self) -> None:
        one, other = self.facts.series
        legal = plan([placed(one, NINE, "r"), placed(other, NINE + 8, "r")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_meeting_inside_the_changeover(self) -> None:
        one, other = self.facts.series
        breach = plan([placed(one, NINE, "r"), placed(other, TEN, "r")])
        assert not model_allows(self.facts, [self.rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        allowed, refused = check_judges_agree(self.facts, self.rule, (NINE, TEN, 44))
        assert (allowed, refused) == (39, 10)

    def test_agrees_beside_a_fixed_series(self) -> None:
        counts = check_agree_beside(
            self.facts, self.rule, {"a"}, quarters=(NINE, TEN, ELEVEN)
        )
        assert counts == (39, 10)

    def test_only_shared_dates_clash(self) -> None:
        facts = problem(
            series=(
                series("a", date_patterns=(WEEKLY,)),
                series("b", date_patterns=(DatePattern((7,)), DatePattern((1, 8)))),
            ),
            rooms=(room("r"),),
        )
        assert check_judges_agree(facts, self.rule) == (13, 2)

    def test_the_changeover_is_kept_whoever_comes_first(self) -> None:
        facts = problem(
            series=(series("a", length=2, start_step=1), series("b", start_step=1)),
            rooms=(room("r", changeover=2),),
        )
        quarters = (NINE, NINE + 3, NINE + 4, NINE + 6)
        assert check_judges_agree(facts, self.rule, quarters) == (9 + 3, 13)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts))

    def test_is_necessary(self) -> None:
        found = check_necessary(self.facts, self.rule, CONSTRAINTS)
        assert len(found.placements) == 2


class TestRoomOpen:
    """Open on Monday from nine to eleven; the second Monday closed from ten."""

    opening = Availability(
        weekly=(WeeklyWindow(0, NINE, ELEVEN),),
        extra=(Span(TWO, TWO + HOUR),),
        blocked=(Span(SECOND_MONDAY + TEN, SECOND_MONDAY + TEN + 1),),
    )
    facts = problem(
        series=(series("a", date_patterns=(DatePattern((0,)), WEEKLY)),),
        rooms=(room("r", opening=opening), room("s")),
    )
    rule = RoomOpen()

    def test_allows_a_meeting_that_ends_at_closing_time(self) -> None:
        (one,) = self.facts.series
        legal = plan([placed(one, TEN, "r")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_series_with_one_date_on_which_it_is_closed(self) -> None:
        (one,) = self.facts.series
        breach = plan([placed(one, TEN, "r", pattern=1)])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert found.slot == SECOND_MONDAY + TEN

    def test_encoder_and_judge_agree(self) -> None:
        # In r: at nine on either pattern, at ten and two on the first date alone.
        quarters = (NINE - HOUR, NINE, TEN, ELEVEN, TWO)
        assert check_judges_agree(self.facts, self.rule, quarters) == (1 + 10 + 4, 6)

    def test_never_past_midnight(self) -> None:
        facts = problem(series=(series("a", start_step=1),), rooms=(room("r"),))
        assert check_judges_agree(facts, self.rule, (92, 93)) == (2, 1)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts))

    def test_is_necessary(self) -> None:
        found = check_necessary(self.facts, self.rule, CONSTRAINTS, (TEN,))
        assert found.placements[0].meetings[0].room_id == "r"


class TestRoomBooking:
    """Somebody else is in the room from ten to eleven; a quarter to change over."""

    facts = problem(
        series=(series("a", start_step=1, date_patterns=(DatePattern((0,)), WEEKLY)),),
        rooms=(
            room(
                "r",
                changeover=1,
                booked=(Span(SECOND_MONDAY + TEN, SECOND_MONDAY + ELEVEN),),
            ),
        ),
    )
    rule = RoomBooking()

    def test_allows_a_meeting_beside_the_changeover(self) -> None:
        (one,) = self.facts.series
        for quarter in (TEN - 1 - HOUR, ELEVEN + 1):
            legal = plan([placed(one, quarter, "r", pattern=1)])
            assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_meeting_inside_the_changeover(self) -> None:
        (one,) = self.facts.series
        for quarter in (TEN - HOUR, ELEVEN):
            breach = plan([placed(one, quarter, "r", pattern=1)])
            assert not model_allows(self.facts, [self.rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        quarters = (NINE - 1, NINE, TEN, ELEVEN, ELEVEN + 1)
        assert check_judges_agree(self.facts, self.rule, quarters) == (1 + 5 + 2, 3)

    def test_a_booking_over_several_days_and_past_midnight(self) -> None:
        facts = problem(
            series=(series("a", date_patterns=(DatePattern((0,)), DatePattern((1,)))),),
            rooms=(room("r", changeover=4, booked=(Span(TWO, SLOTS_PER_DAY),)),),
        )
        # Monday: until an hour before two. Tuesday: not in the hour after midnight.
        quarters = (0, 4, TEN + 8, TWO)
        assert check_judges_agree(facts, self.rule, quarters) == (1 + 3 + 3, 2)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts))

    def test_is_necessary(self) -> None:
        found = check_necessary(self.facts, self.rule, CONSTRAINTS, (TEN,))
        assert len(found.placements[0].meetings) == 2


def hand_written() -> tuple[PlanningProblem, Placement]:
    """A placement no model makes: another room each time, on dates beyond the plan."""
    closed = Availability(weekly=ALWAYS.weekly, blocked=(Span(0, SLOTS_PER_DAY),))
    facts = problem(
        series=(series("a"),),
        rooms=(room("r", opening=closed), room("s", booked=(Span(9000, 9001),))),
    )
    return facts, Placement("a", (Meeting(NINE, "r"), Meeting(8998, "s")))


def test_judges_read_plans_that_no_model_makes() -> None:
    facts, placement = hand_written()
    one = plan([placement])
    assert [item.slot for item in RoomOpen().violations(facts, one)] == [NINE]
    assert [item.slot for item in RoomBooking().violations(facts, one)] == [8998]
    twice = plan([Placement("a", (Meeting(NINE, "r"), Meeting(NINE + 1, "r")))])
    assert len(list(RoomConflict().violations(facts, twice))) == 1


def test_a_room_that_is_never_free_beside_what_is_fixed_closes_the_series() -> None:
    facts = problem(series=(series("a"), series("b")), rooms=(room("r"),))
    one, other = facts.series
    model = PlanningModel(
        facts, [RoomConflict()], context=Context(facts, [placed(one, TEN, "r")])
    )
    model.fix(plan([placed(other, TEN, "r")]))
    assert model.solve(seconds=5).status is SolveStatus.INFEASIBLE
