"""A part of a published plan made anew in the repair order, and what is proven."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.model import Answer
from scheduling.solver.plan import Allocation, Placement, Plan, Unplaced
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.answer import Proof, Scope
from scheduling.solver.repair.model import RepairModel
from scheduling.solver.repair.order import REPAIR, repair_costs
from scheduling.solver.repair.told import seats_told

NEARLY = 1e-6


def freeing(problem: PlanningProblem, series_ids: Collection[str]) -> PlanningProblem:
    """The problem with exactly these published series free to change."""
    wanted = frozenset(series_ids)
    if problem.published.freed_series == wanted:
        return problem
    return replace(problem, published=replace(problem.published, freed_series=wanted))


class Part:
    """Some published series, free beside all else that was told.

    Who sits in them may sit elsewhere or lose the seat; ``asking`` are registrations
    without a seat that may get one.
    """

    def __init__(
        self,
        problem: PlanningProblem,
        series_ids: frozenset[str],
        asking: frozenset[str],
    ) -> None:
        self.problem = freeing(problem, series_ids)
        self.series_ids = series_ids
        self.filters = Filters(self.problem, CONSTRAINTS)
        published = self.problem.published
        self.context = Context(
            self.problem,
            (one for one in published.placements if one.series_id not in series_ids),
            (one for one in published.allocations if one.series_id not in series_ids),
        )
        self.registrations = asking - self.context.seated.keys() | {
            name
            for name, series_id in seats_told(self.problem).items()
            if series_id in series_ids
        }

    def model(self, beat: Callable[[], None] = lambda: None) -> RepairModel:
        return RepairModel(
            self.problem,
            REPAIR,
            filters=self.filters,
            context=self.context,
            series_ids=self.series_ids,
            registration_ids=self.registrations,
            beat=beat,
        )

    def cost_at_most(self, model: RepairModel, number: int, most: int) -> None:
        """Ask for an answer in which the wish of that number costs no more."""
        wish = REPAIR[number]
        model.limit(wish.tier, most - wish.cost(self.problem, self.plan((), ())))

    def plan(
        self, placements: Iterable[Placement], allocations: Iterable[Allocation]
    ) -> Plan:
        """The whole plan with this part of it."""
        problem = self.problem
        held = {**self.context.placements, **{one.series_id: one for one in placements}}
        seats = {
            **self.context.seated,
            **{one.registration_id: one.series_id for one in allocations},
        }
        return Plan(
            problem.id,
            tuple(held[item.id] for item in problem.series if item.id in held),
            tuple(
                Allocation(item.id, seats[item.id])
                for item in problem.registrations
                if item.id in seats
            ),
            tuple(
                Unplaced(item.id)
                for item in problem.registrations
                if item.id not in seats
            ),
        )

    def proofs(self, plan: Plan, answer: Answer) -> tuple[Proof, ...]:
        """Value of each wish, proven for the freed part as far as the engine got."""
        proofs, proven = [], answer.found
        for wish, value in zip(REPAIR, repair_costs(self.problem, plan), strict=True):
            bound = answer.bounds.get(wish.tier, answer.costs.get(wish.tier, 0))
            short = answer.costs.get(wish.tier, 0) - _up(bound)
            proven = proven and wish.tier not in answer.untried
            if not proven:
                proofs.append(Proof(wish.id, value, None, Scope.NOT))
                continue
            proven = short <= 0
            scope = Scope.PART if proven else Scope.NOT
            proofs.append(Proof(wish.id, value, value - max(0, short), scope))
        return tuple(proofs)


def _up(bound: float) -> int:
    """The least whole number that a bound below allows."""
    return math.ceil(bound - NEARLY)
