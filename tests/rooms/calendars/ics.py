"""Small iCalendar files for tests."""

from __future__ import annotations


def calendar(*events: str, head: str = "") -> bytes:
    """A calendar of these events, each given as its lines."""
    inside = "".join(
        f"BEGIN:VEVENT\r\nUID:e{number}\r\nDTSTAMP:20260101T000000Z\r\n"
        + event.strip().replace("\n", "\r\n")
        + "\r\nEND:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//NL\r\n{head}{inside}"
        "END:VCALENDAR\r\n"
    ).encode()


def amsterdam_event(start: str, end: str, *more: str) -> str:
    """'20260324T100000' to '20260324T120000' on the Amsterdam clock."""
    return "\n".join(
        [
            f"DTSTART;TZID=Europe/Amsterdam:{start}",
            f"DTEND;TZID=Europe/Amsterdam:{end}",
            *more,
        ]
    )
