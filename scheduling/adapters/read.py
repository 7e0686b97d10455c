"""The rows of a problem, read once, before they become facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from audit.actor import Actor
from courses.enums import RUNNING_STATES
from courses.selectors import planning_series
from courses.selectors.elsewhere import Elsewhere
from scheduling.adapters.going import Members
from scheduling.adapters.persons import Joined
from scheduling.adapters.series import Meets
from scheduling.solver.horizon import Horizon

if TYPE_CHECKING:
    from courses.models import Series as SeriesRow
    from people.models import Resident
    from rooms.models import Room as RoomRow


@dataclass(frozen=True)
class Read:
    """The rows of a problem, and facts that do not depend on who changes groups."""

    series: Sequence[SeriesRow]
    members: Members
    rooms: Sequence[RoomRow]
    leaders: Sequence[Any]
    meets: Mapping[Any, Sequence[Meets]]
    joined: dict[int, Joined]
    waiting: Sequence[Any]
    residents: Sequence[Resident]
    finished: Mapping[int, set[int]]
    pairs: Sequence[Any]
    pins: Any
    changed: Mapping[Any, datetime]
    places: Any
    travel: Any
    room_facts: Any
    leader_facts: Any
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class Supposed:
    """What is judged as if it were so: stopped series (keys) that take place again, and
    enrolments (keys) that are taken again."""

    series: Collection[UUID] = ()
    seats: Collection[int] = ()


AS_READ = Supposed()


def series_as(
    actor: Actor, without_seats: Collection[int], supposed: Supposed
) -> list[SeriesRow]:
    """The series of a problem with their members, as they are and are supposed to be.

    ``without_seats``: keys of enrolments that count as free.
    """
    return planning_series(
        actor=actor,
        without_seats=without_seats,
        with_series=supposed.series,
        with_seats=supposed.seats,
    )


def elsewhere_of(
    waiting: Sequence[Any],
    rows: Sequence[SeriesRow],
    without_seats: Collection[int],
    horizon: Horizon,
) -> Elsewhere:
    """What who waits has on the dates of running groups outside a horizon.

    In it, what is planned decides who is where.
    """
    inside = DateTimeTZRange(horizon.moment(0), horizon.moment(horizon.slot_count))
    return Elsewhere(
        resident_ids={row.resident_id for row in waiting},
        series_ids=[row.pk for row in rows if row.state in RUNNING_STATES],
        judged=inside,
        without_seats=without_seats,
    )
