"""Sessions as a board of hundreds needs them: few columns, and each thing read once.

The selectors beside this one give whole rows with everything around them. Of a week of
three regions that is two thousand rows of forty columns, of which a board shows ten.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from courses.enums import SessionState
from courses.models import Series, Session, SessionLeader

IN_SHORT = (
    "sessions_count",
    "size_min",
    "size_max",
    "offering__kind",
    "offering__title_nl",
    "offering__title_en",
    "offering__organisation",
    "offering__size_min",
    "offering__size_max",
    "offering__sessions_count",
)
"""Of a series and its offering what a line about a session says."""

OF_A_SESSION = tuple(f"series__{name}" for name in IN_SHORT)
"""The same, from a row with a `series`: for `only`, beside the row's own columns."""


LARGEST = Coalesce("series__size_max", "series__offering__size_max")
"""`Series.largest`, from a row with a `series`."""


class Held(NamedTuple):
    """When a session begins, in which room, and the ids of who leads it."""

    start: datetime
    room_id: int | None
    leader_ids: frozenset[int]


def sessions_in_short(
    *,
    start: datetime,
    end: datetime,
    organisation_ids: Iterable[int] | None = None,
) -> list[Session]:
    """Sessions (cancelled ones too) that overlap the period, in order of time.

    One query, and no person: series and offering as far as `IN_SHORT` goes, of the room
    the id. `organisation_ids` are those of the offering.
    """
    return list(_in_short(start, end, organisation_ids))


def sessions_dropped(
    *,
    start: datetime,
    end: datetime,
    series: QuerySet[Any],
    kept: QuerySet[Any],
    organisation_ids: Iterable[int] | None = None,
) -> list[Session]:
    """Published sessions of these series that are not kept, like `sessions_in_short`.

    ``series`` and ``kept`` are queries of ids of series and of sessions: asked within
    the one query of this.
    """
    found = _in_short(start, end, organisation_ids)
    return list(
        found.filter(state=SessionState.PUBLISHED, series__in=series).exclude(
            pk__in=kept
        )
    )


def _in_short(
    start: datetime, end: datetime, organisation_ids: Iterable[int] | None
) -> QuerySet[Session]:
    found = Session.objects.filter(period__overlap=DateTimeTZRange(start, end))
    if organisation_ids is not None:
        found = found.filter(series__offering__organisation__in=list(organisation_ids))
    own = ("number", "period", "room", "online", "state", "original_period")
    return (
        found.select_related("series__offering")
        .only(*own, *OF_A_SESSION)
        .order_by("period", "pk")
    )


def times_and_rooms(
    *, session_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, tuple[datetime, int | None]]:
    """When sessions in any state begin and in which room, by id; one query."""
    found = Session.objects.filter(pk__in=list(session_ids)).order_by()
    rows = found.annotate(begins=F("period__startswith"))
    return {
        pk: (begins, room_id)
        for pk, begins, room_id in rows.values_list("pk", "begins", "room_id")
    }


def sessions_in_figures(
    *,
    start: datetime,
    end: datetime,
    organisation_ids: Iterable[int] | None = None,
) -> list[tuple[uuid.UUID, str, int, bool]]:
    """The sessions of `sessions_in_short` as figures count them; one query.

    Of each: its series, the kind, the largest group, and whether it is cancelled.
    """
    found = Session.objects.filter(period__overlap=DateTimeTZRange(start, end))
    if organisation_ids is not None:
        found = found.filter(series__offering__organisation__in=list(organisation_ids))
    rows = found.order_by().annotate(largest=LARGEST)
    return [
        (series_id, kind, largest, state == SessionState.CANCELLED)
        for series_id, kind, largest, state in rows.values_list(
            "series_id", "series__offering__kind", "largest", "state"
        )
    ]


def held_now(*, session_ids: QuerySet[Any]) -> dict[uuid.UUID, Held]:
    """Sessions in any state by id; one query, and no name.

    ``session_ids`` is a query of ids, asked within the one query of this.
    """
    found = Session.objects.filter(pk__in=session_ids).order_by()
    rows = found.annotate(begins=F("period__startswith"))
    return held_of(
        rows.values_list("pk", "begins", "room_id", "session_leaders__facilitator")
    )


def held_of(
    rows: Iterable[tuple[uuid.UUID, datetime, int | None, int | None]],
) -> dict[uuid.UUID, Held]:
    """By id, from (id, start, room, leader): a row for each leader, `None` for none."""
    found: dict[uuid.UUID, Held] = {}
    for key, start, room_id, leader_id in rows:
        led = frozenset() if leader_id is None else frozenset({leader_id})
        known = found.get(key)
        found[key] = Held(start, room_id, led | known.leader_ids if known else led)
    return found


def leader_ids(*, session_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[int]]:
    """Ids of who leads each session, in order; one query, and no name."""
    rows = SessionLeader.objects.filter(session__in=list(session_ids))
    found: dict[uuid.UUID, list[int]] = {}
    for session_id, facilitator_id in rows.order_by("pk").values_list(
        "session_id", "facilitator_id"
    ):
        found.setdefault(session_id, []).append(facilitator_id)
    return found


def series_in_short(*, series_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Series]:
    """Series by id with their offering, as far as `IN_SHORT` goes; one query."""
    found = Series.objects.select_related("offering").only(*IN_SHORT)
    return found.in_bulk(list(series_ids))
