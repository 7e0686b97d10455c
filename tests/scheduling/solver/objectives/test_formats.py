"""Light, shared and digital help, each wish alone on its own tiny problem."""

from __future__ import annotations

from scheduling.solver.context import Context
from scheduling.solver.objectives.formats import (
    PreferDigitalFormat,
    PreferGroupFormat,
    PreferLightCare,
    SpareProfessionalTime,
)
from scheduling.solver.plan import Allocation, Meeting, Placement
from scheduling.solver.problem import DatePattern, Format
from tests.builders import (
    NINE,
    TEN,
    facilitator,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)
from tests.costs import check_costs_agree

ANY_LEVEL = frozenset({1, 2, 3})


def online(name: str, **facts: object) -> object:
    return series(name, format=Format.ONLINE, **facts)


class TestPreferLightCare:
    wish = PreferLightCare()
    facts = problem(
        series=(
            online("one", level=1),
            online("two", level=2),
            online("three", level=3),
        ),
        registrations=(
            registration("r", "one", "two", "three", levels=ANY_LEVEL),
            registration("s", "one", "three", levels=frozenset({2, 3})),
        ),
    )

    def test_costs_the_levels_above_the_lightest_suitable_choice(self) -> None:
        held = [placed(item, NINE) for item in self.facts.series]
        for seat, cost in (("one", 0), ("two", 1), ("three", 2)):
            assert self.wish.cost(self.facts, plan(held, [("r", seat)])) == cost

    def test_who_may_only_get_the_heavier_level_costs_nothing(self) -> None:
        held = [placed(item, NINE) for item in self.facts.series]
        assert self.wish.cost(self.facts, plan(held, [("s", "three")])) == 0

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE,))
        assert counts == {0: 26, 1: 8, 2: 10}


class TestPreferGroupFormat:
    wish = PreferGroupFormat()
    facts = problem(
        series=(online("group", size_max=8), online("alone", size_max=1)),
        registrations=(
            registration("r", "group", "alone"),
            registration("s", "alone"),
        ),
    )
    held = tuple(placed(item, NINE) for item in facts.series)

    def test_costs_an_hour_alone_for_who_would_take_a_group(self) -> None:
        assert self.wish.cost(self.facts, plan(self.held, [("r", "alone")])) == 1
        assert self.wish.cost(self.facts, plan(self.held, [("r", "group")])) == 0

    def test_who_set_the_group_aside_costs_nothing(self) -> None:
        assert self.wish.cost(self.facts, plan(self.held, [("s", "alone")])) == 0

    def test_somebody_who_brings_company_still_sits_alone(self) -> None:
        facts = problem(
            series=(online("group", size_max=8), online("pair", size_max=2)),
            registrations=(registration("r", "group", "pair", seats=2),),
        )
        held = [placed(item, NINE) for item in facts.series]
        assert self.wish.cost(facts, plan(held, [("r", "pair")])) == 1

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish)
        assert counts == {0: 25, 1: 12}


class TestPreferDigitalFormat:
    wish = PreferDigitalFormat()
    facts = problem(
        series=(
            series("here"),
            series("mixed", format=Format.HYBRID),
            online("screen"),
        ),
        rooms=(room("q"),),
        registrations=(
            registration("r", "here", "mixed", "screen", wishes_digital=True),
            registration("s", "here"),
        ),
    )

    def test_costs_coming_in_person(self) -> None:
        one, two, three = self.facts.series
        held = [placed(one, NINE, "q"), placed(two, TEN, "q"), placed(three, NINE)]
        for seat, cost in (("here", 1), ("mixed", 0), ("screen", 0)):
            assert self.wish.cost(self.facts, plan(held, [("r", seat)])) == cost
        assert self.wish.cost(self.facts, plan(held, [("s", "here")])) == 0

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE,))
        assert counts == {0: 24, 1: 8}


class TestSpareProfessionalTime:
    wish = SpareProfessionalTime()
    facts = problem(
        series=(
            online(
                "a",
                level=2,
                length=6,
                date_patterns=(DatePattern((0, 7)), DatePattern((1,))),
            ),
            online("b", level=1),
        ),
        facilitators=(facilitator("f"), facilitator("g")),
    )

    def test_costs_each_meeting_and_its_professionals_quarters(self) -> None:
        one, two = self.facts.series
        assert self.wish.cost(
            self.facts, plan([placed(one, NINE, None, "f", "g")])
        ) == (2 + 2 * 6 * 2)
        assert self.wish.cost(self.facts, plan([placed(one, NINE, pattern=1)])) == 1
        assert self.wish.cost(self.facts, plan([placed(two, NINE, None, "f")])) == 1

    def test_a_leader_named_twice_is_one(self) -> None:
        twice = Placement("a", (Meeting(NINE, None, ("f", "f")),))
        assert self.wish.cost(self.facts, plan([twice])) == 7

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE,), (0, 1, 2))
        assert counts == {
            0: 1,
            1: 5,
            2: 5,
            3: 4,
            7: 2,
            8: 8,
            13: 1,
            14: 6,
            15: 8,
            26: 1,
            27: 4,
        }

    def test_model_and_judge_agree_on_a_coach(self) -> None:
        facts = problem(
            series=(
                series(
                    "m",
                    format=Format.SELF_PACED,
                    level=2,
                    coach_minutes_per_seat=20,
                ),
                series("n", format=Format.SELF_PACED, coach_minutes_per_seat=20),
            ),
            registrations=(
                registration("r", "m"),
                registration("s", "m", "n", seats=2),
            ),
        )
        held = [placed(item, 0) for item in facts.series]
        seats = [("r", "m"), ("s", "m")]
        assert self.wish.cost(facts, plan(held, seats)) == 3 + 6
        assert check_costs_agree(facts, self.wish) == {0: 6, 3: 3, 6: 2, 9: 2}
        context = Context(facts, [held[0]], [Allocation("r", "m")])
        assert check_costs_agree(facts, self.wish, context=context) == {3: 3, 9: 2}
