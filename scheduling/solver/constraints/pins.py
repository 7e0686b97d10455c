"""Rules about what somebody decided before: pins, and what people were told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from scheduling.solver.horizon import FULL_DAY, SLOTS_PER_DAY
from scheduling.solver.plan import Allocation, Placement, Plan, Violation
from scheduling.solver.problem import (
    DatePattern,
    Facilitator,
    Pin,
    PlanningProblem,
    Registration,
    Room,
    Series,
)
from scheduling.solver.rule import Constraint

if TYPE_CHECKING:
    from scheduling.solver.variables import PlanVariables

Fact = tuple[str, int]


class PinnedPlacement(Constraint):
    """What a coordinator pinned is so: that a series is held or not, its first meeting,
    room and leaders, and the seat of a registration."""

    id = "pinned-placement"
    bound = "relaxed"

    def fits_room(self, problem: PlanningProblem, series: Series, room: Room) -> bool:
        return all(
            pin.room_id is None or pin.room_id == room.id
            for pin in _pins_of(problem, series.id)
        )

    def fits_leader(
        self, problem: PlanningProblem, series: Series, facilitator: Facilitator
    ) -> bool:
        return all(
            pin.facilitator_ids is None or facilitator.id in pin.facilitator_ids
            for pin in _pins_of(problem, series.id)
        )

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        return all(
            pin.series_id == series.id
            for pin in problem.seat_pins
            if pin.registration_id == registration.id
        )

    def starts(
        self, problem: PlanningProblem, series: Series, pattern: DatePattern
    ) -> int:
        starts = FULL_DAY
        for pin in _pins_of(problem, series.id):
            if pin.closed:
                return 0
            if pin.first_slot is not None:
                day, quarter = divmod(pin.first_slot, SLOTS_PER_DAY)
                starts &= 1 << quarter if day == min(pattern.days, default=-1) else 0
        return starts

    def add_to(self, variables: PlanVariables) -> None:
        free = {item.id for item in variables.series}
        for pin in variables.problem.pins:
            if pin.series_id in free:
                _pin_series(variables, pin)
        waiting = {item.id for item in variables.registrations}
        for seat_pin in variables.problem.seat_pins:
            if seat_pin.series_id and seat_pin.registration_id in waiting:
                _must_sit(variables, seat_pin.registration_id)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for pin in problem.pins:
            if touching is not None and pin.series_id not in touching:
                continue
            placement = plan.placement_of.get(pin.series_id)
            about = (("pin", pin.id), ("series", pin.series_id))
            for slot, fact in _pin_faults(pin, placement):
                yield Violation(self.id, about, slot, (fact,))
        yield from self._seats(problem, plan, touching)

    def _seats(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None,
    ) -> Iterator[Violation]:
        if not problem.seat_pins:
            return
        seats = _seats_by_registration(plan.allocations)
        for pin in problem.seat_pins:
            asked = set() if pin.series_id is None else {pin.series_id}
            given = seats.get(pin.registration_id, set())
            names = asked | given
            if given == asked or not (
                touching is None or any(name in touching for name in names)
            ):
                continue
            yield Violation(
                self.id,
                (
                    ("pin", pin.id),
                    ("registration", pin.registration_id),
                    *(("series", name) for name in sorted(names)),
                ),
            )


def _pins_of(problem: PlanningProblem, series_id: str) -> Iterator[Pin]:
    return (pin for pin in problem.pins if pin.series_id == series_id)


def _pin_series(variables: PlanVariables, pin: Pin) -> None:
    series = variables.problem.series_by_id[pin.series_id]
    variables.model.add(variables.opens(series.id) == int(not pin.closed))
    timeless = pin.first_slot is not None and series.is_self_paced
    if timeless or (pin.room_id is not None and not series.needs_room):
        variables.model.add_bool_or([])  # a time or room that it never has
    if not pin.closed:
        _must_lead(variables, pin.series_id, pin.facilitator_ids or ())


def _must_lead(variables: PlanVariables, series_id: str, names: Iterable[str]) -> None:
    # In a set they lie in another order in every process: another model, another plan.
    for name in sorted(names):
        variables.model.add_bool_or(
            literal
            for (_, lead_id), literal in variables.leads(series_id).items()
            if lead_id == name
        )


def _must_sit(variables: PlanVariables, registration_id: str) -> None:
    """In any seat that is left: the filter leaves only those of the pinned series."""
    variables.model.add_bool_or(
        seat.literal for seat in variables.seats_of(registration_id)
    )


def _pin_faults(
    pin: Pin, placement: Placement | None
) -> Iterator[tuple[int | None, Fact]]:
    """What is not as the pin says."""
    if placement is None:
        if not pin.closed:
            yield None, ("not_held", 1)
        return
    if pin.closed:
        yield None, ("closed", 1)
    slots = [item.slot for item in placement.meetings]
    if pin.first_slot is not None and min(slots, default=None) != pin.first_slot:
        yield pin.first_slot, ("first_slot", pin.first_slot)
    rooms = {item.room_id for item in placement.meetings}
    if pin.room_id is not None and rooms != {pin.room_id}:
        yield None, ("room", 1)
    if pin.facilitator_ids is not None:
        teams = {frozenset(item.facilitator_ids) for item in placement.meetings}
        teams.add(placement.leader_ids)
        if teams != {pin.facilitator_ids}:
            yield None, ("leaders", len(pin.facilitator_ids))


def _seats_by_registration(allocations: Iterable[Allocation]) -> dict[str, set[str]]:
    seats: dict[str, set[str]] = defaultdict(set)
    for item in allocations:
        seats[item.registration_id].add(item.series_id)
    return seats


class PublishedPlacement(Constraint):
    """What people were told stays exactly as it is, unless it was freed to change."""

    id = "published-placement"
    bound = "exact"

    def fits_room(self, problem: PlanningProblem, series: Series, room: Room) -> bool:
        kept = problem.kept_placements.get(series.id)
        return kept is None or {item.room_id for item in kept.meetings} == {room.id}

    def fits_leader(
        self, problem: PlanningProblem, series: Series, facilitator: Facilitator
    ) -> bool:
        kept = problem.kept_placements.get(series.id)
        return kept is None or facilitator.id in kept.leader_ids

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        return problem.kept_seats.get(registration.id) in (None, series.id)

    def starts(
        self, problem: PlanningProblem, series: Series, pattern: DatePattern
    ) -> int:
        kept = problem.kept_placements.get(series.id)
        if kept is None:
            return FULL_DAY
        days = tuple(item.slot // SLOTS_PER_DAY for item in kept.meetings)
        quarters = {item.slot % SLOTS_PER_DAY for item in kept.meetings}
        if days != pattern.days or len(quarters) != 1:
            return 0
        return 1 << quarters.pop()

    def add_to(self, variables: PlanVariables) -> None:
        """Mostly it is fixed beside a part; where it is free, nothing else fits."""
        for series in variables.series:
            kept = variables.problem.kept_placements.get(series.id)
            if kept is not None:
                variables.model.add(variables.opens(series.id) == 1)
                _must_lead(variables, series.id, kept.leader_ids)
        for registration in variables.registrations:
            if variables.problem.kept_seats.get(registration.id) is not None:
                _must_sit(variables, registration.id)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        published = problem.published
        for told in published.placements:
            if told.series_id in published.freed_series or (
                touching is not None and told.series_id not in touching
            ):
                continue
            now = plan.placement_of.get(told.series_id)
            if now is None or _said(now) != _said(told):
                yield Violation(
                    self.id,
                    (("series", told.series_id),),
                    told.meetings[0].slot if told.meetings else None,
                    (("not_held" if now is None else "changed", 1),),
                )
        seats = _seats_by_registration(plan.allocations)
        for seat in published.allocations:
            if (
                seat.registration_id in published.freed_registrations
                or seat.series_id in published.freed_series
            ):
                continue
            given = seats.get(seat.registration_id, set())
            names = given | {seat.series_id}
            if given == {seat.series_id} or not (
                touching is None or any(name in touching for name in names)
            ):
                continue
            yield Violation(
                self.id,
                (
                    ("registration", seat.registration_id),
                    *(("series", name) for name in sorted(names)),
                ),
            )


def _said(placement: Placement) -> tuple[object, ...]:
    """What people were told, whatever the order it is written in."""
    return (
        sorted(
            (item.slot, item.room_id or "", sorted(item.facilitator_ids))
            for item in placement.meetings
        ),
        sorted(placement.coach_ids),
    )
