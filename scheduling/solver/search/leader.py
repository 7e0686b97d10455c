"""Leads the searchers: holds the best plan, judges every change, tells of progress.

The leader's plan is the only one that counts. A searcher's change is put into it, also
when the plan has moved on meanwhile, and is kept when the judge finds no breach by it
and the tiers, in order, are better. Each is judged where it touches the plan; the whole
plan is judged again and again, and last before it is handed over.
"""

from __future__ import annotations

import logging
import math
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduling.solver.objectives import most_tier_one_value
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.attend import TICK
from scheduling.solver.search.incumbent import Change, Incumbent, Tiers, costs_of
from scheduling.solver.search.line import Helper, Message
from scheduling.solver.search.watcher import Watcher
from scheduling.solver.verify import violations

logger = logging.getLogger(__name__)

DIVIDE_EVERY = 20.0
LAST_HEARING = 0.5
ROUNDING = 1e-6
LAST_NEWS = frozenset({"change", "whole", "bound", "tier", "optimal", "step"})
"""What is still listened to when a search is over, briefly when it is stopped."""

MANY, SHARE_EVERY = 1000, 2.0
"""With more registrations than this the best plan is shared every so many seconds."""


class BrokenPlan(RuntimeError):
    """The search made a plan that breaks a rule: an error of ours, not of the data."""


@dataclass
class Proof:
    """What the engine proved about the whole.

    ``bounds``: lowest cost of a tier by the costs of the tiers before it, which must
    be the best there are (costs are whole numbers, so it is rounded up); ``optimal``
    the costs of a plan than which none is better.
    """

    bounds: dict[Tiers, float] = field(default_factory=dict)
    optimal: Tiers = ()

    def bounds_given(self, costs: Tiers) -> dict[int, float]:
        """Bounds by tier that hold for a plan with these costs."""
        found = {
            len(given) + 1: float(math.ceil(bound - ROUNDING))
            for given, bound in self.bounds.items()
            if costs[: len(given)] == given
        }
        if costs and costs == self.optimal:
            found = {tier: float(cost) for tier, cost in enumerate(costs, 1)}
        return found


