"""Opening hours, weekly availability, exceptions and leave as slots of a horizon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Protocol

from scheduling.solver.horizon import (
    SLOT_MINUTES,
    SLOTS_PER_DAY,
    Availability,
    Horizon,
    Span,
    WeeklyWindow,
)

DAY = timedelta(days=1)


class Dates(Protocol):
    """A half-open range of dates, as PostgreSQL gives it."""

    lower: date | None
    upper: date | None


class Hours(Protocol):
    """A weekly row: ISO weekday (Monday 1), local start and end."""

    @property
    def weekday(self) -> int: ...
    @property
    def start(self) -> time: ...
    @property
    def end(self) -> time: ...


def quarter_up(at: time) -> int:
    """First whole quarter of the day at or after a time."""
    return -(-(at.hour * 60 + at.minute) // SLOT_MINUTES)


def quarter_down(at: time) -> int:
    """Last whole quarter of the day at or before a time; 23:59 is the day's end."""
    if (at.hour, at.minute) == (23, 59):
        return SLOTS_PER_DAY
    return (at.hour * 60 + at.minute) // SLOT_MINUTES


def window(hours: Hours) -> WeeklyWindow | None:
    """Whole quarters inside a weekly row; ``None`` when there are none."""
    start, end = quarter_up(hours.start), quarter_down(hours.end)
    return WeeklyWindow(hours.weekday - 1, start, end) if start < end else None


def windows(rows: Iterable[Hours]) -> tuple[WeeklyWindow, ...]:
    """The weekly windows of some rows, in order of weekday and time."""
    found = (window(row) for row in rows)
    return tuple(
        sorted(
            (one for one in found if one is not None),
            key=lambda one: (one.weekday, one.start),
        )
    )


def clipped(horizon: Horizon, start: int, end: int) -> Span | None:
    """The part of a stretch of slots that lies in the horizon."""
    first, last = max(0, start), min(horizon.slot_count, end)
    return Span(first, last) if first < last else None


def days_span(horizon: Horizon, first: date, after: date) -> Span | None:
    """Whole days from ``first`` up to, not including, ``after``."""
    return clipped(
        horizon,
        horizon.day_of(first) * SLOTS_PER_DAY,
        horizon.day_of(after) * SLOTS_PER_DAY,
    )


def range_span(horizon: Horizon, days: Dates) -> Span | None:
    """Whole days of a range; an open end reaches to the edge of the horizon."""
    first = days.lower or horizon.first_date
    after = days.upper or horizon.date_of(horizon.day_count)
    return days_span(horizon, first, after)


def moment_span(horizon: Horizon, lower: datetime, upper: datetime) -> Span | None:
    """All slots that a period touches."""
    zone = horizon.moment(SLOTS_PER_DAY // 2).tzinfo
    start, end = lower.astimezone(zone), upper.astimezone(zone)
    first = horizon.day_of(start.date()) * SLOTS_PER_DAY + (
        (start.hour * 60 + start.minute) // SLOT_MINUTES
    )
    seconds = end.hour * 3600 + end.minute * 60 + end.second
    after = horizon.day_of(end.date()) * SLOTS_PER_DAY - (
        -seconds // (SLOT_MINUTES * 60)
    )
    return clipped(horizon, first, after)


def person_availability(
    horizon: Horizon, person: object, *, without_windows: Availability
) -> Availability:
    """When a person can come; ``without_windows`` for who told no hours.

    A window that is valid for a part of the horizon counts as extra time on its days.
    An exception that takes time away is blocked, one that adds time is extra.
    """
    weekly: list[WeeklyWindow] = []
    extra: list[Span] = []
    blocked: list[Span] = []
    rows = list(person.windows.all())  # type: ignore[attr-defined]
    last = horizon.date_of(horizon.day_count)
    for row in rows:
        one = window(row)
        if one is None:
            continue
        lower, upper = row.valid.lower, row.valid.upper
        if (lower is None or lower <= horizon.first_date) and (
            upper is None or upper >= last
        ):
            weekly.append(one)
            continue
        for day in range(horizon.day_count):
            when = horizon.date_of(day)
            if horizon.weekday(day) == one.weekday and when in row.valid:
                first = day * SLOTS_PER_DAY
                extra.append(Span(first + one.start, first + one.end))
    if not rows:
        weekly.extend(without_windows.weekly)
    for row in person.exceptions.all():  # type: ignore[attr-defined]
        kept = extra if row.available else blocked
        kept.extend(_exception_spans(horizon, row))
    return Availability(tuple(weekly), tuple(extra), tuple(blocked))


def _exception_spans(horizon: Horizon, row: object) -> Iterable[Span]:
    days: Dates = row.days  # type: ignore[attr-defined]
    whole = range_span(horizon, days)
    if whole is None:
        return
    start: time | None = row.start  # type: ignore[attr-defined]
    end: time | None = row.end  # type: ignore[attr-defined]
    if start is None or end is None:
        yield whole
        return
    for day in range(whole.start // SLOTS_PER_DAY, whole.end // SLOTS_PER_DAY):
        first = day * SLOTS_PER_DAY
        if row.available:  # type: ignore[attr-defined]
            span = clipped(
                horizon, first + quarter_up(start), first + quarter_down(end)
            )
        else:
            span = clipped(
                horizon, first + quarter_down(start), first + quarter_up(end)
            )
        if span is not None:
            yield span
