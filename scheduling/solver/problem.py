"""The facts a plan is made from: frozen, neutral, ids only.

No names, no themes, no health words and no kinds of offering come in here: whoever
makes a problem turns them into levels, roles, features and traits: opaque words.
Times are slots and quarters of ``horizon``; minutes say so. ``validate`` checks more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from scheduling.solver.faults import Fault as Fault
from scheduling.solver.faults import InvalidProblem as InvalidProblem
from scheduling.solver.horizon import (
    ALWAYS,
    SLOT_MINUTES,
    Availability,
    Horizon,
    Span,
    WeeklyWindow,
)
from scheduling.solver.plan import Allocation, Placement


class Format(StrEnum):
    """How a series meets. A hybrid series needs a room and also takes people online."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"
    SELF_PACED = "self_paced"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere people live or meet: a neighbourhood centre, a village, a postcode."""

    id: str
    district: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A room. ``booked`` are others' bookings; ``changeover`` slots stay empty
    between two meetings in it; ``price`` is a rank for comfort, not money."""

    id: str
    place_id: str
    capacity: int
    features: frozenset[str] = frozenset()
    opening: Availability = ALWAYS
    booked: tuple[Span, ...] = ()
    changeover: int = 0
    price: int = 0


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """What one facilitator can carry; ``None`` is no limit.

    ``block_minutes`` is the longest stretch of meetings with less than
    ``break_minutes`` between them; ``span_minutes`` runs from the first start to the
    last end of a day. Weeks run from Monday to Sunday.
    """

    minutes_per_week: int | None = None
    sessions_per_day: int | None = None
    span_minutes: int | None = None
    days_per_week: int | None = None
    block_minutes: int | None = None
    break_minutes: int = 15


UNLIMITED = LoadLimits()


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Somebody who leads. ``person_id`` names the person who takes part elsewhere."""

    id: str
    organisation_id: str
    roles: frozenset[str]
    skills: frozenset[str] = frozenset()
    availability: Availability = ALWAYS
    load: LoadLimits = UNLIMITED
    base_place_id: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part.

    Empty ``languages`` or ``formats`` accept every one. ``needs`` are features the
    room must have, ``accommodations`` what the series must offer, ``completed`` what
    counts for prerequisites.
    """

    id: str
    availability: Availability = ALWAYS
    home_place_id: str | None = None
    travel_limit_minutes: int | None = None
    sessions_per_week: int | None = None
    sessions_per_day: int | None = None
    age: int | None = None
    languages: frozenset[str] = frozenset()
    formats: frozenset[Format] = frozenset()
    needs: frozenset[str] = frozenset()
    accommodations: frozenset[str] = frozenset()
    completed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StaffNeed:
    """``count`` leaders who each have one of ``roles`` and all of ``skills``.

    The need applies once ``from_seats`` seats are taken, so a group that grows gets
    more leaders by a second need.
    """

    roles: frozenset[str]
    count: int = 1
    skills: frozenset[str] = frozenset()
    from_seats: int = 0


