"""Weeks as people write them (ISO 8601: 2026-W49), for pages that show one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from publishing.rhythm import ZONE

# Of this century: no page can be made of the weeks at the ends of the calendar.
WRITTEN = re.compile(r"(20\d{2})-W(\d{1,2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, known by its Monday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week a day lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, text: str) -> Week:
        """The week written as 2026-W49; this week for anything else."""
        written = WRITTEN.fullmatch(text.strip())
        try:
            year, number = map(int, written.groups()) if written else (0, 0)
            return cls(date.fromisocalendar(year, number, 1))
        except ValueError:
            return cls.of(timezone.localdate())

    def plus(self, weeks: int) -> Week:
        """So many weeks later, or earlier."""
        return Week(self.monday + timedelta(weeks=weeks))

    @property
    def number(self) -> int:
        """The week's number in its year."""
        return self.monday.isocalendar().week

    @property
    def text(self) -> str:
        """As it is written in an address."""
        year, number, _day = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def days(self) -> list[date]:
        """Monday to Sunday."""
        return [self.monday + timedelta(days=n) for n in range(7)]

    @property
    def start(self) -> datetime:
        """Monday 0.00 on the Amsterdam clock."""
        return datetime.combine(self.monday, time.min, tzinfo=ZONE)

    @property
    def end(self) -> datetime:
        """The Monday after it, 0.00 on the Amsterdam clock."""
        return self.plus(1).start
