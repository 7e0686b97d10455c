"""A person at one place at a time, as participant and as leader elsewhere."""

from __future__ import annotations

from dataclasses import replace

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.resident_conflict import ResidentConflict
from scheduling.solver.model import PlanningModel
from scheduling.solver.problem import DatePattern, Format, Person
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    ELEVEN,
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
)

rule = ResidentConflict()
HALF_PAST_TEN = TEN + 2


class TestResidentConflict:
    """Two registrations of one person, places half an hour apart."""

    facts = problem(
        series=(series("a", start_step=2), series("b", start_step=2)),
        rooms=(room("near", "x"), room("far", "y")),
        registrations=(
            registration("r", "a", person_id="p"),
            registration("s", "b", person_id="p"),
        ),
    )
    a, b = facts.series
    both = (("r", "a"), ("s", "b"))

    def test_allows_two_meetings_with_the_journey_between(self) -> None:
        legal = plan(
            [placed(self.a, NINE, "near"), placed(self.b, HALF_PAST_TEN, "far")],
            self.both,
        )
        assert model_allows(self.facts, [rule], legal)
        assert not list(rule.violations(self.facts, legal))

    def test_forbids_a_journey_shorter_than_it_takes(self) -> None:
        breach = plan(
            [placed(self.a, NINE, "near"), placed(self.b, TEN, "far")], self.both
        )
        assert not model_allows(self.facts, [rule], breach)
        (found,) = rule.violations(self.facts, breach)
        assert found.about == (("person", "p"), ("series", "a"), ("series", "b"))
        assert found.slot == TEN

    def test_encoder_and_judge_agree(self) -> None:
        quarters = (NINE, TEN, HALF_PAST_TEN)
        assert check_judges_agree(self.facts, rule, quarters) == (145, 24)

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, rule, CONSTRAINTS)

    def test_agrees_beside_a_fixed_series(self) -> None:
        quarters = (NINE, TEN, HALF_PAST_TEN)
        fixed = check_agree_beside(self.facts, rule, {"a"}, {"r"}, quarters)
        given = check_agree_beside(self.facts, rule, {"a"}, (), quarters)
        assert fixed == given == (145, 24)

    def test_a_journey_may_take_longer_one_way_than_back(self) -> None:
        uphill = replace(self.facts, travel_minutes=((0, 30), (0, 0)))
        quarters = (NINE, TEN, HALF_PAST_TEN)
        assert check_judges_agree(uphill, rule, quarters) == (147, 22)
        assert check_agree_beside(uphill, rule, {"a"}, {"r"}, quarters) == (147, 22)

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts))


class TestResidentWhoLeads:
    """Who leads one series sits in another; who leads under two names is one person."""

    lead = facilitator("f", person_id="p")
    facts = problem(
        series=(
            series("a", staff=(need(),)),
            series("b", members=("p",), staff=(need(),)),
        ),
        rooms=(room("near"), room("far", "y")),
        facilitators=(lead, facilitator("g")),
    )

    def test_allows_leading_at_another_time(self) -> None:
        one, other = self.facts.series
        legal = plan(
            [placed(one, NINE, "near", "f"), placed(other, ELEVEN, "near", "g")]
        )
        assert model_allows(self.facts, [rule], legal)

    def test_forbids_leading_while_taking_part(self) -> None:
        one, other = self.facts.series
        breach = plan([placed(one, NINE, "near", "f"), placed(other, NINE, "far", "g")])
        assert not model_allows(self.facts, [rule], breach)
        assert list(rule.violations(self.facts, breach))

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(
            self.facts, rule, (NINE, TEN, ELEVEN), leader_counts=(0, 1)
        )
        assert counts == (301, 60)

    def test_agrees_beside_either_of_the_two(self) -> None:
        quarters, counts = (NINE, TEN), (0, 1)
        one = check_agree_beside(self.facts, rule, {"a"}, (), quarters, counts)
        other = check_agree_beside(self.facts, rule, {"b"}, (), quarters, counts)
        assert one == other == (133, 36)

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, rule, CONSTRAINTS, leader_counts=(1,))

    def test_one_person_under_two_names_leads_once_at_a_time(self) -> None:
        facts = problem(
            series=(series("a"), series("b", format=Format.ONLINE)),
            rooms=(room("near"),),
            facilitators=(
                facilitator("f", person_id="p"),
                facilitator("g", person_id="p", organisation_id="o2"),
            ),
            persons=(Person("p"),),
        )
        assert check_judges_agree(facts, rule, leader_counts=(0, 1)) == (45, 4)
        assert check_agree_beside(facts, rule, {"a"}, (), (NINE, TEN), (0, 1))
        check_touching(facts, rule, every_plan(facts, leader_counts=(0, 1)))


