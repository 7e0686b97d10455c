"""The course of a facilitator's day: from first to last, and without a break."""

from __future__ import annotations

import pytest

from scheduling.solver.constraints.facilitator_load import FacilitatorLoad
from scheduling.solver.constraints.series import SeriesRhythm
from scheduling.solver.horizon import WeeklyWindow
from scheduling.solver.model import PlanningModel
from scheduling.solver.problem import DatePattern
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    ELEVEN,
    NINE,
    SEVEN,
    TEN,
    TWO,
    check_judges_agree,
    every_plan,
    model_allows,
    placed,
    plan,
)
from tests.leading import led_by_one, may_lead, online

rule = FacilitatorLoad()
WEEKLY = DatePattern((0, 7))


class TestSpan:
    facts = led_by_one(
        online("a", WEEKLY), online("b", DatePattern((7,))), span_minutes=180
    )

    def test_allows_the_limit(self) -> None:
        assert may_lead(self.facts, rule, NINE, ELEVEN)

    def test_forbids_a_longer_day(self) -> None:
        assert not may_lead(self.facts, rule, NINE, ELEVEN + 4)

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(self.facts, rule, (NINE, TEN, ELEVEN, ELEVEN + 4))
        assert counts == (81 - 2, 2)

    def test_agrees_beside_what_is_fixed(self) -> None:
        for fixed in ("a", "b"):
            counts = check_agree_beside(
                self.facts, rule, {fixed}, quarters=(NINE, ELEVEN, TWO)
            )
            assert counts == (49 - 4, 4)

    def test_the_day_begins_when_the_first_does(self) -> None:
        facts = led_by_one(
            online("a", windows=(WeeklyWindow(0, NINE, ELEVEN),)),
            online("b", windows=(WeeklyWindow(0, SEVEN - 8, SEVEN - 4),)),
            span_minutes=480,
        )
        one, other = facts.series
        for begin, allowed in ((NINE, False), (TEN, True)):
            day = [placed(one, begin, None, "f"), placed(other, SEVEN - 8, None, "f")]
            assert model_allows(facts, [SeriesRhythm(), rule], plan(day)) == allowed

    def test_one_long_meeting_is_a_long_day(self) -> None:
        facts = led_by_one(online("a", length=13), span_minutes=180)
        assert check_judges_agree(facts, rule, (NINE,)) == (2, 1)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, (NINE, TWO)))


class TestBlock:
    """Two hours at a stretch; half an hour is a break."""

    facts = led_by_one(
        online("a", WEEKLY, start_step=1),
        online("b", DatePattern((7,)), start_step=1),
        online("c", WEEKLY, length=2, start_step=1),
        block_minutes=120,
        break_minutes=30,
    )

    def test_allows_a_block_with_a_break_after_it(self) -> None:
        assert may_lead(self.facts, rule, NINE, TEN, ELEVEN + 2)

    def test_forbids_a_block_without(self) -> None:
        assert not may_lead(self.facts, rule, NINE, TEN, ELEVEN + 1)
        assert not may_lead(self.facts, rule, ELEVEN - 1, NINE, TEN)
        assert may_lead(self.facts, rule, ELEVEN, NINE, TEN)

    def test_the_gaps_in_a_block_count(self) -> None:
        facts = led_by_one(
            online("a", start_step=1),
            online("b", start_step=1),
            block_minutes=120,
            break_minutes=30,
        )
        assert may_lead(facts, rule, NINE, TEN)
        assert not may_lead(facts, rule, NINE, TEN + 1)
        assert may_lead(facts, rule, NINE, TEN + 2)

    def test_encoder_and_judge_agree(self) -> None:
        # Three hours or not held: too much is an hour at nine, one at ten and half
        # an hour at a quarter to eleven, or the other way round, a and b by turns.
        counts = check_judges_agree(
            self.facts, rule, (NINE, TEN, ELEVEN - 1), leader_counts=(1,)
        )
        assert counts == (4**3 - 4, 4)

    def test_agrees_beside_what_is_fixed(self) -> None:
        for fixed in ({"a"}, {"c"}, {"b", "c"}):
            counts = check_agree_beside(
                self.facts,
                rule,
                fixed,
                quarters=(NINE, TEN, ELEVEN - 1),
                leader_counts=(1,),
            )
            assert counts == (4**3 - 4, 4)

    def test_one_long_meeting_is_a_block(self) -> None:
        facts = led_by_one(online("a", length=9), block_minutes=120)
        assert check_judges_agree(facts, rule, (NINE,)) == (2, 1)

    def test_judged_for_one_series(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, (NINE, TEN + 1)))


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"sessions_per_day": 2, "minutes_per_week": 120, "days_per_week": 1}, False),
        ({"sessions_per_day": 1}, True),
        ({"minutes_per_week": 105}, True),
        ({"span_minutes": 300}, False),
        ({"span_minutes": 180}, True),
        ({"block_minutes": 120, "break_minutes": 15}, False),
        ({"block_minutes": 105, "break_minutes": 15}, True),
        ({"block_minutes": 105, "span_minutes": 105}, True),
    ],
)
def test_only_limits_that_can_be_broken_are_told(
    limits: dict[str, int], told: bool
) -> None:
    """Two series of an hour on one morning: what they cannot reach costs nothing."""
    morning = (WeeklyWindow(0, NINE, TWO),)
    items = [online(name, windows=morning) for name in "ab"]

    def size(**load: int) -> int:
        rules = [SeriesRhythm(), rule]
        model = PlanningModel(led_by_one(*items, **load), rules).engine_model
        return len(model.proto.constraints)

    assert (size(**limits) > size()) is told
