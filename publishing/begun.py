"""What has begun is as it was: no release moves it, cancels it or makes it new.

Who came and who led stands in the attendance; going back to an earlier schedule cannot
turn that round either. Only what is still to come is compared and written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

if TYPE_CHECKING:
    from courses.models import Session
    from scheduling.models import ScheduledSession

Row = TypeVar("Row")


@dataclass(frozen=True)
class ToCome:
    """Sessions by series that a release may still change.

    ``stay``: published ones that are still to come, which the schedule has at a moment
    that is over; ``within``: the part of the period that is still to come.
    """

    planned: dict[UUID, list[ScheduledSession]]
    published: dict[UUID, list[Session]]
    stay: dict[UUID, list[Session]]
    within: DateTimeTZRange


def to_come(
    planned: Mapping[UUID, Sequence[ScheduledSession]],
    published: Mapping[UUID, Sequence[Session]],
    period: DateTimeTZRange,
    now: datetime,
) -> ToCome:
    """Leave out of a schedule and of what is published all that has begun ``now``."""
    begun = {
        one.pk
        for found in published.values()
        for one in found
        if one.period.lower <= now
    }
    late = {
        one.session_id
        for found in planned.values()
        for one in found
        if one.period.lower <= now
    } - begun
    fixed = begun | late
    return ToCome(
        planned=_those(planned, lambda one: one.session_id not in fixed),
        published=_those(published, lambda one: one.pk not in fixed),
        stay=_those(published, lambda one: one.pk in late),
        within=_from(period, now),
    )


def _those(
    found: Mapping[UUID, Sequence[Row]], wanted: Callable[[Row], bool]
) -> dict[UUID, list[Row]]:
    """The rows that are wanted, by series; a series without any is left out."""
    kept = {key: [row for row in rows if wanted(row)] for key, rows in found.items()}
    return {key: rows for key, rows in kept.items() if rows}


def _from(period: DateTimeTZRange, now: datetime) -> DateTimeTZRange:
    """A period after a moment; empty when the moment is past its end."""
    if now < period.lower:
        return period
    return DateTimeTZRange(min(now, period.upper), period.upper, "()")
