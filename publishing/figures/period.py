"""The stretch of time that figures are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CHOICES = {
    "4": _("last 4 weeks"),
    "13": _("last 13 weeks"),
    "26": _("last half year"),
    "52": _("last year"),
}
USUAL = "13"


@dataclass(frozen=True)
class Period:
    """Whole days from `first` up to and including `last`."""

    first: date
    last: date

    @classmethod
    def of_weeks(cls, weeks: int, today: date) -> Period:
        """So many weeks up to and including today."""
        return cls(today - timedelta(weeks=weeks) + timedelta(days=1), today)

    @property
    def start(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        return _midnight(self.last + timedelta(days=1))

    @property
    def weeks(self) -> float:
        return ((self.last - self.first).days + 1) / 7

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def months(self) -> list[date]:
        """The first days of the months that the period touches."""
        found = [self.first.replace(day=1)]
        while (following := _next_month(found[-1])) <= self.last:
            found.append(following)
        return found


def _next_month(day: date) -> date:
    return (day + timedelta(days=31)).replace(day=1)


def _midnight(day: date) -> datetime:
    # In UTC, because differences between two local times forget the change of clock.
    return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)
