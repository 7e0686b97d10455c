"""What a facilitator can carry, limit by limit."""

from __future__ import annotations

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.facilitator_load import FacilitatorLoad
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import (
    DatePattern,
    Format,
    LoadLimits,
)
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
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
from tests.leading import ONE, led_by_one, may_lead, online

rule = FacilitatorLoad()
WEEKLY = DatePattern((0, 7))


class TestMinutesPerWeek:
    """One series meets in the second week only, one in both, one twice in a week."""

    facts = led_by_one(
        online("a", WEEKLY, ONE),
        online("b", DatePattern((8,)), DatePattern((1,))),
        online("c", DatePattern((2, 9, 11)), length=2),
        minutes_per_week=120,
    )

    def test_allows_as_much_as_can_be_carried(self) -> None:
        facts = led_by_one(*self.facts.series[:2], minutes_per_week=120)
        assert may_lead(facts, rule, NINE, NINE)

    def test_forbids_a_quarter_more(self) -> None:
        facts = led_by_one(*self.facts.series[:2], minutes_per_week=105)
        assert not may_lead(facts, rule, NINE, NINE)

    def test_names_the_week(self) -> None:
        a, b, c = (placed(item, NINE, None, "f") for item in self.facts.series)
        (found,) = rule.violations(self.facts, plan([a, b, c]))
        assert found.facts == (("minutes_per_week", 180), ("limit", 120))
        assert found.slot == 7 * 96 + NINE
        assert dict(found.about)["facilitator"] == "f"

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, rule, (NINE,))
        # All three led by f: too much unless a is in the first week alone and b in
        # the second.
        assert counts == (5 * 5 * 3 - 3, 3)

    def test_agrees_beside_what_is_fixed(self) -> None:
        for fixed in ("a", "b", "c"):
            counts = check_agree_beside(self.facts, rule, {fixed}, quarters=(NINE,))
            assert counts == (72, 3)

    def test_a_series_that_is_too_much_alone_is_never_led(self) -> None:
        facts = led_by_one(online("a", WEEKLY), minutes_per_week=45)
        assert check_judges_agree(facts, rule, (NINE,)) == (2, 1)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, (NINE,)))


class TestCoaching:
    """Thirty minutes a seat, in every week; the coach also leads an hour in one."""

    facts = problem(
        series=(
            series(
                "s",
                format=Format.SELF_PACED,
                members=("m",),
                coach_minutes_per_seat=30,
            ),
            online("a", DatePattern((8,))),
        ),
        registrations=(registration("r", "s"), registration("q", "s", seats=2)),
        facilitators=(
            facilitator("f", load=LoadLimits(minutes_per_week=120)),
            facilitator("g"),
        ),
    )

    def test_allows_as_many_seats_as_fit_beside_the_meetings(self) -> None:
        coached, led = self.facts.series
        legal = plan(
            [placed(coached, 0, None, "f"), placed(led, NINE, None, "f")], [("r", "s")]
        )
        assert model_allows(self.facts, [rule], legal)

    def test_forbids_one_more(self) -> None:
        coached, led = self.facts.series
        breach = plan(
            [placed(coached, 0, None, "f"), placed(led, NINE, None, "f")], [("q", "s")]
        )
        assert not model_allows(self.facts, [rule], breach)
        (found,) = rule.violations(self.facts, breach)
        assert found.facts == (("minutes_per_week", 150), ("limit", 120))

    def test_encoder_and_judge_agree(self) -> None:
        allowed, refused = check_judges_agree(self.facts, rule, (NINE,))
        # f coaches, alone or with g, and leads: 3 and 4 seats are too much.
        assert (allowed, refused) == (85 - 2 * 2 * 2, 2 * 2 * 2)

    @pytest.mark.parametrize("fixed", ["s", "a"])
    def test_agrees_beside_what_is_fixed(self, fixed: str) -> None:
        counts = check_agree_beside(self.facts, rule, {fixed}, quarters=(NINE,))
        assert counts == (77, 8)

    def test_agrees_where_some_sit_already(self) -> None:
        counts = check_agree_beside(self.facts, rule, {"s"}, {"q"}, quarters=(NINE,))
        assert min(counts) > 0

    def test_every_week_of_the_plan_counts(self) -> None:
        (coached, _), minutes = self.facts.series, LoadLimits(minutes_per_week=100)
        facts = problem(
            series=(coached,),
            registrations=self.facts.registrations,
            facilitators=(facilitator("f", load=minutes),),
        )
        full = plan([placed(coached, 0, None, "f")], [("r", "s"), ("q", "s")])
        assert [item.slot for item in rule.violations(facts, full)] == [0, 7 * 96]
        assert check_judges_agree(facts, rule) == (1 + 4 + 3, 1)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, (NINE,)))


