"""Half-days of a week as ticks on a form, and as the weekly hours that are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import time
from typing import TYPE_CHECKING

from people.enums import HalfDay, Weekday

if TYPE_CHECKING:
    from people.models import AvailabilityWindow

DAYS = (1, 2, 3, 4, 5, 6)
"""Monday to Saturday: on Sunday nothing is planned."""
Hours = tuple[int, time, time]


def key_of(weekday: int, half_day: str) -> str:
    """'2-morning'."""
    return f"{weekday}-{half_day}"


def half_days_of(windows: Iterable[AvailabilityWindow]) -> set[str]:
    """The half-days in which somebody can for at least half of the time."""
    found = set()
    rows = list(windows)
    for weekday in DAYS:
        for half_day in HalfDay:
            start, end = half_day.hours
            can = sum(
                max(0, _minutes(min(end, row.end)) - _minutes(max(start, row.start)))
                for row in rows
                if row.weekday == weekday
            )
            if can * 2 >= _minutes(end) - _minutes(start):
                found.add(key_of(weekday, half_day))
    return found


def hours_of(ticked: Collection[str]) -> list[Hours]:
    """Weekly hours of the half-days that were ticked, in the order of the week.

    What touches becomes one, so that a session may lie across noon.
    """
    found: list[Hours] = []
    for weekday in DAYS:
        for half_day in HalfDay:
            if key_of(weekday, half_day) not in ticked:
                continue
            start, end = half_day.hours
            if found and found[-1][0] == weekday and found[-1][2] == start:
                found[-1] = (weekday, found[-1][1], end)
            else:
                found.append((weekday, start, end))
    return found


def half_day_choices() -> list[tuple[str, str]]:
    """Every half-day of the week with its words, day by day."""
    return [
        (key_of(weekday, one), f"{Weekday(weekday).label}, {one.label}")
        for weekday in DAYS
        for one in HalfDay
    ]


def week_of(
    ticked: Collection[str],
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """For each day its words, and its parts: value, words, whether it is ticked."""
    return [
        (
            str(Weekday(weekday).label),
            [
                (key_of(weekday, one), str(one.label), key_of(weekday, one) in ticked)
                for one in HalfDay
            ],
        )
        for weekday in DAYS
    ]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
