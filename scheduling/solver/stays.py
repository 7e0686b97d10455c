"""What free choices ask of a room, a leader or a person: stays and seats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduling.solver.candidates import Timing
from scheduling.solver.problem import Registration
from scheduling.solver.rule import Days

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


@dataclass(frozen=True, slots=True)
class Stay:
    """One thing a resource may be asked for: meetings on ``days`` at a place.

    ``literal`` says whether it comes to pass; ``start`` is a quarter of the day, fixed
    or a variable; ``starts`` the mask of the quarters it can take.
    """

    literal: cp_model.IntVar
    series_id: str
    days: Days
    start: cp_model.IntVar | int
    starts: int
    length: int
    place_id: str | None

    @property
    def range(self) -> tuple[int, int]:
        """Earliest and latest quarter at which it can start."""
        first = self.starts & -self.starts
        return first.bit_length() - 1, self.starts.bit_length() - 1


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat a registration may get in a series, in one mode of it."""

    registration: Registration
    series_id: str
    timing: Timing
    place_id: str | None
    literal: cp_model.IntVar
