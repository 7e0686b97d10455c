"""The second group of a split as it is published, after its schedule too."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from courses.enums import SeriesState
from courses.services import SessionFacts
from scheduling.services.split_dates import later_periods

if TYPE_CHECKING:
    from courses.models import Series
    from scheduling.models import Schedule


def later_facts(schedule: Schedule, series: Series) -> list[SessionFacts]:
    """Its sessions after this schedule, in the weeks of the group it comes from; none
    of another group."""
    if series.state != SeriesState.PROPOSED:
        return []
    leaders = tuple(series.leaders.values_list("pk", flat=True))
    return [
        SessionFacts(
            id=uuid4(),
            number=number,
            period=period,
            room_id=series.room_id,
            online=series.room_id is None,
            leader_ids=leaders,
        )
        for number, period in later_periods(schedule=schedule, half=series)
    ]
