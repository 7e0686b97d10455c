"""From an iCalendar file (RFC 5545) to the hours in which a room is taken.

Run as a program of its own (`python -m rooms.calendars.read`) with little memory and
little time, because a small file can ask for endless work: a rule that repeats every
second, or one that never fits a date. It is free of Django so that it starts quickly.

- Repeated events are expanded within the window that is asked for.
- A time without a zone is Amsterdam's; a date alone is the whole day there, so that a
  day is 23 or 25 hours long when the clock changes.
- Cancelled events and those that leave the owner free take no room.
- Overlapping and adjoining hours become one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rooms.calendars.faults import Unreadable

ZONE = ZoneInfo("Europe/Amsterdam")
MOST_EVENTS = 5_000
MOST_LINES = 400_000
MOST_TIMES_A_DAY = 24
CPU_SECONDS = 8
MEMORY_BYTES = 1024**3
QUICK = ("SECONDLY", "MINUTELY", "HOURLY")

Hours = tuple[datetime, datetime]


def busy_hours(
    data: bytes, *, start: datetime, end: datetime, skip_uids: Collection[str] = ()
) -> list[Hours]:
    """The hours (UTC) between `start` and `end` in which the agenda is taken.

    `skip_uids` are events that do not count: our own, that came back through the
    owner's agenda.

    Raises
    ------
    Unreadable
        "no_calendar", "many" (events or repeats) or "heavy" (the way it repeats).
    """
    check_shape(data)
    # Both take a quarter of a second to load, and only this process needs them.
    import recurring_ical_events
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except (ValueError, KeyError, IndexError) as error:
        raise Unreadable("no_calendar") from error
    if not calendars:
        raise Unreadable("no_calendar")
    taken: list[Hours] = []
    number = 0
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            check_repeats(event)
        try:
            query = recurring_ical_events.of(calendar, skip_bad_series=True)
            found = query.between(start, end)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable("no_calendar") from error
        number += len(found)
        if number > MOST_EVENTS:
            raise Unreadable("many")
        taken += [hours for one in found if (hours := _hours(one, skip_uids))]
    inside = [
        (max(first, start), min(last, end))
        for first, last in taken
        if first < end and last > start
    ]
    return joined(inside)


def check_shape(data: bytes) -> None:
    """What can be seen without reading it: that it is a calendar, and how large."""
    whole = data[-200:].rstrip().upper().endswith(b"END:VCALENDAR")
    # A file that broke off half way would free all the hours that it no longer names.
    if b"BEGIN:VCALENDAR" not in data[:4096].upper() or not whole:
        raise Unreadable("no_calendar")
    if data.count(b"\n") > MOST_LINES:
        raise Unreadable("many")
    if data.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise Unreadable("many")


def check_repeats(event: Any) -> None:
    """Refuse rules that repeat more than daily, before anything is worked out."""
    for rules in (event.get("RRULE"), event.get("EXRULE")):
        for rule in rules if isinstance(rules, list) else [rules]:
            if rule is None:
                continue
            parts = {str(key).upper(): value for key, value in dict(rule).items()}
            often = {str(word).upper() for word in _all(parts.get("FREQ"))}
            times = 1
            for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
                times *= max(len(_all(parts.get(name))), 1)
            if not often.isdisjoint(QUICK) or times > MOST_TIMES_A_DAY:
                raise Unreadable("heavy")


def _all(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _hours(event: Any, skip_uids: Collection[str]) -> Hours | None:
    if str(event.get("UID", "")) in skip_uids:
        return None
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return None
    if "DTSTART" not in event:
        return None
    first = event["DTSTART"].dt
    last = event["DTEND"].dt if "DTEND" in event else first
    begin, over = _instant(first), _instant(last)
    return (begin, over) if begin < over else None


def _instant(moment: date | datetime) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), tzinfo=ZONE)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZONE)
    return moment.astimezone(UTC)


def joined(hours: Iterable[Hours]) -> list[Hours]:
    """Overlapping and adjoining hours as one, in order."""
    whole: list[Hours] = []
    for first, last in sorted(hours):
        if whole and first <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return whole


def without(hours: Iterable[Hours], taken: Iterable[Hours]) -> list[Hours]:
    """What is left of `hours` outside `taken`; both joined and in order."""
    left: list[Hours] = []
    others = list(taken)
    for first, last in hours:
        begin = first
        for there, gone in others:
            if gone <= begin or there >= last:
                continue
            if there > begin:
                left.append((begin, there))
            begin = max(begin, gone)
        if begin < last:
            left.append((begin, last))
    return left


def main() -> None:
    """Read a line of JSON (start, end, skip) and the file; write a line of JSON."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        found = busy_hours(
            sys.stdin.buffer.read(),
            start=datetime.fromisoformat(asked["start"]),
            end=datetime.fromisoformat(asked["end"]),
            skip_uids=frozenset(asked["skip"]),
        )
        answer: dict[str, Any] = {
            "busy": [[first.isoformat(), last.isoformat()] for first, last in found]
        }
    except Unreadable as error:
        answer = {"problem": error.problem}
    except (MemoryError, RecursionError, OverflowError):
        answer = {"problem": "heavy"}
    sys.stdout.write(json.dumps(answer) + "\n")


WINDOW = (timedelta(days=1), timedelta(days=400))
"""How far back and ahead of now the hours of an agenda are kept."""

if __name__ == "__main__":
    main()
