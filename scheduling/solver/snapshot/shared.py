"""What problem files and plan files have in common: ids, horizon, placements, seats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scheduling.solver.horizon import SLOTS_PER_DAY, Horizon
from scheduling.solver.plan import Allocation, Meeting, Placement
from scheduling.solver.snapshot.codec import (
    Many,
    Mapped,
    Nullable,
    Reading,
    Text,
    Whole,
)
from scheduling.solver.snapshot.record import Field, Record
from scheduling.solver.snapshot.times import Clock, Date, Day

ID = Text("id")
IDS = Many(ID)
ID_SET = Many(ID, as_set=True)
WORDS = Many(Text("word"), as_set=True)
ID_OR_NULL = Nullable(ID)


class _HorizonRecord(Record):
    """The horizon, which every date after it counts from."""

    def read(self, value: object, at: str, reading: Reading) -> Any:
        reading.horizon = super().read(value, at, reading)
        return reading.horizon


HORIZON = _HorizonRecord(
    Horizon,
    "horizon",
    [
        Field("first_date", "first_date", Date(), "First date that is planned."),
        Field("days", "day_count", Whole(1, 732), "Number of days from it."),
        Field("time_zone", "time_zone", Text("IANA name"), "Zone of every time."),
    ],
)


@dataclass(frozen=True, slots=True)
class _WrittenMeeting:
    """A meeting with its slot taken apart in the two keys that a person writes."""

    day: int
    quarter: int
    room_id: str | None = None
    facilitator_ids: tuple[str, ...] = ()


MEETING = Mapped(
    Record(
        _WrittenMeeting,
        "meeting",
        [
            Field("date", "day", Day(), "Date of the meeting."),
            Field("time", "quarter", Clock(), "Local time at which it starts."),
            Field("room", "room_id", ID_OR_NULL, "Its room; left out when online."),
            Field("facilitators", "facilitator_ids", IDS, "Who lead it."),
        ],
    ),
    lambda read: Meeting(
        read.day * SLOTS_PER_DAY + read.quarter, read.room_id, read.facilitator_ids
    ),
    lambda own: _WrittenMeeting(
        own.slot // SLOTS_PER_DAY,
        own.slot % SLOTS_PER_DAY,
        own.room_id,
        own.facilitator_ids,
    ),
)

PLACEMENT = Record(
    Placement,
    "placement",
    [
        Field("series", "series_id", ID, "The series that is held."),
        Field("meetings", "meetings", Many(MEETING), "Its meetings, in order."),
        Field("coaches", "coach_ids", IDS, "Who coach it, when it is self-paced."),
    ],
)

ALLOCATION = Record(
    Allocation,
    "allocation",
    [
        Field("registration", "registration_id", ID, "Who gets the seat."),
        Field("series", "series_id", ID, "The series it is in."),
    ],
)
