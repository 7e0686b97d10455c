"""Places, rooms and facilitators as facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from rooms.selectors import (
    SPEEDS_KMH,
    START_MINUTES,
    WRITTEN_FOR,
    closed_dates,
    estimated_minutes,
)
from scheduling.adapters.codes import Codes
from scheduling.adapters.hours import (
    DAY,
    days_span,
    moment_span,
    person_availability,
    range_span,
    window,
    windows,
)
from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    Availability,
    Horizon,
    Span,
    slots_of_minutes,
)
from scheduling.solver.problem import Facilitator, LoadLimits, Place, Room

if TYPE_CHECKING:
    from people.models import Facilitator as FacilitatorRow
    from rooms.models import Centre
    from rooms.models import Room as RoomRow

LONGEST_JOURNEY = 240
"""Minutes; a longer one is never travelled between two meetings here."""
PRICE_STEP_CENTS = 500
PREFIXES = tuple("lrfpsnoaketdc")


@dataclass(frozen=True)
class Spot:
    """A point on the map: a centre, or a place where people live."""

    key: tuple[str, int]
    lat: float
    lon: float
    district: str
    place_id: int

    @property
    def pk(self) -> int:
        """A number of its own for ``rooms.travel``: below 0 for a centre."""
        kind, key = self.key
        return -key if kind == "centre" else key


@dataclass(frozen=True)
class Vocabulary:
    """The words of one problem, each replaced by an opaque one."""

    places: Codes
    rooms: Codes
    facilitators: Codes
    persons: Codes
    series: Codes
    registrations: Codes
    organisations: Codes
    roles: Codes
    skills: Codes
    features: Codes
    languages: Codes
    districts: Codes
    completed: Codes

    @classmethod
    def fresh(cls) -> Vocabulary:
        return cls(*(Codes(prefix) for prefix in PREFIXES))


def spot_of_centre(centre: Centre) -> Spot:
    municipality = str(centre.place.municipality_id)
    return Spot(
        ("centre", centre.pk), centre.lat, centre.lon, municipality, centre.place_id
    )


def spot_of_place(place: object) -> Spot:
    return Spot(
        ("place", place.pk),  # type: ignore[attr-defined]
        place.lat,  # type: ignore[attr-defined]
        place.lon,  # type: ignore[attr-defined]
        str(place.municipality_id),  # type: ignore[attr-defined]
        place.pk,  # type: ignore[attr-defined]
    )


def places_and_travel(
    words: Vocabulary, spots: Iterable[Spot], written: dict[tuple[int, int], int]
) -> tuple[tuple[Place, ...], tuple[tuple[int, ...], ...]]:
    """Places in the order of their ids, and the minutes between them by car.

    ``written`` are the minutes a coordinator wrote between two place rows; they win
    over the estimate from the map.
    """
    unique = list({spot.key: spot for spot in spots}.values())
    places = tuple(
        Place(words.places.of(spot.key), words.districts.of(spot.district))
        for spot in unique
    )
    minutes = tuple(
        tuple(
            min(
                LONGEST_JOURNEY,
                written.get(
                    (one.place_id, other.place_id),
                    estimated_minutes(one, other, WRITTEN_FOR),
                ),
            )
            for other in unique
        )
        for one in unique
    )
    return places, minutes


def limit_by_car(minutes: int, mode: str) -> int:
    """The travel limit in minutes by car that reaches as far as ``minutes`` by mode.

    One table of minutes serves everybody, so limits are put in its measure.
    """
    speeds = getattr(settings, "TRAVEL_SPEEDS_KMH", SPEEDS_KMH)
    moving = max(0, minutes - START_MINUTES.get(mode, 0))
    return int(moving * speeds[mode] / speeds["car"]) + START_MINUTES["car"]


def rooms(
    horizon: Horizon, words: Vocabulary, rows: Sequence[RoomRow]
) -> tuple[Room, ...]:
    """Rooms with their centre's hours, closures and holidays, and others' bookings."""
    last = horizon.date_of(horizon.day_count - 1)
    opening: dict[int, Availability] = {}
    for row in rows:
        if row.centre_id in opening:
            continue
        closed = closed_dates(centre=row.centre, first=horizon.first_date, last=last)
        spans = (days_span(horizon, day, day + DAY) for day in sorted(closed))
        opening[row.centre_id] = Availability(
            windows(row.centre.opening_hours.all()),
            (),
            tuple(span for span in spans if span is not None),
        )
    return tuple(
        Room(
            id=words.rooms.of(row.pk),
            place_id=words.places.of(("centre", row.centre_id)),
            capacity=row.capacity,
            features=words.features.all_of(one.pk for one in row.features.all()),
            opening=_with_given(horizon, opening[row.centre_id], row),
            booked=_bookings(horizon, row),
            changeover=slots_of_minutes(row.changeover_minutes),
            price=row.price_per_half_day_cents // PRICE_STEP_CENTS,
        )
        for row in rows
    )


def _with_given(horizon: Horizon, opening: Availability, row: RoomRow) -> Availability:
    """The hours of the centre, and those it gave for this room beside them.

    On a day on which the centre is closed it stays closed.
    """
    extra = []
    for one in row.hours_given:
        stretch = window(one)
        if stretch is None:
            continue
        for day in range(horizon.day_count):
            if horizon.weekday(day) == stretch.weekday and (
                horizon.date_of(day) in one.days
            ):
                first = day * SLOTS_PER_DAY
                extra.append(Span(first + stretch.start, first + stretch.end))
    if not extra:
        return opening
    return Availability(opening.weekly, (*opening.extra, *extra), opening.blocked)


def _bookings(horizon: Horizon, row: RoomRow) -> tuple[Span, ...]:
    spans = (
        moment_span(horizon, one.period.lower, one.period.upper)
        for one in row.bookings_then
    )
    found = (span for span in spans if span is not None)
    return tuple(sorted(set(found), key=lambda span: (span.start, span.end)))


def facilitators(
    horizon: Horizon, words: Vocabulary, rows: Sequence[FacilitatorRow]
) -> tuple[Facilitator, ...]:
    """Facilitators; who told no hours is never free. Leave is blocked time."""
    return tuple(
        Facilitator(
            id=words.facilitators.of(row.pk),
            organisation_id=words.organisations.of(row.organisation_id),
            roles=words.roles.all_of(row.staff_roles),
            skills=_skills(horizon, words, row),
            availability=_with_leave(horizon, row),
            load=LoadLimits(
                minutes_per_week=row.max_minutes_per_week,
                sessions_per_day=row.max_sessions_per_day,
                span_minutes=row.max_span_minutes_per_day,
                days_per_week=row.max_days_per_week,
                block_minutes=row.max_block_minutes,
            ),
            base_place_id=(
                words.places.of(("place", row.travel_base_id))
                if row.travel_base_id
                else None
            ),
            person_id=(
                words.persons.of(row.person_id)
                if row.person_id in words.persons
                else None
            ),
        )
        for row in rows
    )


def _skills(horizon: Horizon, words: Vocabulary, row: FacilitatorRow) -> frozenset[str]:
    """Certificates that hold on every day of the horizon."""
    last = horizon.first_date + timedelta(days=horizon.day_count - 1)
    return words.skills.all_of(
        certificate.qualification_id
        for certificate in row.certificates.all()
        if horizon.first_date in certificate.valid and last in certificate.valid
    )


def _with_leave(horizon: Horizon, row: FacilitatorRow) -> Availability:
    free = person_availability(horizon, row.person, without_windows=Availability())
    leave = (range_span(horizon, one.days) for one in row.leave.all())
    away = tuple(span for span in leave if span is not None)
    return Availability(free.weekly, free.extra, (*free.blocked, *away))
