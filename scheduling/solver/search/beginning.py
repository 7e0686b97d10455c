"""What a search begins from: what is fixed, what pins ask for, a plan to start from.

Taking over a large plan takes seconds, as every series of it is judged: it is done in a
thread, so that the caller hears of it and can stop it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from scheduling.solver.candidates import Filters
from scheduling.solver.context import Context
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.incumbent import Change
from scheduling.solver.search.line import Line
from scheduling.solver.search.part import Effort
from scheduling.solver.search.required import Required, pinned_series, require
from scheduling.solver.search.trial import Judge
from scheduling.solver.search.watcher import Watcher

PLACING = 10.0
"""Seconds, or units of work, for placing what pins ask for."""

LEAST_SECONDS = 2.0
TAKING_OVER = 0.8
"""Seconds that taking over may go on once the caller wants to stop: mostly that is
enough for all of it, and there is no better plan yet."""

LAST_ONE = 0.4
"""Seconds more for the series that it is at, before all of it would be given up."""

NOTHING = Change(frozenset(), frozenset(), (), ())


@dataclass
class Beginning:
    """The way from the facts to what greedy goes on from.

    ``start``: a plan of which what is legal is taken over. ``by_work``: what the engine
    does is cut off by its count of work, so that it is the same on every machine that
    has the time.
    """

    filters: Filters
    constraints: tuple[Constraint, ...]
    objectives: tuple[Objective, ...]
    watcher: Watcher
    start: Plan | None
    by_work: bool

    def make(self) -> tuple[Required, Context | None]:
        """How placing what pins ask for ended, and what to go on from (``None``: the
        pins are not placed). The engine is asked only when the start does not have
        what they ask for."""
        problem = self.filters.problem
        seats = [pin for pin in problem.seat_pins if pin.series_id]
        context = self._with(NOTHING)
        if pinned_series(problem) <= context.placements.keys() and all(
            context.seated.get(pin.registration_id) == pin.series_id for pin in seats
        ):
            return Required(SolveStatus.FEASIBLE, NOTHING), context
        self.watcher.doing = "pins"
        effort = self._effort()
        placed = self.watcher.attend(
            lambda line: require(
                problem,
                self.filters,
                self.constraints,
                self.objectives,
                fixed_context(problem),
                effort,
                line.watch,
                line.stopped.is_set,
            ),
            Required(SolveStatus.UNKNOWN),
        )
        if placed.change is None:
            return placed, None
        return placed, self._with(placed.change)

    def _effort(self) -> Effort:
        left = max(LEAST_SECONDS, self.watcher.left)
        return Effort(left, PLACING) if self.by_work else Effort(min(PLACING, left))

    def _with(self, change: Change) -> Context:
        """The fixed part, what pins ask for, and what is legal of the start."""
        start = self.start
        if start is None:
            return self._fixed_and(change)
        self.watcher.doing = "start"

        def take_over(line: Line) -> Context:
            context = self._fixed_and(change)
            judge = Judge(self.filters.problem, self.constraints)
            judge.take_over(context, start, _late(line))
            return context

        wait = TAKING_OVER + LAST_ONE
        return self.watcher.attend(take_over, self._fixed_and(change), wait)

    def _fixed_and(self, change: Change) -> Context:
        context = fixed_context(self.filters.problem)
        for placement in change.placements:
            context.place(placement)
        for allocation in change.allocations:
            context.seat(allocation)
        return context


def _late(line: Line) -> Callable[[], bool]:
    """Whether the caller wanted to stop some time ago."""
    latest = float("inf")

    def late() -> bool:
        nonlocal latest
        now = time.monotonic()
        if line.stopped.is_set():
            latest = min(latest, now + TAKING_OVER)
        return now > latest

    return late
