"""An oracle for date rules: wall-clock datetimes and zoneinfo, no slots and no masks.

The solver's filters and judges share the horizon; this file shares nothing with them,
so a mistake there about nights on which the clock is changed is found.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
QUARTER = timedelta(minutes=15)
CLOCK_CHANGES = (
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2027, 10, 31),
)
Hours = tuple[int, time, time]
"""Weekday (0 is Monday), from and until; until midnight is written as 00:00."""


def quarters(when: date, at: time, minutes: int) -> list[datetime]:
    """Wall-clock beginnings of the quarters of a meeting, without zone."""
    first = datetime.combine(when, at)
    return [first + number * QUARTER for number in range(minutes // 15)]


def is_plain(wall: datetime) -> bool:
    """Whether the clock shows this time exactly once that day."""
    seen = set()
    for fold in (0, 1):
        instant = wall.replace(tzinfo=ZONE, fold=fold).astimezone(UTC)
        if instant.astimezone(ZONE).replace(tzinfo=None, fold=0) == wall:
            seen.add(instant)
    return len(seen) == 1


def in_hours(wall: datetime, hours: Iterable[Hours]) -> bool:
    """Whether a quarter that begins at ``wall`` lies inside one of the hours."""
    for weekday, start, until in hours:
        first = datetime.combine(wall, start)
        last = datetime.combine(wall, until)
        if until == time():
            last += timedelta(days=1)
        if wall.weekday() == weekday and first <= wall and wall + QUARTER <= last:
            return True
    return False


def in_spans(wall: datetime, spans: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether a plain quarter lies inside an aware span of instants."""
    instant = wall.replace(tzinfo=ZONE).astimezone(UTC)
    return any(start <= instant < end for start, end in spans)


def monday_before(when: date) -> date:
    return when - timedelta(days=when.weekday())
