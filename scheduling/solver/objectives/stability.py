"""Wishes about keeping things as people know them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import Continuity, PlanningProblem, Series
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables

SERIES_LOST = 10
MEETING_LOST = 3
MEETING_MOVED = 2
SEAT_LOST = 8
SEAT_CHANGED = 5
WEEKDAY_CHANGED = 2


class KeepPublishedPlacement(Objective):
    """What people were told stays as it is: day, time, room, leaders and seats.

    A series that is held costs 2 for each meeting at another time and 1 for each room
    and leader it loses; one that is no longer held 10, 3 for each meeting and 1 for
    each room and leader. A seat lost costs 8, a seat elsewhere 5.
    """

    id = "keep-published-placement"
    tier = 3
    default_weight = 5

    def add_to(self, variables: PlanVariables) -> None:
        terms: list[Any] = []
        free = {item.id for item in variables.series}
        for published in variables.problem.published.placements:
            if published.series_id in free:
                terms += self._series_terms(variables, published)
        told = {
            item.registration_id: item.series_id
            for item in variables.problem.published.allocations
        }
        for registration in variables.registrations:
            if registration.id in told:
                for seat in variables.seats_of(registration.id):
                    same = seat.series_id == told[registration.id]
                    gain = SEAT_LOST if same else SEAT_LOST - SEAT_CHANGED
                    terms.append(-gain * seat.literal)
        if terms:
            variables.add_cost(self.id, sum(terms))

    def _series_terms(
        self, variables: PlanVariables, published: Placement
    ) -> Iterator[Any]:
        """Terms of one series: the loss taken back when it opens, then its changes."""
        name = published.series_id
        slots = [item.slot for item in published.meetings]
        rooms = {item.room_id for item in published.meetings if item.room_id}
        yield -(SERIES_LOST + MEETING_LOST * len(slots)) * variables.opens(name)
        for timing in variables.timings(name):
            days = variables.days(name, timing)
            for quarter, starts in variables.starts(name, timing).items():
                kept = {day * SLOTS_PER_DAY + quarter for day in days}
                moved = sum(1 for slot in slots if slot not in kept)
                yield MEETING_MOVED * moved * starts
        for (_, room_id), literal in variables.rooms(name).items():
            if room_id in rooms:
                yield -literal
        for (_, lead_id), literal in variables.leads(name).items():
            if lead_id in published.leader_ids:
                yield -literal

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        total = 0
        for published in problem.published.placements:
            if published.series_id in problem.series_by_id:
                now = plan.placement_of.get(published.series_id)
                total += _change(published, now)
        seated = {
            item.registration_id: item.series_id
            for item in plan.allocations
            if item.series_id in plan.placement_of
        }
        for allocation in problem.published.allocations:
            if allocation.registration_id in problem.registration_by_id:
                seat = seated.get(allocation.registration_id)
                if seat is None:
                    total += SEAT_LOST
                elif seat != allocation.series_id:
                    total += SEAT_CHANGED
        return total


def _change(published: Placement, now: Placement | None) -> int:
    """How far a placement is from what was published."""
    kept_slots = {item.slot for item in now.meetings} if now else set()
    kept_rooms = {item.room_id for item in now.meetings} if now else set()
    kept_leaders = now.leader_ids if now else frozenset()
    lost = [item for item in published.meetings if item.slot not in kept_slots]
    rooms = {item.room_id for item in published.meetings if item.room_id}
    smaller = len(rooms - kept_rooms) + len(published.leader_ids - kept_leaders)
    if now is None:
        return SERIES_LOST + MEETING_LOST * len(lost) + smaller
    return MEETING_MOVED * len(lost) + smaller


class KeepContinuity(Objective):
    """A group that goes on meets on the same weekday, in the same room and with the
    same leaders.

    Costs 2 for another weekday, 1 for another room and 1 for each leader who leaves.
    """

    id = "keep-continuity"
    tier = 3
    default_weight = 2

    def add_to(self, variables: PlanVariables) -> None:
        terms: list[Any] = []
        for series in variables.series:
            if series.continuity is not None:
                terms += self._leader_terms(variables, series, series.continuity)
                if not series.is_self_paced:
                    terms += self._meeting_terms(variables, series, series.continuity)
        if terms:
            variables.add_cost(self.id, sum(terms))

    @staticmethod
    def _leader_terms(
        variables: PlanVariables, series: Series, before: Continuity
    ) -> Iterator[Any]:
        if before.facilitator_ids:
            yield len(before.facilitator_ids) * variables.opens(series.id)
        for (_, lead_id), literal in variables.leads(series.id).items():
            if lead_id in before.facilitator_ids:
                yield -literal

    @staticmethod
    def _meeting_terms(
        variables: PlanVariables, series: Series, before: Continuity
    ) -> Iterator[Any]:
        for timing in variables.timings(series.id):
            first = variables.days(series.id, timing)[0]
            weekday = variables.problem.horizon.weekday(first)
            if before.weekday not in (None, weekday):
                yield WEEKDAY_CHANGED * variables.at(series.id, timing)
        if before.room_id is not None:
            yield variables.opens(series.id)
        for (_, room_id), literal in variables.rooms(series.id).items():
            if room_id == before.room_id:
                yield -literal

    def cost(self, problem: PlanningProblem, plan: Plan) -> int:
        total = 0
        for placement in plan.placements:
            before = problem.series_by_id[placement.series_id].continuity
            if before is None:
                continue
            total += len(before.facilitator_ids - placement.leader_ids)
            if not placement.meetings:
                continue
            first = min(item.slot for item in placement.meetings) // SLOTS_PER_DAY
            if before.weekday not in (None, problem.horizon.weekday(first)):
                total += WEEKDAY_CHANGED
            rooms = {item.room_id for item in placement.meetings}
            if before.room_id is not None and before.room_id not in rooms:
                total += 1
        return total
