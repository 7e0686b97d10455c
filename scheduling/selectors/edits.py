"""Changes by hand in a draft, counted for the buttons that take them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from scheduling.models import (
    AcceptedViolation,
    EditState,
    Repair,
    Schedule,
    ScheduleState,
)


def drafts_of_periods(
    *, periods: Iterable[tuple[str, date]]
) -> dict[tuple[str, date], Schedule]:
    """The drafts of these periods (kind and first day), each with ``changes``: how many
    changes by hand stand in it, and ``mends``: whether it is a way out that was chosen
    to mend what is published. One query."""
    wanted = set(periods)
    chosen = Repair.objects.filter(run=OuterRef("run"), chosen__isnull=False)
    found = Schedule.objects.filter(
        state=ScheduleState.DRAFT, first_date__in={first for _kind, first in wanted}
    ).annotate(
        changes=Count("edits", filter=Q(edits__state=EditState.DONE)),
        mends=Exists(chosen),
    )
    return {
        (one.kind, one.first_date): one
        for one in found
        if (one.kind, one.first_date) in wanted
    }


def accepted_in(schedule: Schedule) -> list[AcceptedViolation]:
    """Breaches accepted by name: by the changes that stand, and as it was published.

    One query.
    """
    rows = schedule.accepted_violations.filter(_stands())
    return list(rows.select_related("accepted_by"))


def _stands() -> Q:
    return Q(edit__isnull=True) | Q(edit__state=EditState.DONE)


def accepted_counts(schedules: Iterable[Schedule]) -> dict[int, int]:
    """How many breaches were accepted by name in each of these schedules, as
    ``accepted_in``; one query. None of one without."""
    rows = AcceptedViolation.objects.filter(
        _stands(), schedule__in=[one.pk for one in schedules]
    )
    counted = rows.order_by().values("schedule").annotate(number=Count("pk"))
    return dict(counted.values_list("schedule", "number"))


def edit_counts(draft: Schedule) -> dict[str, int]:
    """How many changes stand (`done`) and how many were taken back (`undone`)."""
    return draft.edits.aggregate(
        done=Count("pk", filter=Q(state=EditState.DONE)),
        undone=Count("pk", filter=Q(state=EditState.UNDONE)),
    )
