"""Decisions on whole groups that a release carried out: what going back cannot undo."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from scheduling.models import (
    EditKind,
    EditState,
    Schedule,
    ScheduledSession,
    ScheduleEdit,
    ScheduleState,
)

WHOLE = (EditKind.MERGE, EditKind.END, EditKind.ONLINE)


def decided_elsewhere(
    *, schedule: Schedule, series_ids: Iterable[UUID]
) -> dict[UUID, EditKind]:
    """The last decision on each of these groups that another schedule was released
    with; one query."""
    edits = ScheduleEdit.objects.filter(
        series__in=list(series_ids), kind__in=WHOLE, state=EditState.DONE
    ).exclude(schedule=schedule)
    released = edits.exclude(schedule__state=ScheduleState.DRAFT)
    return {
        key: EditKind(kind)
        for key, kind in released.order_by("made_at", "pk").values_list(
            "series_id", "kind"
        )
        if key is not None
    }


def held_when_published(*, schedule: Schedule) -> set[UUID]:
    """Groups with a session in what is published of the same period; one query."""
    found = ScheduledSession.objects.filter(
        schedule__kind=schedule.kind,
        schedule__first_date=schedule.first_date,
        schedule__state=ScheduleState.PUBLISHED,
    )
    return set(found.values_list("series_id", flat=True))


def series_with_a_room(*, schedule: Schedule) -> set[UUID]:
    """Groups that this schedule has in a room; one query."""
    found = schedule.sessions.filter(online=False)
    return set(found.values_list("series_id", flat=True))
