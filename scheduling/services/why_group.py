"""A leader's own question: why is a group of mine not held?

Told are the reasons that were kept with the plan that was published, in words that say
nothing of residents (``messages.leader_sentences``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from courses.enums import RUNNING_STATES, SeriesState
from courses.selectors.assignments import series_led_by
from scheduling.messages import leader_sentences
from scheduling.models import Repair, RunKind, ScheduledSeries, ScheduleState

TO_OPEN = (SeriesState.PLANNED, SeriesState.PROPOSED)


@dataclass(frozen=True, kw_only=True)
class GroupNotHeld:
    """A group that a published plan does not hold from ``first`` up to ``last``.

    ``runs``: it goes on, and is not held in that week alone; otherwise it has not
    begun.
    """

    title: str
    first: date
    last: date
    runs: bool
    sentences: tuple[str, ...]


def groups_not_held(
    *, facilitator_id: int, first: date, last: date
) -> list[GroupNotHeld]:
    """Groups of a leader that a plan of these days does not hold, and why; one query.

    Drafts are never told. Of a group that has not begun, the newest plan counts; one
    that was published meanwhile, or stopped, is left out. Names no person.
    """
    mended = Repair.objects.filter(run=OuterRef("schedule__run"), chosen__isnull=False)
    rows = (
        ScheduledSeries.objects.filter(
            held=False,
            series__in=series_led_by(facilitator_id=facilitator_id).values("pk"),
            schedule__state=ScheduleState.PUBLISHED,
            schedule__first_date__lte=last,
            schedule__last_date__gte=first,
        )
        .select_related("schedule", "series__offering")
        .annotate(mended=Exists(mended))
        .order_by("-schedule__published_at", "-pk")
    )
    found = []
    seen = set()
    for row in rows:
        runs = row.series.state in RUNNING_STATES
        if runs and row.schedule.kind != RunKind.WEEK:
            continue  # a later plan opened it
        if not runs and (row.series.state not in TO_OPEN or row.series_id in seen):
            continue
        seen.add(row.series_id)
        found.append(
            GroupNotHeld(
                title=row.series.offering.title,
                first=row.schedule.first_date,
                last=row.schedule.last_date,
                runs=runs,
                sentences=tuple(_why(row.why.get("rules", ()), mended=row.mended)),
            )
        )
    return sorted(found, key=lambda one: (one.first, one.title))


def _why(rules: list[str], *, mended: bool) -> list[str]:
    if rules:
        return leader_sentences(rules)
    if mended:
        return [
            _("When the week was mended, no time, room or leader was found for it.")
        ]
    return [_("No reason was kept. Ask the coordinator.")]
