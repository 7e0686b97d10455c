"""One part of a plan solved by the engine, beside all the rest.

Tiers are held in order. While the first tier is being raised the others follow in one
sum that counts for less than the smallest weight of a seat; when it is polished, each
tier is solved in turn and held.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ortools.sat.python import cp_model

from scheduling.solver.candidates import Filters, Timing
from scheduling.solver.context import Context
from scheduling.solver.model import STATUS, PlanningModel
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.incumbent import Change

Modes = dict[str, Collection[tuple[Timing, str | None]]]
Watch = Callable[[cp_model.CpSolver], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long one solve may take: seconds, or units of work that repeat exactly."""

    seconds: float | None = None
    work: float | None = None

    def share(self, seconds: float, work: float) -> float:
        """The part of it that was used: of its work where that is what is counted."""
        if self.work is not None:
            return work / self.work
        return 0.0 if self.seconds is None else seconds / self.seconds

    def of(self, amount: float) -> Effort:
        """So much, counted as this one is: in units of work or else in seconds."""
        if self.work is not None:
            return Effort(self.seconds, amount)
        return Effort(amount)

    def less(self, spent: float) -> Effort:
        if self.seconds is None:
            return self
        return Effort(max(0.05, self.seconds - spent), self.work)


@dataclass
class Found:
    """What a solve of a part gave; costs and bounds by tier, against its context."""

    status: SolveStatus
    change: Change | None = None
    costs: dict[int, int] = field(default_factory=dict)
    bounds: dict[int, float] = field(default_factory=dict)
    seconds: float = 0.0
    work: float = 0.0

    def spent(self, solver: cp_model.CpSolver) -> None:
        self.seconds += solver.wall_time
        self.work += solver.response_proto.deterministic_time


class Part:
    """A model of some free series and registrations beside a context."""

    def __init__(
        self,
        filters: Filters,
        constraints: Iterable[Constraint],
        objectives: Iterable[Objective],
        context: Context,
        series_ids: Collection[str],
        registration_ids: Collection[str],
        modes: Modes | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.series_ids = frozenset(series_ids)
        self.registration_ids = frozenset(registration_ids)
        self.watch = watch
        self.model = PlanningModel(
            filters.problem,
            constraints,
            objectives,
            filters=filters,
            context=context,
            series_ids=self.series_ids,
            registration_ids=self.registration_ids,
            modes=modes,
        )

    def _engine(self, effort: Effort, seed: int) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.linearization_level = 2
        if effort.seconds is not None:
            solver.parameters.max_time_in_seconds = effort.seconds
        if effort.work is not None:
            solver.parameters.max_deterministic_time = effort.work
        if self.watch is not None:
            self.watch(solver)
        return solver

    def change_in(self, solver: Any) -> Change:
        """The part's placements and seats in a solution of the engine."""
        placements, allocations = self.model.read(solver)
        return Change(self.series_ids, self.registration_ids, placements, allocations)

    def _run(
        self,
        effort: Effort,
        seed: int,
        heard: Callable[[Change], None] | None = None,
        bounded: Callable[[float], None] | None = None,
    ) -> tuple[SolveStatus, cp_model.CpSolver]:
        solver = self._engine(effort, seed)
        if bounded is not None:
            solver.best_bound_callback = bounded
        callback = None if heard is None else _Solutions(self, heard)
        status = STATUS.get(solver.solve(self.model.engine_model, callback))
        if status is None:
            raise RuntimeError(self.model.engine_model.validate() or "invalid model")
        return status, solver

    def best_bound(self, effort: Effort, seed: int) -> float | None:
        """The engine's bound of the objective as it stands; ``None``: it has none."""
        status, solver = self._run(effort, seed)
        if status in (SolveStatus.INFEASIBLE, SolveStatus.UNKNOWN):
            return None
        return float(solver.best_objective_bound)

    def satisfy(self, effort: Effort, seed: int = 1) -> Found:
        """Any answer at all."""
        status, solver = self._run(effort, seed)
        found = Found(status)
        found.spent(solver)
        if status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
            found.change = self.change_in(solver)
        return found

    def raise_first(self, effort: Effort, seed: int, hint: Plan | None = None) -> Found:
        """Lower the first tier's cost, the others together as a tie-break."""
        tiers = self.model.tiers
        if not tiers:
            return self.satisfy(effort, seed)
        if hint is not None:
            self.model.hint(hint)
        rest = sum(
            factor * self.model.tier_cost(tier)
            for tier, factor in zip(tiers[1:], (8, 4, 1), strict=False)
        )
        first = self.model.tier_cost(tiers[0])
        self.model.engine_model.minimize(LEAD * first + rest)
        status, solver = self._run(effort, seed)
        found = Found(status)
        found.spent(solver)
        if status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
            found.change = self.change_in(solver)
        return found

    def polish(self, effort: Effort, seed: int, held: int, hint: Plan) -> Found:
        """Hold the first tier's cost at ``held`` and solve the others in order."""
        tiers = self.model.tiers
        if tiers[:1] == (1,):
            self.model.engine_model.add(self.model.tier_cost(1) <= held)
            tiers = tiers[1:]
        return self.in_order(effort, seed, hint, tiers=tiers)

    def in_order(
        self,
        effort: Effort,
        seed: int,
        hint: Plan | None = None,
        *,
        tiers: tuple[int, ...] | None = None,
        heard: Callable[[Change], None] | None = None,
        bounded: Callable[[int, float], None] | None = None,
    ) -> Found:
        """Solve the tiers one after the other, each held at what was reached.

        ``heard`` gets every solution on the way and ``bounded`` every better bound of a
        tier whose predecessors are proven; the engine calls both on its own threads.
        """
        if hint is not None:
            self.model.hint(hint)
        found, proven = Found(SolveStatus.UNKNOWN), True
        if tiers is None:
            tiers = self.model.tiers
        if not tiers:
            return self.satisfy(effort, seed)
        for tier in tiers:
            cost = self.model.tier_cost(tier)
            self.model.engine_model.minimize(cost)
            told = partial(bounded, tier) if bounded is not None and proven else None
            status, solver = self._run(effort, seed, heard, told)
            effort = effort.less(solver.wall_time)
            found.spent(solver)
            if status not in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
                if found.change is None:
                    found.status = status
                    return found
                proven = False
                break
            found.change = self.change_in(solver)
            found.costs[tier] = round(solver.objective_value)
            if heard is not None:
                heard(found.change)
            if proven:  # a bound holds given the best of every tier before
                found.bounds[tier] = solver.best_objective_bound
                if bounded is not None:
                    bounded(tier, solver.best_objective_bound)
            proven = proven and status is SolveStatus.OPTIMAL
            self.model.engine_model.add(cost <= found.costs[tier])
            self.model.hint_from(solver)
        found.status = SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE
        return found


class _Solutions(cp_model.CpSolverSolutionCallback):
    """Tells every solution the engine finds, on the engine's thread."""

    def __init__(self, part: Part, heard: Callable[[Change], None]) -> None:
        super().__init__()
        self._part, self._heard = part, heard
        self._next = 0.0

    def on_solution_callback(self) -> None:
        # Solutions can come by the hundred a second; the last is told afterwards.
        if self.wall_time >= self._next:
            self._next = self.wall_time + SOLUTIONS_EVERY
            self._heard(self._part.change_in(self))


SOLUTIONS_EVERY = 0.5
LEAD = 1000
"""How much more a unit of the first tier counts while it is being raised."""
