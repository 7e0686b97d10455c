"""What whoever asked for a plan is told of it, and his wish to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from scheduling.solver.objectives import most_tier_one_value
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.search.attend import attend
from scheduling.solver.search.incumbent import Incumbent
from scheduling.solver.search.line import Line

REPORT_EVERY = 0.25
ABANDONED_AFTER = 0.8
"""Seconds that work gets to end when the caller wants to stop: what follows it has to
answer as well before two seconds are over."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """How far a solve is.

    ``value`` and ``bound`` of the first tier (``None``: none yet), ``placed`` and
    ``unplaced`` registrations, ``doing`` a word for what is being tried. ``best``
    writes out the best plan so far (``None``: there is none yet).
    """

    seconds: float
    value: int | None
    bound: float | None
    placed: int
    unplaced: int
    doing: str
    best: Callable[[], Plan] | None = None


@dataclass
class Watcher:
    """The clock, the caller's wish to stop, and what the caller is told.

    It belongs to the thread that made it, the caller's: only there is he told anything
    and asked whether to stop. Other threads hear what he answered.
    """

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
    _owner: int = field(default_factory=threading.get_ident)
    _all_of_it: Line = field(default_factory=lambda: Line(lambda _: None))

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
        if not self._is_callers():
            return self._cancelled or self._all_of_it.stopped.is_set()
        if time.monotonic() - self._reported >= REPORT_EVERY:
            self.report()
            if not self._cancelled and self.should_stop is not None:
                self._cancelled = self.should_stop()
        return self._cancelled

    def over(self) -> bool:
        """Whether time is up or the caller wants to stop."""
        return self.cancelled() or self.left <= 0

    def _is_callers(self) -> bool:
        return threading.get_ident() == self._owner

    def report(self) -> None:
        """Tell progress now; from another thread, at the next moment there is."""
        if not self._is_callers():
            self._reported = float("-inf")
            return
        self._reported = time.monotonic()
        if self.progress is None:
            return
        best = self.incumbent
        placed = 0 if best is None else len(best.seats)
        self.progress(
            ProgressEvent(
                seconds=self.spent,
                value=self.value,
                bound=self.bound,
                placed=placed,
                unplaced=len(self.problem.registrations) - placed,
                doing=self.doing,
                best=None if best is None else partial(best.plan, self.problem),
            )
        )

    def lower(self, bound: float) -> None:
        """Keep the lowest bound of the first tier."""
        if self.bound is None or bound < self.bound:
            self.bound = bound

    def attend(
        self,
        work: Callable[[Line], Value],
        otherwise: Value,
        wait: float = ABANDONED_AFTER,
    ) -> Value:
        """Do work in a thread, tell progress meanwhile, and stop it when told to.

        What the work raises is raised here. ``otherwise`` is the answer when the
        caller stops and the work does not end within ``wait`` seconds.
        """
        return attend(work, self._hears, otherwise, wait=wait)

    def beside(self, work: Callable[[], Value]) -> Value:
        """The same to the end: the work asks here itself whether to stop."""
        answers: list[Value] = []

        def all_of_it(line: Line) -> None:
            self._all_of_it = line
            answers.append(work())

        attend(all_of_it, lambda: self._hears() and False, None)
        return answers[0]

    def _hears(self) -> bool:
        """As ``cancelled``; what telling raises stops all that is being done."""
        try:
            return self.cancelled()
        except BaseException:
            self._cancelled = True
            raise
