"""First choices and half-days, each wish alone on its own tiny problem."""

from __future__ import annotations

import pytest

from scheduling.solver.context import Context
from scheduling.solver.horizon import WeeklyWindow
from scheduling.solver.objectives.comfort import PreferredWindows, RankedChoice
from scheduling.solver.problem import Choice, DatePattern, Format, Registration
from tests.builders import (
    NINE,
    SEVEN,
    TEN,
    TWO,
    placed,
    plan,
    problem,
    registration,
    series,
)
from tests.costs import check_costs_agree


class TestRankedChoice:
    wish = RankedChoice()
    facts = problem(
        series=tuple(series(name, format=Format.ONLINE) for name in "abc"),
        registrations=(
            registration("r", "a", "b", "c"),
            Registration("s", "p", (Choice("b", 1), Choice("c", 1))),
        ),
    )
    held = tuple(placed(item, NINE) for item in facts.series)

    def test_costs_the_ranks_below_the_first(self) -> None:
        for seat, cost in (("a", 0), ("b", 1), ("c", 2)):
            assert self.wish.cost(self.facts, plan(self.held, [("r", seat)])) == cost
        assert self.wish.cost(self.facts, plan(self.held, [("s", "c")])) == 0

    def test_a_series_nobody_chose_counts_as_after_the_last(self) -> None:
        assert self.wish.cost(self.facts, plan(self.held, [("s", "a")])) == 1

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE,))
        assert counts == {0: 24, 1: 10, 2: 10}


class TestPreferredWindows:
    wish = PreferredWindows()
    facts = problem(
        series=(
            series(
                "a",
                format=Format.ONLINE,
                date_patterns=(
                    DatePattern((0, 7)),
                    DatePattern((1, 8)),
                    DatePattern((0, 8)),
                ),
            ),
            series("m", format=Format.SELF_PACED),
        ),
        registrations=(
            registration("r", "a", "m", preferred=(WeeklyWindow(0, NINE, TEN),)),
            registration("s", "a"),
        ),
    )

    @pytest.mark.parametrize(
        ("pattern", "quarter", "cost"),
        [(0, NINE, 0), (0, TEN, 0), (0, TWO, 1), (1, NINE, 1), (2, NINE, 1)],
    )
    def test_costs_a_meeting_in_another_half_day(
        self, pattern: int, quarter: int, cost: int
    ) -> None:
        held = placed(self.facts.series[0], quarter, pattern=pattern)
        assert self.wish.cost(self.facts, plan([held], [("r", "a")])) == cost
        assert self.wish.cost(self.facts, plan([held], [("s", "a")])) == 0

    def test_a_window_reaches_over_several_half_days(self) -> None:
        whole_day = (WeeklyWindow(0, NINE, SEVEN),)
        until_the_evening = (WeeklyWindow(0, NINE, 70),)
        for preferred, cost in ((whole_day, 0), (until_the_evening, 1)):
            facts = problem(
                series=self.facts.series,
                registrations=(registration("r", "a", preferred=preferred),),
            )
            held = placed(facts.series[0], 72)
            assert self.wish.cost(facts, plan([held], [("r", "a")])) == cost

    def test_help_at_ones_own_pace_is_always_at_a_good_time(self) -> None:
        held = placed(self.facts.series[1], 0)
        assert self.wish.cost(self.facts, plan([held], [("r", "m")])) == 0

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE, TEN, TWO))
        assert counts == {0: 65, 1: 28}

    def test_model_and_judge_agree_beside_what_is_fixed(self) -> None:
        context = Context(
            self.facts,
            [placed(self.facts.series[0], TWO), placed(self.facts.series[1], 0)],
        )
        counts = check_costs_agree(self.facts, self.wish, (TWO,), context=context)
        assert counts == {0: 4, 1: 2}
