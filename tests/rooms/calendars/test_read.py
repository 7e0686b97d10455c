"""Hours out of iCalendar files: zones, repeats, whole days, and files made to harm."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from rooms.calendars import apart
from rooms.calendars.apart import busy_hours_apart
from rooms.calendars.faults import Unreadable
from rooms.calendars.read import busy_hours, without
from tests.factories import amsterdam
from tests.rooms.calendars.ics import amsterdam_event, calendar

YEAR = (amsterdam("2026-01-01 00:00"), amsterdam("2026-12-31 00:00"))


def hours(data: bytes, **more: object) -> list[tuple[str, str]]:
    """As '10-24 10:00' on the Amsterdam clock."""
    found = busy_hours(data, start=YEAR[0], end=YEAR[1], **more)  # type: ignore[arg-type]
    zone = YEAR[0].tzinfo
    return [
        (f"{a.astimezone(zone):%m-%d %H:%M}", f"{b.astimezone(zone):%m-%d %H:%M}")
        for a, b in found
    ]


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        busy_hours(data, start=YEAR[0], end=YEAR[1])
    return caught.value.problem


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("20260324", ["03-24", "03-31", "04-07"]),  # the clock goes forward on 29 March
        ("20261020", ["10-20", "10-27", "11-03"]),  # and back on 25 October
    ],
)
def test_a_weekly_booking_keeps_its_hour_on_the_wall(
    first: str, days: list[str]
) -> None:
    event = amsterdam_event(
        f"{first}T193000", f"{first}T213000", "RRULE:FREQ=WEEKLY;COUNT=3"
    )
    assert hours(calendar(event)) == [(f"{d} 19:30", f"{d} 21:30") for d in days]


def test_hours_in_utc_and_without_a_zone_are_told_apart() -> None:
    data = calendar(
        "DTSTART:20260701T080000Z\nDTEND:20260701T090000Z",
        "DTSTART:20260702T080000\nDTEND:20260702T090000",
    )
    assert hours(data) == [
        ("07-01 10:00", "07-01 11:00"),
        ("07-02 08:00", "07-02 09:00"),
    ]


@pytest.mark.parametrize(
    ("day", "after", "length"),
    [("20260329", "20260330", 23), ("20261025", "20261026", 25), ("20260601", "", 24)],
)
def test_a_whole_day_is_as_long_as_that_day(day: str, after: str, length: int) -> None:
    end = f"\nDTEND;VALUE=DATE:{after}" if after else ""
    data = calendar(f"DTSTART;VALUE=DATE:{day}{end}")
    ((first, last),) = busy_hours(data, start=YEAR[0], end=YEAR[1])
    assert (last - first).total_seconds() == length * 3600


def test_moved_left_out_and_cancelled_dates_of_a_series() -> None:
    series = amsterdam_event(
        "20260901T100000",
        "20260901T120000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/Amsterdam:20260908T100000",
    )
    moved = amsterdam_event(
        "20260916T140000",
        "20260916T150000",
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20260915T100000",
    ).replace("DTSTART", "SEQUENCE:1\nDTSTART", 1)
    gone = amsterdam_event(
        "20260922T100000",
        "20260922T120000",
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20260922T100000",
        "STATUS:CANCELLED",
    )
    data = calendar(series, moved, gone).replace(b"UID:e1", b"UID:e0")
    assert hours(data.replace(b"UID:e2", b"UID:e0")) == [
        ("09-01 10:00", "09-01 12:00"),
        ("09-16 14:00", "09-16 15:00"),
    ]


def test_what_takes_no_room_is_left_out_and_overlaps_become_one() -> None:
    data = calendar(
        amsterdam_event("20260601T100000", "20260601T110000", "TRANSP:TRANSPARENT"),
        amsterdam_event("20260602T100000", "20260602T100000"),
        amsterdam_event("20260603T090000", "20260603T110000", "STATUS:TENTATIVE"),
        amsterdam_event("20260603T103000", "20260603T120000"),
        amsterdam_event("20260603T120000", "20260603T130000"),
        amsterdam_event("20250603T120000", "20250603T130000"),
    )
    assert hours(data) == [("06-03 09:00", "06-03 13:00")]


def test_our_own_meetings_that_came_back_do_not_count() -> None:
    data = calendar(
        amsterdam_event("20260601T100000", "20260601T110000"),
        amsterdam_event("20260602T100000", "20260602T110000"),
    )
    assert hours(data, skip_uids={"e0"}) == [("06-02 10:00", "06-02 11:00")]


def test_hours_are_cut_at_the_window() -> None:
    data = calendar("DTSTART:20251230T000000Z\nDTEND:20270102T000000Z")
    assert busy_hours(data, start=YEAR[0], end=YEAR[1]) == [YEAR]


@pytest.mark.parametrize(
    ("left", "taken", "rest"),
    [
        ([(9, 17)], [(10, 11), (12, 13)], [(9, 10), (11, 12), (13, 17)]),
        ([(9, 10)], [(8, 11)], []),
        ([(9, 10), (11, 12)], [(9, 11)], [(11, 12)]),
        ([(9, 10)], [(10, 11)], [(9, 10)]),
        ([(9, 12)], [(8, 10)], [(10, 12)]),
    ],
)
def test_hours_give_way_to_others(
    left: list[tuple[int, int]], taken: list[tuple[int, int]], rest: list[object]
) -> None:
    def moments(pairs: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
        return [(datetime(2026, 6, 1, a), datetime(2026, 6, 1, b)) for a, b in pairs]  # noqa: DTZ001

    assert without(moments(left), moments(taken)) == moments(rest)  # type: ignore[arg-type]


# --- Files made to harm -----------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=1000000",
        "FREQ=HOURLY",
        f"FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))}",
    ],
)
def test_rules_that_repeat_within_the_day_are_refused(rule: str) -> None:
    event = amsterdam_event("20260101T000000", "20260101T000001", f"RRULE:{rule}")
    assert refused(calendar(event)) == "heavy"


def test_a_million_repeats_are_refused() -> None:
    event = amsterdam_event(
        "20260101T000000", "20260101T000030", "RRULE:FREQ=DAILY;COUNT=1000000"
    )
    many = calendar(*[event] * 20)
    assert refused(many) == "many"


def test_too_many_events_are_refused_before_they_are_read() -> None:
    event = amsterdam_event("20260101T000000", "20260101T000030")
    begin = time.monotonic()
    assert refused(calendar(*[event] * 5001)) == "many"
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>sign in</html>",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:soon",
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        b"\x00" * 5000,
    ],
)
def test_what_is_no_calendar_says_so(data: bytes) -> None:
    assert refused(data) == "no_calendar"


def test_an_appointment_that_cannot_be_read_does_not_spoil_the_rest() -> None:
    data = calendar(
        "DTSTART:soon\nDTEND:later",
        amsterdam_event("20260601T100000", "20260601T110000"),
    )
    assert hours(data) == [("06-01 10:00", "06-01 11:00")]


def test_the_reader_apart_reads_alike() -> None:
    data = calendar(amsterdam_event("20260601T100000", "20260601T110000"))
    alone = busy_hours_apart(data, start=YEAR[0], end=YEAR[1])
    assert alone == busy_hours(data, start=YEAR[0], end=YEAR[1])
    assert busy_hours_apart(data, start=YEAR[0], end=YEAR[1], skip_uids=["e0"]) == []


def test_endless_work_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # 30 February never comes: the rule looks for it day by day through the centuries,
    # in as many series as there are.
    event = amsterdam_event(
        "20000101T000000",
        "20000101T010000",
        "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    )
    monkeypatch.setattr(apart, "MOST_SECONDS", 3.0)
    begin = time.monotonic()
    with pytest.raises(Unreadable, match="heavy"):
        busy_hours_apart(calendar(*[event] * 2000), start=YEAR[0], end=YEAR[1])
    assert time.monotonic() - begin < 10
