"""What the published schedule of a period says of whom it left out, taken along.

A draft that changes what is published by hand, or mends it, decides anew on nobody who
waits. Without this its release would say that everybody has a seat: the reasons, the
count of how often somebody was left out and the figures would be gone.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from courses.enums import ASKING_STATES, SeriesState
from courses.kinds import LevelOfCare, kinds_where
from courses.selectors import agenda_changed_at
from courses.selectors.coordinator import reason_counts
from scheduling.models import LeftOut, Schedule, ScheduledSeries
from scheduling.selectors.periods import published_schedule
from scheduling.solver.horizon import Horizon

TO_PLAN = (SeriesState.PLANNED, SeriesState.PROPOSED)


def carry_over(*, schedule: Schedule, horizon: Horizon) -> None:
    """Take along, from the published schedule of its period, what a new draft says
    nothing of: who still waits and why, what is not held, and the figures.

    Where no plan of the period was published there is nothing to tell, and the draft
    has no figures. A fixed number of queries.
    """
    former = published_schedule(kind=schedule.kind, first_date=schedule.first_date)
    if former is None:
        return
    _carry_left_out(former, schedule)
    _carry_not_held(former, schedule, horizon)
    schedule.figures = _figures(former, schedule)
    schedule.save(update_fields=["figures"])


def _carry_left_out(former: Schedule, schedule: Schedule) -> None:
    """Who has a sure seat by now, or one in this draft, is left out no more; an offer
    may still be refused or lapse."""
    decided = {
        *schedule.seats.values_list("registration_id", flat=True),
        *schedule.left_out.values_list("registration_id", flat=True),
    }
    waits = former.left_out.filter(registration__state__in=ASKING_STATES)
    LeftOut.objects.bulk_create(
        LeftOut(
            schedule=schedule,
            registration_id=row.registration_id,
            reasons=row.reasons,
        )
        for row in waits.exclude(registration__in=decided).order_by("pk")
    )


def _carry_not_held(former: Schedule, schedule: Schedule, horizon: Horizon) -> None:
    """What was published or stopped since is not among what is still to be planned."""
    known = set(schedule.series_rows.values_list("series_id", flat=True))
    rows = former.series_rows.filter(held=False, series__state__in=TO_PLAN)
    why = {
        row.series_id: row.why for row in rows.exclude(series__in=known).order_by("pk")
    }
    seen = agenda_changed_at(
        series_ids=why,
        start=horizon.moment(0),
        end=horizon.moment(horizon.slot_count),
    )
    ScheduledSeries.objects.bulk_create(
        ScheduledSeries(
            schedule=schedule, series_id=key, held=False, why=why[key], seen_at=moment
        )
        for key, moment in seen.items()
    )


def _figures(former: Schedule, schedule: Schedule) -> dict[str, Any]:
    """The figures of the plan that was published, with who got a seat since.

    The seats of that plan stay with its own schedule, so what is counted of them (such
    as the reasons for one-to-one) is taken along as numbers.
    """
    if not former.figures:
        return {}
    single = kinds_where(level_of_care=LevelOfCare.INDIVIDUAL_CARE)
    alone = schedule.seats.filter(series__offering__kind__in=single)
    joined = list(alone.values_list("registration_id", flat=True))
    reasons = Counter(former.figures.get("reasons", {}))
    reasons.update(reason_counts(registration_ids=joined))
    seated = former.figures["seated"] + schedule.seats.count()
    left = schedule.left_out.count()
    return {
        **former.figures,
        "seated": seated,
        "asking": seated + left,
        "unseated": left,
        "one_to_one": former.figures["one_to_one"] + len(joined),
        "reasons": dict(reasons),
    }
