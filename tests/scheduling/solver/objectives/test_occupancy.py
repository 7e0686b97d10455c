"""Rooms that fit and groups that fill, each wish alone on its own tiny problem."""

from __future__ import annotations

import pytest

from scheduling.solver.context import Context
from scheduling.solver.objectives.occupancy import FillBeforeOpening, RoomFit
from scheduling.solver.plan import Allocation, Meeting, Placement
from scheduling.solver.problem import Format
from tests.builders import NINE, TEN, placed, plan, problem, registration, room, series
from tests.costs import check_costs_agree


class TestRoomFit:
    wish = RoomFit()
    facts = problem(
        series=(series("a", size_max=8), series("b", size_max=8, guests=3)),
        rooms=(
            room("exact", capacity=8),
            room("larger", capacity=12),
            room("dear", capacity=6, price=7),
        ),
    )

    @pytest.mark.parametrize(
        ("name", "room_id", "cost"),
        [
            ("a", "exact", 0),
            ("a", "larger", 4),
            ("a", "dear", 7),
            ("b", "exact", 0),
            ("b", "larger", 1),
        ],
    )
    def test_costs_empty_chairs_and_the_price(
        self, name: str, room_id: str, cost: int
    ) -> None:
        held = placed(self.facts.series_by_id[name], NINE, room_id)
        assert self.wish.cost(self.facts, plan([held])) == cost

    def test_each_room_of_a_series_counts_once(self) -> None:
        rooms = ("larger", "larger", "dear")
        slots = (NINE, 96 + NINE, 192 + NINE)
        moved = Placement("a", tuple(map(Meeting, slots, rooms)))
        assert self.wish.cost(self.facts, plan([moved])) == 11

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish, (NINE,))
        assert counts == {0: 4, 1: 2, 4: 2, 5: 1, 7: 4, 8: 1, 11: 1, 14: 1}


class TestFillBeforeOpening:
    wish = FillBeforeOpening()
    facts = problem(
        series=(
            series("new", format=Format.ONLINE, size_max=5),
            series(
                "running",
                format=Format.ONLINE,
                size_max=8,
                meetings_held=2,
                members=("m", "n"),
            ),
            series("own-pace", format=Format.SELF_PACED, size_max=50),
        ),
        registrations=(
            registration("r", "new", "running", seats=2),
            registration("s", "new", "running"),
            registration("t", "own-pace", "running"),
        ),
    )
    new, running, own_pace = (placed(item, NINE) for item in facts.series)

    def test_costs_opening_and_the_seats_short_of_half(self) -> None:
        costs = [
            self.wish.cost(self.facts, plan([self.new], seats))
            for seats in ([], [("s", "new")], [("r", "new")])
        ]
        assert costs == [2 + 2, 2 + 1, 2]

    def test_a_running_group_only_costs_its_empty_seats(self) -> None:
        assert self.wish.cost(self.facts, plan([self.running])) == 2
        filled = plan([self.running], [("r", "running"), ("s", "running")])
        assert self.wish.cost(self.facts, filled) == 0

    def test_help_at_ones_own_pace_has_nothing_to_fill(self) -> None:
        assert self.wish.cost(self.facts, plan([self.own_pace])) == 0

    def test_model_and_judge_agree(self) -> None:
        facts = problem(
            series=self.facts.series[:2], registrations=self.facts.registrations[:2]
        )
        counts = check_costs_agree(facts, self.wish, (NINE,))
        assert counts == {0: 3, 1: 1, 2: 3, 3: 3, 4: 5, 5: 2, 6: 1}

    def test_model_and_judge_agree_beside_what_is_fixed(self) -> None:
        context = Context(
            self.facts, [self.running, self.own_pace], [Allocation("s", "running")]
        )
        counts = check_costs_agree(self.facts, self.wish, (NINE,), context=context)
        assert min(counts) == 0
        assert sum(counts.values()) == 6 + 9

    def test_somebody_may_join_a_series_that_is_fixed_alone(self) -> None:
        facts = problem(
            series=(series("a", format=Format.ONLINE, size_max=4),),
            registrations=(registration("r", "a", seats=3), registration("s", "a")),
        )
        context = Context(facts, [placed(facts.series[0], TEN)])
        assert check_costs_agree(facts, self.wish, context=context) == {
            2: 2,
            3: 1,
            4: 1,
        }

    def test_one_seat_short_of_half_counts(self) -> None:
        facts = problem(
            series=(
                series("a", format=Format.ONLINE, size_max=3),
                series("b", format=Format.ONLINE, size_max=2),
            ),
            registrations=(registration("r", "a", "b"),),
        )
        context = Context(facts, [placed(facts.series[0], TEN)])
        assert check_costs_agree(facts, self.wish, context=context) == {
            2: 1,
            3: 1,
            5: 4,
            6: 2,
        }
