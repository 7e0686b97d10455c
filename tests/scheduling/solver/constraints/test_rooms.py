"""Rules about rooms, each alone on its own tiny problem."""

from __future__ import annotations

from scheduling.solver.constraints.rooms import RoomConflict
from tests.builders import (
    NINE,
    TEN,
    check_judges_agree,
    model_allows,
    placed,
    plan,
    problem,
    room,
    series,
)


class TestRoomConflict:
    facts = problem(
        series=(series("a"), series("b")), rooms=(room("r", changeover=1), room("s"))
    )
    rule = RoomConflict()

    def test_allows_two_meetings_with_the_changeover_between(self) -> None:
        one, other = self.facts.series
        legal = plan([placed(one, NINE, "r"), placed(other, NINE + 8, "r")])
        assert model_allows(self.facts, [self.rule], legal)

    def test_forbids_a_meeting_inside_the_changeover(self) -> None:
        one, other = self.facts.series
        breach = plan([placed(one, NINE, "r"), placed(other, TEN, "r")])
        assert not model_allows(self.facts, [self.rule], breach)

    def test_encoder_and_judge_agree(self) -> None:
        allowed, refused = check_judges_agree(self.facts, self.rule, (NINE, TEN, 44))
        assert (allowed, refused) == (39, 10)