@dataclass(frozen=True, slots=True)
class DatePattern:
    """One way to lay a series' meetings on days of the horizon.

    ``days`` are day numbers in ascending order, all on one weekday but for a last one
    that may differ. ``place_ids`` limits the pattern to some places (a holiday that
    only they keep); ``None`` is every place and online.
    """

    days: tuple[int, ...]
    place_ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Continuity:
    """How the same group met before, for those who wish to keep it so."""

    weekday: int | None = None
    room_id: str | None = None
    facilitator_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Series:
    """A series of meetings that may be placed.

    ``length`` slots a meeting (0 for self-paced); a meeting lies inside one of
    ``windows`` and starts on a multiple of ``start_step`` quarters. ``size_min`` and
    ``size_max`` count seats, ``members`` (already enrolled, one seat each) included.
    ``guests`` are further chairs a room needs. ``held_weight`` is what holding it is
    worth beside its newly seated registrations. ``level`` is the level of care, 0 the
    lightest. After ``closed_after`` meetings held nobody enters. A self-paced series
    costs its coach ``coach_minutes_per_seat`` a week.
    """

    id: str
    length: int
    date_patterns: tuple[DatePattern, ...]
    windows: tuple[WeeklyWindow, ...]
    staff: tuple[StaffNeed, ...]
    size_min: int
    size_max: int
    format: Format = Format.IN_PERSON
    level: int = 1
    start_step: int = 2
    place_ids: frozenset[str] | None = None
    room_features: frozenset[str] = frozenset()
    different_organisations: bool = False
    leader_skills: frozenset[str] = frozenset()
    language: str | None = None
    age_min: int | None = None
    age_max: int | None = None
    accommodations: frozenset[str] = frozenset()
    prerequisites: frozenset[str] = frozenset()
    members: tuple[str, ...] = ()
    guests: int = 0
    meetings_held: int = 0
    closed_after: int | None = None
    held_weight: int = 0
    coach_minutes_per_seat: int = 0
    continuity: Continuity | None = None

    @property
    def needs_room(self) -> bool:
        return self.format in (Format.IN_PERSON, Format.HYBRID)

    @property
    def is_self_paced(self) -> bool:
        return self.format is Format.SELF_PACED

    @property
    def is_running(self) -> bool:
        return self.meetings_held > 0

    @property
    def is_closed(self) -> bool:
        """Nobody may enter any more."""
        return self.closed_after is not None and self.meetings_held >= self.closed_after


