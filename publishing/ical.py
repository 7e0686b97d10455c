"""Sessions as an iCalendar object (RFC 5545), byte for byte the same for the same rows.

One VEVENT a session, no RRULE: every client read that form rightly, and each date may
have its own room. A cancelled session stays with STATUS:CANCELLED. The VTIMEZONE is
written out, because generated ones put summer dates an hour off in a common client.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vDatetime

from publishing.entry import Entry

ZONE = ZoneInfo("Europe/Amsterdam")
REFRESH = timedelta(hours=1)
PRODUCT = "-//GEM-planner//GEM-planner//NL"

# RFC 5545, 3.6.5: the rules in force since 1996, as one rule each way.
_VTIMEZONE = b"""\
BEGIN:VTIMEZONE\r
TZID:Europe/Amsterdam\r
BEGIN:DAYLIGHT\r
DTSTART:19700329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
TZNAME:CEST\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19701025T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
TZNAME:CET\r
END:STANDARD\r
END:VTIMEZONE\r
"""


def calendar_bytes(*, name: str, entries: Iterable[Entry]) -> bytes:
    """The calendar with its entries in the order given.

    DTSTAMP is the time of the last change and not of the fetch (3.8.7.2 allows it
    where no METHOD is used in mail), so an unchanged agenda is an unchanged file.
    """
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(Timezone.from_ical(_VTIMEZONE))
    for entry in entries:
        calendar.add_component(_event(entry))
    data: bytes = calendar.to_ical()
    return data


def mailed_bytes(*, organizer: str, entries: Iterable[Entry], stamp: datetime) -> bytes:
    """The same entries as a file to go with a mail (METHOD:PUBLISH, RFC 5546, 3.2.1).

    PUBLISH asks for an organizer, and forbids attendees: nobody is named and no
    calendar program answers. `organizer` is the site's own mail address; `stamp` is
    when the file is made, as 3.8.7.2 of RFC 5545 asks where there is a METHOD.
    """
    calendar = _calendar()
    calendar.add_component(Timezone.from_ical(_VTIMEZONE))
    for entry in entries:
        event = _event(entry)
        event["dtstamp"] = vDatetime(stamp.astimezone(UTC))
        event.add("organizer", vCalAddress(f"mailto:{organizer}"))
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.last_modified.astimezone(UTC))
    event.add("dtstart", entry.start.astimezone(ZONE))
    event.add("dtend", entry.end.astimezone(ZONE))
    event.add("summary", entry.title)
    event.add("sequence", entry.sequence)
    event.add("created", entry.made_at.astimezone(UTC))
    event.add("last-modified", entry.last_modified.astimezone(UTC))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    if entry.place:
        event.add("location", entry.place)
    if entry.text:
        event.add("description", entry.text)
    return event
