"""The best plan so far, as something parts can be taken from and put into."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from scheduling.solver.context import Context
from scheduling.solver.objectives import tier_costs
from scheduling.solver.plan import Allocation, Placement, Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Objective

Tiers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a plan made anew: what was free, and what became of it."""

    series_ids: frozenset[str]
    registration_ids: frozenset[str]
    placements: tuple[Placement, ...]
    allocations: tuple[Allocation, ...]


@dataclass
class Incumbent:
    """Placements and seats by id, with the weighted cost of each tier in order."""

    placements: dict[str, Placement] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    costs: Tiers = ()

    @classmethod
    def of_context(cls, context: Context) -> Incumbent:
        return cls(dict(context.placements), dict(context.seated))

    def plan(self, problem: PlanningProblem) -> Plan:
        """As a plan, in the order of the problem."""
        return Plan(
            problem.id,
            tuple(
                self.placements[item.id]
                for item in problem.series
                if item.id in self.placements
            ),
            tuple(
                Allocation(item.id, self.seats[item.id])
                for item in problem.registrations
                if item.id in self.seats
            ),
        )

    def context(
        self,
        problem: PlanningProblem,
        series_ids: Collection[str],
        registration_ids: Collection[str],
    ) -> Context:
        """What stays fixed when some series and registrations are free."""
        return Context(
            problem,
            (item for name, item in self.placements.items() if name not in series_ids),
            (
                Allocation(name, series_id)
                for name, series_id in self.seats.items()
                if name not in registration_ids
            ),
        )

    def touched_by(self, change: Change) -> frozenset[str]:
        """The series that a change can have touched, those people left included."""
        left = {
            self.seats[name] for name in change.registration_ids if name in self.seats
        }
        joined = {item.series_id for item in change.allocations}
        return frozenset(change.series_ids | left | joined)

    def with_change(self, change: Change) -> Incumbent:
        """The plan with a part replaced; its costs are not known yet."""
        placements = {
            name: item
            for name, item in self.placements.items()
            if name not in change.series_ids
        }
        placements.update((item.series_id, item) for item in change.placements)
        seats = {
            name: series_id
            for name, series_id in self.seats.items()
            if name not in change.registration_ids
        }
        seats.update((one.registration_id, one.series_id) for one in change.allocations)
        return Incumbent(placements, seats)


def costs_of(
    problem: PlanningProblem, plan: Plan, objectives: Iterable[Objective]
) -> Tiers:
    """Weighted cost of each tier from the first on; compare as tuples."""
    found = tier_costs(problem, plan, objectives)
    return tuple(found.get(tier, 0) for tier in range(1, max(found, default=1) + 1))
