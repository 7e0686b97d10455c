"""The catalogue of wishes: one tuple, in the order of the tiers."""

from __future__ import annotations

from scheduling.solver.rule import Objective

OBJECTIVES: tuple[Objective, ...] = ()
