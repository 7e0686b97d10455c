"""Judging a few placements beside many: the part of a plan that they can touch.

Every rule is about things that meet: a room, a leader, a person, an order, a pair. So a
few series are judged beside those alone with whom they share one, and the answer does
not take longer when the region grows. The whole plan is judged once more by ``verify``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from scheduling.solver.context import Context
from scheduling.solver.plan import Allocation, Placement, Plan, Violation
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint
from scheduling.solver.verify import violations


def kept_together(problem: PlanningProblem) -> dict[str, frozenset[str]]:
    """By registration: it and all that must be kept together with it, if there are."""
    groups: dict[str, frozenset[str]] = {}
    for pair in problem.keep_together:
        group = frozenset(pair).union(*(groups.get(one, ()) for one in pair))
        groups.update(dict.fromkeys(group, group))
    return {name: group for name, group in groups.items() if len(group) > 1}


class Judge:
    """The judges of some rules over parts of a plan that grows."""

    def __init__(
        self, problem: PlanningProblem, constraints: Iterable[Constraint]
    ) -> None:
        self.problem = problem
        self.constraints = tuple(constraints)
        self._ordered: dict[str, set[str]] = defaultdict(set)
        for before, after in problem.series_order:
            self._ordered[before].add(after)
            self._ordered[after].add(before)
        self._together = kept_together(problem)

    def partners(self, registration_id: str) -> frozenset[str]:
        """A registration and all that must be kept together with it."""
        alone = frozenset((registration_id,))
        return self._together.get(registration_id, alone)

    def breaches(
        self,
        context: Context,
        placements: Collection[Placement],
        allocations: Collection[Allocation],
    ) -> list[Violation]:
        """What some placements and seats would break beside the context.

        A seat may be in one of ``placements`` or in a series of the context.
        """
        touched = {item.series_id for item in placements}
        touched.update(item.series_id for item in allocations)
        plan = self._around(context, placements, allocations, touched)
        return [
            violation
            for rule in self.constraints
            for violation in rule.violations(self.problem, plan, touched)
        ]

    def take_over(
        self,
        context: Context,
        plan: Plan,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Add to the context what of a plan is legal there, series by series.

        ``should_stop`` is asked before each; what was added by then is legal.
        """
        known = self.problem.registration_by_id
        seats: dict[str, list[Allocation]] = defaultdict(list)
        for allocation in plan.allocations:
            if allocation.registration_id in known:
                seats[allocation.series_id].append(allocation)
        placements = {item.series_id: item for item in plan.placements}
        for series_id in dict.fromkeys((*placements, *seats)):
            if should_stop():
                return
            if series_id not in self.problem.series_by_id:
                continue
            new = [placements[series_id]] if series_id in placements else []
            if series_id in context.placements:
                new = []
            elif not new:
                continue
            free = [
                one
                for one in seats[series_id]
                if one.registration_id not in context.seated
            ]
            if (new or free) and not self.judge_new(context, new, free):
                for placement in new:
                    context.place(placement)
                for allocation in free:
                    context.seat(allocation)

    def judge_new(
        self,
        context: Context,
        placements: Collection[Placement],
        allocations: Collection[Allocation],
    ) -> list[Violation]:
        """As ``breaches``, for a plan from outside that may name unknown things."""
        new = Plan(self.problem.id, tuple(placements), tuple(allocations))
        known = violations(self.problem, new, ())
        return [*known] or self.breaches(context, placements, allocations)

    def _around(
        self,
        context: Context,
        placements: Collection[Placement],
        allocations: Collection[Allocation],
        touched: set[str],
    ) -> Plan:
        new = {item.series_id: item for item in placements}
        near = set(touched)
        for series_id in touched:
            placement = new.get(series_id) or context.placements[series_id]
            near.update(self._near_placement(context, placement))
            for item in context.seats.get(series_id, ()):
                near.update(self._near_seat(context, item.id))
        for allocation in allocations:
            near.update(self._near_seat(context, allocation.registration_id))
        held = [
            context.placements[name]
            for name in sorted(near)
            if name in context.placements
        ]
        seats = [
            Allocation(item.id, name)
            for name in sorted(near)
            for item in context.seats.get(name, ())
        ]
        return Plan(self.problem.id, (*held, *placements), (*seats, *allocations))

    def _near_placement(self, context: Context, placement: Placement) -> Iterator[str]:
        series = self.problem.series_by_id[placement.series_id]
        yield from self._ordered.get(series.id, ())
        for room_id in {one.room_id for one in placement.meetings if one.room_id}:
            for diary in context.rooms.get(room_id, {}).values():
                yield from (busy.series_id for busy in diary)
        for lead_id in placement.leader_ids:
            yield from _in_diary(context, lead_id)
            for other, held in self._coached(context):
                if lead_id in held:
                    yield other
            person_id = self.problem.facilitator_by_id[lead_id].person_id
            if person_id is not None:
                yield from self._near_person(context, person_id)
        for person_id in series.members:
            yield from self._near_person(context, person_id)

    def _coached(self, context: Context) -> Iterator[tuple[str, tuple[str, ...]]]:
        for series_id, placement in context.placements.items():
            if placement.coach_ids:
                yield series_id, placement.coach_ids

    def _near_seat(self, context: Context, registration_id: str) -> Iterator[str]:
        for name in self.partners(registration_id):
            if name in context.seated:
                yield context.seated[name]
        registration = self.problem.registration_by_id[registration_id]
        yield from self._near_person(context, registration.person_id)

    def _near_person(self, context: Context, person_id: str) -> Iterator[str]:
        for diary in context.persons.get(person_id, {}).values():
            yield from (busy.series_id for busy in diary)
        for lead in self.problem.facilitators_of_person.get(person_id, ()):
            yield from _in_diary(context, lead.id)


def _in_diary(context: Context, lead_id: str) -> Iterator[str]:
    for diary in context.leaders.get(lead_id, {}).values():
        yield from (busy.series_id for busy in diary)
