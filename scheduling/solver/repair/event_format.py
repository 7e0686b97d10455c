"""Event files: versioned JSON with a published schema, read as strictly as problems.

Day numbers count from the horizon of the problem that the event happens to, so a file
is read together with its problem.
"""

from __future__ import annotations

import json
from typing import Any

from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import InvalidProblem
from scheduling.solver.repair.event import (
    CentreClosed,
    Event,
    HolidayForgotten,
    LeaderIll,
    OneSession,
    ResidentJoined,
    ResidentLeft,
    RoomLost,
)
from scheduling.solver.snapshot import UnreadableFile, parsed, text_of
from scheduling.solver.snapshot.codec import Many, Nullable, Reading, Refused, shown
from scheduling.solver.snapshot.problem_format import REGISTRATION
from scheduling.solver.snapshot.record import Field, Record
from scheduling.solver.snapshot.resource_format import PERSON, WINDOWS
from scheduling.solver.snapshot.shared import ID, ID_SET
from scheduling.solver.snapshot.times import Day

EVENT_FORMAT = "gem-planner/event"
VERSION = 1

SESSION = Record(
    OneSession,
    "session",
    [
        Field("series", "series_id", ID, "The series that it is a session of."),
        Field("date", "day", Day(), "Its date."),
    ],
)


def _record(kind: type[Event], *fields: Field) -> Record:
    return Record(
        kind,
        kind.kind,
        [
            Field(
                "id", "id", ID, "Of this event; the repaired problem is named by it."
            ),
            *fields,
            Field(
                "today",
                "today",
                Nullable(Day()),
                "Nothing is put on an earlier date; left out means the first date of "
                "the event.",
            ),
            Field(
                "also_in",
                "also_in",
                WINDOWS,
                "Times at which a session that must move may be held too, beside "
                "those of its series.",
            ),
        ],
    )


FIRST = Field("from", "first_day", Day(), "First date.")
LAST = Field("to", "last_day", Day(), "Last date, itself included.")

RECORDS: dict[str, Record] = {
    record.name: record
    for record in (
        _record(
            LeaderIll,
            Field("facilitator", "facilitator_id", ID, "Who cannot come."),
            FIRST,
            LAST,
            Field(
                "sessions",
                "sessions",
                Many(SESSION),
                "Only these sessions; left out means every session on those dates.",
            ),
        ),
        _record(
            RoomLost,
            Field("room", "room_id", ID, "The room that cannot be used."),
            FIRST,
            Field(
                "to",
                "last_day",
                Nullable(Day()),
                "Last date, itself included; left out means for good.",
            ),
        ),
        _record(
            CentreClosed,
            Field("place", "place_id", ID, "The place whose rooms are shut."),
            FIRST,
            LAST,
        ),
        _record(
            HolidayForgotten,
            FIRST,
            LAST,
            Field(
                "places",
                "place_ids",
                Nullable(ID_SET),
                "Only there; left out means everywhere, and online.",
            ),
        ),
        _record(
            ResidentJoined,
            Field(
                "person",
                "person",
                Nullable(PERSON),
                "Who asks; left out when the problem has the person.",
            ),
            Field(
                "registrations",
                "registrations",
                Many(REGISTRATION),
                "What the person asks for.",
            ),
        ),
        _record(ResidentLeft, Field("person", "person_id", ID, "Who stops.")),
    )
}


def event_from_dict(data: object, horizon: Horizon) -> Event:
    """The event of JSON values, for a problem with this horizon.

    Raises ``UnreadableFile`` for another format, version or kind and
    ``InvalidProblem`` with a fault for each key or value that cannot be read.
    """
    if not isinstance(data, dict):
        raise UnreadableFile(
            f'the file is no JSON object with "format": "{EVENT_FORMAT}"'
        )
    if data.get("format") != EVENT_FORMAT:
        raise UnreadableFile(
            f'"format" is {shown(data.get("format"))}: it should be "{EVENT_FORMAT}"'
        )
    version = data.get("version")
    if version != VERSION or type(version) is not int:
        raise UnreadableFile(
            f'"version" is {shown(version)}: this program reads version {VERSION}'
        )
    kind = data.get("kind")
    record = RECORDS.get(kind) if isinstance(kind, str) else None
    if record is None:
        raise UnreadableFile(
            f'"kind" is {shown(kind)}: give one of {", ".join(RECORDS)}'
        )
    reading = Reading(horizon)
    body = {key: data[key] for key in data if key not in ("format", "version", "kind")}
    try:
        event: Event = record.read(body, "", reading)
    except Refused:
        raise InvalidProblem(tuple(reading.faults)) from None
    return event


def event_to_dict(event: Event, horizon: Horizon) -> dict[str, Any]:
    """The event as JSON values; ``horizon`` is that of its problem."""
    return {
        "format": EVENT_FORMAT,
        "version": VERSION,
        "kind": event.kind,
        **RECORDS[event.kind].write(event, horizon),
    }


def read_event(text: str | bytes, horizon: Horizon) -> Event:
    """The event in the text of a file; raises as ``event_from_dict``."""
    return event_from_dict(parsed(text), horizon)


def write_event(event: Event, horizon: Horizon) -> str:
    """The event as the text of a file."""
    return text_of(event_to_dict(event, horizon))


def event_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of an event file."""
    definitions: dict[str, Any] = {}
    options = []
    for kind, record in RECORDS.items():
        body = record.body(definitions)
        body["properties"] = {
            "format": {"const": EVENT_FORMAT},
            "version": {"const": VERSION},
            "kind": {"const": kind},
            **body["properties"],
        }
        body["required"] = ["format", "version", "kind", *body["required"]]
        options.append({"title": kind, **body})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{EVENT_FORMAT.replace('/', ':')}:{VERSION}",
        "title": "An event that happens to a published plan",
        "oneOf": options,
        "$defs": dict(sorted(definitions.items())),
    }


def event_schema_text() -> str:
    """Text of the published schema of event files."""
    return json.dumps(event_schema(), indent=2) + "\n"
