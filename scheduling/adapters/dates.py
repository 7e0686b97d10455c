"""On which dates a series can meet: every few weeks, holidays skipped, a late last one.

Holidays differ inside the region (two school regions), so a series has a pattern for
each weekday and each set of places with the same holidays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rooms.selectors import holiday_dates
from scheduling.adapters.resources import Vocabulary
from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import DatePattern, Format

if TYPE_CHECKING:
    from courses.models import Series as SeriesRow
    from rooms.models import Room as RoomRow

SchoolFree = Callable[[date], bool]
Places = frozenset[str] | None
ZONE = ZoneInfo("Europe/Amsterdam")
WORKDAYS = range(6)
"""Monday to Saturday: on which days something may be planned."""


def meeting_dates(
    first: date,
    count: int,
    every_weeks: int,
    is_free: SchoolFree,
    follow_up_weeks: int | None = None,
) -> tuple[date, ...]:
    """``count`` dates from ``first``, a week moved up for each holiday it meets.

    With ``follow_up_weeks`` one more date, so many weeks after the last.
    """
    found: list[date] = []
    day = first
    while len(found) < count:
        if is_free(day):
            day += timedelta(weeks=1)
            continue
        found.append(day)
        day += timedelta(weeks=every_weeks)
    if follow_up_weeks is not None:
        day = found[-1] + timedelta(weeks=follow_up_weeks)
        while is_free(day):
            day += timedelta(weeks=1)
        found.append(day)
    return tuple(found)


def first_new_day(first: date, now: datetime | None) -> date:
    """The first day, on or after ``first``, on which something new can be planned: the
    one after ``now``, so that people hear of it before it begins."""
    if now is None:
        return first
    return max(first, now.astimezone(ZONE).date() + timedelta(days=1))


def first_on(weekday: int, earliest: date) -> date:
    """First date of a weekday (0 Monday) on or after a date."""
    return earliest + timedelta(days=(weekday - earliest.weekday()) % 7)


def patterns(
    horizon: Horizon,
    earliest: date,
    last: date,
    weekdays: Iterable[int],
    make: Callable[[date], Sequence[date]],
    place_ids: Places,
) -> list[DatePattern]:
    """A pattern for each weekday on which all dates are in time."""
    found = []
    for weekday in weekdays:
        dates = make(first_on(weekday, earliest))
        if dates and dates[-1] <= last:
            found.append(
                DatePattern(tuple(horizon.day_of(one) for one in dates), place_ids)
            )
    return found


def patterns_of(
    horizon: Horizon,
    words: Vocabulary,
    row: SeriesRow,
    room_rows: Sequence[RoomRow],
    first_day: date,
) -> list[DatePattern]:
    """The ways to lay a new series on dates from ``first_day``; none when it does not
    fit the horizon.

    What has one meeting can be on any day. A series keeps its weekday, and skips the
    holidays of the place it is in.
    """
    offering = row.offering
    earliest = max(horizon.first_date, first_day, row.earliest_start or first_day)
    last = horizon.date_of(horizon.day_count - 1)
    if row.latest_end is not None:
        last = min(last, row.latest_end)
    groups = list(_holiday_groups(horizon, words, row, room_rows))
    if row.number_of_sessions == 1:
        return [
            DatePattern((day,), place_ids)
            for is_free, place_ids in groups
            for day in range(horizon.day_of(earliest), horizon.day_of(last) + 1)
            if horizon.weekday(day) in WORKDAYS and not is_free(horizon.date_of(day))
        ]
    found: list[DatePattern] = []
    for is_free, place_ids in groups:

        def make(first: date, is_free: SchoolFree = is_free) -> Sequence[date]:
            # A group without an end has as many meetings as the horizon has room for.
            count = row.number_of_sessions or horizon.day_count
            dates = meeting_dates(
                first, count, offering.every_weeks, is_free, offering.follow_up_weeks
            )
            if row.number_of_sessions is None:
                return [one for one in dates if one <= last]
            return dates

        found += patterns(horizon, earliest, last, WORKDAYS, make, place_ids)
    return found


def _holiday_groups(
    horizon: Horizon,
    words: Vocabulary,
    row: SeriesRow,
    room_rows: Sequence[RoomRow],
) -> Iterable[tuple[SchoolFree, Places]]:
    """For each school region: its free days, and the places that keep them."""
    regions: dict[str, Any] = {}
    places: dict[str, set[str]] = defaultdict(set)
    for room in room_rows:
        municipality = room.centre.place.municipality
        regions[municipality.school_region] = municipality
        places[municipality.school_region].add(
            words.places.of(("centre", room.centre_id))
        )
    years = range(horizon.first_date.year, horizon.date_of(horizon.day_count).year + 1)
    # Public holidays are the same everywhere.
    skips = row.offering.skips_school_holidays
    whole = len(regions) == 1 or not skips or row.offering.format == Format.ONLINE
    for region, municipality in sorted(regions.items()):
        free = set(holiday_dates(municipality=municipality, years=years))
        if skips:
            free |= set(
                holiday_dates(municipality=municipality, years=years, school=True)
            )
        yield free.__contains__, None if whole else frozenset(places[region])
        if whole:
            return
