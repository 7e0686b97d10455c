"""Everyone can be there on every date, judged by the clock on the wall as well."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.residents import ResidentAvailability
from scheduling.solver.horizon import (
    ALWAYS,
    SLOTS_PER_DAY,
    Availability,
    Horizon,
    Span,
    WeeklyWindow,
)
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import DatePattern, Format, Person
from tests.beside import check_agree_beside, check_touching
from tests.builders import (
    NINE,
    TEN,
    check_judges_agree,
    check_necessary,
    every_plan,
    model_allows,
    placed,
    plan,
    problem,
    registration,
    series,
)
from tests.wall_clock import (
    CLOCK_CHANGES,
    ZONE,
    Hours,
    in_hours,
    in_spans,
    is_plain,
    monday_before,
    quarters,
)

rule = ResidentAvailability()
MORNINGS = (WeeklyWindow(0, NINE, TEN),)


class TestResidentAvailability:
    """Two Mondays; one person is away on the second, a member is there at nine."""

    facts = problem(
        series=(
            series(
                "a",
                format=Format.ONLINE,
                date_patterns=(DatePattern((0, 7)), DatePattern((0,))),
            ),
            series("b", format=Format.ONLINE, members=("m",)),
        ),
        persons=(
            Person("p-r", availability=Availability(weekly=MORNINGS)),
            Person(
                "p-s",
                availability=Availability(
                    weekly=ALWAYS.weekly, blocked=(Span(7 * 96 + TEN - 1, 8 * 96),)
                ),
            ),
            Person("m", availability=Availability(extra=(Span(NINE, TEN),))),
        ),
        registrations=(registration("r", "a"), registration("s", "a")),
    )
    a, b = facts.series

    def test_allows_who_is_free_on_every_date(self) -> None:
        legal = plan([placed(self.a, NINE), placed(self.b, NINE)], [("r", "a")])
        assert model_allows(self.facts, [rule], legal)
        assert not list(rule.violations(self.facts, legal))

    def test_forbids_who_is_away_on_one_of_them(self) -> None:
        breach = plan([placed(self.a, NINE)], [("s", "a")])
        assert not model_allows(self.facts, [rule], breach)
        (found,) = rule.violations(self.facts, breach)
        assert found.about == (("person", "p-s"), ("series", "a"))
        assert found.slot == 7 * 96 + NINE

    def test_encoder_and_judge_agree(self) -> None:
        assert check_judges_agree(self.facts, rule) == (20, 31)
        for fixed in ({"a"}, {"b"}, {"a", "b"}):
            allowed, _ = check_agree_beside(self.facts, rule, fixed)
            assert allowed == 20

    def test_is_necessary(self) -> None:
        check_necessary(self.facts, rule, CONSTRAINTS)

    def test_judges_the_series_asked_for(self) -> None:
        check_touching(self.facts, rule, every_plan(self.facts))

    def test_nobody_is_there_past_midnight_in_a_plan_by_hand(self) -> None:
        facts = problem(series=(self.a,), registrations=(registration("r", "a"),))
        for slot, count in ((SLOTS_PER_DAY - 4, 0), (SLOTS_PER_DAY - 3, 1)):
            late = Placement("a", (Meeting(slot),))
            found = list(rule.violations(facts, plan([late], [("r", "a")])))
            assert len(found) == count

    def test_a_date_outside_the_horizon_is_judged_too(self) -> None:
        far = Placement("a", (Meeting(700 * 96 + NINE), Meeting(-6 * 96 + NINE)))
        found = list(rule.violations(self.facts, plan([far], [("r", "a")])))
        assert {item.slot for item in found} == {-6 * 96 + NINE}


@pytest.mark.parametrize("change", CLOCK_CHANGES, ids=str)
def test_agrees_with_the_clock_on_the_wall(change: date) -> None:
    """Weekly hours, an extra morning and leave, around a night the clock is changed."""
    first = monday_before(change) - timedelta(days=7)
    horizon = Horizon(first, 28)
    hours: list[Hours] = [
        (6, time(1), time(4)),
        (6, time(9), time(17)),
        (6, time(20), time()),
        (0, time(9), time(12, 30)),
    ]
    extra = [_span(change, time(4), change, time(6))]
    blocked = [
        _span(change, time(14), change + timedelta(days=1), time(10)),
        _span(change - timedelta(days=8), time(23), change, time(0, 30)),
    ]
    availability = Availability(
        weekly=tuple(
            WeeklyWindow(day, _quarter(start), _quarter(until) or SLOTS_PER_DAY)
            for day, start, until in hours
        ),
        extra=tuple(_slots(horizon, item) for item in extra),
        blocked=tuple(_slots(horizon, item) for item in blocked),
    )
    patterns = [(change,), (change, change + timedelta(days=7))]
    patterns.append((change + timedelta(days=7), change + timedelta(days=8)))
    item = series(
        "a",
        length=5,
        start_step=1,
        format=Format.ONLINE,
        date_patterns=tuple(
            DatePattern(tuple(horizon.day_of(day) for day in days)) for days in patterns
        ),
    )
    facts = problem(
        horizon=horizon,
        series=(item,),
        persons=(Person("p-r", availability=availability),),
        registrations=(registration("r", "a"),),
    )
    person, filters = facts.persons[0], Filters(facts, [rule])
    expected = set()
    for days in patterns:
        numbers = tuple(horizon.day_of(day) for day in days)
        mask = filters.person_starts(person, numbers, item.length)
        for quarter in range(SLOTS_PER_DAY - item.length):
            at = time(quarter // 4, quarter % 4 * 15)
            walls = [wall for day in days for wall in quarters(day, at, 75)]
            if not all(is_plain(wall) for wall in walls):
                continue  # no series may meet then: the rhythm's oracle
            free = all(
                (in_hours(wall, hours) or in_spans(wall, extra))
                and not in_spans(wall, blocked)
                for wall in walls
            )
            by_hand = plan(
                [placed(item, quarter, pattern=patterns.index(days))], [("r", "a")]
            )
            judged = not list(rule.violations(facts, by_hand))
            assert bool(mask >> quarter & 1) == free == judged, (days, at)
            expected.add(free)
    assert expected == {True, False}


def _span(start: date, at: time, end: date, until: time) -> tuple[datetime, datetime]:
    return (
        datetime.combine(start, at, tzinfo=ZONE),
        datetime.combine(end, until, tzinfo=ZONE),
    )


def _slots(horizon: Horizon, span: tuple[datetime, datetime]) -> Span:
    return Span(horizon.slot_of(span[0]), horizon.slot_of(span[1]))


def _quarter(at: time) -> int:
    return at.hour * 4 + at.minute // 15
