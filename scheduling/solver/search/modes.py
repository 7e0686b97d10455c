"""The mode table's arrays: what prices, programs and the greedy start read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.candidates import SELF_PACED, Mode, Timing
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Placement
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.search.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Key = tuple[Timing, str | None]


@dataclass
class ModeTable:
    """Modes by number, with their seats, staff and resources.

    ``seats[m]`` are registration numbers padded with ``len(registrations)``; a
    registration for several seats is there once for each, and ``values[m]`` is what
    one is worth. ``least`` and ``most`` count newly taken seats. Staff needs of modes
    are blocks: ``block_leads[b]`` numbers of ``leads`` (series number, timing and
    facilitator id) padded with ``len(leads)``; a need counts from ``block_from[b]``
    newly taken seats on. ``held`` is what opening in a mode is worth. ``paired`` are
    flat numbers of seats that are taken together or not at all, ``pair_of`` the number
    of the group each is in.
    """

    series: tuple[Series, ...]
    registrations: tuple[Registration, ...]
    keys: list[Key] = field(default_factory=list)
    modes: list[Mode | None] = field(default_factory=list)
    series_of: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    held: Floats = field(default_factory=lambda: np.zeros(0))
    least: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    most: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    seats: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    values: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    block_mode: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    block_count: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    block_from: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    block_leads: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    leads: list[tuple[int, Timing, str]] = field(default_factory=list)
    paired: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    pair_of: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    rows: Rows = field(default_factory=Rows)
    cut_short: bool = False

    @property
    def shares(self) -> Floats:
        """Seats each registration asks for."""
        return np.array([item.seats for item in self.registrations], float)

    def of_series(self, number: int) -> range:
        """Modes of a series, which lie side by side."""
        first = int(np.searchsorted(self.series_of, number, "left"))
        last = int(np.searchsorted(self.series_of, number, "right"))
        return range(first, last)


def key_of(
    problem: PlanningProblem, table: ModeTable, number: int, placement: Placement
) -> Key:
    """The mode in which a series (by its number) is placed; one that is in no table
    matches nothing."""
    if not placement.meetings:
        return SELF_PACED, None
    first = placement.meetings[0]
    room = problem.room_by_id[first.room_id] if first.room_id else None
    place_id = room.place_id if room else None
    part = problem.day_part(first.slot % SLOTS_PER_DAY)
    days = tuple(one.slot // SLOTS_PER_DAY for one in placement.meetings)
    patterns = table.series[number].date_patterns
    for mode in table.of_series(number):
        timing, place = table.keys[mode]
        if (
            place == place_id
            and timing.part == part
            and timing != SELF_PACED
            and patterns[timing.pattern].days == days
        ):
            return timing, place
    return SELF_PACED, place_id
