"""What can happen to a published plan, as frozen facts: ids and days, never a reason.

Days are day numbers of the horizon, first and last day included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scheduling.solver.horizon import WeeklyWindow
from scheduling.solver.problem import Person, Registration


@dataclass(frozen=True, slots=True)
class OneSession:
    """The meeting of a series on one day."""

    series_id: str
    day: int


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened.

    ``today``: nothing is put on an earlier day (``None``: not before the event's own
    first day). ``also_in``: windows in which what must move may lie too, beside those
    of its series.
    """

    kind: ClassVar[str]

    id: str
    today: int | None = None
    also_in: tuple[WeeklyWindow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeaderIll(Event):
    """A facilitator cannot come on some days, or to some sessions alone."""

    kind = "leader-ill"

    facilitator_id: str
    first_day: int
    last_day: int
    sessions: tuple[OneSession, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoomLost(Event):
    """A room cannot be used on some days, or (no last day) for good."""

    kind = "room-lost"

    room_id: str
    first_day: int
    last_day: int | None = None


@dataclass(frozen=True, kw_only=True)
class CentreClosed(Event):
    """All rooms of a place are shut on some days."""

    kind = "centre-closed"

    place_id: str
    first_day: int
    last_day: int


@dataclass(frozen=True, kw_only=True)
class HolidayForgotten(Event):
    """Nobody meets on these days: in some places, or nowhere at all, online too."""

    kind = "holiday-forgotten"

    first_day: int
    last_day: int
    place_ids: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class ResidentJoined(Event):
    """Somebody asks who is new, or is known and asks for something new."""

    kind = "resident-joined"

    registrations: tuple[Registration, ...]
    person: Person | None = None


@dataclass(frozen=True, kw_only=True)
class ResidentLeft(Event):
    """Somebody stops: every seat and every registration of the person goes."""

    kind = "resident-left"

    person_id: str


EVENTS: tuple[type[Event], ...] = (
    LeaderIll,
    RoomLost,
    CentreClosed,
    HolidayForgotten,
    ResidentJoined,
    ResidentLeft,
)
