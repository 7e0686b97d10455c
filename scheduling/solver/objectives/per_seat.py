"""Wishes about one seat: what a seat costs depends on who sits where and when alone.

Such a wish is told once, as the cost of a seat; the model adds it up over the seats
that can be chosen and the judge over the seats of a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING

from scheduling.solver.candidates import SELF_PACED
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables, Seat


@dataclass(frozen=True, slots=True)
class Sitting:
    """When and where somebody would sit, as far as wishes ask.

    ``first_day`` of the first meeting, ``None`` for self-paced; ``halves`` pairs of
    weekday and day part; ``place_ids`` are empty online.
    """

    first_day: int | None = None
    halves: frozenset[tuple[int, int]] = frozenset()
    place_ids: frozenset[str] = frozenset()


class SeatWish(Objective):
    """A wish whose cost is a sum over seats."""

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        """Cost of one seat, at least 0."""
        raise NotImplementedError(f"{type(self).__name__} has no cost of a seat")

    def add_to(self, variables: PlanVariables) -> None:
        problem, terms = variables.problem, []
        given: dict[str, Sitting] = {}
        for registration in variables.registrations:
            for seat in variables.seats_of(registration.id):
                series = problem.series_by_id[seat.series_id]
                fixed = variables.context.placements.get(series.id)
                if fixed is None:
                    sitting = sitting_in_mode(variables, seat)
                else:
                    if series.id not in given:
                        given[series.id] = sitting_as_placed(problem, fixed)
                    sitting = given[series.id]
                cost = self.seat_cost(problem, registration, series, sitting)
                if cost:
                    terms.append(cost * seat.literal)
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        return sum(
            self.seat_cost(problem, registration, series, sitting)
            for registration, series, sitting in seats_taken(problem, plan)
        )


def sitting_in_mode(variables: PlanVariables, seat: Seat) -> Sitting:
    """The sitting of a seat in a series that is still free."""
    if seat.timing == SELF_PACED:
        return Sitting()
    days = variables.days(seat.series_id, seat.timing)
    weekday = variables.problem.horizon.weekday
    return Sitting(
        days[0],
        frozenset((weekday(day), seat.timing.part) for day in days),
        frozenset() if seat.place_id is None else frozenset((seat.place_id,)),
    )


def sitting_as_placed(problem: PlanningProblem, placement: Placement) -> Sitting:
    """The sitting of everybody in a series that is placed, meetings of any shape."""
    if not placement.meetings:
        return Sitting()
    halves, place_ids = set(), set()
    for meeting in placement.meetings:
        day, quarter = divmod(meeting.slot, SLOTS_PER_DAY)
        halves.add((problem.horizon.weekday(day), problem.day_part(quarter)))
        if meeting.room_id is not None:
            place_ids.add(problem.room_by_id[meeting.room_id].place_id)
    first = min(meeting.slot for meeting in placement.meetings)
    return Sitting(first // SLOTS_PER_DAY, frozenset(halves), frozenset(place_ids))


Taken = tuple[Registration, Series, Sitting]


class _Remembered:
    """The seats of the plan asked about last, for the next wish; and its sittings, for
    the next plan, most of whose placements are the same objects."""

    def __init__(self) -> None:
        self.of: tuple[PlanningProblem, Plan] | None = None
        self.seats: tuple[Taken, ...] = ()
        self.sittings: dict[str, tuple[Placement, Sitting]] = {}

    def seats_of(self, problem: PlanningProblem, plan: Plan) -> tuple[Taken, ...]:
        of, seats = self.of, self.seats
        if of is not None and of[0] is problem and of[1] is plan:
            return seats
        known = self.sittings if of is not None and of[0] is problem else {}
        sittings = {}
        for placement in plan.placements:
            before = known.get(placement.series_id)
            if before is None or before[0] is not placement:
                before = (placement, sitting_as_placed(problem, placement))
            sittings[placement.series_id] = before
        seats = tuple(
            (
                problem.registration_by_id[allocation.registration_id],
                problem.series_by_id[allocation.series_id],
                sittings[allocation.series_id][1],
            )
            for allocation in plan.allocations
            if allocation.series_id in sittings
        )
        self.of, self.seats, self.sittings = (problem, plan), seats, sittings
        return seats


class _PerThread(local):
    """Searchers in threads ask about plans of their own."""

    def __init__(self) -> None:
        self.last = _Remembered()


_thread = _PerThread()


def seats_taken(problem: PlanningProblem, plan: Plan) -> Iterator[Taken]:
    """Every seat of a plan; one in a series that is not placed is no seat."""
    yield from _thread.last.seats_of(problem, plan)


def suitable_choices(
    problem: PlanningProblem, registration: Registration
) -> tuple[Series, ...]:
    """The series a registration chose at a level of care it may get."""
    chosen = (problem.series_by_id[item.series_id] for item in registration.choices)
    return tuple(item for item in chosen if item.level in registration.levels)
