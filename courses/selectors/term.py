"""The sessions of many weeks in few facts each: for the view of a whole term."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
)

from courses.enums import SessionState
from courses.models import Session, SessionLeader


class TermSession(NamedTuple):
    """One session: whose it is, when, where, and whether it was moved or cancelled."""

    id: uuid.UUID
    series_id: uuid.UUID
    number: int
    start: datetime
    room_id: int | None
    online: bool
    cancelled: bool
    moved: bool
    led: bool


def leaders_between(
    *,
    start: datetime,
    end: datetime,
    organisation_ids: Collection[int] | None = None,
) -> set[int]:
    """Ids of who leads a session in the period; one query, and no name.

    `organisation_ids` are those of the offering.
    """
    found = SessionLeader.objects.filter(period__overlap=DateTimeTZRange(start, end))
    if organisation_ids is not None:
        found = found.filter(
            session__series__offering__organisation__in=list(organisation_ids)
        )
    return set(found.order_by().values_list("facilitator_id", flat=True).distinct())


def term_sessions(
    *,
    start: datetime,
    end: datetime,
    organisation_ids: Collection[int] | None = None,
    facilitator_id: int | None = None,
) -> list[TermSession]:
    """Sessions that begin in the period, of what meets more than once; one query.

    Shows no person. ``facilitator_id``: only what that facilitator leads.
    """
    led = SessionLeader.objects.filter(session=OuterRef("pk"))
    found = (
        Session.objects.filter(period__overlap=DateTimeTZRange(start, end))
        .exclude(series__sessions_count=1)
        .exclude(
            series__sessions_count__isnull=True, series__offering__sessions_count=1
        )
        .annotate(
            begins=F("period__startswith"),
            led=Exists(led),
            # To read the range itself costs more than the rest of the row.
            was_moved=ExpressionWrapper(
                Q(original_period__isnull=False), output_field=BooleanField()
            ),
        )
        .filter(begins__gte=start)
    )
    if organisation_ids is not None:
        found = found.filter(series__offering__organisation__in=list(organisation_ids))
    if facilitator_id is not None:
        found = found.filter(Exists(led.filter(facilitator=facilitator_id)))
    rows = found.order_by("begins", "pk").values_list(
        "pk",
        "series_id",
        "number",
        "begins",
        "room_id",
        "online",
        "state",
        "was_moved",
        "led",
    )
    return [
        TermSession(
            pk,
            series_id,
            number,
            begins,
            room_id,
            online,
            cancelled=state == SessionState.CANCELLED,
            moved=moved,
            led=is_led,
        )
        for pk, series_id, number, begins, room_id, online, state, moved, is_led in rows
    ]
