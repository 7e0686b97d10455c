"""The wish of a repair that few people are touched: who that is, and its encoder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scheduling.solver.plan import Allocation, Placement, Plan
from scheduling.solver.problem import PlanningProblem, Series
from scheduling.solver.repair.kept import free_told, leads_by, there_and_then
from scheduling.solver.repair.told import people_touched, seats_told, sitting_told
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from scheduling.solver.variables import Literal, PlanVariables


class TouchFewPeople(Objective):
    """Few people have to be somewhere else, or at another time, than they were told.

    Costs 1 for each human being who takes part in or leads a published session that is
    not held at its time and in its room, who no longer leads one or now leads one that
    was not theirs, or who was told of a seat and now has none or another. Who meets
    somebody else in front of the group is not counted, nor is who gets a new seat.
    ``of``: of seats only those that were told in these series (``None``: all).
    """

    id = "repair-people-touched"
    tier = 3
    default_weight = 1

    def __init__(self, of: frozenset[str] | None = None) -> None:
        self.of = of

    def add_to(self, variables: PlanVariables) -> None:
        touched = _TouchedPeople(variables)
        sitting = sitting_told(variables.problem)
        for series, placement in free_told(variables):
            touched.by_series(series, placement, sitting[series.id])
        seats = seats_told(variables.problem)
        for registration in variables.registrations:
            told_in = seats.get(registration.id)
            if told_in is not None and (self.of is None or told_in in self.of):
                same = [
                    seat.literal
                    for seat in variables.seats_of(registration.id)
                    if seat.series_id == told_in
                ]
                touched.unless([registration.person_id], sum(same))
        if touched.literals:
            base = len(self._touched_alone(variables))
            variables.add_cost(self.id, sum(touched.literals.values()) - base)

    @staticmethod
    def _touched_alone(variables: PlanVariables) -> set[str]:
        """Who is touched by the context alone: the same part, all of it undone."""
        return people_touched(
            variables.problem,
            Plan(
                variables.problem.id,
                tuple(variables.context.placements.values()),
                tuple(
                    Allocation(name, series_id)
                    for name, series_id in variables.context.seated.items()
                ),
            ),
        )

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        return len(people_touched(problem, plan))


class _TouchedPeople:
    """A literal for each human being whom the free part may touch."""

    def __init__(self, variables: PlanVariables) -> None:
        self.variables = variables
        self.literals: dict[str, Literal] = {}

    def touch(self, human: str) -> Literal:
        if human not in self.literals:
            literal = self.variables.model.new_bool_var(f"touched {human}")
            self.literals[human] = literal
        return self.literals[human]

    def unless(self, humans: Iterable[str], kept: Any) -> None:
        """They are touched unless ``kept`` is 1; ``None`` never is."""
        for human in sorted(humans):
            least = 1 if kept is None else 1 - kept
            self.variables.model.add(self.touch(human) >= least)

    def by_series(
        self, series: Series, placement: Placement, sitting: Iterable[str]
    ) -> None:
        human = self.variables.problem.human
        leads = leads_by(self.variables, series.id)
        there = there_and_then(self.variables, series, placement)
        for literal, names in zip(there, _led(placement), strict=True):
            self.unless({*series.members, *sitting, *map(human, names)}, literal)
        for lead_id in sorted(placement.leader_ids):
            self.unless([human(lead_id)], sum(leads.get(lead_id, ())))
        for lead_id in sorted(leads.keys() - placement.leader_ids):
            for literal in leads[lead_id]:
                self.variables.model.add_implication(
                    literal, self.touch(human(lead_id))
                )


def _led(placement: Placement) -> list[tuple[str, ...]]:
    """Who lead each published meeting; the coaches of a module."""
    if not placement.meetings:
        return [placement.coach_ids]
    return [item.facilitator_ids for item in placement.meetings]
