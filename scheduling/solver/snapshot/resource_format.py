"""The keys of places, rooms, facilitators and persons in a problem file."""

from __future__ import annotations

from scheduling.solver.horizon import ALWAYS, Availability, Span, WeeklyWindow
from scheduling.solver.problem import (
    Facilitator,
    Format,
    LoadLimits,
    Person,
    Place,
    Room,
)
from scheduling.solver.snapshot.codec import Many, Nullable, OneOf, Text, Whole
from scheduling.solver.snapshot.record import Field, Record
from scheduling.solver.snapshot.shared import ID, ID_OR_NULL, WORDS
from scheduling.solver.snapshot.times import Clock, Minutes, Moment, Weekday

COUNT = Whole()
COUNT_OR_NULL = Nullable(COUNT)
FORMATS = Many(OneOf(Format), as_set=True)

WINDOW = Record(
    WeeklyWindow,
    "window",
    [
        Field("weekday", "weekday", Weekday(), "Day of the week."),
        Field("from", "start", Clock(), "When it begins."),
        Field(
            "to",
            "end",
            Clock(midnight=True),
            "When it is over; `24:00` is midnight.",
        ),
    ],
)
WINDOWS = Many(WINDOW)

SPAN = Record(
    Span,
    "span",
    [
        Field("from", "start", Moment(), "When it begins."),
        Field("to", "end", Moment(), "When it is over."),
    ],
)
SPANS = Many(SPAN)

AVAILABILITY = Record(
    Availability,
    "availability",
    [
        Field(
            "weekly",
            "weekly",
            WINDOWS,
            "Free times of every week; left out means always, `[]` never.",
            default=ALWAYS.weekly,
        ),
        Field("extra", "extra", SPANS, "Further free times on certain dates."),
        Field("blocked", "blocked", SPANS, "Not free, whatever the others say."),
    ],
)

PLACE = Record(
    Place,
    "place",
    [
        Field("id", "id", ID, "Unique among the places."),
        Field("district", "district", Text(empty=True), "Municipality or district."),
    ],
)

ROOM = Record(
    Room,
    "room",
    [
        Field("id", "id", ID, "Unique among the rooms."),
        Field("place", "place_id", ID, "Where it is."),
        Field("capacity", "capacity", Whole(1), "Chairs, leaders and guests included."),
        Field("features", "features", WORDS, "What it has."),
        Field("opening", "opening", AVAILABILITY, "When it may be used."),
        Field("booked", "booked", SPANS, "Bookings by others."),
        Field(
            "changeover_minutes",
            "changeover",
            Minutes(),
            "Time that stays empty between two meetings; rounded up to a quarter.",
        ),
        Field("price", "price", COUNT, "Rank for comfort: lower is used first."),
    ],
)

LOAD = Record(
    LoadLimits,
    "load",
    [
        Field(key, key, codec, about)
        for key, codec, about in (
            ("minutes_per_week", COUNT_OR_NULL, "Most minutes of meetings a week."),
            ("sessions_per_day", COUNT_OR_NULL, "Most meetings a day."),
            ("span_minutes", COUNT_OR_NULL, "Longest day, first start to last end."),
            ("days_per_week", COUNT_OR_NULL, "Most days a week with a meeting."),
            ("block_minutes", COUNT_OR_NULL, "Longest stretch without a break."),
            ("break_minutes", COUNT, "How long a gap must be to count as a break."),
        )
    ],
)

FACILITATOR = Record(
    Facilitator,
    "facilitator",
    [
        Field("id", "id", ID, "Unique among the facilitators."),
        Field("organisation", "organisation_id", ID, "For whom they work."),
        Field("roles", "roles", WORDS, "In which roles they can lead."),
        Field("skills", "skills", WORDS, "What they are trained for."),
        Field("availability", "availability", AVAILABILITY, "When; leave is blocked."),
        Field("load", "load", LOAD, "What they can carry."),
        Field("base_place", "base_place_id", ID_OR_NULL, "Where they travel from."),
        Field("person", "person_id", ID_OR_NULL, "The person they are elsewhere."),
    ],
)

PERSON = Record(
    Person,
    "person",
    [
        Field("id", "id", ID, "Unique among the persons."),
        Field("availability", "availability", AVAILABILITY, "When they can come."),
        Field("home_place", "home_place_id", ID_OR_NULL, "Where they travel from."),
        Field(
            "travel_limit_minutes",
            "travel_limit_minutes",
            COUNT_OR_NULL,
            "Longest journey one way.",
        ),
        Field(
            "sessions_per_week",
            "sessions_per_week",
            COUNT_OR_NULL,
            "Most meetings a week.",
        ),
        Field(
            "sessions_per_day",
            "sessions_per_day",
            COUNT_OR_NULL,
            "Most meetings a day.",
        ),
        Field("age", "age", Nullable(Whole(0, 130)), "In years."),
        Field("languages", "languages", WORDS, "Languages; none is every one."),
        Field("formats", "formats", FORMATS, "Formats they accept; none is every one."),
        Field("needs", "needs", WORDS, "Features that the room must have."),
        Field("accommodations", "accommodations", WORDS, "What the series must offer."),
        Field("completed", "completed", WORDS, "What counts for prerequisites."),
    ],
)
