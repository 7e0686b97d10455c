"""Judging a few placements beside a plan: only the series they can touch are read.

Every rule is about things that meet: a room, a leader, a person, an order, a pair. So
the answer does not take longer when the region grows. It never loads the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from scheduling.solver.plan import Allocation, Placement, Plan, Violation
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.verify import violations


class Beside:
    """A plan, indexed by who and what is in it."""

    def __init__(self, problem: PlanningProblem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self._using: dict[str, set[str]] = defaultdict(set)
        for placement in plan.placements:
            for name in self._things(placement):
                self._using[name].add(placement.series_id)
        self._series_of: dict[str, set[str]] = defaultdict(set)
        for item in plan.allocations:
            self._series_of[item.registration_id].add(item.series_id)
        self._around: dict[str, set[str]] = defaultdict(set)
        for one, other in problem.series_order:
            self._around[one].add(other)
            self._around[other].add(one)
        for pin in problem.seat_pins:
            if pin.series_id is not None:
                self._around[pin.series_id] |= self._series_of[pin.registration_id]
        for one, other in problem.keep_together:
            places = self._series_of[one] | self._series_of[other]
            for place in places:
                self._around[place].update(places)

    def _things(self, placement: Placement) -> set[str]:
        """Rooms and human beings of a placement, each with its kind."""
        series = self.problem.series_by_id[placement.series_id]
        found = {f"room {item.room_id}" for item in placement.meetings if item.room_id}
        found.update(f"human {name}" for name in series.members)
        found.update(f"human {self.problem.human(i)}" for i in placement.leader_ids)
        for name in self.plan.seats_in.get(series.id, ()):
            person_id = self.problem.registration_by_id[name].person_id
            found.add(f"human {person_id}")
        return found

    # Judging. ------------------------------------------------------------------------
    def judge(self, *placements: Placement) -> tuple[Violation, ...]:
        """What these placements break, each in the place of its series' present one.

        Judged beside every series with which one of them shares a room or a human
        being, or that must come before or after it.
        """
        new = {item.series_id: item for item in placements}
        near: set[str] = set()
        for item in placements:
            near |= self._around[item.series_id]
            for thing in self._things(item):
                near |= self._using.get(thing, set())
        near -= new.keys()
        # Who sits in two series at once is judged with both.
        names = near | new.keys() | self._sitting_too(new)
        plan = Plan(
            self.problem.id,
            (
                *(
                    self.plan.placement_of[name]
                    for name in sorted(near)
                    if name in self.plan.placement_of
                ),
                *placements,
            ),
            tuple(
                Allocation(registration_id, name)
                for name in sorted(names)
                for registration_id in self.plan.seats_in.get(name, ())
            ),
        )
        return violations(self.problem, plan, touching=new.keys())

    def _sitting_too(self, series_ids: Iterable[str]) -> set[str]:
        return {
            other
            for name in series_ids
            for registration_id in self.plan.seats_in.get(name, ())
            for other in self._series_of[registration_id]
        }

    @cached_property
    def standing(self) -> tuple[Violation, ...]:
        """What the plan breaks as it is."""
        return violations(self.problem, self.plan)
