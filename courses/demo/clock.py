"""Half-days, and times as minutes since midnight."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"
PARTS = {
    MORNING: (9 * 60, 12 * 60 + 30),
    AFTERNOON: (13 * 60, 17 * 60),
    EVENING: (19 * 60, 21 * 60 + 30),
}
HalfDay = tuple[int, str]
"""Weekday (Monday 0) and part of the day."""
STEP = 30


def text(minutes: int) -> str:
    """Minutes since midnight as 09:30."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes(clock: str) -> int:
    """09:30 as minutes since midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def starts(part: str, length: int) -> list[int]:
    """Times at which a meeting of so many minutes can begin in a half-day."""
    first, last = PARTS[part]
    return list(range(first, last - length + 1, STEP))


def half_days(rng: Random, number: int, weights: dict[str, int]) -> list[HalfDay]:
    """Different half-days, drawn with these weights for the parts of the day."""
    found: set[HalfDay] = set()
    while len(found) < number:
        part = rng.choices(list(weights), list(weights.values()))[0]
        day = rng.randrange(5)
        # Friday evenings and most Friday afternoons are nobody's favourite.
        if day == 4 and (part == EVENING or rng.random() < 0.4):
            continue
        found.add((day, part))
    return sorted(found, key=lambda one: (one[0], PARTS[one[1]]))


def window_lines(
    column: str, who: str, when: Iterable[HalfDay]
) -> list[dict[str, str]]:
    """Half-days as lines of a sheet with weekly hours."""
    return [
        {
            column: who,
            "weekday": DAYS[day],
            "start": text(PARTS[part][0]),
            "end": text(PARTS[part][1]),
        }
        for day, part in when
    ]


def day_of(monday: date, weekday: int) -> date:
    return monday + timedelta(days=weekday)