@dataclass(frozen=True, slots=True)
class Choice:
    """A series a registration would take; ``rank`` 1 is the one it likes best."""

    series_id: str
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Registration:
    """A person's asking for one seat (or ``seats``, all or none) in one of ``choices``.

    ``levels`` of care it may get; ``urgency`` 1 to 5, 5 the most urgent;
    ``waiting_days`` and ``norm_days`` set its weight; ``target_day`` is the day by
    which the first meeting should be. ``preferred`` are windows it likes;
    ``wishes_digital`` prefers online.
    """

    id: str
    person_id: str
    choices: tuple[Choice, ...]
    levels: frozenset[int] = frozenset({1, 2})
    urgency: int = 3
    waiting_days: int = 0
    norm_days: int = 28
    seats: int = 1
    target_day: int | None = None
    preferred: tuple[WeeklyWindow, ...] = ()
    wishes_digital: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """What must be so for one series: what is ``None`` stays free.

    The series is held, its first meeting begins at ``first_slot``, all meetings are in
    ``room_id`` and exactly ``facilitator_ids`` lead it.
    ``closed`` says that the series must not open. ``online`` places are pinned by the
    format of the series, so ``room_id`` names a room.
    """

    id: str
    series_id: str
    first_slot: int | None = None
    room_id: str | None = None
    facilitator_ids: frozenset[str] | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class SeatPin:
    """A registration that must sit in ``series_id``, or in none when it is ``None``."""

    id: str
    registration_id: str
    series_id: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """What people were told. Only freed series and registrations may change."""

    placements: tuple[Placement, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    freed_series: frozenset[str] = frozenset()
    freed_registrations: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlanningProblem:
    """Everything one plan is made from.

    ``travel_minutes[i][j]`` from ``places[i]`` to ``places[j]``. ``day_parts`` are the
    quarters at which morning, afternoon and evening begin. ``keep_apart`` pairs ids of
    persons or facilitators, ``keep_together`` ids of registrations, ``series_order``
    (before, after) ids of series. ``weights`` overrides an objective's default weight.
    """

    id: str
    horizon: Horizon
    places: tuple[Place, ...] = ()
    travel_minutes: tuple[tuple[int, ...], ...] = ()
    rooms: tuple[Room, ...] = ()
    facilitators: tuple[Facilitator, ...] = ()
    persons: tuple[Person, ...] = ()
    series: tuple[Series, ...] = ()
    registrations: tuple[Registration, ...] = ()
    keep_apart: tuple[tuple[str, str], ...] = ()
    keep_together: tuple[tuple[str, str], ...] = ()
    series_order: tuple[tuple[str, str], ...] = ()
    pins: tuple[Pin, ...] = ()
    seat_pins: tuple[SeatPin, ...] = ()
    published: Published = Published()
    day_parts: tuple[int, ...] = (0, 50, 70)
    weights: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def series_by_id(self) -> dict[str, Series]:
        return {item.id: item for item in self.series}

    @cached_property
    def room_by_id(self) -> dict[str, Room]:
        return {item.id: item for item in self.rooms}

    @cached_property
    def facilitator_by_id(self) -> dict[str, Facilitator]:
        return {item.id: item for item in self.facilitators}

    @cached_property
    def person_by_id(self) -> dict[str, Person]:
        return {item.id: item for item in self.persons}

    @cached_property
    def registration_by_id(self) -> dict[str, Registration]:
        return {item.id: item for item in self.registrations}

    @cached_property
    def place_index(self) -> dict[str, int]:
        return {item.id: index for index, item in enumerate(self.places)}

    @cached_property
    def facilitators_of_person(self) -> dict[str, tuple[Facilitator, ...]]:
        """For each person who also leads: as whom."""
        found: dict[str, list[Facilitator]] = {}
        for item in self.facilitators:
            if item.person_id is not None:
                found.setdefault(item.person_id, []).append(item)
        return {key: tuple(items) for key, items in found.items()}

    def human(self, ident: str) -> str:
        """One id for one human being: who leads and takes part elsewhere has two."""
        facilitator = self.facilitator_by_id.get(ident)
        if facilitator is None or facilitator.person_id is None:
            return ident
        return facilitator.person_id

    @cached_property
    def kept_apart(self) -> dict[str, frozenset[str]]:
        """For each human being those who must be kept apart from them."""
        found: dict[str, set[str]] = {}
        for pair in self.keep_apart:
            one, other = (self.human(item) for item in pair)
            if one != other:
                found.setdefault(one, set()).add(other)
                found.setdefault(other, set()).add(one)
        return {key: frozenset(others) for key, others in found.items()}

    @cached_property
    def registrations_by_series(self) -> dict[str, tuple[Registration, ...]]:
        """For each series the registrations that have it among their choices."""
        wanting: dict[str, list[Registration]] = {item.id: [] for item in self.series}
        for registration in self.registrations:
            for choice in registration.choices:
                wanting[choice.series_id].append(registration)
        return {key: tuple(items) for key, items in wanting.items()}

    @cached_property
    def kept_placements(self) -> dict[str, Placement]:
        """Published placements by series, of the series that are not freed."""
        return {
            item.series_id: item
            for item in self.published.placements
            if item.series_id not in self.published.freed_series
        }

    @cached_property
    def kept_seats(self) -> dict[str, str]:
        """Series of each published seat of which neither side is freed."""
        return {
            item.registration_id: item.series_id
            for item in self.published.allocations
            if item.registration_id not in self.published.freed_registrations
            and item.series_id not in self.published.freed_series
        }

    def travel(self, origin: str | None, destination: str | None) -> int:
        """Minutes from place to place; 0 when one is unknown (online has no place)."""
        if origin is None or destination is None or origin == destination:
            return 0
        index = self.place_index
        return self.travel_minutes[index[origin]][index[destination]]

    def travel_slots(self, origin: str | None, destination: str | None) -> int:
        """Travel rounded up to whole slots."""
        return -(-self.travel(origin, destination) // SLOT_MINUTES)

    def day_part(self, quarter: int) -> int:
        """Number of the day part in which a quarter of the day lies."""
        return sum(1 for begin in self.day_parts if begin <= quarter) - 1
