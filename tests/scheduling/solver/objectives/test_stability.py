"""What people know stays, each wish alone on its own tiny problem."""

from __future__ import annotations

import pytest

from scheduling.solver.context import Context
from scheduling.solver.objectives.stability import (
    KeepContinuity,
    KeepPublishedPlacement,
)
from scheduling.solver.plan import Allocation, Meeting, Placement
from scheduling.solver.problem import Continuity, DatePattern, Format, Published
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

TWICE = (DatePattern((0, 7)), DatePattern((0, 8)))


class TestKeepPublishedPlacement:
    wish = KeepPublishedPlacement()
    known = series("a", date_patterns=TWICE)
    module = series("m", format=Format.SELF_PACED)
    facts = problem(
        series=(known, module),
        rooms=(room("q"), room("s", "y")),
        facilitators=(facilitator("f"), facilitator("g")),
        registrations=(registration("r", "a", "m"),),
        published=Published(
            (placed(known, NINE, "q", "f"), placed(module, 0, None, "g")),
            (Allocation("r", "a"),),
            frozenset({"a", "m"}),
            frozenset({"r"}),
        ),
    )
    same = facts.published.placements[0]
    coached = facts.published.placements[1]

    def cost(self, *placements: Placement, seat: str | None = "a") -> int:
        seats = [] if seat is None else [("r", seat)]
        return self.wish.cost(self.facts, plan(placements, seats))

    def test_nothing_changed_costs_nothing(self) -> None:
        assert self.cost(self.same, self.coached) == 0

    @pytest.mark.parametrize(
        ("now", "cost"),
        [
            (placed(known, TEN, "q", "f"), 4),
            (placed(known, NINE, "q", "f", pattern=1), 2),
            (placed(known, NINE, "s", "f"), 1),
            (placed(known, NINE, "q", "g"), 1),
            (placed(known, NINE, "q", "f", "g"), 0),
            (placed(known, TEN, "s", pattern=1), 6),
        ],
    )
    def test_costs_each_meeting_moved_and_each_room_and_leader_lost(
        self, now: Placement, cost: int
    ) -> None:
        assert self.cost(now, self.coached) == cost

    def test_a_series_lost_costs_more_than_any_change_of_it(self) -> None:
        assert self.cost(self.coached, seat="m") == 10 + 2 * 3 + 2 + 5
        assert self.cost(self.same) == 10 + 1

    def test_a_seat_lost_costs_more_than_a_seat_elsewhere(self) -> None:
        assert self.cost(self.same, self.coached, seat=None) == 8
        assert self.cost(self.same, self.coached, seat="m") == 5

    def test_a_published_meeting_of_its_own_is_compared_meeting_by_meeting(
        self,
    ) -> None:
        facts = problem(
            series=(self.known,),
            rooms=self.facts.rooms,
            published=Published(
                (Placement("a", (Meeting(NINE, "q"), Meeting(7 * 96 + TEN, "s"))),)
            ),
        )
        now = plan([placed(self.known, NINE, "q")])
        assert self.wish.cost(facts, now) == 2 + 1

    def test_what_is_no_longer_a_fact_is_not_missed(self) -> None:
        facts = problem(
            published=Published((Placement("gone"),), (Allocation("left", "gone"),))
        )
        assert self.wish.cost(facts, plan()) == 0

    def test_model_and_judge_agree(self) -> None:
        counts = check_costs_agree(self.facts, self.wish)
        assert counts[0] == 1
        assert sum(counts.values()) == 1 + 3 * 2 + 24 * 2 + 24 * 3 * 3

    def test_model_and_judge_agree_beside_what_is_fixed(self) -> None:
        context = Context(self.facts, [self.same, self.coached])
        assert check_costs_agree(self.facts, self.wish, context=context) == {
            0: 1,
            5: 1,
            8: 1,
        }


class TestKeepContinuity:
    wish = KeepContinuity()
    again = series(
        "a",
        date_patterns=(DatePattern((0, 8)), DatePattern((1, 8))),
        continuity=Continuity(0, "q", frozenset({"f", "g"})),
    )
    facts = problem(
        series=(
            again,
            series("n", format=Format.ONLINE),
            series(
                "m",
                format=Format.SELF_PACED,
                continuity=Continuity(3, "q", frozenset({"g"})),
            ),
        ),
        rooms=(room("q"), room("s")),
        facilitators=(facilitator("f"), facilitator("g")),
    )

    @pytest.mark.parametrize(
        ("now", "cost"),
        [
            (placed(again, NINE, "q", "f", "g"), 0),
            (placed(again, TEN, "q", "f", "g"), 0),
            (placed(again, NINE, "q", "f", "g", pattern=1), 2),
            (placed(again, NINE, "s", "f", "g"), 1),
            (placed(again, NINE, "q", "f"), 1),
            (placed(again, NINE, "s", pattern=1), 5),
        ],
    )
    def test_costs_another_weekday_room_and_leader(
        self, now: Placement, cost: int
    ) -> None:
        assert self.wish.cost(self.facts, plan([now])) == cost

    def test_a_group_that_stops_costs_nothing_here(self) -> None:
        assert self.wish.cost(self.facts, plan()) == 0

    def test_only_the_coach_matters_at_ones_own_pace(self) -> None:
        module = self.facts.series[2]
        assert self.wish.cost(self.facts, plan([placed(module, 0)])) == 1
        assert self.wish.cost(self.facts, plan([placed(module, 0, None, "g")])) == 0

    def test_a_group_that_is_now_online_lost_its_room(self) -> None:
        moved = series("a", format=Format.ONLINE, continuity=Continuity(0, "q"))
        facts = problem(series=(moved,), rooms=(room("q"),))
        assert self.wish.cost(facts, plan([placed(moved, NINE)])) == 1
        assert check_costs_agree(facts, self.wish) == {0: 1, 1: 2}

    def test_model_and_judge_agree(self) -> None:
        facts = problem(
            series=(self.facts.series[0], self.facts.series[2]),
            rooms=self.facts.rooms,
            facilitators=self.facts.facilitators,
        )
        counts = check_costs_agree(facts, self.wish, (NINE,), (0, 1, 2))
        assert sum(counts.values()) == 17 * 5
        assert (min(counts), max(counts)) == (0, 6)
