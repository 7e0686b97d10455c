"""Short ways to write times and ranges in Amsterdam."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def amsterdam(text: str) -> datetime:
    """'2026-11-24 10:00' as an aware time on the Amsterdam clock."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def period(start: str, minutes: int = 120) -> DateTimeTZRange:
    """A half-open period from a wall-clock time, so many minutes long."""
    begin = amsterdam(start)
    return DateTimeTZRange(begin, begin + timedelta(minutes=minutes))


def days(first: str, last: str | None = None) -> DateRange:
    """Both days included; one day when the last is left out."""
    end = date.fromisoformat(last or first) + timedelta(days=1)
    return DateRange(date.fromisoformat(first), end)
