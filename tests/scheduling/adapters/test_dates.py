"""On which dates a new series can meet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from scheduling.adapters.dates import first_on, meeting_dates
from tests.factories import OfferingFactory, SeriesFactory
from tests.scheduling.rows import (
    MONDAY,
    a_centre,
    a_conversation,
    a_group,
    a_room,
    asks_for,
    term,
    week,
)

SEPTEMBER = (date(2026, 9, 7), date(2026, 12, 20))


def never(_: date) -> bool:
    return False


class TestMeetingDates:
    def test_weekly(self) -> None:
        assert meeting_dates(MONDAY, 3, 1, never) == (
            date(2026, 11, 30),
            date(2026, 12, 7),
            date(2026, 12, 14),
        )

    def test_a_holiday_moves_all_that_follows_up_a_week(self) -> None:
        holiday = date(2026, 12, 7)
        assert meeting_dates(MONDAY, 3, 1, holiday.__eq__) == (
            date(2026, 11, 30),
            date(2026, 12, 14),
            date(2026, 12, 21),
        )

    def test_fortnightly_with_a_holiday_keeps_its_two_weeks_from_there(self) -> None:
        holiday = date(2026, 12, 14)
        assert meeting_dates(MONDAY, 3, 2, holiday.__eq__) == (
            date(2026, 11, 30),
            date(2026, 12, 21),
            date(2027, 1, 4),
        )

    def test_a_follow_up_comes_weeks_after_the_last_and_skips_holidays(self) -> None:
        holiday = date(2027, 1, 4)
        assert meeting_dates(MONDAY, 2, 1, holiday.__eq__, 4) == (
            date(2026, 11, 30),
            date(2026, 12, 7),
            date(2027, 1, 11),
        )

    @pytest.mark.parametrize("weekday", range(7))
    def test_first_on_is_the_first_of_its_weekday(self, weekday: int) -> None:
        found = first_on(weekday, date(2026, 12, 2))
        assert found.weekday() == weekday
        assert timedelta(0) <= found - date(2026, 12, 2) < timedelta(7)


@pytest.mark.django_db
class TestPatterns:
    def dates_of(self, series: Any, first: date, last: date) -> dict[int, list[date]]:
        """Dates by weekday, of the patterns that hold everywhere."""
        read = term(first, last)
        horizon = read.problem.horizon
        return {
            horizon.weekday(pattern.days[0]): [
                horizon.date_of(day) for day in pattern.days
            ]
            for pattern in read.series(series).date_patterns
            if pattern.place_ids is None
        }

    def test_one_for_each_workday_that_fits(self) -> None:
        a_room()
        series = SeriesFactory(offering=OfferingFactory(sessions_count=8))
        found = self.dates_of(series, *SEPTEMBER)
        assert sorted(found) == [0, 1, 2, 3, 4, 5]
        assert found[1][0] == date(2026, 9, 8)
        assert found[1][-1] == date(2026, 11, 3), "the autumn holiday is skipped"

    def test_it_begins_no_sooner_and_ends_no_later_than_it_may(self) -> None:
        a_room()
        series = SeriesFactory(
            offering=OfferingFactory(sessions_count=3),
            earliest_start=date(2026, 9, 16),
            latest_end=date(2026, 10, 5),
        )
        found = self.dates_of(series, *SEPTEMBER)
        assert {day: dates[0] for day, dates in found.items()} == {
            0: date(2026, 9, 21),
            2: date(2026, 9, 16),
            3: date(2026, 9, 17),
            4: date(2026, 9, 18),
            5: date(2026, 9, 19),
        }

    def test_one_that_does_not_fit_the_horizon_is_left_for_another_time(self) -> None:
        a_room()
        series = SeriesFactory(offering=OfferingFactory(sessions_count=20))
        asking = asks_for(series)
        read = term(*SEPTEMBER)
        assert not read.has_series(series)
        assert read.registration(asking).choices == ()

    def test_a_group_without_an_end_meets_as_long_as_the_horizon_lasts(self) -> None:
        a_room()
        series = SeriesFactory(offering=a_group(every_weeks=2))
        found = self.dates_of(series, *SEPTEMBER)
        assert found[0][0] == date(2026, 9, 7)
        assert found[0][-1] == date(2026, 12, 14)
        assert len(found[0]) == 8

    def test_each_school_region_skips_its_own_holidays(self) -> None:
        noord = a_room(centre=a_centre())
        voorst = a_room(centre=a_centre(region="Midden", code="GM0285"))
        series = SeriesFactory(
            offering=OfferingFactory(sessions_count=8, skips_school_holidays=True)
        )
        read = term(*SEPTEMBER)
        horizon = read.problem.horizon
        on_tuesday = {
            pattern.place_ids: [horizon.date_of(day) for day in pattern.days]
            for pattern in read.series(series).date_patterns
            if horizon.weekday(pattern.days[0]) == 1
        }
        at_noord = on_tuesday[frozenset({read.room(noord).place_id})]
        at_voorst = on_tuesday[frozenset({read.room(voorst).place_id})]
        assert len(on_tuesday) == 2
        assert len(at_noord) == len(at_voorst) == 8
        assert set(at_voorst) - set(at_noord) == {date(2026, 10, 13)}
        assert set(at_noord) - set(at_voorst) == {date(2026, 10, 20)}

    def test_online_follows_one_region(self) -> None:
        a_room(centre=a_centre())
        a_room(centre=a_centre(region="Midden", code="GM0285"))
        series = SeriesFactory(
            offering=OfferingFactory(
                sessions_count=8, skips_school_holidays=True, format="online"
            )
        )
        assert sorted(self.dates_of(series, *SEPTEMBER)) == [0, 1, 2, 3, 4, 5]

    def test_a_conversation_can_be_on_any_day_but_a_holiday(self) -> None:
        a_room()
        offering = a_conversation()
        series = SeriesFactory(offering=offering)
        late = SeriesFactory(offering=offering, earliest_start=date(2026, 12, 4))
        past = SeriesFactory(offering=offering, latest_end=date(2026, 11, 29))
        read = week()
        days = [pattern.days for pattern in read.series(series).date_patterns]
        assert days == [(0,), (1,), (2,), (3,), (4,), (5,)]
        assert [one.days for one in read.series(late).date_patterns] == [(4,), (5,)]
        assert not read.has_series(past)

    def test_nobody_is_asked_to_come_on_a_public_holiday(self) -> None:
        a_room()
        series = SeriesFactory(offering=a_conversation(skips_school_holidays=False))
        read = week(date(2026, 12, 21))
        days = [pattern.days for pattern in read.series(series).date_patterns]
        assert days == [(0,), (1,), (2,), (3,)]
