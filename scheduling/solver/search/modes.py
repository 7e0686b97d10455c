"""The mode table's arrays: what prices, programs and the greedy start read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.candidates import Mode, Timing
from scheduling.solver.problem import Registration, Series
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
