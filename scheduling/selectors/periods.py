"""The reads of planning: schedules, runs and who was left out."""

from __future__ import annotations

from datetime import date

from scheduling.models import RunKind, Schedule, ScheduleState


def published_schedule(*, kind: RunKind | str, first_date: date) -> Schedule | None:
    """The published schedule of a period, if there is one."""
    return Schedule.objects.filter(
        kind=kind, first_date=first_date, state=ScheduleState.PUBLISHED
    ).first()


def draft_schedule(*, kind: RunKind | str, first_date: date) -> Schedule | None:
    """The draft of a period, if there is one."""
    return Schedule.objects.filter(
        kind=kind, first_date=first_date, state=ScheduleState.DRAFT
    ).first()
