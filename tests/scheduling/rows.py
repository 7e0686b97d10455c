"""A small region as rows, with the week of Monday 30 November 2026 in view."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from audit.actor import Actor
from scheduling.adapters.load_problem import Loaded, load_problem, week_dates
from scheduling.solver.problem import Facilitator, Person, Registration, Room, Series
from tests.factories import (
    AvailabilityWindowFactory,
    CentreFactory,
    EnrolmentFactory,
    FacilitatorFactory,
    MunicipalityFactory,
    OfferingFactory,
    OpeningHoursFactory,
    PlaceFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SessionLeaderFactory,
    period,
)

MONDAY, SUNDAY = date(2026, 11, 30), date(2026, 12, 6)
TUESDAY = 1
ACTOR = Actor(user_id="7", role="coordinator")
NINE, TEN, NOON, ONE, FIVE = 36, 40, 48, 52, 68
"""Quarters of the day."""


def a_centre(*, region: str = "Noord", code: str = "GM0150", **fields: Any) -> Any:
    """A centre that is open on weekdays from 9.00 to 17.00."""
    municipality = MunicipalityFactory(code=code, name=code, school_region=region)
    place = PlaceFactory(municipality=municipality)
    centre = CentreFactory(**({"place": place} | fields))
    for weekday in range(1, 6):
        OpeningHoursFactory(centre=centre, weekday=weekday)
    return centre


def a_room(**fields: Any) -> Any:
    """A room of 12 in such a centre."""
    fields.setdefault("centre", None)
    centre = fields.pop("centre") or a_centre()
    return RoomFactory(centre=centre, **fields)


def a_leader(*roles: str, **fields: Any) -> Any:
    """A facilitator who is free on weekdays from 9.00 to 17.00."""
    leader = FacilitatorFactory(
        staff_roles=list(roles) or ["expert_by_experience"], **fields
    )
    for weekday in range(1, 6):
        AvailabilityWindowFactory(
            person=leader.person, weekday=weekday, start=time(9), end=time(17)
        )
    return leader


def a_conversation(**fields: Any) -> Any:
    """The offering of exploratory conversations of 75 minutes."""
    return OfferingFactory(
        **(
            {
                "kind": "exploratory_conversation",
                "size_min": 1,
                "size_max": 1,
                "sessions_count": 1,
                "session_minutes": 75,
                "different_organisations": True,
            }
            | fields
        )
    )


def a_group(**fields: Any) -> Any:
    """The offering of a weekly peer group of 6 to 10 without an end."""
    return OfferingFactory(
        **(
            {"kind": "peer_group", "sessions_count": None, "session_minutes": 90}
            | fields
        )
    )


def running(
    *starts: str,
    room: Any = None,
    leaders: Any = (),
    members: int = 0,
    minutes: int = 90,
    first_number: int = 5,
    **fields: Any,
) -> Any:
    """A series that is published, with a session at each of these times."""
    room = room or a_room()
    fields.setdefault("offering", None)
    offering = fields.pop("offering") or a_group()
    start = period(starts[0]).lower if starts else None
    series = SeriesFactory(
        offering=offering,
        state="running",
        weekday=start.isoweekday() if start else None,
        start_time=start.time() if start else None,
        first_date=start.date() if start else MONDAY,
        room=room,
        **fields,
    )
    for number, text in enumerate(starts, first_number):
        session = SessionFactory(
            series=series, number=number, period=period(text, minutes), room=room
        )
        for leader in leaders:
            SessionLeaderFactory(session=session, facilitator=leader)
    for leader in leaders:
        series.series_leaders.create(facilitator=leader)
    for _ in range(members):
        EnrolmentFactory(
            series=series, registration=RegistrationFactory(state="placed")
        )
    return series


def asks_for(*things: Any, **fields: Any) -> Any:
    """A waiting registration for offerings or series, in this order."""
    registration = RegistrationFactory(**fields)
    for rank, thing in enumerate(things, 1):
        kind = "offering" if hasattr(thing, "kind") else "series"
        RegistrationChoiceFactory(registration=registration, rank=rank, **{kind: thing})
    return registration


class Read:
    """A problem loaded from rows, asked by row instead of by id."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded, self.problem = loaded, loaded.problem

    def ids(self, table: str, row: Any) -> list[str]:
        """Ids that stand for a row, in the order they were made."""
        return [
            ident
            for ident, key in self.loaded.rows[table].items()
            if key == str(row.pk)
        ]

    def series(self, row: Any) -> Series:
        """The main part of a series."""
        return self.problem.series_by_id[self.ids("series", row)[0]]

    def parts(self, row: Any) -> list[Series]:
        """All parts of a series, the main one first."""
        return [self.problem.series_by_id[one] for one in self.ids("series", row)]

    def has_series(self, row: Any) -> bool:
        return any(one in self.problem.series_by_id for one in self.ids("series", row))

    def room(self, row: Any) -> Room:
        return self.problem.room_by_id[self.ids("rooms", row)[0]]

    def facilitator(self, row: Any) -> Facilitator:
        return self.problem.facilitator_by_id[self.ids("facilitators", row)[0]]

    def person(self, person: Any) -> Person:
        return self.problem.person_by_id[self.ids("persons", person)[0]]

    def registration(self, row: Any) -> Registration:
        return self.problem.registration_by_id[self.ids("registrations", row)[0]]

    def is_free(self, availability: Any, day: int, start: int, end: int) -> bool:
        """Whether all quarters from start to end of a day are free."""
        free = self.problem.horizon.free_quarters(availability, day)
        return all(free >> quarter & 1 for quarter in range(start, end))


def week(monday: date = MONDAY, **fields: Any) -> Read:
    """The week of 30 November, or of another Monday, as a problem."""
    first, last = week_dates(monday)
    return Read(
        load_problem(
            actor=ACTOR, kind="week", first_date=first, last_date=last, **fields
        )
    )


def term(first: date = MONDAY, last: date = date(2027, 3, 28)) -> Read:
    """A term as a problem."""
    return Read(
        load_problem(actor=ACTOR, kind="term", first_date=first, last_date=last)
    )
