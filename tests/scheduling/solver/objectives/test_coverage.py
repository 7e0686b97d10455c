"""Who is helped and when: the first tier, each wish alone on its own tiny problem."""

from __future__ import annotations

import pytest

from scheduling.solver.context import Context
from scheduling.solver.objectives import (
    OBJECTIVES,
    most_tier_one_value,
    tier_costs,
    tier_one_value,
)
from scheduling.solver.objectives.coverage import (
    MOST_FOR_LATENESS,
    HoldSeries,
    SeatEveryRegistration,
    StartWithinTarget,
    registration_weight,
)
from scheduling.solver.plan import Allocation
from scheduling.solver.problem import DatePattern, Format
from tests.builders import NINE, placed, plan, problem, registration, series
from tests.costs import check_costs_agree


class TestRegistrationWeight:
    @pytest.mark.parametrize(
        ("urgency", "waiting_days", "norm_days", "weight"),
        [
            (1, 0, 28, 50),
            (5, 0, 28, 250),
            (3, 27, 28, 198),
            (3, 28, 28, 200),
            (3, 84, 28, 300),
            (5, 3650, 28, 400),
            (2, 56, 28, 200),
            (4, 0, 70, 200),
        ],
    )
    def test_need_and_waiting_relative_to_the_norm(
        self, urgency: int, waiting_days: int, norm_days: int, weight: int
    ) -> None:
        asked = registration(
            "r",
            "a",
            urgency=urgency,
            waiting_days=waiting_days,
            norm_days=norm_days,
        )
        assert registration_weight(asked) == weight

    def test_formats_and_choices_do_not_count(self) -> None:
        plain = registration("r", "a")
        picky = registration("r", "a", "b", wishes_digital=True, levels=frozenset({3}))
        assert registration_weight(plain) == registration_weight(picky) == 150


class TestSeatEveryRegistration:
    wish = SeatEveryRegistration()
    facts = problem(
        series=(series("a"), series("b", format=Format.ONLINE)),
        registrations=(
            registration("r", "a", "b", urgency=1),
            registration("s", "b", urgency=4, waiting_days=14),
        ),
    )

    def test_costs_the_weight_of_each_without_a_seat(self) -> None:
        held = [placed(item, NINE) for item in self.facts.series]
        assert self.wish.cost(self.facts, plan(held)) == 50 + 225
        assert self.wish.cost(self.facts, plan(held, [("s", "b")])) == 50

    def test_a_seat_in_a_series_that_is_not_held_is_none(self) -> None:
        assert self.wish.cost(self.facts, plan([], [("r", "a")])) == 275

    def test_model_and_judge_agree(self) -> None:
        online = problem(
            series=tuple(series(name, format=Format.ONLINE) for name in "ab"),
            registrations=self.facts.registrations,
        )
        assert check_costs_agree(online, self.wish) == {0: 10, 50: 6, 225: 12, 275: 9}

    def test_model_and_judge_agree_beside_what_is_fixed(self) -> None:
        facts = problem(
            series=(
                series("a", format=Format.ONLINE),
                series("b", format=Format.ONLINE),
            ),
            registrations=self.facts.registrations,
        )
        context = Context(
            facts, [placed(facts.series[1], NINE)], [Allocation("s", "b")]
        )
        assert check_costs_agree(facts, self.wish, context=context) == {0: 5, 50: 3}


class TestHoldSeries:
    wish = HoldSeries()
    facts = problem(
        series=(
            series("a", format=Format.ONLINE, held_weight=70),
            series("b", format=Format.ONLINE),
            series("c", format=Format.SELF_PACED, held_weight=5),
        )
    )

    def test_costs_what_is_not_held(self) -> None:
        assert self.wish.cost(self.facts, plan()) == 75
        held = plan([placed(self.facts.series[0], NINE)])
        assert self.wish.cost(self.facts, held) == 5

    def test_model_and_judge_agree(self) -> None:
        assert check_costs_agree(self.facts, self.wish) == {0: 6, 5: 6, 70: 3, 75: 3}


class TestStartWithinTarget:
    wish = StartWithinTarget()
    facts = problem(
        series=(
            series(
                "a",
                format=Format.ONLINE,
                date_patterns=tuple(DatePattern((day,)) for day in (2, 3, 9, 10)),
            ),
            series("b", format=Format.SELF_PACED),
        ),
        registrations=(
            registration("r", "a", "b", target_day=2),
            registration("s", "a"),
        ),
    )

    @pytest.mark.parametrize(("pattern", "cost"), [(0, 0), (1, 5), (2, 5), (3, 10)])
    def test_costs_each_week_begun_after_the_target(
        self, pattern: int, cost: int
    ) -> None:
        held = placed(self.facts.series[0], NINE, pattern=pattern)
        assert (
            self.wish.cost(self.facts, plan([held], [("r", "a"), ("s", "a")])) == cost
        )

    def test_is_always_less_than_a_seat_is_worth(self) -> None:
        least = min(
            registration_weight(registration("r", "a", urgency=need))
            for need in range(1, 6)
        )
        long_ago = problem(
            series=self.facts.series,
            registrations=(registration("r", "a", target_day=-5000),),
        )
        late = plan([placed(self.facts.series[0], NINE)], [("r", "a")])
        assert self.wish.cost(long_ago, late) == MOST_FOR_LATENESS < least

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE,))
        assert counts == {0: 31, 5: 8, 10: 4}

    def test_model_and_judge_agree_beside_what_is_fixed(self) -> None:
        held = placed(self.facts.series[0], NINE, pattern=3)
        context = Context(self.facts, [held])
        counts = check_costs_agree(self.facts, self.wish, (NINE,), context=context)
        assert counts == {0: 6, 10: 4}


class TestTierOne:
    facts = problem(
        series=(
            series("a", format=Format.ONLINE, held_weight=30),
            series("b", format=Format.ONLINE),
        ),
        registrations=(
            registration("r", "a", urgency=2),
            registration("s", "b", urgency=3, target_day=-1),
        ),
    )

    def test_value_is_what_was_reached_of_the_most(self) -> None:
        held = [placed(item, NINE) for item in self.facts.series]
        assert most_tier_one_value(self.facts) == 280
        assert tier_one_value(self.facts, plan()) == 0
        assert tier_one_value(self.facts, plan(held[:1], [("r", "a")])) == 130
        everybody = plan(held, [("r", "a"), ("s", "b")])
        assert tier_one_value(self.facts, everybody) == 275
        assert tier_costs(self.facts, everybody)[1] == 5

    def test_a_region_sets_the_weights(self) -> None:
        facts = problem(
            series=self.facts.series,
            registrations=self.facts.registrations,
            weights={"hold-series": 2, "start-within-target": 0},
        )
        held = [placed(item, NINE) for item in facts.series]
        assert tier_one_value(facts, plan(held, [("r", "a"), ("s", "b")])) == 310

    def test_every_tier_has_a_cost(self) -> None:
        assert sorted(tier_costs(self.facts, plan())) == [1, 2, 3, 4]
        assert [wish.tier for wish in OBJECTIVES] == sorted(
            wish.tier for wish in OBJECTIVES
        )
