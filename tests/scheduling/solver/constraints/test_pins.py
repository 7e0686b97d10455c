"""What was decided before: pins, and what people were told."""

from __future__ import annotations

from typing import Any

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.pins import PinnedPlacement, PublishedPlacement
from scheduling.solver.context import Context
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Allocation, Meeting, Placement, SolveStatus
from scheduling.solver.problem import (
    DatePattern,
    Format,
    Pin,
    PlanningProblem,
    Published,
    SeatPin,
)
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    NINE,
    TEN,
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
    with_facts,
)

TWO_DAYS = (DatePattern((0, 7)), DatePattern((1, 8)))


class TestPinnedPlacement:
    """a is pinned in every way, b must not open, n sits in a and m nowhere."""

    rule = PinnedPlacement()
    facts = problem(
        series=(series("a", date_patterns=TWO_DAYS), series("b")),
        rooms=(room("r"), room("s")),
        facilitators=(facilitator("f"), facilitator("g")),
        registrations=(registration("n", "a"), registration("m", "a")),
        pins=(
            Pin("one", "a", 96 + NINE, "r", frozenset({"f"})),
            Pin("two", "b", closed=True),
        ),
        seat_pins=(SeatPin("three", "n", "a"), SeatPin("four", "m", None)),
    )
    a, b = facts.series
    legal = plan([placed(a, NINE, "r", "f", pattern=1)], [("n", "a")])

    def test_allows_what_is_pinned(self) -> None:
        assert model_allows(self.facts, [self.rule], self.legal)
        assert not list(self.rule.violations(self.facts, self.legal))

    @pytest.mark.parametrize(
        ("pin", "name", "held", "seats"),
        [
            ("one", "first_slot", [placed(a, NINE, "r", "f")], ["n"]),
            ("one", "first_slot", [placed(a, TEN, "r", "f", pattern=1)], ["n"]),
            ("one", "room", [placed(a, NINE, "s", "f", pattern=1)], ["n"]),
            ("one", "leaders", [placed(a, NINE, "r", "f", "g", pattern=1)], ["n"]),
            ("one", "leaders", [placed(a, NINE, "r", "g", pattern=1)], ["n"]),
            ("one", "leaders", [placed(a, NINE, "r", pattern=1)], ["n"]),
            ("two", "closed", [*legal.placements, placed(b, NINE, "s")], ["n"]),
            ("three", None, legal.placements, []),
            ("four", None, legal.placements, ["n", "m"]),
        ],
    )
    def test_forbids_anything_else(
        self, pin: str, name: str | None, held: Any, seats: list[str]
    ) -> None:
        breach = plan(held, [(item, "a") for item in seats])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert ("pin", pin) in found.about
        assert name is None or found.facts[0][0] == name

    def test_a_pinned_series_is_held(self) -> None:
        assert not model_allows(self.facts, [self.rule], plan())
        found = list(self.rule.violations(self.facts, plan()))
        assert [item.about[0][1] for item in found] == ["one", "three"]

    def test_encoder_and_judge_agree(self) -> None:
        small = with_facts(self.facts, series=(self.a, self.b), rooms=(room("r"),))
        counts = check_judges_agree(small, self.rule, leader_counts=(0, 1))
        assert counts == (1, 342)
        free = with_facts(
            small,
            pins=(Pin("one", "a", facilitator_ids=frozenset()), Pin("two", "b")),
            seat_pins=(SeatPin("three", "n", None),),
        )
        assert check_judges_agree(free, self.rule, (NINE,), (0, 1)) == (12, 88)

    def test_agrees_beside_what_is_fixed(self) -> None:
        small = with_facts(self.facts, rooms=(room("r"),))
        for fixed, seated in (({"a"}, ()), ({"a"}, {"n"}), ({"b"}, ())):
            check_agree_beside(small, self.rule, fixed, seated, (NINE,), (0, 1))

    def test_is_necessary(self) -> None:
        facts = with_facts(
            self.facts,
            series=(series("a", staff=(need(),)),),
            pins=(Pin("one", "a"),),
            seat_pins=(),
        )
        check_necessary(facts, self.rule, CONSTRAINTS)

    def test_judges_the_series_asked_for(self) -> None:
        small = with_facts(self.facts, rooms=(room("r"),))
        check_touching(small, self.rule, every_plan(small, (NINE,), (1,)))

    def test_contradictory_pins_leave_no_plan(self) -> None:
        facts = with_facts(
            self.facts,
            pins=(Pin("one", "a", room_id="r"), Pin("five", "a", room_id="s")),
            seat_pins=(),
        )
        model = PlanningModel(facts, [self.rule])
        assert model.solve(seconds=10).status is SolveStatus.INFEASIBLE
        for one in every_plan(facts, (NINE,), (0,)):
            named = {item.about[0][1] for item in self.rule.violations(facts, one)}
            assert named & {"one", "five"}

    @pytest.mark.parametrize(
        ("way", "pin"),
        [
            (Format.SELF_PACED, Pin("one", "a", first_slot=NINE)),
            (Format.ONLINE, Pin("one", "a", room_id="r")),
        ],
    )
    def test_a_pin_that_cannot_be_kept_leaves_no_plan(
        self, way: Format, pin: Pin
    ) -> None:
        facts = problem(
            series=(series("a", format=way),), rooms=(room("r"),), pins=(pin,)
        )
        for one in every_plan(facts, (NINE,), (0,)):
            assert not model_allows(facts, [self.rule], one)
            assert list(self.rule.violations(facts, one))

    def test_leaders_that_change_are_not_the_pinned_ones(self) -> None:
        held = Placement(
            "a", (Meeting(96 + NINE, "r", ("f",)), Meeting(8 * 96 + NINE, "r", ()))
        )
        found = list(self.rule.violations(self.facts, plan([held], [("n", "a")])))
        assert [item.facts for item in found] == [(("leaders", 1),)]