class TestManyDates:
    """One shared date is enough to clash, and dates of one series never do."""

    facts = problem(
        series=(
            series(
                "a",
                format=Format.ONLINE,
                date_patterns=(DatePattern((0, 7)), DatePattern((1, 8))),
            ),
            series("b", format=Format.ONLINE, date_patterns=(DatePattern((7,)),)),
        ),
        registrations=(
            registration("r", "a", person_id="p"),
            registration("s", "b", person_id="p"),
        ),
    )

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, rule) == (43, 2)

    def test_agrees_where_somebody_joins_what_is_fixed(self) -> None:
        assert check_agree_beside(self.facts, rule, {"a", "b"}) == (43, 2)

    def test_seats_of_one_registration_are_not_compared(self) -> None:
        """They exclude each other already, so the model has nothing to say."""
        facts = problem(
            series=self.facts.series, registrations=(registration("r", "a", "b"),)
        )
        bare = PlanningModel(facts, [])
        model = PlanningModel(facts, [rule])
        assert len(model.engine_model.proto.constraints) == len(
            bare.engine_model.proto.constraints
        )


class TestFromHome:
    """Who takes nothing in person joins from home and does not travel."""

    person = Person("p", formats=frozenset({Format.ONLINE}))
    facts = problem(
        series=(
            series("a", format=Format.HYBRID),
            series("b", format=Format.HYBRID, members=("p",)),
        ),
        rooms=(room("near"), room("far", "y")),
        persons=(person,),
        registrations=(registration("r", "a", person_id="p"),),
    )

    def test_needs_no_time_to_travel(self) -> None:
        one, other = self.facts.series
        legal = plan(
            [placed(one, NINE, "near"), placed(other, TEN, "far")], [("r", "a")]
        )
        assert model_allows(self.facts, [rule], legal)
        assert not list(rule.violations(self.facts, legal))

    def test_is_still_at_one_place_at_a_time(self) -> None:
        assert check_judges_agree(self.facts, rule) == (37, 8)
        assert check_agree_beside(self.facts, rule, {"a"}, {"r"}) == (37, 8)

    def test_needs_none_from_what_they_lead_elsewhere(self) -> None:
        facts = problem(
            series=(series("a", format=Format.HYBRID), series("c", staff=(need(),))),
            rooms=(room("near"), room("far", "y")),
            facilitators=(facilitator("f", person_id="p"),),
            persons=(self.person,),
            registrations=(registration("r", "a", person_id="p"),),
        )
        # Sitting and leading clash at the same hour only, whatever the places.
        counts = check_judges_agree(facts, rule, leader_counts=(0, 1))
        assert counts == (137, 16)
        for fixed, seated in (({"c"}, ()), ({"a"}, {"r"})):
            one = check_agree_beside(facts, rule, fixed, seated, (NINE, TEN), (0, 1))
            assert one == counts


def test_members_in_common_are_told_once() -> None:
    """Ten members of the same two groups give the constraints of one."""

    def size(members: tuple[str, ...]) -> int:
        facts = problem(
            series=tuple(
                series(name, members=members, format=Format.ONLINE) for name in "ab"
            )
        )
        model = PlanningModel(facts, [rule])
        return len(model.engine_model.proto.constraints)

    assert size(tuple("0123456789")) == size(("0",)) > size(())
