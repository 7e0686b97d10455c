"""Wishes about rooms that fit and groups that are full enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem, Room, Series
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables

OPENING = 2


class RoomFit(Objective):
    """A series meets in the smallest and plainest room that does.

    Costs the chairs that stay empty when the series is full, and the room's price.
    """

    id = "room-fit"
    tier = 4
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        terms = []
        for series in variables.series:
            for (_, room_id), literal in variables.rooms(series.id).items():
                waste = _waste(series, variables.problem.room_by_id[room_id])
                if waste:
                    terms.append(waste * literal)
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        return sum(
            _waste(problem.series_by_id[placement.series_id], problem.room_by_id[name])
            for placement in plan.placements
            for name in {item.room_id for item in placement.meetings}
            if name is not None
        )


def _waste(series: Series, room: Room) -> int:
    """Chairs that stay empty even when the series is full, and the room's price."""
    return max(0, room.capacity - series.size_max - series.guests) + room.price


class FillBeforeOpening(Objective):
    """Groups that exist are filled before new ones open, and a new one is at least
    half full.

    Costs 2 for each new series, and in every series with meetings 1 for each seat
    short of half its size.
    """

    id = "fill-before-opening"
    tier = 4
    default_weight = 3

    def add_to(self, variables: PlanVariables) -> None:
        terms: list[Any] = []
        for series in variables.series:
            if series.is_self_paced:
                continue
            opens = variables.opens(series.id)
            if not series.is_running:
                terms.append(OPENING * opens)
            short = series.size_max // 2 - len(series.members)
            if short > 0:
                terms.append(_empty(variables, series.id, short, opens))
        for series in variables.given:
            seated = variables.context.seats.get(series.id, ())
            taken = len(series.members) + sum(item.seats for item in seated)
            short = series.size_max // 2 - taken
            if short > 0 and not series.is_self_paced:
                terms.append(_empty(variables, series.id, short, 1) - short)
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        total = 0
        for placement in plan.placements:
            series = problem.series_by_id[placement.series_id]
            if series.is_self_paced:
                continue
            if not series.is_running:
                total += OPENING
            taken = len(series.members) + sum(
                problem.registration_by_id[registration_id].seats
                for registration_id in plan.seats_in.get(series.id, ())
            )
            total += max(0, series.size_max // 2 - taken)
        return total


def _empty(variables: PlanVariables, series_id: str, short: int, opens: Any) -> Any:
    """Seats short of half a group, of which ``short`` without the free choices."""
    newly = sum(
        seat.registration.seats * seat.literal for seat in variables.seats(series_id)
    )
    empty = variables.model.new_int_var(0, short, f"empty {series_id}")
    variables.model.add_max_equality(empty, [0, short * opens - newly])
    return empty
