"""Sheets about who asks for what, and who has a seat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from courses.enums import RegistrationState
from courses.imports.cells import ZONE, Code, Day, Integer, Many, OneOf, Ref
from courses.imports.sheet import Sheet, Values, column, needed
from courses.imports.sheets_places import choices
from courses.kinds import LevelOfCare

SEAT_STATES = {"enrolled": "enrolled", "completed": "completed"}
MORNING = time(9)
LEVELS = dict(LevelOfCare.choices)
# One-to-one care comes with a reason, which a person writes in the program.
del LEVELS[LevelOfCare.INDIVIDUAL_CARE.value]


def asked_at(values: Mapping[str, Any]) -> Values:
    """The day of asking as a moment, at nine in the morning."""
    day = values["registered_on"]
    return {"registered_at": datetime.combine(day, MORNING, tzinfo=ZONE)}


def seated_at(values: Mapping[str, Any]) -> Values:
    """The day a seat was given as a moment; left empty, the moment of the import."""
    day = values.get("seat_since")
    return {"made_at": datetime.combine(day, MORNING, tzinfo=ZONE)} if day else {}


REGISTRATIONS = Sheet(
    name="registrations",
    model="courses.Registration",
    nl="Wat mensen vragen, met hun keuzes op volgorde.",
    en="What people ask for, with their choices in order.",
    columns=(
        needed("code", Code(60), "Eigen code", "Code of your own", "a-1"),
        needed("resident", Ref("residents"), "Inwoner", "Resident", "p-noor"),
        needed("registered_on", Day(), "Gevraagd op", "Asked on", "2026-10-05"),
        column("theme", Ref("themes"), "Thema", "Theme"),
        column("offering", Ref("offerings"), "Aanbod", "Offering", "beter-slapen"),
        column(
            "choices",
            Many(Ref("offerings"), most=10),
            "Aanbod dat past, liefste eerst",
            "Offerings that would do, best first",
            "beter-slapen",
        ),
        column(
            "series_choices",
            Many(Ref("series"), most=20),
            "Groepen die passen, liefste eerst",
            "Series that would do, best first",
        ),
        column(
            "state",
            choices(RegistrationState),
            "Staat (leeg: waiting)",
            "State (empty: waiting)",
            "placed",
        ),
        column(
            "need_class",
            Integer(1, 5),
            "Hoe dringend: 1 eerst (leeg: 3)",
            "How urgent: 1 first (empty: 3)",
            "3",
        ),
        column("norm_date", Day(), "Uiterlijk geholpen (leeg: de norm)", "Due on"),
        column(
            "allowed_levels",
            Many(OneOf(lambda: LEVELS)),
            "Zwaarte die mag: 0 gesprek, 1 licht, 2 groepsbehandeling (leeg: 1)",
            "Levels allowed: 0 way in, 1 light, 2 group treatment (empty: 1)",
            "1",
        ),
        column("seats", Integer(1, 2), "Plaatsen (leeg: 1)", "Seats (empty: 1)", "1"),
    ),
    key=("code",),
    found_by=("reference",),
    derive=asked_at,
    derived=("registered_on",),
    about_people=True,
)

ENROLMENTS = Sheet(
    name="enrolments",
    model="courses.Enrolment",
    nl="Wie een plaats heeft in een groep die loopt.",
    en="Who has a seat in a series that runs.",
    columns=(
        needed(
            "registration", Ref("registrations"), "Aanmelding", "Registration", "a-1"
        ),
        needed("series", Ref("series"), "Groep", "Series", "slapen-voorjaar"),
        column(
            "state",
            OneOf(lambda: SEAT_STATES),
            "Staat (leeg: enrolled)",
            "State (empty: enrolled)",
            "enrolled",
        ),
        column("seats", Integer(1, 2), "Plaatsen (leeg: 1)", "Seats (empty: 1)", "1"),
        column(
            "seat_since",
            Day(),
            "Plaats gekregen op (leeg: nu)",
            "Seat given on (empty: now)",
            "2026-12-15",
        ),
    ),
    key=("registration", "series"),
    derive=seated_at,
    derived=("seat_since",),
    about_people=True,
)

SHEETS = (REGISTRATIONS, ENROLMENTS)
