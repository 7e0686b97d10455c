"""What if: the same week with other facts, solved anew and laid beside the plan.

Both sides start from the same plan and get the same seconds, so that what the change
brings is not what longer searching brings. Loads the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from scheduling.solver.change import Change, apply_all
from scheduling.solver.change.published import with_breaches_freed
from scheduling.solver.compare import Comparison, compare
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.solve import ProgressEvent, SolveSettings, solve
from scheduling.solver.validate import check


@dataclass(frozen=True)
class WhatIf:
    """Two plans and what differs.

    ``before`` is the plan of today searched on for as long as ``after`` was searched
    for in ``problem``, the facts with the changes. ``possible``: no pins contradict
    the changes (``after.contradiction`` names those that do, and there is nothing to
    compare with).
    """

    problem: PlanningProblem
    before: Plan
    after: Plan
    comparison: Comparison
    possible: bool


def what_if(
    problem: PlanningProblem,
    plan: Plan,
    changes: Iterable[Change],
    settings: SolveSettings | None = None,
    *,
    should_stop: Callable[[], bool] | None = None,
    progress: Callable[[int, ProgressEvent], None] | None = None,
) -> WhatIf:
    """Solve the week as it is and with the changes, and compare the two.

    What is published and breaks a rule by a change (a leader who is gone) may move.
    ``settings`` are those of each of the two solves. ``progress`` is told which of them
    is at work (0: as it is, 1: with the changes) and how far it is. Raises
    ``InvalidProblem`` when a change names what is not there or leads to facts that
    cannot be planned.
    """
    changed = with_breaches_freed(apply_all(problem, changes))
    check(changed)
    settings = settings or SolveSettings(seconds=20.0)

    def solved(number: int, facts: PlanningProblem, start: Plan) -> Plan:
        tell = partial(progress, number) if progress else None
        return solve(
            facts, settings, start=start, should_stop=should_stop, progress=tell
        )

    before = solved(0, problem, plan)
    after = solved(1, changed, _still_known(changed, plan))
    possible = after.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)
    return WhatIf(
        changed, before, after, compare(problem, before, changed, after), possible
    )


def _still_known(problem: PlanningProblem, plan: Plan) -> Plan:
    """The plan to start from: what of it is legal with other facts is taken over."""
    return replace(plan, problem_id=problem.id)
