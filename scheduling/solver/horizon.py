"""Wall clock to slot numbers and back: the only file that knows of dates and zones.

A slot is a quarter of an hour on the wall clock of the horizon's zone. Day ``d`` owns
the slots ``96 d .. 96 d + 95`` whatever the clock does that night, so a weekly meeting
keeps its slot of the day through summer and winter time. Sets of starting quarters are
integers used as bit masks: bit ``q`` is the quarter ``q`` of a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SLOT_MINUTES = 15
SLOTS_PER_DAY = 24 * 60 // SLOT_MINUTES
FULL_DAY = (1 << SLOTS_PER_DAY) - 1


def slots_of_minutes(minutes: int) -> int:
    """Slots needed for ``minutes``, rounded up to a whole slot."""
    return -(-minutes // SLOT_MINUTES)


def mask_between(start: int, end: int) -> int:
    """Mask of the quarters ``start <= q < end`` of a day."""
    return ((1 << end) - 1) & ~((1 << start) - 1) if end > start else 0


def quarters_in(mask: int) -> Iterator[int]:
    """The quarters of a mask, in ascending order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def starts_within(free: int, length: int) -> int:
    """Quarters from which ``length`` slots in a row are all in ``free``.

    A meeting lies within one day: nothing is free beyond the day's last quarter.
    """
    covered, starts = 1, free
    while covered < length:
        step = min(covered, length - covered)
        starts &= starts >> step
        covered += step
    return starts


def starts_clear_of(busy: Iterable[tuple[int, int]], length: int) -> int:
    """Quarters at which ``length`` slots overlap no ``busy`` stretch [from, to)."""
    clear = FULL_DAY
    for begin, end in busy:
        clear &= ~mask_between(max(0, begin - length + 1), min(SLOTS_PER_DAY, end))
    return clear


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """A weekly stretch of time.

    Parameters: ``weekday`` 0 (Monday) to 6; ``start`` and ``end`` quarters of the day,
    half-open, ``0 <= start < end <= 96``.
    """

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """The slots ``start <= slot < end`` of the horizon; may cover many days."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Availability:
    """When somebody or something can be used.

    Free is ``weekly`` or ``extra``, and not ``blocked``: a blocked span always wins.
    """

    weekly: tuple[WeeklyWindow, ...] = ()
    extra: tuple[Span, ...] = ()
    blocked: tuple[Span, ...] = ()


ALWAYS = Availability(
    weekly=tuple(WeeklyWindow(day, 0, SLOTS_PER_DAY) for day in range(7))
)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days a plan covers.

    Parameters: ``first_date``; ``day_count`` days from it; ``time_zone`` an IANA name.
    """

    first_date: date
    day_count: int
    time_zone: str = "Europe/Amsterdam"

    @property
    def slot_count(self) -> int:
        return self.day_count * SLOTS_PER_DAY

    def date_of(self, day: int) -> date:
        return self.first_date + timedelta(days=day)

    def day_of(self, when: date) -> int:
        """Day number of a date; may lie outside ``0 .. day_count - 1``."""
        return (when - self.first_date).days

    def weekday(self, day: int) -> int:
        return (self.first_date.weekday() + day) % 7

    def week(self, day: int) -> int:
        """Number of the calendar week (Monday to Sunday), 0 for the first date's."""
        return (self.first_date.weekday() + day) // 7

    def slot_at(self, when: date, at: time) -> int:
        """Slot that begins at a wall-clock time.

        Raises ``ValueError`` when the time is not on a quarter of an hour.
        """
        minutes = at.hour * 60 + at.minute
        if at.second or at.microsecond or minutes % SLOT_MINUTES:
            raise ValueError(f"{at} is not a whole quarter of an hour")
        return self.day_of(when) * SLOTS_PER_DAY + minutes // SLOT_MINUTES

    def moment(self, slot: int) -> datetime:
        """Aware datetime at which a slot begins.

        Raises ``ValueError`` for a slot that the clock skips in spring. A slot that
        comes twice in autumn is its first occurrence.
        """
        day, quarter = divmod(slot, SLOTS_PER_DAY)
        clock = time(quarter // 4, quarter % 4 * SLOT_MINUTES)
        zone = _zone(self.time_zone)
        local = datetime.combine(self.date_of(day), clock, tzinfo=zone)
        if local.astimezone(UTC).astimezone(zone) != local or (
            local.astimezone(UTC).astimezone(zone).time() != clock
        ):
            raise ValueError(f"{local:%Y-%m-%d %H:%M} does not exist on this clock")
        return local

    def slot_of(self, when: datetime) -> int:
        """Slot that begins at an aware datetime; ``ValueError`` off the grid."""
        if when.tzinfo is None:
            raise ValueError(f"{when} has no time zone")
        local = when.astimezone(_zone(self.time_zone))
        return self.slot_at(local.date(), local.time())

    def irregular_quarters(self, day: int) -> int:
        """Mask of the quarters that this date's clock skips or shows twice."""
        zone = _zone(self.time_zone)
        mask = 0
        for quarter in range(SLOTS_PER_DAY):
            clock = time(quarter // 4, quarter % 4 * SLOT_MINUTES)
            local = datetime.combine(self.date_of(day), clock, tzinfo=zone)
            if local.utcoffset() != local.replace(fold=1).utcoffset():
                mask |= 1 << quarter
        return mask

    def free_quarters(self, availability: Availability, day: int) -> int:
        """Mask of the quarters of ``day`` at which ``availability`` is free."""
        weekday, first = self.weekday(day), day * SLOTS_PER_DAY
        free = 0
        for window in availability.weekly:
            if window.weekday == weekday:
                free |= mask_between(window.start, window.end)
        for span in availability.extra:
            free |= _part_of_day(span, first)
        for span in availability.blocked:
            free &= ~_part_of_day(span, first)
        return free

    def free_on_all(self, availability: Availability, days: Iterable[int]) -> int:
        """Mask of the quarters at which ``availability`` is free on every one of days.

        Days of one weekday without a span on them are looked at once.
        """
        spans, free = (*availability.extra, *availability.blocked), FULL_DAY
        plain: set[int] = set()
        for day in days:
            first = day * SLOTS_PER_DAY
            if not any(
                span.start < first + SLOTS_PER_DAY and first < span.end
                for span in spans
            ):
                if (weekday := self.weekday(day)) in plain:
                    continue
                plain.add(weekday)
            free &= self.free_quarters(availability, day)
            if not free:
                break
        return free


def _part_of_day(span: Span, first: int) -> int:
    start, end = max(0, span.start - first), min(SLOTS_PER_DAY, span.end - first)
    return mask_between(start, end) if start < end else 0
