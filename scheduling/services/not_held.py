"""Why a session that a way out gives up cannot be held, beside the rest of that way."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from scheduling.solver.plan import Verified
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.answer import Alternative

SECONDS = 10.0
"""For all ways together: who reports illness waits for the answer."""


def why_not_held(
    problem: PlanningProblem,
    ways: Sequence[Alternative],
    *,
    beat: Callable[[], None],
    stopped: Callable[[], bool],
) -> list[list[tuple[str, ...]]]:
    """For each change of each way the rules that together keep it from being held.

    Empty where it is held, where it could be held with more changes than the way makes,
    or where time was up. The rules are verified with the rest of the way as it is and
    this group free to be held anywhere (``Explainer.why_unheld``).
    """
    until = time.monotonic() + SECONDS

    def stop() -> bool:
        return stopped() or time.monotonic() > until

    found = []
    for way in ways:
        rules = _of_way(problem, way, beat, stop)
        changes = way.consequences.changes
        found.append([rules.get(one.series_id, ()) for one in changes])
    return found


def _of_way(
    problem: PlanningProblem,
    way: Alternative,
    beat: Callable[[], None],
    stop: Callable[[], bool],
) -> dict[str, tuple[str, ...]]:
    """The rules by series, of those that the way does not hold at all."""
    given_up = {one.series_id for one in way.consequences.changes if one.after is None}
    lost = sorted(given_up.difference(way.plan.placement_of))
    if not lost:
        return {}
    # The engine takes most of a second to load: only who needs it pays for it.
    from scheduling.solver.explain import Explainer

    explainer = Explainer(problem, way.plan, beat=beat, should_stop=stop)
    reasons = [explainer.why_unheld(problem.series_by_id[ident]) for ident in lost]
    return {
        one.series_id: one.rules
        for one in reasons
        if one.verified != Verified.UNDECIDED
    }


def with_reasons(
    means: dict[str, Any], reasons: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """What a way means, with the rules for each change that is not held."""
    changes = [
        one | {"why": list(rules)} if rules else one
        for one, rules in zip(means["changes"], reasons, strict=True)
    ]
    return means | {"changes": changes}
