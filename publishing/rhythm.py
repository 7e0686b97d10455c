"""The weekly rhythm behind a series' sessions, and where each session departs from it.

django-scheduler keeps a series as a first date with a weekly rule and an exception for
each cancelled or moved date. Which of our sessions is which date of the rule is worked
out here, on the wall clock, without rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from math import gcd
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True)
class Date:
    """One session: local wall-clock start and end (zone Europe/Amsterdam)."""

    key: Hashable
    start: datetime
    end: datetime
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Departure:
    """A date of the rule that is cancelled, or held at another time."""

    original_start: datetime
    original_end: datetime
    start: datetime
    end: datetime
    cancelled: bool


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """First date of the rule, its step in weeks (``None``: once) and its last day."""

    start: datetime
    end: datetime
    every_weeks: int | None
    last_day: date
    departures: tuple[Departure, ...]


def rhythm_of(dates: Sequence[Date]) -> Rhythm:
    """The rule that fits most sessions, with a departure for all that differs.

    Raises ``ValueError`` without a session.
    """
    if not dates:
        raise ValueError("a series without sessions has no rhythm")
    ordered = sorted(dates, key=lambda one: (one.start, one.end))
    regular = _regular(ordered)
    first = regular[0]
    if len(ordered) == 1:
        return _rhythm(first, None, [first.start], {first.start: first})
    weeks = [_weeks_between(first, one) for one in regular[1:]]
    step = reduce(gcd, weeks) if weeks else 1
    count = (weeks[-1] // step + 1) if weeks else 1
    slots = [_later(first.start, number * step) for number in range(count)]
    held = {one.start: one for one in regular}
    chosen = {start: held[start] for start in slots if start in held}
    placed = {one.key for one in chosen.values()}
    waiting = [one for one in ordered if one.key not in placed]
    for one in waiting:
        free = next((start for start in slots if start not in chosen), None)
        if free is None:
            free = _later(first.start, len(slots) * step)
            slots.append(free)
        chosen[free] = one
    return _rhythm(first, step, slots, chosen)


def _regular(ordered: Sequence[Date]) -> list[Date]:
    """The sessions that share the commonest weekday, time and length."""

    def shape(one: Date) -> tuple[int, object, timedelta]:
        length = one.end.replace(tzinfo=None) - one.start.replace(tzinfo=None)
        return one.start.weekday(), one.start.time(), length

    common = Counter(shape(one) for one in ordered).most_common(1)[0][0]
    seen: dict[datetime, Date] = {}
    for one in ordered:
        if shape(one) == common:
            seen.setdefault(one.start, one)
    return list(seen.values())


def _weeks_between(first: Date, other: Date) -> int:
    return (other.start.date() - first.start.date()).days // 7


def _later(start: datetime, weeks: int) -> datetime:
    """The same wall-clock time some weeks later."""
    return (start.replace(tzinfo=None) + weeks * WEEK).replace(tzinfo=start.tzinfo)


def _rhythm(
    first: Date,
    step: int | None,
    slots: Sequence[datetime],
    chosen: dict[datetime, Date],
) -> Rhythm:
    length = first.end.replace(tzinfo=None) - first.start.replace(tzinfo=None)
    departures = []
    for start in slots:
        end = (start.replace(tzinfo=None) + length).replace(tzinfo=start.tzinfo)
        one = chosen.get(start)
        if one is None:
            departures.append(_departure(start, end, start, end, cancelled=True))
        elif one.cancelled or (one.start, one.end) != (start, end):
            departures.append(
                _departure(start, end, one.start, one.end, cancelled=one.cancelled)
            )
    return Rhythm(
        start=first.start,
        end=first.end,
        every_weeks=step,
        last_day=slots[-1].date(),
        departures=tuple(departures),
    )


def _departure(
    original_start: datetime,
    original_end: datetime,
    start: datetime,
    end: datetime,
    *,
    cancelled: bool,
) -> Departure:
    return Departure(
        original_start=original_start,
        original_end=original_end,
        start=start,
        end=end,
        cancelled=cancelled,
    )
