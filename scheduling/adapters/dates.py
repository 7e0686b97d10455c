"""On which dates a series can meet: every few weeks, holidays skipped, a late last one.

Holidays differ inside the region (two school regions), so a series has a pattern for
each weekday and each set of places with the same holidays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import DatePattern

SchoolFree = Callable[[date], bool]


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


def first_on(weekday: int, earliest: date) -> date:
    """First date of a weekday (0 Monday) on or after a date."""
    return earliest + timedelta(days=(weekday - earliest.weekday()) % 7)


def patterns(
    horizon: Horizon,
    earliest: date,
    latest: date | None,
    weekdays: Iterable[int],
    make: Callable[[date], Sequence[date]],
    place_ids: frozenset[str] | None,
) -> list[DatePattern]:
    """A pattern for each weekday whose dates all lie in the horizon, and in time."""
    found = []
    for weekday in weekdays:
        dates = make(first_on(weekday, earliest))
        days = tuple(horizon.day_of(one) for one in dates)
        if days[0] < 0 or days[-1] >= horizon.day_count:
            continue
        if latest is not None and dates[-1] > latest:
            continue
        found.append(DatePattern(days, place_ids))
    return found
