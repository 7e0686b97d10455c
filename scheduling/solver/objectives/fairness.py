"""Wishes about a fair share: of evenings, of seats for those with no other, and who
comes first among equals."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.objectives.coverage import MOST_FOR_WAITING, NORM_STEP
from scheduling.solver.objectives.per_seat import (
    SeatWish,
    Sitting,
    seats_taken,
    suitable_choices,
)
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables


HUNDREDTHS = 100
SEEN_STEP = HUNDREDTHS // NORM_STEP
FINE, COARSE, MOST_UNSEEN = 100, 5, 300


def unseen_wait(registration: Registration) -> int:
    """Waiting in hundredths of the norm that the weight of a seat does not show.

    The weight counts in steps and up to three norms; of two with the same weight, who
    waited longer for the norm has more left here. Past four norms it goes in steps of a
    twentieth, and it is at most 300: together these must never outweigh a seat.
    """
    waited = max(registration.waiting_days, 0)
    norm = max(registration.norm_days, 1)
    total = HUNDREDTHS * waited // norm
    seen = SEEN_STEP * min(NORM_STEP * waited // norm, MOST_FOR_WAITING)
    left = total - seen
    if left > FINE:
        left = FINE + (left - FINE) // COARSE
    return min(left, MOST_UNSEEN)


class LongestWaitFirst(Objective):
    """Of those who weigh the same, who waited longest for the norm gets the seat.

    Costs, for each registration without a seat, the hundredths of the norm waited that
    its weight does not show.
    """

    id = "longest-wait-first"
    tier = 4
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        terms = [
            -unseen_wait(registration) * seat.literal
            for registration in variables.registrations
            if unseen_wait(registration)
            for seat in variables.seats_of(registration.id)
        ]
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        seated = {item.id for item, _, _ in seats_taken(problem, plan)}
        return sum(
            unseen_wait(item) for item in problem.registrations if item.id not in seated
        )


class ShareEvenings(Objective):
    """Evenings are shared among those who lead.

    Costs the pairs of series that one leader has in the last part of the day: a second
    evening 1, a third 2 more, and so on.
    """

    id = "share-evenings"
    tier = 4
    default_weight = 2

    def add_to(self, variables: PlanVariables) -> None:
        evening = len(variables.problem.day_parts) - 1
        wanted: dict[str, list[Any]] = defaultdict(list)
        names: dict[str, set[str]] = defaultdict(set)
        for series in variables.series:
            for (timing, lead_id), literal in variables.leads(series.id).items():
                if timing.part == evening:
                    wanted[lead_id].append(literal)
                    names[lead_id].add(series.id)
        for lead_id, literals in wanted.items():
            already = self._evenings_fixed(variables, lead_id)
            steps = [
                variables.model.new_bool_var(f"evening {lead_id} {number}")
                for number in range(len(names[lead_id]))
            ]
            variables.model.add(sum(steps) == sum(literals))
            for lower, higher in pairwise(steps):
                variables.model.add_implication(higher, lower)
            terms = [
                (already + number) * step
                for number, step in enumerate(steps)
                if already + number
            ]
            if terms:
                variables.add_cost(self.id, sum(terms))

    @staticmethod
    def _evenings_fixed(variables: PlanVariables, lead_id: str) -> int:
        diary = variables.context.leaders.get(lead_id, {})
        begin = variables.problem.day_parts[-1]
        return len(
            {
                busy.series_id
                for meetings in diary.values()
                for busy in meetings
                if busy.start >= begin
            }
        )

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        last = len(problem.day_parts) - 1
        evenings: Counter[str] = Counter()
        for placement in plan.placements:
            evenings.update(
                {
                    lead_id
                    for meeting in placement.meetings
                    if problem.day_part(meeting.slot % SLOTS_PER_DAY) == last
                    for lead_id in meeting.facilitator_ids
                }
            )
        return sum(count * (count - 1) // 2 for count in evenings.values())


class KeepSeatsForTheInflexible(SeatWish):
    """Who can go elsewhere leaves the scarce seats of a series to those who cannot.

    Costs 1 for each seat taken by somebody whom several series suit, in a series that
    is wanted for more seats than it has, by somebody whom no other suits.
    """

    id = "keep-seats-for-the-inflexible"
    tier = 4
    default_weight = 5

    def seat_cost(
        self,
        problem: PlanningProblem,
        registration: Registration,
        series: Series,
        sitting: Sitting,
    ) -> int:
        flexible = len(suitable_choices(problem, registration)) > 1
        return int(flexible and series.id in _scarce(_Facts(problem)))


class _Facts:
    """A problem as a key: the same object, not equal facts."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Facts) and other.problem is self.problem

    def __hash__(self) -> int:
        return id(self.problem)


@lru_cache(maxsize=4)
def _scarce(facts: _Facts) -> frozenset[str]:
    """Series wanted for more seats than they have, by somebody with no other choice."""
    problem = facts.problem
    seats: Counter[str] = Counter()
    only: set[str] = set()
    for registration in problem.registrations:
        choices = suitable_choices(problem, registration)
        for series in choices:
            seats[series.id] += registration.seats
        if len(choices) == 1:
            only.add(choices[0].id)
    return frozenset(
        series.id
        for series in problem.series
        if series.id in only
        and seats[series.id] > series.size_max - len(series.members)
    )
