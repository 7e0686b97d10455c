"""The second group of a series that a draft splits: made with the draft's change, and
gone with it. Until a release nobody is in it and nobody can ask for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import SeriesState, SessionState
from courses.models import Series, SeriesLeader
from courses.services.catalogue import create_series


@transaction.atomic
def propose_half(
    *,
    actor: Actor,
    series: Series,
    key: uuid.UUID,
    first: datetime,
    room_id: int | None,
    leader_ids: Sequence[int],
    seats: int,
) -> Series:
    """A group beside ``series`` with its limits and hours, proposed by a draft.

    ``first``: when its first meeting begins; ``seats``: how many go to it. A group
    that takes nobody new any more has halves that take nobody new either.
    """
    start = timezone.localtime(first)
    closed = entry_is_closed(series)
    half = create_series(
        actor=actor,
        offering=series.offering,
        windows=[(one.weekday, one.start, one.end) for one in series.windows.all()],
        id=key,
        state=SeriesState.PROPOSED,
        weekday=start.isoweekday(),
        start_time=start.time(),
        first_date=start.date(),
        room_id=room_id,
        latest_end=series.latest_end,
        sessions_count=series.sessions_count,
        size_min=min(series.smallest, seats) if closed else series.size_min,
        size_max=seats if closed else series.size_max,
    )
    SeriesLeader.objects.bulk_create(
        [SeriesLeader(series=half, facilitator_id=pk) for pk in leader_ids]
    )
    return half


def entry_is_closed(series: Series) -> bool:
    """Whether so many meetings were held that the group takes nobody new; a query."""
    after = series.offering.closed_after_session
    if after is None:
        return False
    held = series.sessions.filter(
        state=SessionState.PUBLISHED, period__endswith__lte=timezone.now()
    )
    return held.count() >= after


@transaction.atomic
def drop_proposed(*, actor: Actor, series_ids: Iterable[uuid.UUID]) -> None:
    """Delete groups that were only proposed; one that was published stays."""
    found = Series.objects.filter(pk__in=list(series_ids), state=SeriesState.PROPOSED)
    for series in found:
        record_event(
            actor=actor,
            code="series.delete",
            action="D",
            purpose=PLANNING,
            object_kind="series",
            object_id=series.pk,
        )
        series.delete()
