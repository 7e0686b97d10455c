"""Rules about who can lead, each alone on its own tiny problem."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.facilitators import (
    FacilitatorAvailability,
    FacilitatorConflict,
    FacilitatorQualification,
    LeaderNotMember,
)
from scheduling.solver.constraints.series import SeriesRhythm
from scheduling.solver.horizon import SLOTS_PER_DAY, Availability, Span, WeeklyWindow
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import DatePattern, Format, Person
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    ELEVEN,
    NINE,
    TEN,
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

WEEKLY = DatePattern((0, 7))
SECOND_MONDAY = 7 * SLOTS_PER_DAY


class TestFacilitatorConflict:
    """Rooms half an hour apart."""

    facts = problem(
        series=(series("a"), series("b")),
        rooms=(room("r", "x"), room("s", "y")),
        facilitators=(facilitator("f"),),
    )
    rule = FacilitatorConflict()

    def test_allows_two_places_with_time_to_travel(self) -> None:
        one, other = self.facts.series
        legal = plan([placed(one, NINE, "r", "f"), placed(other, ELEVEN, "s", "f")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_two_places_without(self) -> None:
        one, other = self.facts.series
        beside = plan([placed(one, NINE, "r", "f"), placed(other, TEN, "r", "f")])
        breach = plan([placed(one, NINE, "r", "f"), placed(other, TEN, "s", "f")])
        assert model_allows(self.facts, [self.rule], beside)
        assert not model_allows(self.facts, [self.rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, self.rule, (NINE, TEN))
        # Both led by f: together, or one after the other at two places.
        assert counts == (81 - 8 - 4, 8 + 4)

    def test_agrees_beside_a_fixed_series(self) -> None:
        counts = check_agree_beside(self.facts, self.rule, {"b"})
        assert counts == (69, 12)

    def test_a_journey_may_take_longer_one_way_than_back(self) -> None:
        uphill = replace(self.facts, travel_minutes=((0, 30), (0, 0)))
        counts = (81 - 8 - 2, 8 + 2)  # of one after the other, only up from x to y
        assert check_judges_agree(uphill, self.rule, (NINE, TEN)) == counts
        assert check_agree_beside(uphill, self.rule, {"b"}) == counts

    def test_at_fixed_hours_the_places_decide(self) -> None:
        facts = replace(
            self.facts,
            series=(
                series("a", windows=(WeeklyWindow(0, NINE, TEN),)),
                series("b", windows=(WeeklyWindow(0, TEN, ELEVEN),)),
            ),
        )
        one, other = facts.series
        for here, there in product("rs", repeat=2):
            both = plan([placed(one, NINE, here, "f"), placed(other, TEN, there, "f")])
            allowed = model_allows(facts, [SeriesRhythm(), self.rule], both)
            assert allowed == (here == there)

    def test_agrees_over_day_parts_dates_and_two_leaders(self) -> None:
        facts = problem(
            series=(
                series("a", date_patterns=(WEEKLY,)),
                series("b", date_patterns=(DatePattern((7,)), DatePattern((1, 8)))),
            ),
            rooms=(room("r", "x"), room("s", "y")),
            facilitators=(facilitator("f"), facilitator("g")),
            day_parts=(0, TEN, 70),
        )
        allowed, refused = check_judges_agree(
            facts, self.rule, (NINE, TEN), leader_counts=(1,)
        )
        # Both by f or both by g on the second Monday: as above, but never both out.
        assert refused == 2 * 12
        assert allowed == 9 * 17 - refused

    def test_online_asks_no_travel(self) -> None:
        facts = problem(
            series=(series("a"), series("b", format=Format.ONLINE)),
            rooms=(room("s", "y"),),
            facilitators=(facilitator("f"),),
        )
        assert check_judges_agree(facts, self.rule, (NINE, TEN)) == (25 - 2, 2)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts))

    def test_is_necessary(self) -> None:
        facts = problem(
            series=(series("a", staff=(need(),)), series("b", staff=(need(),))),
            rooms=self.facts.rooms,
            facilitators=self.facts.facilitators,
        )
        found = check_necessary(facts, self.rule, CONSTRAINTS)
        assert len(found.placements) == 2


class TestFacilitatorAvailability:
    """Mondays from nine to eleven and once at two; away on the second Monday at ten."""

    when = Availability(
        weekly=(WeeklyWindow(0, NINE, ELEVEN),),
        extra=(Span(TWO, TWO + 4),),
        blocked=(Span(SECOND_MONDAY + TEN, SECOND_MONDAY + TWO),),
    )
    facts = problem(
        series=(
            series(
                "a",
                format=Format.ONLINE,
                staff=(need(),),
                date_patterns=(DatePattern((0,)), WEEKLY),
            ),
        ),
        facilitators=(facilitator("f", availability=when), facilitator("g")),
    )
    rule = FacilitatorAvailability()

    def test_allows_a_leader_who_is_free_on_every_date(self) -> None:
        (one,) = self.facts.series
        for legal in (
            plan([placed(one, TEN, None, "f")]),
            plan([placed(one, NINE, None, "f", pattern=1)]),
        ):
            assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_leader_on_leave_on_one_date(self) -> None:
        (one,) = self.facts.series
        breach = plan([placed(one, TEN, None, "f", pattern=1)])
        assert not model_allows(self.facts, [self.rule], breach)
        (found,) = self.rule.violations(self.facts, breach)
        assert found.slot == SECOND_MONDAY + TEN

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, self.rule, (NINE, TEN, ELEVEN, TWO))
        # f, alone or with g: at nine on both patterns, at ten and two on the first.
        assert counts == (1 + 2 * 8 + 2 * 4, 2 * 4)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (TEN,)))

    def test_is_necessary(self) -> None:
        found = check_necessary(self.facts, self.rule, CONSTRAINTS, (TEN,))
        assert found.placements[0].leader_ids == {"f"}


class TestFacilitatorQualification:
    facts = problem(
        series=(
            series("a", format=Format.ONLINE, leader_skills=frozenset({"k", "l"})),
            series("b", format=Format.SELF_PACED, leader_skills=frozenset({"k"})),
        ),
        facilitators=(
            facilitator("f", skills=frozenset({"k", "l"})),
            facilitator("g", skills=frozenset({"k"})),
            facilitator("h"),
        ),
    )
    rule = FacilitatorQualification()

    def test_allows_who_has_every_skill(self) -> None:
        one, other = self.facts.series
        legal = plan([placed(one, NINE, None, "f"), placed(other, 0, None, "g")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_who_misses_one(self) -> None:
        one, other = self.facts.series
        for breach in (
            plan([placed(one, NINE, None, "f", "g")]),
            plan([placed(other, 0, None, "h")]),
        ):
            assert not model_allows(self.facts, [self.rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, self.rule, (NINE,))
        # a: not held, by nobody or by f. b: not held, by nobody, f, g or both.
        assert counts == (3 * 5, 8 * 8 - 15)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_is_necessary(self) -> None:
        facts = problem(
            series=(
                series(
                    "a",
                    format=Format.ONLINE,
                    staff=(need(),),
                    leader_skills=frozenset({"k"}),
                ),
            ),
            facilitators=(facilitator("h"),),
        )
        assert check_necessary(facts, self.rule, CONSTRAINTS).placements


class TestLeaderNotMember:
    """f is the person m, a member of one group; g may sit in another."""

    facts = problem(
        series=(
            series("a", format=Format.ONLINE, members=("m",)),
            series("b", format=Format.SELF_PACED),
        ),
        persons=(Person("m"), Person("p")),
        registrations=(
            registration("r", "a", "b", person_id="p"),
            registration("s", "b", person_id="m"),
        ),
        facilitators=(
            facilitator("f", person_id="m"),
            facilitator("g", person_id="p"),
        ),
    )
    rule = LeaderNotMember()

    def test_allows_who_leads_one_and_sits_in_another(self) -> None:
        one, other = self.facts.series
        legal = plan(
            [placed(one, NINE, None, "g"), placed(other, 0, None, "f")], [("r", "b")]
        )
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_leader_who_sits_in_the_group(self) -> None:
        one, other = self.facts.series
        for breach in (
            plan([placed(one, NINE, None, "g")], [("r", "a")]),
            plan([placed(one, NINE, None, "f")]),
            plan([placed(other, 0, None, "f")], [("s", "b")]),
        ):
            assert not model_allows(self.facts, [self.rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, self.rule, (NINE, TEN))
        # By who leads b: nobody, f, g, both; seats in b, and in a led by nobody.
        only_b, beside_a = 4 + 2 + 2 + 1, 6 + 3 + 4 + 2
        assert counts[0] == 1 + only_b + 2 * (2 + beside_a) + 2 * (1 + only_b)
        assert sum(counts) == 225

    def test_agrees_where_somebody_joins_what_is_fixed(self) -> None:
        counts = check_agree_beside(self.facts, self.rule, {"a"}, quarters=(NINE,))
        assert min(counts) > 0

    def test_agrees_in_several_places(self) -> None:
        facts = problem(
            series=(series("a"),),
            registrations=(registration("r", "a", person_id="p"),),
            facilitators=(facilitator("g", person_id="p"),),
            rooms=(room("r", "x"), room("s", "y")),
        )
        assert check_judges_agree(facts, self.rule, (NINE, TWO)) == (1 + 12, 4)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, self.rule, every_plan(self.facts, (NINE,)))

    def test_is_necessary(self) -> None:
        facts = problem(
            series=(series("a", format=Format.SELF_PACED, staff=(need(),)),),
            registrations=(registration("r", "a", person_id="p"),),
            facilitators=(facilitator("g", person_id="p"),),
        )
        assert check_necessary(facts, self.rule, CONSTRAINTS).allocations


def test_judges_read_plans_that_no_model_makes() -> None:
    """Other leaders each time and dates beyond the plan: only judges see these."""
    facts = problem(
        series=(
            series(
                "a",
                format=Format.ONLINE,
                members=("m",),
                leader_skills=frozenset({"k"}),
            ),
        ),
        facilitators=(
            facilitator("f", skills=frozenset({"k"})),
            facilitator("g", person_id="m", availability=Availability()),
        ),
    )
    bad = plan(
        [
            Placement(
                "a",
                (
                    Meeting(NINE, None, ("f",)),
                    Meeting(NINE + 2, None, ("f", "f")),
                    Meeting(9000, None, ("g",)),
                ),
            )
        ]
    )
    for rule, slot in (
        (FacilitatorConflict(), NINE + 2),
        (FacilitatorAvailability(), 9000),
        (FacilitatorQualification(), None),
        (LeaderNotMember(), None),
    ):
        (found,) = rule.violations(facts, bad)
        assert found.slot == slot
