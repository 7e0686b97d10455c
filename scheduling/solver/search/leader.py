"""Leads the searchers: holds the best plan, judges every change, tells of progress.

The leader's plan is the only one that counts. A searcher's change is put into it, also
when the plan has moved on meanwhile, and is kept when the judge finds no breach and the
tiers, in order, no worse.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scheduling.solver.objectives import most_tier_one_value
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.incumbent import Change, Incumbent, costs_of
from scheduling.solver.search.line import Helper, Line, Message
from scheduling.solver.verify import violations

logger = logging.getLogger(__name__)

TICK = 0.1
REPORT_EVERY = 0.5

Value = TypeVar("Value")


class BrokenPlan(RuntimeError):
    """The search made a plan that breaks a rule: an error of ours, not of the data."""


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """How far a solve is.

    ``value`` and ``bound`` of the first tier (``None``: none yet), ``placed`` and
    ``unplaced`` registrations, ``doing`` a word for what is being tried.
    """

    seconds: float
    value: int | None
    bound: float | None
    placed: int
    unplaced: int
    doing: str


@dataclass
class Watcher:
    """The clock, the caller's wish to stop, and what the caller is told."""

    problem: PlanningProblem
    seconds: float
    progress: Callable[[ProgressEvent], None] | None = None
    should_stop: Callable[[], bool] | None = None
    began: float = field(default_factory=time.monotonic)
    doing: str = "facts"
    incumbent: Incumbent | None = None
    bound: float | None = None
    first_plan: float | None = None
    _cancelled: bool = False
    _reported: float = float("-inf")

    @property
    def spent(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        return self.seconds - self.spent

    @property
    def value(self) -> int | None:
        if self.incumbent is None or not self.incumbent.costs:
            return None
        return most_tier_one_value(self.problem) - self.incumbent.costs[0]

    def cancelled(self) -> bool:
        """Whether the caller wants to stop; tells progress when it is due."""
        if time.monotonic() - self._reported >= REPORT_EVERY:
            self.report()
            if not self._cancelled and self.should_stop is not None:
                self._cancelled = self.should_stop()
        return self._cancelled

    def over(self) -> bool:
        """Whether time is up or the caller wants to stop."""
        return self.cancelled() or self.left <= 0

    def report(self) -> None:
        self._reported = time.monotonic()
        if self.progress is None:
            return
        placed = 0 if self.incumbent is None else len(self.incumbent.seats)
        waiting = len(self.problem.registrations) - placed
        self.progress(
            ProgressEvent(
                self.spent, self.value, self.bound, placed, waiting, self.doing
            )
        )

    def lower(self, bound: float) -> None:
        """Keep the lowest bound of the first tier."""
        if self.bound is None or bound < self.bound:
            self.bound = bound

    def attend(
        self, work: Callable[[Line], Value], over: Callable[[], bool] | None = None
    ) -> Value:
        """Do work that asks the engine, in a thread, and stop it when told to.

        What the work raises is raised here.
        """
        over = over or self.over
        answers: list[Value] = []
        errors: list[BaseException] = []
        line = Line(lambda _: None)

        def run() -> None:
            try:
                answers.append(work(line))
            except BaseException as error:  # noqa: BLE001 - raised again by the caller
                errors.append(error)

        thread = threading.Thread(target=run, name="engine", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(TICK)
            if over():
                line.stop()
        if errors:
            raise errors[0]
        return answers[0]


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
        self.dropped = 0

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
        self.watcher.incumbent = incumbent
        if self.watcher.first_plan is None:
            self.watcher.first_plan = self.watcher.spent
        return True

    def _broken(self, breaches: Sequence[str]) -> None:
        self.dropped += 1
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
                try:
                    number, *message = self.inbox.get(timeout=TICK)
                except queue.Empty:
                    pass
                else:
                    if self._hear(number, message):
                        better = self.watcher.spent
                if self._is_proven() and self.watcher.spent - better > patience:
                    break
        finally:
            for helper in helpers.values():
                helper.close()
        while not self.inbox.empty():
            number, *message = self.inbox.get()
            if message[0] in ("change", "bound"):
                self._hear(number, message)

    def _is_proven(self) -> bool:
        value, bound = self.watcher.value, self.watcher.bound
        return value is not None and bound is not None and value >= int(bound + 1e-6)

    def _hear(self, number: int, message: Sequence[Any]) -> bool:
        """Deal with a message; whether the plan became better by it."""
        kind, *rest = message
        if kind == "change":
            return self._take(number, rest[0])
        if kind == "bound":
            self.watcher.lower(rest[0])
        elif kind == "prices":
            for other, helper in self.helpers.items():
                if other != number:
                    helper.send(("prices", rest[0]))
        elif kind == "doing":
            self.watcher.doing = str(rest[0])
        elif kind == "broken":
            self._broken([str(one) for one in rest[0]])
        elif kind == "failed":
            self._failed(number, str(rest[0]))
        elif kind in ("over", "gone"):
            self.helpers = {
                other: helper
                for other, helper in self.helpers.items()
                if other != number
            }
        return False

    def _failed(self, number: int, trace: str) -> None:
        if self.strict:
            raise BrokenPlan(f"searcher {number} failed:\n{trace}")
        logger.error("searcher %s failed:\n%s", number, trace)

    def _take(self, number: int, change: Change) -> bool:
        """Put a searcher's change into the best plan; all hear of the outcome."""
        best = self.watcher.incumbent
        if best is None:
            return False
        new = best.with_change(change)
        plan = new.plan(self.problem)
        new.costs = costs_of(self.problem, plan, self.objectives)
        if new.costs >= best.costs:
            return False
        if violations(self.problem, plan, self.constraints):
            # Legal beside the searcher's plan, not beside what ours became meanwhile.
            self.helpers[number].send(("plan", best))
            return False
        self.watcher.incumbent = new
        for helper in self.helpers.values():
            helper.send(("plan", new))
        return True