class TestSessionsPerDay:
    facts = led_by_one(
        online("a", WEEKLY),
        online("b", DatePattern((7,)), DatePattern((1,))),
        online("c", DatePattern((0, 1))),
        sessions_per_day=1,
    )

    def test_allows_the_limit(self) -> None:
        facts = led_by_one(online("a"), online("b"), sessions_per_day=2)
        assert may_lead(facts, rule, NINE, TWO)

    def test_forbids_one_more(self) -> None:
        facts = led_by_one(online("a"), online("b"), sessions_per_day=1)
        assert not may_lead(facts, rule, NINE, TWO)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, rule, (NINE,))
        # Who leads what: a with c always clash, a with b and b with c on one pattern.
        assert counts == (45 - 5 - 2 - 2, 9)

    def test_agrees_beside_what_is_fixed(self) -> None:
        for fixed in ("a", "b", "c"):
            counts = check_agree_beside(self.facts, rule, {fixed}, quarters=(NINE,))
            assert counts == (36, 9)

    def test_two_may_be_too_many_beside_one_that_is_fixed(self) -> None:
        facts = led_by_one(online("a"), online("b"), online("c"), sessions_per_day=2)
        counts = check_agree_beside(facts, rule, {"a"}, quarters=(NINE,))
        assert counts == (26, 1)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, (NINE,)))


class TestDaysPerWeek:
    """Mondays, then Tuesday in either week, then Monday and Wednesday."""

    facts = led_by_one(
        online("a", WEEKLY, DatePattern((4,))),
        online("b", DatePattern((8,)), DatePattern((1,))),
        online("c", DatePattern((0, 2))),
        days_per_week=2,
    )

    def test_allows_the_limit(self) -> None:
        facts = led_by_one(*self.facts.series, days_per_week=2)
        assert may_lead(facts, rule, NINE, NINE, TEN)

    def test_forbids_one_more(self) -> None:
        a, b, c = self.facts.series
        assert not may_lead(led_by_one(a, b, c, days_per_week=1), rule, NINE, NINE, TEN)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, rule, (NINE,))
        # Beside c: a on Friday, or b on the first Tuesday, is a third day.
        assert counts == (5 * 5 * 3 - 9, 9)

    def test_agrees_beside_what_is_fixed(self) -> None:
        for fixed in ("a", "b", "c"):
            counts = check_agree_beside(self.facts, rule, {fixed}, quarters=(NINE,))
            assert counts == (66, 9)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, (NINE,)))


class TestAllTogether:
    """Two leaders with every limit, two series in two rooms, agreeing beside either."""

    limits = LoadLimits(
        minutes_per_week=150,
        sessions_per_day=2,
        span_minutes=240,
        days_per_week=2,
        block_minutes=90,
        break_minutes=15,
    )
    facts = problem(
        series=(
            series("a", date_patterns=(WEEKLY,)),
            series("b", date_patterns=(ONE, DatePattern((1, 2)))),
        ),
        rooms=(room("r"),),
        facilitators=(
            facilitator("f", load=limits),
            facilitator("g", load=LoadLimits(sessions_per_day=1)),
        ),
    )

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, rule, (NINE, TEN))
        assert sum(counts) == (1 + 2 * 4) * (1 + 2 * 2 * 4)
        assert counts[1] > 0

    @pytest.mark.parametrize("fixed", ["a", "b"])
    def test_agrees_beside_what_is_fixed(self, fixed: str) -> None:
        counts = check_agree_beside(self.facts, rule, {fixed}, quarters=(NINE, TEN))
        assert min(counts) > 0

    def test_is_necessary(self) -> None:
        facts = led_by_one(online("a", WEEKLY, staff=(need(),)), minutes_per_week=45)
        found = check_necessary(facts, rule, CONSTRAINTS, (NINE,))
        assert found.placements


def test_the_judge_reads_plans_that_no_model_makes() -> None:
    """Twice in one day and far beyond the plan: only the judge sees such a series."""
    facts = led_by_one(online("a"), sessions_per_day=1, minutes_per_week=45)
    bad = Placement(
        "a", tuple(Meeting(slot, None, ("f",)) for slot in (NINE, TWO, 9000))
    )
    found = list(rule.violations(facts, plan([bad])))
    assert [(item.slot, item.facts[0]) for item in found] == [
        (NINE, ("minutes_per_week", 120)),
        (9000, ("minutes_per_week", 60)),
        (NINE, ("sessions_per_day", 2)),
    ]
