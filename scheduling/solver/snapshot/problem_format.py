"""The keys of a problem file, record by record."""

from __future__ import annotations

from scheduling.solver.horizon import ALWAYS
from scheduling.solver.problem import (
    Choice,
    Continuity,
    Format,
    Pin,
    PlanningProblem,
    Published,
    Registration,
    SeatPin,
    Series,
    StaffNeed,
)
from scheduling.solver.snapshot.codec import (
    ByName,
    Many,
    Nullable,
    OneOf,
    Text,
    Truth,
    Whole,
)
from scheduling.solver.snapshot.patterns import DATE_PATTERN
from scheduling.solver.snapshot.record import Field, Record
from scheduling.solver.snapshot.resource_format import (
    COUNT,
    COUNT_OR_NULL,
    FACILITATOR,
    PERSON,
    PLACE,
    ROOM,
    WINDOWS,
)
from scheduling.solver.snapshot.shared import (
    ALLOCATION,
    HORIZON,
    ID,
    ID_OR_NULL,
    ID_SET,
    IDS,
    PLACEMENT,
    WORDS,
)
from scheduling.solver.snapshot.times import Clock, Day, Minutes, Moment, Weekday

MOST_WEIGHT = 1000
PAIRS = Many(Many(ID, length=2))

STAFF_NEED = Record(
    StaffNeed,
    "staff need",
    [
        Field("roles", "roles", WORDS, "Each leader has one of these roles."),
        Field("count", "count", Whole(1), "How many leaders."),
        Field("skills", "skills", WORDS, "Each leader has all of these skills."),
        Field("from_seats", "from_seats", COUNT, "Applies from so many seats taken."),
    ],
)

CONTINUITY = Record(
    Continuity,
    "continuity",
    [
        Field("weekday", "weekday", Nullable(Weekday()), "Weekday before."),
        Field("room", "room_id", ID_OR_NULL, "Room before."),
        Field("facilitators", "facilitator_ids", ID_SET, "Leaders before."),
    ],
)

SERIES = Record(
    Series,
    "series",
    [
        Field("id", "id", ID, "Unique among the series."),
        Field(
            "minutes",
            "length",
            Minutes(),
            "Length of a meeting, rounded up to a quarter; 0 when self-paced.",
            default=0,
        ),
        Field(
            "dates",
            "date_patterns",
            Many(DATE_PATTERN),
            "Ways to lay its meetings on dates; one of them is used.",
            default=(),
        ),
        Field(
            "windows",
            "windows",
            WINDOWS,
            "A meeting lies inside one of these.",
            default=ALWAYS.weekly,
        ),
        Field("staff", "staff", Many(STAFF_NEED), "Who must lead it.", default=()),
        Field(
            "size_min",
            "size_min",
            COUNT,
            "Fewest seats to open with, members too.",
        ),
        Field("size_max", "size_max", COUNT, "Most seats, members included."),
        Field("format", "format", OneOf(Format), "How it meets."),
        Field("level", "level", Whole(0), "Level of care, 0 the lightest."),
        Field(
            "start_every_minutes",
            "start_step",
            Minutes(15, 1440, exact=True),
            "A meeting starts on a multiple of this from midnight.",
        ),
        Field("places", "place_ids", Nullable(ID_SET), "Only there; null is anywhere."),
        Field("room_features", "room_features", WORDS, "What the room must have."),
        Field(
            "different_organisations",
            "different_organisations",
            Truth(),
            "Its leaders work for different organisations.",
        ),
        Field(
            "leader_skills", "leader_skills", WORDS, "Every leader has all of these."
        ),
        Field("language", "language", Nullable(Text()), "The language it is held in."),
        Field("age_min", "age_min", COUNT_OR_NULL, "Youngest age."),
        Field("age_max", "age_max", COUNT_OR_NULL, "Oldest age."),
        Field("accommodations", "accommodations", WORDS, "What it offers."),
        Field("prerequisites", "prerequisites", WORDS, "To be completed before."),
        Field("members", "members", IDS, "Persons enrolled already, one seat each."),
        Field("guests", "guests", COUNT, "Chairs for people who take no seat."),
        Field("meetings_held", "meetings_held", COUNT, "Meetings before the horizon."),
        Field(
            "closed_after",
            "closed_after",
            COUNT_OR_NULL,
            "After so many meetings held nobody enters any more.",
        ),
        Field("held_weight", "held_weight", COUNT, "Worth of holding it at all."),
        Field(
            "coach_minutes_per_seat",
            "coach_minutes_per_seat",
            COUNT,
            "Self-paced: a coach's minutes a week for each seat.",
        ),
        Field("continuity", "continuity", Nullable(CONTINUITY), "How it met before."),
    ],
)

