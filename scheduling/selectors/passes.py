"""What published schedules said of one registration; no person is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduling.models import LeftOut, ScheduledSeries, ScheduleState


@dataclass(frozen=True, kw_only=True)
class PublishedAnswer:
    """Why a published schedule has no seat; ``held``: keys of series that take place.

    ``reasons`` as ``LeftOut.reasons``; ``held`` is among the series that these name.
    """

    first_date: date
    reasons: list[dict[str, Any]]
    held: frozenset[str]


def last_published_answer(*, registration_id: int) -> PublishedAnswer | None:
    """What the newest published schedule says of who was left out; two reads."""
    row = (
        LeftOut.objects.filter(
            registration=registration_id, schedule__state=ScheduleState.PUBLISHED
        )
        .select_related("schedule")
        .order_by("-schedule__published_at", "-schedule__pk")
        .first()
    )
    if row is None:
        return None
    keys = {reason["series"] for reason in row.reasons}
    held = ScheduledSeries.objects.filter(
        schedule=row.schedule_id, series__in=keys, held=True
    ).values_list("series_id", flat=True)
    return PublishedAnswer(
        first_date=row.schedule.first_date,
        reasons=row.reasons,
        held=frozenset(str(key) for key in held),
    )
