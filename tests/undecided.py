"""A group of which only the engine can say why it is not held, and an engine that does
not always know in time."""

from __future__ import annotations

from typing import Any

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.model import Answer, PlanningModel
from scheduling.solver.plan import SolveStatus
from scheduling.solver.problem import PlanningProblem
from tests.builders import problem, registration, room, series

UNKNOWN = Answer(SolveStatus.UNKNOWN)


def foes() -> PlanningProblem:
    """Three wait for a group of at least two, and no two of them may meet."""
    return problem(
        series=(series("a", size_min=2),),
        rooms=(room("r"),),
        registrations=tuple(registration(name, "a") for name in "nmk"),
        keep_apart=(("p-n", "p-m"), ("p-n", "p-k"), ("p-m", "p-k")),
    )


def knows_the_whole_alone(patch: pytest.MonkeyPatch) -> None:
    """The engine answers when all rules are asked for, and not when one is left out."""
    answer = PlanningModel.solve

    def solve(self: PlanningModel, **asked: Any) -> Answer:
        whole = len(self.constraints) == len(CONSTRAINTS)
        return answer(self, **asked) if whole else UNKNOWN

    patch.setattr(PlanningModel, "solve", solve)
