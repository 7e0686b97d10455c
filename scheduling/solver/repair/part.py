"""A part of a published plan made anew in the repair order, and what is proven."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.model import Answer
from scheduling.solver.plan import Allocation, Placement, Plan, Unplaced
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.answer import Proof, Scope
from scheduling.solver.repair.model import RepairModel
from scheduling.solver.repair.order import REPAIR, KeepSessionsAndSeats, repair_costs
from scheduling.solver.repair.told import is_for_somebody, seats_told, told

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

    def model(self) -> RepairModel:
        return RepairModel(
            self.problem,
            REPAIR,
            filters=self.filters,
            context=self.context,
            series_ids=self.series_ids,
            registration_ids=self.registrations,
        )

    def lose_at_most(self, model: RepairModel, lost: int) -> None:
        """Ask for an answer that loses no more sessions and seats than this."""
        model.limit(1, lost - REPAIR[0].cost(self.problem, self.plan((), ())))

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
            if not proven:
                proofs.append(Proof(wish.id, value, None, Scope.NOT))
                continue
            proven = short <= 0
            scope = Scope.PART if proven else Scope.NOT
            proofs.append(Proof(wish.id, value, value - max(0, short), scope))
        return tuple(proofs)


def least_lost(
    problem: PlanningProblem, series_ids: frozenset[str], seconds: float, seed: int
) -> int:
    """What is lost of some series at least, were everything else out of the way.

    A bound for every plan, as what is left out could only be in the way. Seats of
    registrations that might find one in another series are not counted.
    """
    alone = freeing(problem, {one.series_id for one in problem.published.placements})
    sure = frozenset(
        name
        for name, series_id in seats_told(alone).items()
        if series_id in series_ids
        and series_ids
        >= {one.series_id for one in alone.registration_by_id[name].choices}
    )
    base = len(sure)
    for series, placement in told(alone):
        if series.id in series_ids:
            base += len(series.members)
            if is_for_somebody(alone, series):
                base += 1 if series.is_self_paced else len(placement.meetings)
    wanting = {
        item.id for name in series_ids for item in alone.registrations_by_series[name]
    }
    answer = RepairModel(
        alone,
        (KeepSessionsAndSeats(sure),),
        filters=Filters(alone, CONSTRAINTS),
        context=Context(alone),
        series_ids=series_ids,
        registration_ids=wanting,
    ).solve(seconds, seed)
    return max(0, base + _up(answer.bounds.get(1, 0.0))) if answer.found else 0


def _up(bound: float) -> int:
    """The least whole number that a bound below allows."""
    return math.ceil(bound - NEARLY)
