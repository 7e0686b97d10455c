"""The catalogue of hard rules: one tuple, in the order of the design."""

from __future__ import annotations

from scheduling.solver.constraints.rooms import RoomConflict
from scheduling.solver.rule import Constraint

CONSTRAINTS: tuple[Constraint, ...] = (RoomConflict(),)
