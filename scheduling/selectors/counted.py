"""A week in few facts a session: for a page that shows none of its sessions."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F

from courses.kinds import policy_of
from courses.selectors.coordinator import seat_counts
from courses.selectors.week import (
    LARGEST,
    held_now,
    held_of,
    sessions_dropped,
    sessions_in_figures,
)
from scheduling.models import Schedule
from scheduling.selectors.seats import drafted_counts
from scheduling.weeks import Week


class Counted(NamedTuple):
    """A session as the figures above a week count it, like `WeekSession`.

    ``size``: the largest group; ``seats``: those given out of it; ``changed``: a draft
    has the session otherwise than it is published.
    """

    series_id: uuid.UUID
    kind: str
    size: int
    cancelled: bool = False
    changed: bool = False
    seats: int = 0

    @property
    def enrols(self) -> bool:
        return policy_of(self.kind).takes_registrations


def changes_in(
    *,
    schedule: Schedule,
    week: Week,
    organisation_ids: Collection[int] | None = None,
) -> int:
    """How many sessions of a week a draft has otherwise than they are published.

    Those that `draft_week` calls changed, told from ids and times alone: nobody's name
    is read, so nothing is logged. Three queries.
    """
    return sum(one.changed for one in _drafted(schedule, week, organisation_ids))


def week_counted(
    *,
    schedule: Schedule | None,
    week: Week,
    organisation_ids: Collection[int] | None = None,
) -> list[Counted]:
    """The sessions of `draft_week`, or of `published_week` without a ``schedule``.

    Nobody's name is read, so nothing is logged. Two queries of what is published, at
    most five of a draft.
    """
    if schedule is not None:
        found = _drafted(schedule, week, organisation_ids)
        ids = {one.series_id for one in found}
        counts = drafted_counts(schedule=schedule, series_ids=ids)
        seats = {key: count.taken for key, count in counts.items()}
    else:
        rows = sessions_in_figures(
            start=week.start, end=week.end, organisation_ids=organisation_ids
        )
        found = [Counted(*row) for row in rows]
        counts = seat_counts(series_ids={one.series_id for one in found})
        seats = {key: count.sure for key, count in counts.items()}
    return [one._replace(seats=seats.get(one.series_id, 0)) for one in found]


def _drafted(
    schedule: Schedule, week: Week, organisation_ids: Collection[int] | None
) -> list[Counted]:
    """What a draft has in a week and what a release would cancel, seats not counted."""
    span = DateTimeTZRange(week.start, week.end)
    found = schedule.sessions.filter(period__overlap=span).order_by()
    if organisation_ids is not None:
        own = list(organisation_ids)
        found = found.filter(series__offering__organisation__in=own)
    rows = list(
        found.annotate(begins=F("period__startswith"), largest=LARGEST).values_list(
            "session_id",
            "begins",
            "room",
            "leader_rows__facilitator",
            "series_id",
            "series__offering__kind",
            "largest",
        )
    )
    wanted = held_of(row[:4] for row in rows)
    now = held_now(session_ids=found.values("session_id"))
    drafted = {
        key: Counted(series, kind, largest, changed=now.get(key) != wanted[key])
        for key, _start, _room, _leader, series, kind, largest in rows
    }
    gone = sessions_dropped(
        start=week.start,
        end=week.end,
        series=schedule.series_rows.values("series_id"),
        kept=schedule.sessions.values("session_id"),
        organisation_ids=organisation_ids,
    )
    dropped = [
        Counted(
            one.series_id,
            one.series.offering.kind,
            one.series.largest,
            cancelled=True,
            changed=True,
        )
        for one in gone
    ]
    return [*drafted.values(), *dropped]