class TestPublishedPlacement:
    """a with n in it was published; b was as well, and is freed."""

    rule = PublishedPlacement()
    bare = problem(
        series=(series("a", date_patterns=TWO_DAYS), series("b")),
        rooms=(room("r"), room("s")),
        facilitators=(facilitator("f"), facilitator("g")),
        registrations=(registration("n", "a", "b"), registration("m", "a", "b")),
    )
    a, b = bare.series
    told = placed(a, NINE, "r", "f")

    def published(self, **freed: frozenset[str]) -> PlanningProblem:
        placements = (self.told, placed(self.b, TEN, "s", "g"))
        allocations = (Allocation("n", "a"), Allocation("m", "b"))
        freed.setdefault("freed_series", frozenset({"b"}))
        return with_facts(
            self.bare, published=Published(placements, allocations, **freed)
        )

    def test_allows_what_was_freed_to_change(self) -> None:
        facts = self.published()
        for held, seats in (
            ([self.told], [("n", "a")]),
            ([self.told], [("n", "a"), ("m", "a")]),
            ([self.told, placed(self.b, NINE, "s")], [("n", "a"), ("m", "b")]),
        ):
            assert model_allows(facts, [self.rule], plan(held, seats))
            assert not list(self.rule.violations(facts, plan(held, seats)))

    @pytest.mark.parametrize(
        "held",
        [
            [],
            [placed(a, TEN, "r", "f")],
            [placed(a, NINE, "s", "f")],
            [placed(a, NINE, "r", "g")],
            [placed(a, NINE, "r", "f", "g")],
            [placed(a, NINE, "r", "f", pattern=1)],
        ],
    )
    def test_forbids_another_placement(self, held: Any) -> None:
        facts = self.published(freed_registrations=frozenset({"n"}))
        assert not model_allows(facts, [self.rule], plan(held))
        (found,) = self.rule.violations(facts, plan(held))
        assert found.about == (("series", "a"),)

    def test_forbids_another_seat(self) -> None:
        facts = self.published()
        held = [self.told, placed(self.b, TEN, "s")]
        for seats in ([], [("n", "b")]):
            assert not model_allows(facts, [self.rule], plan(held, seats))
            (found,) = self.rule.violations(facts, plan(held, seats))
            assert found.about[0] == ("registration", "n")

    def test_has_no_variable_beside_what_is_fixed(self) -> None:
        """In a repair what is kept is the context: the model cannot say otherwise."""
        facts = self.published()
        context = Context(facts, [self.told], [Allocation("n", "a")])
        variables = PlanningModel(facts, [self.rule], context=context).variables
        assert [item.id for item in variables.series] == ["b"]
        assert not variables.seats_of("n")
        assert variables.seats_of("m")

    def test_encoder_and_judge_agree(self) -> None:
        facts = with_facts(self.published(), rooms=(room("r"),))
        counts = check_judges_agree(facts, self.rule, (NINE,), (0, 1))
        assert counts == (11, 188)
        freed = with_facts(
            self.published(freed_registrations=frozenset({"n"})), rooms=(room("r"),)
        )
        assert check_judges_agree(freed, self.rule, (NINE,), (0, 1)) == (31, 168)
        for fixed, seated in (({"a"}, ()), ({"b"}, ()), ({"b"}, {"m"})):
            check_agree_beside(facts, self.rule, fixed, seated, (NINE,), (0, 1))

    def test_is_necessary(self) -> None:
        told = Published((placed(self.a, NINE, "r"),))
        facts = with_facts(self.bare, published=told)
        check_necessary(facts, self.rule, CONSTRAINTS, leader_counts=(0,))
        assert not model_allows(facts, [self.rule], plan())

    def test_judges_the_series_asked_for(self) -> None:
        facts = with_facts(self.published(), rooms=(room("r"),))
        check_touching(facts, self.rule, every_plan(facts, (NINE,), (1,)))

    def test_the_order_of_meetings_and_leaders_means_nothing(self) -> None:
        told = placed(self.a, NINE, "r", "f", "g")
        turned = Placement(
            "a",
            tuple(
                Meeting(item.slot, item.room_id, item.facilitator_ids[::-1])
                for item in reversed(told.meetings)
            ),
        )
        facts = with_facts(self.bare, published=Published((told,)))
        assert not list(self.rule.violations(facts, plan([turned])))
        assert list(self.rule.violations(facts, plan([self.told])))

    def test_a_published_self_paced_series_keeps_its_coach(self) -> None:
        item = series("a", format=Format.SELF_PACED, length=0, date_patterns=())
        facts = with_facts(
            self.bare,
            series=(item,),
            registrations=(),
            published=Published((placed(item, 0, None, "f"),)),
        )
        assert check_judges_agree(facts, self.rule, ()) == (1, 4)
