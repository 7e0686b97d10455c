"""Groups whose published sessions a new plan may be allowed to move; no person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from courses.enums import SessionState
from courses.models import Series, Session


@dataclass(frozen=True, kw_only=True)
class MovableGroup:
    """A series with published sessions: when it first meets then, and where it does."""

    series_id: uuid.UUID
    title: str
    kind: str
    first: datetime
    centres: frozenset[int]


def movable_groups(*, start: datetime, end: datetime) -> list[MovableGroup]:
    """Series with a published session that begins in the period, by time; one query."""
    sessions = (
        Session.objects.filter(
            state=SessionState.PUBLISHED,
            period__startswith__gte=start,
            period__startswith__lt=end,
        )
        .select_related("series__offering", "room")
        .order_by("period", "pk")
    )
    found: dict[uuid.UUID, list[Session]] = {}
    for session in sessions:
        found.setdefault(session.series_id, []).append(session)
    return [_group(meetings) for meetings in found.values()]


def _group(meetings: list[Session]) -> MovableGroup:
    series = meetings[0].series
    rooms: Iterable[int] = (one.room.centre_id for one in meetings if one.room)
    return MovableGroup(
        series_id=series.pk,
        title=series.offering.title,
        kind=series.offering.kind,
        first=meetings[0].period.lower,
        centres=frozenset(rooms),
    )


def groups_published(*, start: datetime, end: datetime) -> list[Series]:
    """Series with a published session in the period, with offering and room's centre.

    In order of weekday and time; one query, and no person.
    """
    meets = Session.objects.filter(
        series=OuterRef("pk"),
        state=SessionState.PUBLISHED,
        period__startswith__gte=start,
        period__startswith__lt=end,
    )
    return list(
        Series.objects.filter(Exists(meets))
        .select_related("offering", "room__centre")
        .order_by("weekday", "start_time", "pk")
    )
