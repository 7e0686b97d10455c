"""The order of a repair: what it costs to change something people were told.

It has tiers of its own and replaces the order of the term, in which a change is only a
wish: first lose no session and no seat, then touch few sessions, then few people, then
move few minutes, then keep pair and room, then give new seats, and last spare who steps
in. Each is a wish like those of the term, so that encoder and judge are held together
by the same tests. Everything counts against ``problem.published``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.objectives.coverage import SeatEveryRegistration
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import PlanningProblem, Series
from scheduling.solver.repair.kept import (
    free_told,
    kept_literals,
)
from scheduling.solver.repair.people import TouchFewPeople
from scheduling.solver.repair.told import (
    is_for_somebody,
    minutes_between,
    minutes_moved,
    seats_told,
    told,
    touched_meetings,
    travel_to,
)
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables

LEADER_LOST = 2
ROOM_CHANGED = 1
CENTRE_CHANGED = 2
EVENING_MINUTES = 30
EVENING = 2


class KeepSessionsAndSeats(Objective):
    """No session and no seat that people were told of is lost.

    Costs 1 for each published meeting that is not held at all, 1 for each member of a
    series that is not held, and 1 for each published seat that is not in any series.
    ``sure``: count the seats of these registrations alone (``None``: all);
    ``somebody``: the series whose sessions somebody loses (``None``: by the facts).
    """

    id = "repair-sessions-and-seats"
    tier = 1
    default_weight = 1

    def __init__(
        self,
        sure: frozenset[str] | None = None,
        somebody: frozenset[str] | None = None,
    ) -> None:
        self.sure, self.somebody = sure, somebody

    def _is_lost(self, problem: PlanningProblem, series: Series) -> bool:
        if self.somebody is None:
            return is_for_somebody(problem, series)
        return series.id in self.somebody

    def _counts(self, registration_id: str) -> bool:
        return self.sure is None or registration_id in self.sure

    def add_to(self, variables: PlanVariables) -> None:
        problem = variables.problem
        terms: list[Any] = []
        for series, placement in free_told(variables):
            if self._is_lost(problem, series):
                terms += self._session_terms(variables, series, placement)
            terms.append(-len(series.members) * variables.opens(series.id))
        seats = seats_told(problem)
        for registration in variables.registrations:
            if registration.id in seats and self._counts(registration.id):
                terms += [-seat.literal for seat in variables.seats_of(registration.id)]
        if terms:
            variables.add_cost(self.id, sum(terms))

    @staticmethod
    def _session_terms(
        variables: PlanVariables, series: Series, placement: Placement
    ) -> Iterator[Any]:
        wanted = len(placement.meetings)
        if series.is_self_paced:
            yield -variables.opens(series.id)
        for timing in variables.timings(series.id):
            held = min(wanted, len(variables.days(series.id, timing)))
            if held:
                yield -held * variables.at(series.id, timing)

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        total = 0
        for series, placement in told(problem):
            now = plan.placement_of.get(series.id)
            if self._is_lost(problem, series):
                if series.is_self_paced:
                    total += now is None
                else:
                    held = 0 if now is None else len(now.meetings)
                    total += max(0, len(placement.meetings) - held)
            total += 0 if now else len(series.members)
        seated = {
            item.registration_id
            for item in plan.allocations
            if item.series_id in plan.placement_of
        }
        return total + sum(
            1
            for name in seats_told(problem)
            if name not in seated and self._counts(name)
        )


class TouchFewSessions(Objective):
    """Sessions stay exactly as they were told: time, room and leaders.

    Costs 1 for each published meeting that is not held just so.
    """

    id = "repair-sessions-touched"
    tier = 2
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        terms = [
            -literal
            for series, placement in free_told(variables)
            for literal in kept_literals(variables, series, placement)
            if literal is not None
        ]
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        return sum(
            len(touched_meetings(placement, plan.placement_of.get(series.id)))
            for series, placement in told(problem)
        )


class MoveFewMinutes(Objective):
    """What moves, moves little.

    Costs the minutes on the clock between each published meeting and the one held in
    its place, the first for the first; a day is 1,440.
    """

    id = "repair-minutes-moved"
    tier = 4
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        terms: list[Any] = []
        for series, placement in free_told(variables):
            slots = [item.slot for item in placement.meetings]
            for timing in variables.timings(series.id):
                days = variables.days(series.id, timing)
                for quarter, literal in variables.starts(series.id, timing).items():
                    now = [day * SLOTS_PER_DAY + quarter for day in days]
                    if minutes := minutes_between(slots, now):
                        terms.append(minutes * literal)
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        total = 0
        for series, placement in told(problem):
            now = plan.placement_of.get(series.id)
            if now is not None:
                total += minutes_moved(placement, now)
        return total


class KeepPairAndRoom(Objective):
    """What is held keeps its leaders, its room and at least its centre.

    Costs 2 for each leader who no longer leads it, 1 for another room and 2 more when
    that is in another centre.
    """

    id = "repair-pair-and-room"
    tier = 5
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        terms: list[Any] = []
        for series, placement in free_told(variables):
            leaders = placement.leader_ids
            rooms = {item.room_id for item in placement.meetings if item.room_id}
            terms.append(LEADER_LOST * len(leaders) * variables.opens(series.id))
            for (_, lead_id), literal in variables.leads(series.id).items():
                if lead_id in leaders:
                    terms.append(-LEADER_LOST * literal)
            for (_, room_id), literal in variables.rooms(series.id).items():
                if cost := _room_cost(variables.problem, rooms, room_id):
                    terms.append(cost * literal)
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        total = 0
        for series, placement in told(problem):
            now = plan.placement_of.get(series.id)
            if now is None:
                continue
            total += LEADER_LOST * len(placement.leader_ids - now.leader_ids)
            rooms = {item.room_id for item in placement.meetings if item.room_id}
            used = {item.room_id for item in now.meetings if item.room_id}
            total += sum(_room_cost(problem, rooms, one) for one in used)
        return total


def _room_cost(problem: PlanningProblem, before: set[str], room_id: str) -> int:
    if not before or room_id in before:
        return 0
    place_id = problem.room_by_id[room_id].place_id
    near = any(problem.room_by_id[one].place_id == place_id for one in before)
    return ROOM_CHANGED if near else ROOM_CHANGED + CENTRE_CHANGED


class NewSeats(SeatEveryRegistration):
    """Who waits gets a seat that came free, most urgent and longest waiting first.

    Costs what `seat-every-registration` costs.
    """

    id = "repair-new-seats"
    tier = 6


class SpareWhoStepsIn(Objective):
    """Who steps in travels little and is spared an evening.

    Costs the minutes of travel from their base to each meeting that they take over,
    and 30 for each evening.
    """

    id = "repair-spare-substitutes"
    tier = 7
    default_weight = 1

    def add_to(self, variables: PlanVariables) -> None:
        problem = variables.problem
        terms: list[Any] = []
        for series, placement in free_told(variables):
            for (timing, lead_id), literal in variables.leads(series.id).items():
                if lead_id in placement.leader_ids or series.is_self_paced:
                    continue
                days = len(variables.days(series.id, timing))
                evening = EVENING_MINUTES * (timing.part >= EVENING)
                stays = [
                    (key, mode)
                    for mode, key in variables.modes(series.id)
                    if mode.timing == timing
                ]
                for held, mode in stays:
                    cost = days * (travel_to(problem, lead_id, mode.place_id) + evening)
                    if cost:
                        both = (
                            literal
                            if len(stays) == 1
                            else variables.both(literal, held)
                        )
                        terms.append(cost * both)
        if terms:
            variables.add_cost(self.id, sum(terms))

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        total = 0
        for series, placement in told(problem):
            now = plan.placement_of.get(series.id)
            for meeting in now.meetings if now else ():
                room = problem.room_by_id.get(meeting.room_id or "")
                place_id = room.place_id if room else None
                part = problem.day_part(meeting.slot % SLOTS_PER_DAY)
                for lead_id in set(meeting.facilitator_ids) - placement.leader_ids:
                    total += travel_to(problem, lead_id, place_id)
                    total += EVENING_MINUTES * (part >= EVENING)
        return total


REPAIR: tuple[Objective, ...] = (
    KeepSessionsAndSeats(),
    TouchFewSessions(),
    TouchFewPeople(),
    MoveFewMinutes(),
    KeepPairAndRoom(),
    NewSeats(),
    SpareWhoStepsIn(),
)
"""The whole order, first things first: one wish a tier."""


def repair_costs(problem: PlanningProblem, plan: Plan) -> tuple[int, ...]:
    """What a plan costs in the order of a repair; compare as tuples."""
    return tuple(wish.cost(problem, plan) for wish in REPAIR)
