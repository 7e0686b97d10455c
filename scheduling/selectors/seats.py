"""Seats given out as a draft would have them: with who goes to another group in it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable

from courses.enums import EnrolmentState
from courses.selectors.coordinator import SeatCount, seat_counts
from scheduling.models import EditState, Schedule, ScheduleTransfer


def drafted_counts(
    *, schedule: Schedule, series_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, SeatCount]:
    """Seats by series after the changes of group that stand, numbers only.

    Two queries; one for a draft that nobody changed.
    """
    wanted = set(series_ids)
    counts = seat_counts(series_ids=wanted)
    if not schedule.version:
        return counts
    moves = ScheduleTransfer.objects.filter(
        edit__schedule=schedule,
        edit__state=EditState.DONE,
        enrolment__state=EnrolmentState.ENROLLED,
    )
    more: Counter[uuid.UUID] = Counter()
    for old, new, seats in moves.values_list(
        "enrolment__series_id", "series_id", "enrolment__seats"
    ):
        more[old] -= seats
        more[new] += seats
    for key, number in more.items():
        if key in wanted:
            now = counts.get(key, SeatCount())
            counts[key] = SeatCount(now.taken + number, now.held)
    return counts
