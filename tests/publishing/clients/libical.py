"""Reads an iCalendar file with libical (GNOME's parser); prints its events as JSON.

Run by the system's Python, which has the bindings: python3-gi, gir1.2-ical-3.0.
"""

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ICal  # noqa: E402 (the version must be chosen first)


def seconds(moment) -> int:
    return moment.as_timet_with_zone(moment.get_timezone())


def main() -> None:
    calendar = ICal.Component.new_from_string(sys.stdin.buffer.read().decode())
    kind = ICal.ComponentKind.VEVENT_COMPONENT
    events = []
    event = calendar.get_first_component(kind)
    while event is not None:
        cancelled = event.get_status() == ICal.PropertyStatus.CANCELLED
        events.append(
            {
                "uid": event.get_uid(),
                "start": seconds(event.get_dtstart()),
                "end": seconds(event.get_dtend()),
                "status": "CANCELLED" if cancelled else "CONFIRMED",
                "sequence": event.get_sequence(),
                "title": event.get_summary(),
            }
        )
        event = calendar.get_next_component(kind)
    print(json.dumps(events))  # noqa: T201 (read by the test)


main()