class Leader:
    """Runs searchers until time is up, they are done, or the caller stops."""

    def __init__(
        self,
        problem: PlanningProblem,
        constraints: tuple[Constraint, ...],
        objectives: tuple[Objective, ...],
        watcher: Watcher,
        *,
        strict: bool = False,
    ) -> None:
        self.problem, self.watcher = problem, watcher
        self.constraints, self.objectives = constraints, objectives
        self.strict = strict
        self.inbox: queue.Queue[Message] = queue.Queue()
        self.helpers: dict[int, Helper] = {}
        self.territories: Callable[[], Sequence[frozenset[str]]] | None = None
        self.proof = Proof()
        self.steps = 0
        self._judged: Incumbent | None = None
        self._judge_next = 0.0
        self._divide_next = 0.0
        self._untold = False
        self._share_next = 0.0

    def offer(self, incumbent: Incumbent) -> bool:
        """Judge a plan and keep it when it breaks nothing and is better."""
        plan = incumbent.plan(self.problem)
        broken = violations(self.problem, plan, self.constraints)
        if broken:
            self._broken([str(one) for one in broken])
            return False
        incumbent.costs = costs_of(self.problem, plan, self.objectives)
        best = self.watcher.incumbent
        if best is not None and incumbent.costs >= best.costs:
            return False
        self.watcher.incumbent = self._judged = incumbent
        if self.watcher.first_plan is None:
            self.watcher.first_plan = self.watcher.spent
        return True

    def judge_whole(self, *, at_once: bool = False) -> None:
        """Judge the whole plan when due; if it is broken, go back to the last good."""
        best = self.watcher.incumbent
        if best is None or best is self._judged:
            return
        if not at_once and self.watcher.spent < self._judge_next:
            return
        began = self.watcher.spent
        broken = violations(self.problem, best.plan(self.problem), self.constraints)
        took = self.watcher.spent - began
        self._judge_next = self.watcher.spent + max(2.0, 20 * took)
        if broken:
            self.watcher.incumbent = self._judged
            self._broken([str(one) for one in broken])
        else:
            self._judged = best

    def _broken(self, breaches: Sequence[str]) -> None:
        if self.strict:
            raise BrokenPlan("; ".join(breaches))
        rules = sorted({one.split(":")[0] for one in breaches})
        logger.error("dropped a plan that breaks %s", ", ".join(rules))

    def lead(self, helpers: dict[int, Helper], patience: float) -> None:
        """Listen to the searchers; end them all before returning.

        ``patience``: seconds without anything better after which a proven first tier
        is enough.
        """
        self.helpers = helpers
        try:
            better = self.watcher.spent
            while self.helpers and not self.watcher.over():
                self._divide()
                self.share()
                self.judge_whole()
                try:
                    number, *message = self.inbox.get(timeout=TICK)
                except queue.Empty:
                    pass
                else:
                    if self._hear(number, message):
                        better = self.watcher.spent
                if self.proof.optimal or (
                    self._is_proven() and self.watcher.spent - better > patience
                ):
                    break
        finally:
            for helper in helpers.values():
                helper.close()
        latest = self.watcher.spent + LAST_HEARING
        while not self.inbox.empty():
            if self.watcher.cancelled() and self.watcher.spent > latest:
                break
            number, *message = self.inbox.get()
            if message[0] in LAST_NEWS:
                self._hear(number, message)
        self.judge_whole(at_once=True)

    def _divide(self) -> None:
        """Give each searcher a territory of its own, and another one later."""
        if self.territories is None or self.watcher.spent < self._divide_next:
            return
        self._divide_next = self.watcher.spent + DIVIDE_EVERY
        parts = self.territories()
        for helper, part in zip(self.helpers.values(), parts, strict=False):
            helper.send(("territory", part))

    def _is_proven(self) -> bool:
        value, bound = self.watcher.value, self.watcher.bound
        return (
            value is not None and bound is not None and value >= int(bound + ROUNDING)
        )

    def _hear(self, number: int, message: Sequence[Any]) -> bool:
        """Deal with a message; whether the plan became better by it."""
        kind, *rest = message
        return bool(getattr(self, f"_on_{kind}")(number, *rest))

    def _on_bound(self, _: int, bound: float) -> None:
        self.watcher.lower(bound)

    def _on_tier(self, _: int, tier: int, cost: float, given: Tiers) -> None:
        """Keep a proven lowest cost of a tier; of the first as a bound of its value."""
        if tier > 1:
            self.proof.bounds[given] = max(cost, self.proof.bounds.get(given, cost))
            return
        self.watcher.lower(most_tier_one_value(self.problem) - cost)
        if self._is_proven():
            for helper in self.helpers.values():
                helper.send(("proven",))

    def _on_optimal(self, _: int, costs: Tiers) -> None:
        self.proof.optimal = costs

    def _on_prices(self, number: int, prices: object) -> None:
        for other, helper in self.helpers.items():
            if other != number:
                helper.send(("prices", prices))

    def _on_step(self, _: int) -> None:
        self.steps += 1

    def _on_doing(self, _: int, doing: str) -> None:
        self.watcher.doing = doing

    def _on_broken(self, _: int, breaches: Sequence[str]) -> None:
        self._broken(breaches)

    def _on_failed(self, number: int, trace: str) -> None:
        self._on_over(number)
        if self.strict:
            raise BrokenPlan(f"searcher {number} failed:\n{trace}")
        logger.error("searcher %s failed:\n%s", number, trace)

    def _on_over(self, number: int) -> None:
        self.helpers = {
            other: helper for other, helper in self.helpers.items() if other != number
        }

    def _on_gone(self, number: int) -> None:
        if number in self.helpers:
            logger.error("searcher %s ended before its time", number)
            self._on_over(number)

    def _on_change(self, number: int, change: Change, costs: Tiers) -> bool:
        """Put a searcher's change into the best plan; all hear of the outcome.

        ``costs`` are those of the searcher's own plan with the change. When the two
        plans no longer fit together, the better one is kept as a whole.
        """
        best = self.watcher.incumbent
        if best is None:
            return False
        new = best.with_change(change)
        plan = new.plan(self.problem)
        new.costs = costs_of(self.problem, plan, self.objectives)
        touched = best.touched_by(change)
        if new.costs >= best.costs or violations(
            self.problem, plan, self.constraints, touched
        ):
            if number in self.helpers:
                ask: Message = ("resend",) if costs < best.costs else ("plan", best)
                self.helpers[number].send(ask)
            return False
        self._keep(new)
        return True

    def _on_whole(self, number: int, incumbent: Incumbent) -> bool:
        """Keep a searcher's own plan when it is better, or give it ours."""
        better = self.offer(incumbent)
        if better:
            self._keep(incumbent)
        elif number in self.helpers and self.watcher.incumbent is not None:
            self.helpers[number].send(("plan", self.watcher.incumbent))
        return better

    def _keep(self, incumbent: Incumbent) -> None:
        self.watcher.incumbent = incumbent
        self._untold = True

    def share(self) -> None:
        """Tell the searchers the best plan; a large one not after every change."""
        if not self._untold or self.watcher.spent < self._share_next:
            return
        self._untold = False
        if len(self.problem.registrations) > MANY:
            self._share_next = self.watcher.spent + SHARE_EVERY
        for helper in self.helpers.values():
            helper.send(("plan", self.watcher.incumbent))
