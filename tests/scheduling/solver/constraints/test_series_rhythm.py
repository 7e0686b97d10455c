"""The rhythm of a series, judged by the clock on the wall as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.series import SeriesRhythm
from scheduling.solver.horizon import SLOTS_PER_DAY, Horizon, WeeklyWindow
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import Meeting, Placement, Plan
from scheduling.solver.problem import DatePattern, Format
from tests.beside import check_touching
from tests.builders import (
    ELEVEN,
    NINE,
    TEN,
    check_judges_agree,
    check_necessary,
    every_plan,
    facilitator,
    model_allows,
    placed,
    plan,
    problem,
    room,
    series,
    with_facts,
)
from tests.wall_clock import (
    CLOCK_CHANGES,
    Hours,
    in_hours,
    is_plain,
    monday_before,
    quarters,
)

rule = SeriesRhythm()


class TestSeriesRhythm:
    """Mondays with a last Wednesday; x keeps a holiday, so it has dates of its own."""

    facts = problem(
        series=(
            series(
                "a",
                date_patterns=(
                    DatePattern((0, 7, 9), frozenset({"y"})),
                    DatePattern((0, 7), frozenset({"x"})),
                ),
                windows=(
                    WeeklyWindow(0, NINE, ELEVEN),
                    WeeklyWindow(2, NINE, TEN),
                ),
            ),
        ),
        rooms=(room("r", "x"), room("s", "y")),
        facilitators=(facilitator("f"), facilitator("g")),
    )
    (a,) = facts.series

    def test_allows_the_dates_of_a_pattern_inside_the_windows(self) -> None:
        for number, room_id, quarter in ((0, "s", NINE), (1, "r", NINE), (1, "r", TEN)):
            legal = plan([placed(self.a, quarter, room_id, pattern=number)])
            assert model_allows(self.facts, [rule], legal)
            assert not list(rule.violations(self.facts, legal))

    def test_has_no_start_outside_the_window_of_the_last_weekday(self) -> None:
        breach = plan([placed(self.a, TEN, "s")])
        assert not model_allows(self.facts, [rule], breach)
        (found,) = rule.violations(self.facts, breach)
        assert found.facts == (("outside_windows", 1),)
        assert found.slot == 9 * 96 + TEN

    def test_encoder_and_judge_agree(self) -> None:
        counts = check_judges_agree(
            self.facts, rule, (NINE, TEN, ELEVEN, NINE + 2), leader_counts=(0,)
        )
        assert counts == (4, 13)

    def test_only_what_keeps_the_rhythm_has_a_variable(self) -> None:
        variables = PlanningModel(self.facts, [rule]).variables
        starts = {
            (mode.timing.pattern, mode.place_id, mode.starts)
            for mode, _ in variables.modes("a")
        }
        nine, ten = 1 << NINE, 1 << TEN
        assert starts == {(0, "y", nine), (1, "x", nine | ten)}

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, rule, CONSTRAINTS, leader_counts=(0,))

    @pytest.mark.parametrize(
        ("name", "meetings"),
        [
            ("hours", [(0, NINE, "s"), (7, NINE, "s"), (9, NINE - 4, "s")]),
            ("rooms", [(0, NINE, "s"), (7, NINE, "t"), (9, NINE, "s")]),
            ("dates", [(0, NINE, "s"), (9, NINE, "s")]),
            ("dates_elsewhere", [(0, NINE, "s"), (7, NINE, "s")]),
            ("dates", [(0, NINE, "s"), (7, NINE, "s"), (9, NINE, "s"), (9, NINE, "s")]),
            ("dates", []),
            ("dates", [(7000, NINE, "s")]),
            ("dates_elsewhere", [(0, NINE, "r"), (7, NINE, "r"), (9, NINE, "r")]),
            ("room_missing", [(0, NINE, None), (7, NINE, None)]),
            ("off_grid", [(0, NINE + 1, "r"), (7, NINE + 1, "r")]),
        ],
    )
    def test_names_what_is_wrong_in_a_plan_by_hand(
        self, name: str, meetings: Iterable[tuple[int, int, str | None]]
    ) -> None:
        facts = with_facts(self.facts, rooms=(*self.facts.rooms, room("t", "y")))
        one = by_hand(meetings)
        assert name in {key for key, _ in facts_of(facts, one)}
        check_touching(facts, rule, [one])

    def test_names_leaders_that_change(self) -> None:
        teams = (("f", "g"), ("g", "f"))
        slots = (NINE, 7 * 96 + NINE)
        held = [
            Meeting(slot, "r", team) for slot, team in zip(slots, teams, strict=True)
        ]
        assert not facts_of(self.facts, plan([Placement("a", tuple(held))]))
        held[1] = replace(held[1], facilitator_ids=("f",))
        found = facts_of(self.facts, plan([Placement("a", tuple(held))]))
        assert found == [("teams", 2)]

    def test_names_a_series_placed_twice(self) -> None:
        one = placed(self.a, NINE, "s")
        assert ("placements", 2) in facts_of(self.facts, plan([one, one]))

    def test_names_a_room_or_a_meeting_where_there_is_none(self) -> None:
        online = replace(self.a, format=Format.ONLINE)
        facts = with_facts(self.facts, series=(online,))
        one = by_hand([(0, NINE, "r"), (7, NINE, "r")])
        assert facts_of(facts, one) == [("room_unneeded", 1)] * 2
        one = plan([Placement("a", placed(online, NINE).meetings, ("f",))])
        assert facts_of(facts, one) == [("coaches", 1)]
        paced = replace(self.a, format=Format.SELF_PACED, length=0)
        facts = with_facts(self.facts, series=(paced,))
        assert facts_of(facts, by_hand([(0, NINE, None)])) == [("meetings", 1)]
        assert not facts_of(facts, plan([placed(paced, 0, None, "f")]))

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts, leader_counts=(0,)))


def by_hand(meetings: Iterable[tuple[int, int, str | None]]) -> Plan:
    held = (Meeting(day * 96 + at, room_id) for day, at, room_id in meetings)
    return plan([Placement("a", tuple(held))])


def facts_of(facts: object, one: Plan) -> list[tuple[str, int]]:
    found = rule.violations(facts, one)  # type: ignore[arg-type]
    return [fact for item in found for fact in item.facts]


@pytest.mark.parametrize("step", [1, 2, 3])
@pytest.mark.parametrize("change", CLOCK_CHANGES, ids=str)
def test_agrees_with_the_clock_on_the_wall(change: date, step: int) -> None:
    """Sundays through the night the clock is changed, and a last Monday after it."""
    horizon = Horizon(monday_before(change) - timedelta(days=7), 28)
    hours: list[Hours] = [
        (6, time(0), time(2)),
        (6, time(1), time(4, 45)),
        (6, time(13), time(14)),
        (6, time(21, 30), time()),
        (0, time(0), time(4)),
        (0, time(21, 30), time(23, 45)),
    ]
    week = timedelta(days=7)
    patterns = [
        (change - week, change, change + week),
        (change - week, change + week),
        (change, change + timedelta(days=8)),
    ]
    item = series(
        "a",
        length=5,
        start_step=step,
        format=Format.ONLINE,
        date_patterns=tuple(
            DatePattern(tuple(horizon.day_of(day) for day in days)) for days in patterns
        ),
        windows=tuple(
            WeeklyWindow(day, _quarter(start), _quarter(until) or SLOTS_PER_DAY)
            for day, start, until in hours
        ),
    )
    facts = problem(horizon=horizon, series=(item,))
    filters, seen = Filters(facts, [rule]), set()
    for number, days in enumerate(patterns):
        mask = filters.starts(item, number)
        for quarter in range(SLOTS_PER_DAY):
            at = time(quarter // 4, quarter % 4 * 15)
            walls = [wall for day in days for wall in quarters(day, at, 75)]
            right = quarter % step == 0 and all(
                is_plain(walls[first + part])
                and any(
                    all(in_hours(wall, [one]) for wall in walls[first : first + 5])
                    for one in hours
                )
                for first in range(0, len(walls), 5)
                for part in range(5)
            )
            judged = not facts_of(facts, plan([placed(item, quarter, pattern=number)]))
            assert bool(mask >> quarter & 1) == right == judged, (days, at)
            seen.add(right)
    assert seen == {True, False}


def _quarter(at: time) -> int:
    return at.hour * 4 + at.minute // 15
