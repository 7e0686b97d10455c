"""Help near home, each wish alone on its own tiny problem."""

from __future__ import annotations

from scheduling.solver.context import Context
from scheduling.solver.objectives.travel import OwnDistrict, ShortTravel
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import Format, Person, Place
from tests.builders import (
    NINE,
    TEN,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)
from tests.costs import check_costs_agree

PLACES = (
    Place("x", "east"),
    Place("y", "west"),
    Place("z", "east"),
    Place("nowhere"),
)
MINUTES = ((0, 30, 9, 4), (30, 0, 20, 4), (11, 20, 0, 4), (4, 4, 4, 0))
FACTS = problem(
    places=PLACES,
    travel_minutes=MINUTES,
    persons=(
        Person("p-r", home_place_id="x"),
        Person("p-s", home_place_id="y"),
        Person("p-t"),
    ),
    rooms=tuple(room(f"in-{place.id}", place.id) for place in PLACES),
    series=(series("a"), series("b", format=Format.ONLINE)),
    registrations=tuple(registration(name, "a", "b") for name in "rst"),
)
FIXED = Context(FACTS, [placed(FACTS.series[0], NINE, "in-y")])


def here(room_id: str) -> Placement:
    return placed(FACTS.series[0], NINE, room_id)


class TestOwnDistrict:
    wish = OwnDistrict()

    def test_costs_a_seat_in_another_district(self) -> None:
        costs = {
            (who, room_id): self.wish.cost(FACTS, plan([here(room_id)], [(who, "a")]))
            for who in "rst"
            for room_id in ("in-x", "in-y", "in-z", "in-nowhere")
        }
        assert {key for key, cost in costs.items() if cost} == {
            ("r", "in-y"),
            ("s", "in-x"),
            ("s", "in-z"),
        }
        assert set(costs.values()) == {0, 1}

    def test_online_is_everywhere(self) -> None:
        held = placed(FACTS.series[1], NINE)
        assert self.wish.cost(FACTS, plan([held], [("r", "b")])) == 0

    def test_one_meeting_elsewhere_is_enough(self) -> None:
        moved = Placement("a", (Meeting(NINE, "in-x"), Meeting(96 + NINE, "in-y")))
        assert self.wish.cost(FACTS, plan([moved], [("r", "a")])) == 1

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(FACTS, self.wish, (NINE,))
        assert counts == {0: 110, 1: 39}

    def test_model_and_judge_agree_beside_what_is_fixed(self) -> None:
        counts = check_costs_agree(FACTS, self.wish, (NINE,), context=FIXED)
        assert counts == {0: 22, 1: 13}


class TestShortTravel:
    wish = ShortTravel()

    def test_costs_whole_steps_of_five_minutes_from_home(self) -> None:
        costs = [
            self.wish.cost(FACTS, plan([here(room_id)], [("r", "a")]))
            for room_id in ("in-x", "in-y", "in-z", "in-nowhere")
        ]
        assert costs == [0, 6, 1, 0]

    def test_the_farthest_meeting_counts(self) -> None:
        moved = Placement("a", (Meeting(NINE, "in-z"), Meeting(96 + TEN, "in-y")))
        assert self.wish.cost(FACTS, plan([moved], [("r", "a")])) == 6

    def test_an_unknown_home_and_online_cost_nothing(self) -> None:
        assert self.wish.cost(FACTS, plan([here("in-y")], [("t", "a")])) == 0
        held = placed(FACTS.series[1], NINE)
        assert self.wish.cost(FACTS, plan([held], [("r", "b")])) == 0

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(FACTS, self.wish, (NINE,))
        assert counts == {0: 102, 1: 8, 4: 8, 5: 5, 6: 26}

    def test_model_and_judge_agree_beside_what_is_fixed(self) -> None:
        counts = check_costs_agree(FACTS, self.wish, (NINE,), context=FIXED)
        assert counts == {0: 22, 6: 13}
