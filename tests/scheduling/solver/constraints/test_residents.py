"""Whether a resident can take part: travel, suitability and what comes before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.residents import (
    Prerequisite,
    ResidentSuitability,
    ResidentTravel,
)
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import DatePattern, Format, Person
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
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
)


class TestResidentTravel:
    """Home is x; y is half an hour away, which is as far as one goes, or too far."""

    rule = ResidentTravel()
    facts = problem(
        series=(series("a"), series("b", members=("p-r",))),
        rooms=(room("near", "x"), room("far", "y")),
        persons=(
            Person("p-r", home_place_id="x", travel_limit_minutes=30),
            Person("p-s", home_place_id="x", travel_limit_minutes=29),
        ),
        registrations=(registration("r", "a"), registration("s", "a")),
    )
    a, b = facts.series

    def test_allows_the_longest_journey_one_can_make(self) -> None:
        legal = plan([placed(self.a, NINE, "far")], [("r", "a")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_minute_more(self) -> None:
        breach = plan([placed(self.a, NINE, "far")], [("s", "a")])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert found.about == (("person", "p-s"), ("series", "a"))
        assert found.facts == (("minutes", 30), ("limit", 29))

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, self.rule, (NINE,)) == (21, 6)
        for fixed in ({"a"}, {"b"}, {"a", "b"}):
            counts = check_agree_beside(self.facts, self.rule, fixed, (), (NINE,))
            assert counts == (21, 6)

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, self.rule, CONSTRAINTS)

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_the_journey_there_counts_not_the_one_back(self) -> None:
        downhill = replace(self.facts, travel_minutes=((0, 30), (0, 0)))
        assert check_judges_agree(downhill, self.rule, (NINE,)) == (21, 6)

    def test_a_group_does_not_move_out_of_a_members_reach(self) -> None:
        facts = problem(
            series=(series("a", members=("p",)),),
            rooms=self.facts.rooms,
            persons=(Person("p", home_place_id="x", travel_limit_minutes=29),),
        )
        assert check_judges_agree(facts, self.rule, (NINE,)) == (2, 1)

    @pytest.mark.parametrize(
        ("way", "formats", "counts"),
        [
            (Format.HYBRID, {Format.IN_PERSON}, (4, 1)),
            (Format.HYBRID, {Format.ONLINE}, (5, 0)),
            (Format.ONLINE, set(), (3, 0)),
            (Format.SELF_PACED, set(), (3, 0)),
        ],
    )
    def test_who_stays_at_home_does_not_travel(
        self, way: Format, formats: set[Format], counts: tuple[int, int]
    ) -> None:
        facts = problem(
            series=(series("a", format=way),),
            rooms=self.facts.rooms,
            persons=(
                Person(
                    "p-r",
                    home_place_id="x",
                    travel_limit_minutes=10,
                    formats=frozenset(formats),
                ),
            ),
            registrations=(registration("r", "a"),),
        )
        found = {True: 0, False: 0}
        for one in every_plan(facts, (NINE,)):
            allowed = model_allows(facts, [self.rule], one)
            assert allowed == (not list(self.rule.violations(facts, one)))
            found[allowed] += 1
        assert (found[True], found[False]) == counts

    def test_a_plan_by_hand_that_moves_halfway_is_named(self) -> None:
        moved = Placement("a", (Meeting(NINE, "near"), Meeting(96 + NINE, "far")))
        (found,) = self.rule.violations(self.facts, plan([moved], [("s", "a")]))
        assert found.slot == 96 + NINE


SUITS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    # What is wrong, the person, the registration, the series; each just beside right.
    ("level", {}, {"levels": frozenset({1, 2})}, {"level": 3}),
    ("age_min", {"age": 17}, {}, {"age_min": 18}),
    ("age_max", {"age": 66}, {}, {"age_max": 65}),
    ("language", {"languages": frozenset({"nl"})}, {}, {"language": "ar"}),
    ("format", {"formats": frozenset({Format.HYBRID})}, {}, {"format": Format.ONLINE}),
    ("format", {"formats": frozenset({Format.SELF_PACED})}, {}, {"format": "hybrid"}),
    (
        "accommodations_missing",
        {"accommodations": frozenset({"u", "v"})},
        {},
        {"accommodations": frozenset({"u", "w"})},
    ),
]
FITS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({}, {"levels": frozenset({3})}, {"level": 3}),
    ({"age": 18}, {}, {"age_min": 18, "age_max": 18}),
    ({}, {}, {"age_min": 18, "age_max": 18}),
    ({"languages": frozenset({"nl", "ar"})}, {}, {"language": "ar"}),
    ({"languages": frozenset({"nl"})}, {}, {}),
    ({}, {}, {"language": "ar"}),
    ({"formats": frozenset({Format.ONLINE})}, {}, {"format": Format.HYBRID}),
    ({"formats": frozenset({Format.IN_PERSON})}, {}, {"format": Format.HYBRID}),
    ({}, {}, {"format": Format.SELF_PACED}),
    ({"accommodations": frozenset({"u"})}, {}, {"accommodations": frozenset("uv")}),
]


def one_seat(person: Any, asks: Any, offers: Any) -> Any:
    offers = {**offers, "format": Format(offers.get("format", "in_person"))}
    return problem(
        series=(series("a", **offers), series("b")),
        rooms=(room("r"),),
        persons=(Person("p-n", **person),),
        registrations=(registration("n", "a", **asks),),
    )


class TestResidentSuitability:
    rule = ResidentSuitability()

    @pytest.mark.parametrize(("person", "asks", "offers"), FITS)
    def test_allows_what_suits(self, person: Any, asks: Any, offers: Any) -> None:
        facts = one_seat(person, asks, offers)
        where = "r" if facts.series[0].needs_room else None
        legal = plan([placed(facts.series[0], NINE, where)], [("n", "a")])
        assert model_allows(facts, [self.rule], legal)
        assert not list(self.rule.violations(facts, legal))

    @pytest.mark.parametrize(("wrong", "person", "asks", "offers"), SUITS)
    def test_has_no_seat_for_what_does_not(
        self, wrong: str, person: Any, asks: Any, offers: Any
    ) -> None:
        facts = one_seat(person, asks, offers)
        where = "r" if facts.series[0].needs_room else None
        breach = plan([placed(facts.series[0], NINE, where)], [("n", "a")])
        assert not model_allows(facts, [self.rule], breach)
        assert not PlanningModel(facts, [self.rule]).variables.seats_of("n")
        (found,) = self.rule.violations(facts, breach)
        assert found.about == (("registration", "n"), ("series", "a"))
        assert [name for name, _ in found.facts] == [wrong]

    def test_encoder_and_judge_agree(self) -> None:
        facts = problem(
            series=(series("a", level=2, language="nl"), series("b", age_min=18)),
            rooms=(room("r"),),
            persons=(
                Person("p-n", languages=frozenset({"ar"}), age=18),
                Person("p-m", age=17),
            ),
            registrations=(
                registration("n", "a", "b", levels=frozenset({1, 2})),
                registration("m", "a", "b", levels=frozenset({2})),
            ),
        )
        assert check_judges_agree(facts, self.rule, (NINE,)) == (9, 9)
        assert check_agree_beside(facts, self.rule, {"a", "b"}, (), (NINE,)) == (9, 9)
        check_touching(facts, self.rule, every_plan(facts, (NINE,)))

    def test_is_necessary(self) -> None:
        facts = one_seat({"age": 17}, {}, {"age_min": 18})
        check_necessary(facts, self.rule, CONSTRAINTS)

    def test_a_seat_that_was_not_asked_for_is_a_breach(self) -> None:
        facts = one_seat({}, {}, {})
        seats = PlanningModel(facts, [self.rule]).variables.seats_of("n")
        assert {seat.series_id for seat in seats} == {"a"}
        breach = plan([placed(facts.series[1], NINE, "r")], [("n", "b")])
        (found,) = self.rule.violations(facts, breach)
        assert found.facts == (("not_chosen", 1),)


class TestPrerequisite:
    rule = Prerequisite()
    facts = problem(
        series=(
            series("a", prerequisites=frozenset({"basics", "practice"})),
            series("b", date_patterns=(DatePattern((1,)),)),
        ),
        rooms=(room("r"),),
        persons=(
            Person("p-n", completed=frozenset({"basics", "practice", "more"})),
            Person("p-m", completed=frozenset({"basics"})),
        ),
        registrations=(registration("n", "a", "b"), registration("m", "a", "b")),
    )

    def test_allows_who_has_completed_it_all(self) -> None:
        legal = plan([placed(self.facts.series[0], TEN, "r")], [("n", "a")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_has_no_seat_for_who_has_not(self) -> None:
        breach = plan([placed(self.facts.series[0], TEN, "r")], [("m", "a")])
        assert not model_allows(self.facts, [self.rule], breach)
        seats = PlanningModel(self.facts, [self.rule]).variables.seats_of("m")
        assert {seat.series_id for seat in seats} == {"b"}
        (found,) = self.rule.violations(self.facts, breach)
        assert found.facts == (("missing", 1),)

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, self.rule, (NINE,)) == (13, 5)
        assert check_agree_beside(self.facts, self.rule, {"a"}, (), (NINE,)) == (13, 5)
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, self.rule, CONSTRAINTS)
