"""Rules about which room suits a group, each alone on its own tiny problem."""

from __future__ import annotations

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.room_fit import (
    RoomCapacity,
    RoomFeatures,
    RoomPlace,
)
from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Meeting, Placement, SolveStatus
from scheduling.solver.problem import Format, Person
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    NINE,
    TWO,
    check_judges_agree,
    check_necessary,
    every_plan,
    facilitator,
    model_allows,
    need,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)

STEP_FREE = frozenset({"step-free"})


class TestRoomCapacity:
    """A member, a guest, two who may sit (one brings somebody), two who may lead."""

    facts = problem(
        series=(series("a", members=("m",), guests=1),),
        registrations=(registration("r", "a"), registration("s", "a", seats=2)),
        rooms=(room("small", capacity=4), room("far", "y", capacity=5)),
        facilitators=(facilitator("f"), facilitator("g")),
    )
    rule = RoomCapacity()

    def test_allows_a_room_with_just_enough_chairs(self) -> None:
        (one,) = self.facts.series
        legal = plan([placed(one, NINE, "small", "f")], [("r", "a")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_room_with_a_chair_too_few(self) -> None:
        (one,) = self.facts.series
        breach = plan([placed(one, NINE, "small", "f", "g")], [("r", "a")])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert found.facts == (("chairs", 5), ("capacity", 4))

    def test_encoder_and_judge_agree(self) -> None:
        # By number of leaders: small has 2 chairs left for seats, far has 3.
        small, far = 3 + 2 * 2 + 1, 4 + 2 * 3 + 2
        counts = check_judges_agree(self.facts, self.rule, (NINE,))
        assert counts == (1 + small + far, 32 - small - far)

    def test_agrees_where_somebody_joins_what_is_fixed(self) -> None:
        counts = check_agree_beside(
            self.facts, self.rule, {"a"}, {"r"}, quarters=(NINE,)
        )
        assert min(counts) > 0

    def test_a_group_in_two_day_parts_fills_the_room_it_is_in(self) -> None:
        facts = problem(
            series=(series("a"),),
            registrations=(registration("r", "a"), registration("s", "a")),
            rooms=(room("one", capacity=1), room("other", "y", capacity=2)),
        )
        # Both sit in the small room: at nine and at two.
        assert check_judges_agree(facts, self.rule, (NINE, TWO)) == (15, 2)

    def test_who_joins_from_home_needs_no_chair(self) -> None:
        home = Person("h", formats=frozenset({Format.ONLINE}))
        facts = problem(
            series=(series("a", format=Format.HYBRID, members=("h",)),),
            registrations=(registration("r", "a", person_id="h2"),),
            persons=(home, Person("h2", formats=home.formats)),
            rooms=(room("r", capacity=1),),
            facilitators=(facilitator("f"), facilitator("g")),
        )
        # Not placed; no leader, or one of two, each with or without the seat.
        assert check_judges_agree(facts, self.rule, (NINE,)) == (7, 2)

    def test_nobody_joins_a_room_that_is_already_too_small(self) -> None:
        (one,) = self.facts.series
        fixed = placed(one, NINE, "small", "f", "g")
        context = Context(self.facts, [fixed])
        for seats, status in (
            ([], SolveStatus.OPTIMAL),
            ([("r", "a")], SolveStatus.INFEASIBLE),
        ):
            model = PlanningModel(self.facts, [self.rule], context=context)
            model.fix(plan([fixed], seats))
            assert model.solve(seconds=5).status is status

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_is_necessary(self) -> None:
        facts = problem(
            series=(series("a", staff=(need(),)),),
            registrations=(registration("r", "a"),),
            rooms=(room("small", capacity=1),),
            facilitators=(facilitator("f"),),
        )
        found = check_necessary(facts, self.rule, CONSTRAINTS, (NINE,))
        assert found.allocations


class TestRoomFeatures:
    """A group that needs a sink; a member and one who may sit need no steps."""

    sink = frozenset({"sink"})
    facts = problem(
        series=(
            series("a", room_features=sink),
            series("b", members=("m",)),
        ),
        persons=(Person("m", needs=STEP_FREE), Person("p-r", needs=STEP_FREE)),
        registrations=(registration("r", "a", "b"), registration("s", "a")),
        rooms=(
            room("bare", capacity=9),
            room("sink", features=sink),
            room("both", features=sink | STEP_FREE),
        ),
    )
    rule = RoomFeatures()

    def test_allows_a_room_with_all_that_is_needed(self) -> None:
        one, other = self.facts.series
        legal = plan(
            [placed(one, NINE, "both"), placed(other, TWO, "both")], [("r", "a")]
        )
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_seat_where_the_person_cannot_come_in(self) -> None:
        one, _ = self.facts.series
        fine = plan([placed(one, NINE, "sink")], [("s", "a")])
        breach = plan([placed(one, NINE, "sink")], [("r", "a")])
        assert model_allows(self.facts, [self.rule], fine)
        assert not model_allows(self.facts, [self.rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, self.rule, (NINE,))
        # a: out, sink or both (r only in both); b: out or both.
        assert counts == (1 + 4 + 2 + 2 + 6 + 4, 54)

    def test_agrees_where_somebody_joins_what_is_fixed(self) -> None:
        counts = check_agree_beside(self.facts, self.rule, {"a"}, quarters=(NINE,))
        assert min(counts) > 0

    def test_who_joins_from_home_needs_no_lift(self) -> None:
        home = Person("p-r", formats=frozenset({Format.ONLINE}), needs=STEP_FREE)
        facts = problem(
            series=(
                series("a", format=Format.HYBRID),
                series("b", format=Format.IN_PERSON),
            ),
            persons=(home,),
            registrations=(registration("r", "a", "b"),),
            rooms=(room("bare"),),
        )
        # Nobody can sit in b; a takes r, whether b is held or not.
        assert check_judges_agree(facts, self.rule, (NINE,)) == (6, 2)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_is_necessary(self) -> None:
        found = check_necessary(self.facts, self.rule, CONSTRAINTS, (NINE, TWO), (0,))
        assert found.placements


class TestRoomPlace:
    facts = problem(
        series=(series("a", place_ids=frozenset({"x"})),),
        rooms=(room("here", "x"), room("there", "y")),
    )
    rule = RoomPlace()

    def test_allows_a_room_at_the_place(self) -> None:
        (one,) = self.facts.series
        assert model_allows(self.facts, [self.rule], plan([placed(one, NINE, "here")]))

    def test_forbids_a_room_elsewhere(self) -> None:
        (one,) = self.facts.series
        breach = plan([placed(one, NINE, "there")])
        assert not model_allows(self.facts, [self.rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, self.rule, (NINE,)) == (2, 1)

    def test_an_online_series_has_no_place(self) -> None:
        online = series("a", place_ids=frozenset({"x"}), format=Format.ONLINE)
        one = plan([placed(online, NINE)])
        assert model_allows(problem(series=(online,)), [self.rule], one)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_is_necessary(self) -> None:
        found = check_necessary(self.facts, self.rule, CONSTRAINTS, (NINE,))
        assert found.placements[0].meetings[0].room_id == "there"


def test_judges_look_into_every_room_of_a_hand_written_plan() -> None:
    """No variable gives a series two rooms: only the judges can see such a plan."""
    facts = problem(
        series=(
            series(
                "a",
                members=("m",),
                room_features=STEP_FREE,
                place_ids=frozenset({"x"}),
            ),
        ),
        rooms=(room("r", features=STEP_FREE), room("s", "y", capacity=0)),
    )
    bad = plan([Placement("a", (Meeting(NINE, "r"), Meeting(9000, "s", ("f",))))])
    for rule in (RoomCapacity(), RoomFeatures(), RoomPlace()):
        (found,) = rule.violations(facts, bad)
        assert found.slot == 9000
        assert ("room", "s") in found.about
