"""Changes as a JSON file: what ``explain_plan --what-if`` reads.

``{"format": "gem-planner/changes", "version": 1, "changes": [{"kind": "new-room",
"place": "p1", "weekday": "tue", "from": "18:30", "to": "22:00", "capacity": 12}]}``
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from scheduling.solver.change import (
    Change,
    FewerLeaders,
    FewerRooms,
    HalfDay,
    LeaderHours,
    LeaderMinutes,
    MoreSeats,
    NewLeader,
    NewRoom,
    OtherChoice,
    OtherWeights,
    Pace,
    Repeat,
    SmallerStart,
    Travel,
    Unpin,
)
from scheduling.solver.faults import InvalidProblem
from scheduling.solver.horizon import Horizon
from scheduling.solver.snapshot import UnreadableFile
from scheduling.solver.snapshot.codec import ByName, Reading, Refused, Text, Whole
from scheduling.solver.snapshot.problem_format import MOST_WEIGHT
from scheduling.solver.snapshot.record import Field, Record
from scheduling.solver.snapshot.shared import ID, ID_SET, WORDS
from scheduling.solver.snapshot.times import Clock, Weekday

CHANGES_FORMAT = "gem-planner/changes"
VERSION = 1

WEEKDAY = Field("weekday", "weekday", Weekday(), "On which day of the week.")
BEGIN = Field("from", "start", Clock(), "From when.")
END = Field("to", "end", Clock(midnight=True), "Until when.")
PERSON = Field("person", "person_id", ID, "Who takes part.")
LEADER = Field("facilitator", "facilitator_id", ID, "Who leads.")
SERIES = Field("series", "series_id", ID, "Which series.")
SEATS = Field("seats", "seats", Whole(1, 100), "How many seats.")
MINUTES = Field("minutes", "minutes", Whole(1, 2400), "How many minutes.")

FIELDS: dict[type[Change], list[Field]] = {
    NewRoom: [
        Field("place", "place_id", ID, "Where the room is."),
        WEEKDAY,
        BEGIN,
        END,
        Field("capacity", "capacity", Whole(1, 1000), "Its chairs."),
        Field("features", "features", WORDS, "What it has."),
    ],
    NewLeader: [
        Field("roles", "roles", WORDS, "Roles that the leader has."),
        Field("skills", "skills", WORDS, "Skills that the leader has."),
        WEEKDAY,
        BEGIN,
        END,
        Field(
            "organisation",
            "organisation_id",
            Text("id", empty=True),
            "Where the leader works; one of its own when left out.",
        ),
    ],
    LeaderHours: [LEADER, WEEKDAY, BEGIN, END],
    LeaderMinutes: [LEADER, MINUTES],
    FewerLeaders: [Field("facilitators", "facilitator_ids", ID_SET, "Who is away.")],
    FewerRooms: [Field("rooms", "room_ids", ID_SET, "Which cannot be used.")],
    Travel: [PERSON, MINUTES],
    Pace: [
        PERSON,
        Field("per_week", "per_week", Whole(0, 7), "Meetings a week more."),
        Field("per_day", "per_day", Whole(0, 7), "Meetings a day more."),
    ],
    HalfDay: [PERSON, WEEKDAY, BEGIN, END],
    OtherChoice: [
        Field("registration", "registration_id", ID, "Who would take it."),
        SERIES,
    ],
    MoreSeats: [SERIES, SEATS],
    SmallerStart: [SERIES, SEATS],
    Repeat: [SERIES],
    OtherWeights: [
        Field("weights", "weights", ByName(Whole(0, MOST_WEIGHT)), "Weight by wish.")
    ],
    Unpin: [Field("pin", "pin_id", ID, "Which pin.")],
}
RECORDS: dict[str, Record] = {
    kind.kind: Record(kind, f"change of kind {kind.kind}", fields, ("kind",))
    for kind, fields in FIELDS.items()
}

_ANY = Horizon(date(2000, 1, 3), 1)
"""No field of a change counts from a date."""


def change_to_dict(change: Change) -> dict[str, Any]:
    """A change as JSON values."""
    return {"kind": change.kind, **RECORDS[change.kind].write(change, _ANY)}


def change_from_dict(data: object) -> Change:
    """A change from JSON values; raises ``InvalidProblem`` with every fault of it."""
    return _all([data])[0]


def read_changes(text: str | bytes) -> tuple[Change, ...]:
    """The changes in the text of a file.

    Raises ``UnreadableFile`` when it is no such file, and ``InvalidProblem`` with a
    fault for each key or value that cannot be read.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"the file is not JSON: {error}") from error
    if not isinstance(data, dict) or data.get("format") != CHANGES_FORMAT:
        raise UnreadableFile(f'the file has no "format": "{CHANGES_FORMAT}"')
    if data.get("version") != VERSION or type(data["version"]) is not int:
        raise UnreadableFile(f'"version" should be {VERSION}')
    if extra := sorted(set(data) - {"format", "version", "changes"}):
        raise UnreadableFile(f"the file has the unknown key {extra[0]!r}")
    changes = data.get("changes")
    if not isinstance(changes, list) or not changes:
        raise UnreadableFile('"changes" should be a list with at least one change')
    return _all(changes)


def _all(items: list[object]) -> tuple[Change, ...]:
    reading = Reading(_ANY)
    found: list[Change] = []
    for number, item in enumerate(items):
        at = f"changes[{number}]"
        kind = item.get("kind") if isinstance(item, dict) else None
        if not isinstance(kind, str) or kind not in RECORDS:
            known = ", ".join(RECORDS)
            reading.note(at, "has no kind that is known", f"give one of {known}")
            continue
        try:
            change = RECORDS[kind].read(item, at, reading)
        except Refused:
            continue
        begin, end = getattr(change, "start", 0), getattr(change, "end", 1)
        if begin >= end:
            reading.note(at, "ends before it begins", 'give a "to" after "from"')
            continue
        found.append(change)
    if reading.faults:
        raise InvalidProblem(tuple(reading.faults))
    return tuple(found)
