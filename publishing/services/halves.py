"""The second groups of splits as they are published, after their schedule too."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from courses.enums import SeriesState
from courses.services import SessionFacts
from scheduling.services.split_dates import later_periods_of

if TYPE_CHECKING:
    from courses.models import Series
    from scheduling.models import Schedule


def later_facts(
    schedule: Schedule, rows: Iterable[Series]
) -> dict[uuid.UUID, list[SessionFacts]]:
    """Sessions after this schedule of the new groups among these, by group: in the
    weeks of the group that each comes from. Four queries, however many new groups; none
    without one."""
    halves = [one for one in rows if one.state == SeriesState.PROPOSED]
    if not halves:
        return {}
    prefetch_related_objects(halves, "series_leaders")
    later = later_periods_of(schedule=schedule, halves=halves)
    return {
        half.pk: [
            SessionFacts(
                id=uuid.uuid4(),
                number=number,
                period=period,
                room_id=half.room_id,
                online=half.room_id is None,
                leader_ids=tuple(
                    one.facilitator_id for one in half.series_leaders.all()
                ),
            )
            for number, period in later[half.pk]
        ]
        for half in halves
    }
