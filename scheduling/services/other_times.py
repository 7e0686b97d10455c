"""At which half-days more of the people who wait for a group could come."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from courses.selectors.queue import Meets, queues_of

if TYPE_CHECKING:
    from courses.models import Series

STARTS = (time(9, 30), time(13, 30), time(19))
"""When a group in the morning, afternoon and evening usually begins."""
WEEKDAYS = range(1, 6)
MOST = 3


@dataclass(frozen=True, kw_only=True)
class OtherTime:
    """A half-day (weekday 0 is Monday; part 0 the morning) and how many could come.

    ``people``: seats that those need who wait for the offering and are free then.
    """

    weekday: int
    part: int
    people: int


def other_times(*, series: Series) -> list[OtherTime]:
    """The best few half-days, most people first; five queries, numbers only.

    The half-day at which the group meets now is not among them.
    """
    minutes = series.offering.session_minutes
    if minutes is None:
        return []
    wanted = {
        uuid.uuid4(): (weekday, part)
        for weekday in WEEKDAYS
        for part in range(len(STARTS))
        if (weekday, part) != _now(series)
    }
    found = queues_of(
        [
            Meets(
                key,
                series.offering_id,
                weekday,
                STARTS[part],
                series.first_date,
                minutes,
            )
            for key, (weekday, part) in wanted.items()
        ]
    )
    times = [
        OtherTime(weekday=weekday - 1, part=part, people=found[key].seats)
        for key, (weekday, part) in wanted.items()
        if found[key].seats
    ]
    return sorted(times, key=lambda one: (-one.people, one.weekday, one.part))[:MOST]


def _now(series: Series) -> tuple[int, int] | None:
    if series.weekday is None or series.start_time is None:
        return None
    hour = series.start_time.hour
    return series.weekday, 0 if hour < 12 else 1 if hour < 18 else 2
