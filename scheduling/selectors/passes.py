"""What published schedules said of registrations, and how often in a row they were
left out; ids and numbers only, no person is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduling.models import LeftOut, Schedule, ScheduledSeries, ScheduleState
from scheduling.models.schedule import MOST_PASSES


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


def passes_before(*, schedule: Schedule) -> dict[int, int]:
    """How often in a row each registration was left out before this schedule.

    By registration, of those whom the published schedule of the same kind for the
    period before left out; publishing one period twice counts once. Two reads.
    """
    before = (
        Schedule.objects.filter(
            kind=schedule.kind,
            first_date__lt=schedule.first_date,
            state=ScheduleState.PUBLISHED,
        )
        .order_by("-first_date")
        .first()
    )
    if before is None:
        return {}
    return dict(before.left_out.values_list("registration_id", "passes"))


def passes_of(*, schedule: Schedule) -> dict[int, int]:
    """How often in a row each was left out, this schedule counted, by registration.

    Of a draft: as it would be when it were published. At most three reads.
    """
    if schedule.state != ScheduleState.DRAFT:
        return dict(schedule.left_out.values_list("registration_id", "passes"))
    before = passes_before(schedule=schedule)
    left = schedule.left_out.values_list("registration_id", flat=True)
    return {one: before.get(one, 0) + 1 for one in left}


def passed_over(*, schedule: Schedule) -> int:
    """How many the schedule leaves out for the third time in a row, or more."""
    return sum(count >= MOST_PASSES for count in passes_of(schedule=schedule).values())


def left_out_ids(*, schedule: Schedule) -> frozenset[int]:
    """Ids of the registrations that a schedule gives no seat; one read."""
    return frozenset(schedule.left_out.values_list("registration_id", flat=True))
