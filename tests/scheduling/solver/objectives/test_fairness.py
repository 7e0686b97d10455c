"""A fair share of evenings and seats, each wish alone on its own tiny problem."""

from __future__ import annotations

import pytest

from scheduling.solver.context import Context
from scheduling.solver.objectives import registration_weight
from scheduling.solver.objectives.fairness import (
    KeepSeatsForTheInflexible,
    LongestWaitFirst,
    ShareEvenings,
    unseen_wait,
)
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import DatePattern, Format
from scheduling.solver.solve import SolveSettings, solve
from tests.builders import (
    NINE,
    SEVEN,
    facilitator,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)
from tests.costs import check_costs_agree


class TestLongestWaitFirst:
    """Two who are alike but for how long they waited, and one seat."""

    wish = LongestWaitFirst()

    @pytest.mark.parametrize(
        ("longer", "shorter"),
        [
            ((30, 28), (29, 28)),  # a day: the weight of the seat shows it
            ((197, 98), (196, 98)),  # a day of a long norm: it does not
            ((90, 28), (85, 28)),  # both past three norms
            ((400, 28), (390, 28)),  # both far past
            ((20, 28), (60, 98)),  # fewer days, but more of the norm
        ],
    )
    @pytest.mark.parametrize("turned", [False, True])
    def test_who_waited_longest_for_the_norm_gets_the_seat(
        self, longer: tuple[int, int], shorter: tuple[int, int], turned: bool
    ) -> None:
        two = [
            registration(name, "a", waiting_days=days, norm_days=norm)
            for name, (days, norm) in (("long", longer), ("short", shorter))
        ]
        facts = problem(
            series=(series("a", size_max=1),),
            rooms=(room("r"),),
            registrations=tuple(reversed(two) if turned else two),
        )
        for seed in (1, 2, 3):
            best = solve(facts, SolveSettings(seconds=3, workers=1, seed=seed))
            assert [one.registration_id for one in best.allocations] == ["long"]

    def test_of_the_same_weight_who_waited_longer_costs_more(self) -> None:
        for norm in (14, 28, 56, 98):
            found = [
                registration("n", waiting_days=days, norm_days=norm)
                for days in range(0, 20 * norm, 7)
            ]
            keys = [(registration_weight(one), unseen_wait(one)) for one in found]
            assert keys == sorted(keys)
        assert unseen_wait(registration("n", waiting_days=9999, norm_days=1)) == 300

    def test_engine_and_judge_agree(self) -> None:
        facts = problem(
            series=(series("a", size_max=1, format=Format.ONLINE),),
            registrations=(
                registration("n", "a", waiting_days=100),
                registration("m", "a", waiting_days=29, norm_days=98),
            ),
        )
        check_costs_agree(facts, self.wish)
        assert self.wish.cost(facts, plan()) == 57 + 1


class TestShareEvenings:
    wish = ShareEvenings()
    facts = problem(
        series=tuple(
            series(name, format=Format.ONLINE, date_patterns=(DatePattern((day,)),))
            for day, name in enumerate("abc")
        ),
        facilitators=(facilitator("f"), facilitator("g")),
    )

    def led(self, *leaders: str, quarter: int = SEVEN) -> int:
        held = [
            placed(item, quarter, None, lead)
            for item, lead in zip(self.facts.series, leaders, strict=False)
        ]
        return self.wish.cost(self.facts, plan(held))

    def test_costs_more_for_every_further_evening(self) -> None:
        assert [self.led(*"f" * count) for count in (1, 2, 3)] == [0, 1, 3]
        assert self.led("f", "f", "g") == 1

    def test_mornings_cost_nothing(self) -> None:
        assert self.led("f", "f", "f", quarter=NINE) == 0

    def test_an_evening_begins_with_the_last_part_of_the_day(self) -> None:
        assert self.led("f", "f", quarter=69) == 0
        assert self.led("f", "f", quarter=70) == 1

    def test_many_evenings_of_one_series_count_as_one(self) -> None:
        often = Placement(
            "a", (Meeting(SEVEN, None, ("f",)), Meeting(172, None, ("f",)))
        )
        other = placed(self.facts.series[1], SEVEN, None, "f")
        assert self.wish.cost(self.facts, plan([often])) == 0
        assert self.wish.cost(self.facts, plan([often, other])) == 1

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE, SEVEN))
        assert counts == {0: 305, 1: 36, 3: 2}

    def test_model_and_judge_agree_beside_what_is_fixed(self) -> None:
        one, two, _ = self.facts.series
        fixed = [placed(one, SEVEN, None, "f"), placed(two, SEVEN, None, "f")]
        context = Context(self.facts, fixed)
        counts = check_costs_agree(
            self.facts, self.wish, (NINE, SEVEN), (0, 1, 2), context
        )
        assert counts == {1: 7, 3: 2}


class TestKeepSeatsForTheInflexible:
    wish = KeepSeatsForTheInflexible()
    facts = problem(
        series=(
            series("a", format=Format.ONLINE, size_max=1),
            series("b", format=Format.ONLINE, size_max=2),
            series("c", format=Format.ONLINE, size_max=1),
        ),
        registrations=(
            registration("r", "a", "c"),
            registration("s", "a"),
            registration("t", "b", "c"),
        ),
    )
    held = tuple(placed(item, NINE) for item in facts.series)

    def cost(self, who: str, seat: str) -> int:
        return self.wish.cost(self.facts, plan(self.held, [(who, seat)]))

    def test_costs_taking_a_scarce_seat_while_there_are_others(self) -> None:
        assert self.cost("r", "a") == 1
        assert self.cost("s", "a") == 0

    def test_a_series_with_room_for_all_or_that_nobody_depends_on_is_free(self) -> None:
        assert self.cost("t", "b") == 0
        assert self.cost("r", "c") == self.cost("t", "c") == 0

    def test_seats_of_members_are_taken(self) -> None:
        for members, cost in (((), 0), (("m",), 1)):
            facts = problem(
                series=(
                    series("a", format=Format.ONLINE, size_max=2, members=members),
                    self.facts.series[2],
                ),
                registrations=self.facts.registrations[:2],
            )
            held = [placed(facts.series[0], NINE)]
            assert self.wish.cost(facts, plan(held, [("r", "a")])) == cost

    def test_a_choice_at_a_level_that_is_refused_is_no_choice(self) -> None:
        facts = problem(
            series=(
                self.facts.series[0],
                series("c", format=Format.ONLINE, level=3),
            ),
            registrations=(registration("r", "a", "c"), registration("s", "a")),
        )
        assert self.wish.cost(facts, plan(self.held[:1], [("r", "a")])) == 0

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE,))
        assert counts == {0: 39, 1: 16}
