"""Slots and masks against wall-clock datetimes and against brute force."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.solver.horizon import (
    ALWAYS,
    FULL_DAY,
    SLOTS_PER_DAY,
    Availability,
    Horizon,
    Span,
    WeeklyWindow,
    mask_between,
    quarters_in,
    slots_of_minutes,
    starts_clear_of,
    starts_within,
)
from tests.wall_clock import CLOCK_CHANGES, QUARTER, ZONE, is_plain, monday_before

QUARTERS = range(SLOTS_PER_DAY)
masks = st.integers(0, FULL_DAY)
lengths = st.integers(1, SLOTS_PER_DAY + 4)
edges = st.integers(-SLOTS_PER_DAY, 2 * SLOTS_PER_DAY)
windows = st.builds(
    WeeklyWindow, st.integers(0, 6), st.integers(0, 95), st.integers(1, 96)
)
spans = st.builds(Span, st.integers(-100, 800), st.integers(-100, 800))


def _wall(day: date, quarter: int) -> datetime:
    return datetime.combine(day, time()) + quarter * QUARTER


@pytest.fixture(params=CLOCK_CHANGES, ids=str)
def changed(request: pytest.FixtureRequest) -> date:
    """A Sunday on which the clock is changed."""
    day: date = request.param
    assert day.weekday() == 6
    assert (day + timedelta(days=7)).month != day.month
    return day


def _week_of(changed: date) -> Horizon:
    return Horizon(monday_before(changed), 14)


def test_weekly_slot_keeps_its_time_of_day_over_a_clock_change(changed: date) -> None:
    horizon = _week_of(changed)
    for day in range(14):
        for quarter in (0, 36, 76, 95):
            slot = day * SLOTS_PER_DAY + quarter
            wall = _wall(horizon.date_of(day), quarter)
            assert horizon.moment(slot) == wall.replace(tzinfo=ZONE)
            assert horizon.moment(slot).replace(tzinfo=None) == wall
            assert horizon.slot_at(wall.date(), wall.time()) == slot
            assert horizon.slot_of(horizon.moment(slot)) == slot


def test_days_of_the_change_have_23_or_25_hours(changed: date) -> None:
    horizon = _week_of(changed)
    day = horizon.day_of(changed)
    midnight, next_midnight = (
        horizon.moment(number * SLOTS_PER_DAY).astimezone(UTC)
        for number in (day, day + 1)
    )
    expected = 23 if changed.month == 3 else 25
    assert next_midnight - midnight == timedelta(hours=expected)


def test_irregular_quarters_are_those_the_clock_skips_or_shows_twice(
    changed: date,
) -> None:
    horizon = _week_of(changed)
    for day in range(14):
        when = horizon.date_of(day)
        irregular = {q for q in QUARTERS if not is_plain(_wall(when, q))}
        assert set(quarters_in(horizon.irregular_quarters(day))) == irregular
        assert irregular == ({8, 9, 10, 11} if when == changed else set())


def test_moment_of_a_skipped_quarter_is_refused_and_of_a_double_one_the_first(
    changed: date,
) -> None:
    horizon = _week_of(changed)
    day = horizon.day_of(changed)
    for quarter in (8, 9, 10, 11):
        slot = day * SLOTS_PER_DAY + quarter
        if changed.month == 3:
            with pytest.raises(ValueError, match="does not exist"):
                horizon.moment(slot)
        else:
            first = _wall(changed, quarter).replace(tzinfo=ZONE, fold=0)
            assert horizon.moment(slot).astimezone(UTC) == first.astimezone(UTC)


def test_every_instant_of_a_clock_change_has_the_slot_of_its_wall_clock(
    changed: date,
) -> None:
    horizon = _week_of(changed)
    instant = datetime.combine(changed, time(), UTC) - timedelta(hours=3)
    for _ in range(120):
        wall = instant.astimezone(ZONE)
        slot = horizon.slot_of(instant)
        day, quarter = divmod(slot, SLOTS_PER_DAY)
        assert _wall(horizon.date_of(day), quarter) == wall.replace(tzinfo=None, fold=0)
        instant += QUARTER


def test_weeks_run_from_monday_whatever_day_comes_first() -> None:
    thursday = Horizon(date(2026, 12, 3), 14)
    assert [thursday.weekday(day) for day in range(5)] == [3, 4, 5, 6, 0]
    assert [thursday.week(day) for day in range(12)] == [0] * 4 + [1] * 7 + [2]
    for day in range(14):
        assert thursday.weekday(day) == thursday.date_of(day).weekday()
        assert thursday.day_of(thursday.date_of(day)) == day


@pytest.mark.parametrize("at", [time(9, 7), time(9, 0, 1), time(9, 0, 0, 1)])
def test_time_off_the_grid_is_refused(at: time) -> None:
    horizon = Horizon(date(2026, 11, 30), 7)
    with pytest.raises(ValueError, match="quarter of an hour"):
        horizon.slot_at(date(2026, 11, 30), at)


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Horizon(date(2026, 11, 30), 7).slot_of(datetime(2026, 11, 30, 9))  # noqa: DTZ001


def test_moment_in_another_zone_is_the_same_instant() -> None:
    horizon = Horizon(date(2026, 11, 30), 7)
    tokyo = datetime(2026, 11, 30, 17, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert horizon.slot_of(tokyo) == 36


@given(st.integers(0, 2000))
def test_minutes_round_up_to_slots(minutes: int) -> None:
    slots = slots_of_minutes(minutes)
    assert 15 * slots >= minutes > 15 * (slots - 1)


@given(st.integers(0, 96), st.integers(0, 96))
def test_mask_between_is_its_quarters(start: int, end: int) -> None:
    assert list(quarters_in(mask_between(start, end))) == list(range(start, end))


@given(masks, lengths)
def test_starts_within_by_brute_force(free: int, length: int) -> None:
    expected = [
        start
        for start in QUARTERS
        if all(free >> quarter & 1 for quarter in range(start, start + length))
    ]
    assert list(quarters_in(starts_within(free, length))) == expected


@given(st.lists(st.tuples(edges, edges), max_size=4), st.integers(1, 96))
def test_starts_clear_of_by_brute_force(
    busy: list[tuple[int, int]], length: int
) -> None:
    stretches = [(begin, end) for begin, end in busy if begin < end]
    expected = [
        start
        for start in QUARTERS
        if all(start + length <= begin or end <= start for begin, end in stretches)
    ]
    assert list(quarters_in(starts_clear_of(stretches, length))) == expected


@given(
    st.lists(windows, max_size=4),
    st.lists(spans, max_size=3),
    st.lists(spans, max_size=3),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_free_quarters_by_brute_force(
    weekly: list[WeeklyWindow],
    extra: list[Span],
    blocked: list[Span],
    first: int,
    day: int,
) -> None:
    horizon = Horizon(date(2026, 11, 30) + timedelta(days=first), 7)
    availability = Availability(tuple(weekly), tuple(extra), tuple(blocked))

    def is_free(quarter: int) -> bool:
        slot = day * SLOTS_PER_DAY + quarter
        if any(span.start <= slot < span.end for span in blocked):
            return False
        weekday = (first + day) % 7
        return any(span.start <= slot < span.end for span in extra) or any(
            window.weekday == weekday and window.start <= quarter < window.end
            for window in weekly
        )

    expected = [quarter for quarter in QUARTERS if is_free(quarter)]
    assert list(quarters_in(horizon.free_quarters(availability, day))) == expected


@given(st.integers(0, 13))
def test_always_is_every_quarter(day: int) -> None:
    assert Horizon(date(2026, 11, 30), 14).free_quarters(ALWAYS, day) == FULL_DAY
