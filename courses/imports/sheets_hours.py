"""Sheets that say when people can come: weekly hours, exceptions and leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from courses.imports.cells import Clock, Day, Ref, Weekday, YesNo
from courses.imports.sheet import Sheet, Values, column, needed
from courses.imports.sheets_places import whole_days

EARLIEST = date(2000, 1, 1)


def validity(values: Mapping[str, Any]) -> Values:
    """Valid from and until (both included) as a range; an empty end has no end."""
    last = values.get("valid_until")
    return {
        "valid": DateRange(
            values.get("valid_from") or EARLIEST,
            last + timedelta(days=1) if last else None,
        )
    }


VALID = (
    column("valid_from", Day(), "Geldig vanaf", "Valid from", "2026-01-01"),
    column(
        "valid_until",
        Day(),
        "Geldig tot en met (leeg: altijd)",
        "Valid until this day (empty: always)",
    ),
)

LEAVE = Sheet(
    name="leave",
    model="people.Leave",
    nl="Hele dagen waarop een begeleider er niet is.",
    en="Whole days on which a leader is away.",
    columns=(
        needed("facilitator", Ref("facilitators"), "Begeleider", "Leader", "p-marijke"),
        needed("first_day", Day(), "Eerste dag", "First day", "2027-02-22"),
        needed("last_day", Day(), "Laatste dag", "Last day", "2027-02-26"),
    ),
    key=("facilitator", "first_day", "last_day"),
    derive=whole_days,
    derived=("first_day", "last_day"),
    derived_key=("days",),
    about_people=True,
)

AVAILABILITY = Sheet(
    name="availability",
    model="people.AvailabilityWindow",
    nl="Wanneer iemand elke week kan. Alle uren van iemand staan hier bij elkaar.",
    en="When someone can come each week. All hours of a person stand here together.",
    columns=(
        needed(
            "person",
            Ref("people"),
            "Begeleider of inwoner",
            "Leader or resident",
            "p-marijke",
        ),
        needed("weekday", Weekday(), "Dag", "Day", "tuesday"),
        needed("start", Clock(), "Van", "From", "09:00"),
        needed("end", Clock(), "Tot", "Until", "12:30"),
        *VALID,
    ),
    key=("person", "weekday", "start", "valid_from"),
    whole_of="person",
    derive=validity,
    derived=("valid_from", "valid_until"),
    derived_key=("valid",),
    about_people=True,
)

EXCEPTIONS = Sheet(
    name="exceptions",
    model="people.AvailabilityException",
    nl="Dagen waarop de gewone uren van iemand niet gelden.",
    en="Days on which the usual hours of a person do not hold.",
    columns=(
        needed(
            "person",
            Ref("people"),
            "Begeleider of inwoner",
            "Leader or resident",
            "p-noor",
        ),
        needed("first_day", Day(), "Eerste dag", "First day", "2027-03-01"),
        needed("last_day", Day(), "Laatste dag", "Last day", "2027-03-05"),
        column("start", Clock(), "Van (leeg: hele dag)", "From (empty: whole day)"),
        column("end", Clock(), "Tot", "Until"),
        column(
            "available",
            YesNo(),
            "Kan dan juist wel (leeg: nee)",
            "Can come then after all (empty: no)",
            "no",
        ),
    ),
    key=("person", "first_day", "last_day", "start"),
    whole_of="person",
    derive=whole_days,
    derived=("first_day", "last_day"),
    derived_key=("days",),
    about_people=True,
)