CHOICE = Record(
    Choice,
    "choice",
    [
        Field("series", "series_id", ID, "A series it would take."),
        Field("rank", "rank", Whole(1), "1 is the one it likes best."),
    ],
)

REGISTRATION = Record(
    Registration,
    "registration",
    [
        Field("id", "id", ID, "Unique among the registrations."),
        Field("person", "person_id", ID, "Who asks."),
        Field("choices", "choices", Many(CHOICE), "Any one of these."),
        Field("levels", "levels", Many(Whole(0), as_set=True), "Levels it may get."),
        Field("urgency", "urgency", Whole(1, 5), "5 is the most urgent."),
        Field("waiting_days", "waiting_days", COUNT, "Waiting so far."),
        Field("norm_days", "norm_days", Whole(1), "Longest wait by the norm."),
        Field("seats", "seats", Whole(1), "Seats, all or none."),
        Field(
            "target_date",
            "target_day",
            Nullable(Day()),
            "Date by which the first meeting should be; may have passed.",
        ),
        Field("preferred", "preferred", WINDOWS, "Times it likes."),
        Field("wishes_digital", "wishes_digital", Truth(), "Would rather be online."),
    ],
)

PIN = Record(
    Pin,
    "pin",
    [
        Field("id", "id", ID, "Unique among the pins and seat pins."),
        Field(
            "series",
            "series_id",
            ID,
            "The series; it is held, unless `closed`.",
        ),
        Field("first", "first_slot", Nullable(Moment()), "Start of its first meeting."),
        Field("room", "room_id", ID_OR_NULL, "Its room."),
        Field(
            "facilitators",
            "facilitator_ids",
            Nullable(ID_SET),
            "Exactly these leaders.",
        ),
        Field("closed", "closed", Truth(), "It must not open."),
    ],
)

SEAT_PIN = Record(
    SeatPin,
    "seat pin",
    [
        Field("id", "id", ID, "Unique among the pins and seat pins."),
        Field("registration", "registration_id", ID, "Who is pinned."),
        Field("series", "series_id", ID_OR_NULL, "Its series; null is no seat at all."),
    ],
)

PUBLISHED = Record(
    Published,
    "published",
    [
        Field("placements", "placements", Many(PLACEMENT), "What was told, in full."),
        Field("allocations", "allocations", Many(ALLOCATION), "Seats that were told."),
        Field("freed_series", "freed_series", ID_SET, "Series that may change."),
        Field(
            "freed_registrations",
            "freed_registrations",
            ID_SET,
            "Registrations that may change.",
        ),
    ],
)

PROBLEM = Record(
    PlanningProblem,
    "problem",
    [
        Field("id", "id", ID, "Of this problem; its plans name it."),
        Field("horizon", "horizon", HORIZON, "The days that are planned."),
        Field(
            "day_parts",
            "day_parts",
            Many(Clock()),
            "When morning, afternoon and evening begin.",
        ),
        Field("places", "places", Many(PLACE), "Where people live and meet."),
        Field(
            "travel_minutes",
            "travel_minutes",
            Many(Many(Whole(0, 240))),
            "From each place (row) to each (column), in the order of `places`.",
        ),
        Field("rooms", "rooms", Many(ROOM), "Rooms."),
        Field("facilitators", "facilitators", Many(FACILITATOR), "Who can lead."),
        Field("persons", "persons", Many(PERSON), "Who take part."),
        Field("series", "series", Many(SERIES), "What may be held."),
        Field("registrations", "registrations", Many(REGISTRATION), "Who ask a seat."),
        Field(
            "keep_apart",
            "keep_apart",
            PAIRS,
            "Persons or facilitators, never together.",
        ),
        Field(
            "keep_together",
            "keep_together",
            PAIRS,
            "Registrations, in one series or none.",
        ),
        Field(
            "series_order",
            "series_order",
            PAIRS,
            "The first series ends before the second begins.",
        ),
        Field("pins", "pins", Many(PIN), "What must be so for a series."),
        Field("seat_pins", "seat_pins", Many(SEAT_PIN), "What must be so for a seat."),
        Field("published", "published", PUBLISHED, "What people were told."),
        Field(
            "weights",
            "weights",
            ByName(Whole(0, MOST_WEIGHT)),
            "Weight of a wish, by its id.",
        ),
    ],
)
