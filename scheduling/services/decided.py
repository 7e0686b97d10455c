"""Decisions on whole groups: those of a draft, and those that a release carried out."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from courses.enums import RUNNING_STATES
from scheduling.models import (
    EditKind,
    EditState,
    Schedule,
    ScheduledSeries,
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


def split_elsewhere(
    *, schedule: Schedule, series_ids: Iterable[UUID]
) -> dict[UUID, UUID]:
    """The new group of each of these groups that another schedule split, where it goes
    on and this schedule knows nothing of it; one query."""
    edits = ScheduleEdit.objects.filter(
        kind=EditKind.SPLIT,
        state=EditState.DONE,
        series__state__in=RUNNING_STATES,
        before__0__series__in=[str(key) for key in series_ids],
    ).exclude(schedule=schedule)
    released = edits.exclude(schedule__state=ScheduleState.DRAFT).exclude(
        series__in=schedule.series_rows.values("series")
    )
    return {
        UUID(before[0]["series"]): half
        for before, half in released.order_by("made_at", "pk").values_list(
            "before", "series_id"
        )
        if half is not None
    }


def held_when_published(*, schedule: Schedule) -> set[UUID]:
    """Groups with a session in what is published of the same period; one query."""
    found = ScheduledSession.objects.filter(
        schedule__kind=schedule.kind,
        schedule__first_date=schedule.first_date,
        schedule__state=ScheduleState.PUBLISHED,
    )
    return set(found.values_list("series_id", flat=True))


def held_later(*, schedule: Schedule) -> set[UUID]:
    """Groups that a schedule of the same period holds which was published after this
    one, and of which this one knows nothing; one query."""
    if schedule.published_at is None:
        return set()
    found = ScheduledSeries.objects.filter(
        held=True,
        schedule__kind=schedule.kind,
        schedule__first_date=schedule.first_date,
        schedule__published_at__gt=schedule.published_at,
    ).exclude(series__in=schedule.series_rows.values("series"))
    return set(found.values_list("series_id", flat=True))


def series_with_a_room(*, schedule: Schedule) -> set[UUID]:
    """Groups that this schedule has in a room; one query."""
    found = schedule.sessions.filter(online=False)
    return set(found.values_list("series_id", flat=True))
