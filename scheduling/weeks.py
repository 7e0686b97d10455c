"""Weeks as they are written in addresses: 2026-W49 (ISO 8601)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Europe/Amsterdam")
# Of this century: no page can be made of the weeks at the ends of the calendar.
_WRITTEN = re.compile(r"(20\d{2})-W(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Week:
    """A calendar week, known by its Monday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week a day lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, text: str) -> Week:
        """The week written as 2026-W49; ``ValueError`` when there is no such week."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a week such as 2026-W49")
        return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))

    @classmethod
    def read_or_now(cls, text: str) -> Week:
        """The week as somebody wrote it, also 2026-W9; this week for anything else."""
        year, _dash, number = text.strip().partition("-W")
        try:
            return cls.read(f"{year}-W{number:0>2}")
        except ValueError:
            return cls.of(timezone.localdate())

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def text(self) -> str:
        """As it is written in an address, for a template that adds to it."""
        return str(self)

    @property
    def number(self) -> int:
        """The ISO number in its year."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return tuple(self.monday + timedelta(days=number) for number in range(7))

    @property
    def start(self) -> datetime:
        """Midnight before Monday, on the clock of the region."""
        return datetime.combine(self.monday, time(), tzinfo=ZONE)

    @property
    def end(self) -> datetime:
        """Midnight after Sunday, on the clock of the region."""
        return datetime.combine(self.sunday + timedelta(days=1), time(), tzinfo=ZONE)

    def plus(self, weeks: int) -> Week:
        """So many weeks later, or earlier below zero."""
        return Week(self.monday + timedelta(weeks=weeks))


class WeekConverter:
    """A week in an address; any other text is an address that does not exist."""

    regex = r"\d{4}-W\d{2}"

    def to_python(self, value: str) -> Week:
        """ValueError makes Django answer 404."""
        return Week.read(value)

    def to_url(self, value: Week | str) -> str:
        return str(value)
