"""What leaders carry while a timetable is made, and what they must be relieved of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from scheduling.solver.horizon import SLOT_MINUTES, SLOTS_PER_DAY
from scheduling.solver.problem import LoadLimits
from scheduling.solver.search.timetable_facts import NO_LIMIT, Array

Hold = Callable[[int], float]


@dataclass
class Carrying:
    """By leader the series they lead: number, first slot and end.

    Minutes and days are counted over the whole horizon, as if it were one week: in a
    longer one a leader carries less than allowed and never more.
    """

    loads: list[LoadLimits]
    days: int
    diary: list[dict[int, tuple[int, int]]] = field(init=False)

    def __post_init__(self) -> None:
        def limits(name: str) -> Array:
            found = [getattr(one, name) for one in self.loads]
            return np.array([NO_LIMIT if one is None else one for one in found])

        self.diary = [{} for _ in self.loads]
        self.led = np.zeros((len(self.loads), self.days), np.int64)
        self.minutes = np.zeros(len(self.loads), np.int64)
        self.most_minutes = limits("minutes_per_week")
        self.most_days = limits("days_per_week")
        self.most_meetings = limits("sessions_per_day")

    def add(self, lead: int, number: int, begin: int, end: int) -> None:
        self.diary[lead][number] = (begin, end)
        self._count(lead, begin, end, 1)

    def drop(self, lead: int, number: int) -> None:
        self._count(lead, *self.diary[lead].pop(number), -1)

    def _count(self, lead: int, begin: int, end: int, step: int) -> None:
        self.led[lead, begin // SLOTS_PER_DAY] += step
        self.minutes[lead] += step * (end - begin) * SLOT_MINUTES

    def full(self, length: int) -> Array:
        """By leader and day whether one more meeting is more than they can carry."""
        led = self.led
        new_day = (led == 0) & ((led > 0).sum(axis=1) >= self.most_days)[:, None]
        tired = (self.minutes + length * SLOT_MINUTES > self.most_minutes)[:, None]
        found: Array = new_day | tired | (led >= self.most_meetings[:, None])
        return found

    def too_much(
        self, lead: int, begin: int, end: int, gone: set[int], hold: Hold
    ) -> set[int]:
        """What a leader must be relieved of for a meeting more, beside what is gone.

        The series that are easiest to place elsewhere (``hold``) go first.
        """
        load, found = self.loads[lead], set[int]()
        day = begin // SLOTS_PER_DAY
        held = {one: at for one, at in self.diary[lead].items() if one not in gone}
        while held:
            today = {
                one: at for one, at in held.items() if at[0] // SLOTS_PER_DAY == day
            }
            days = {at[0] // SLOTS_PER_DAY for at in held.values()} | {day}
            if not _fits_day(load, [*today.values(), (begin, end)]):
                pool = today
            elif len(days) > (load.days_per_week or NO_LIMIT):
                pool = {one: at for one, at in held.items() if one not in today}
            elif load.minutes_per_week is not None and (
                sum(last - first for first, last in (*held.values(), (begin, end)))
                * SLOT_MINUTES
                > load.minutes_per_week
            ):
                pool = held
            else:
                break
            easiest = min(pool, key=hold)
            found.add(easiest)
            del held[easiest]
        return found


def _fits_day(load: LoadLimits, stretches: list[tuple[int, int]]) -> bool:
    """Whether a day's meetings are few enough, close enough and with breaks."""
    if load.sessions_per_day is not None and len(stretches) > load.sessions_per_day:
        return False
    stretches = sorted(stretches)
    span = max(end for _, end in stretches) - stretches[0][0]
    if load.span_minutes is not None and span * SLOT_MINUTES > load.span_minutes:
        return False
    if load.block_minutes is None:
        return True
    first, last = stretches[0]
    for begin, end in stretches[1:]:
        if (begin - last) * SLOT_MINUTES >= load.break_minutes:
            first = begin
        last = end
        if (last - first) * SLOT_MINUTES > load.block_minutes:
            return False
    return (stretches[0][1] - stretches[0][0]) * SLOT_MINUTES <= load.block_minutes
