"""Checks of rooms and facilitators: who and what cannot be used as it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from scheduling.solver.doctor.finding import Check, Examination, Finding, Severity
from scheduling.solver.horizon import SLOT_MINUTES, Availability
from scheduling.solver.problem import Facilitator


def free_quarters(facts: Examination, availability: Availability) -> int:
    """Quarters of the horizon at which somebody or something is free."""
    horizon = facts.problem.horizon
    return sum(
        horizon.free_quarters(availability, day).bit_count()
        for day in range(horizon.day_count)
    )


class RoomWithoutOpening(Check):
    """A room has no opening hours in these weeks."""

    id = "room-without-opening"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for room in facts.problem.rooms:
            if not free_quarters(facts, room.opening):
                yield self.found(("room", room.id))


class RoomFullyBooked(Check):
    """A room is booked by others whenever it is open."""

    id = "room-fully-booked"
    severity = Severity.NOTE

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for room in facts.problem.rooms:
            opening = room.opening
            left = Availability(
                opening.weekly, opening.extra, (*opening.blocked, *room.booked)
            )
            if free_quarters(facts, opening) and not free_quarters(facts, left):
                yield self.found(("room", room.id), bookings=len(room.booked))


class RoomNeverSuits(Check):
    """A room is too small, lacks something or is not where any series may be."""

    id = "room-never-suits"
    severity = Severity.NOTE

    def findings(self, facts: Examination) -> Iterator[Finding]:
        wanting = [series for series in facts.problem.series if series.needs_room]
        used = {room.id for series in wanting for room in facts.rooms(series)}
        for room in facts.problem.rooms:
            if wanting and room.id not in used:
                yield self.found(("room", room.id), capacity=room.capacity)


class FacilitatorWithoutAvailability(Check):
    """A facilitator is never free in these weeks."""

    id = "facilitator-without-availability"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for lead in facts.problem.facilitators:
            if not free_quarters(facts, lead.availability):
                yield self.found(("facilitator", lead.id))


class FacilitatorNotNeeded(Check):
    """A facilitator has no role and skills that any series asks for."""

    id = "facilitator-not-needed"
    severity = Severity.NOTE

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for lead in facts.problem.facilitators:
            if lead.roles and not facts.led_by[lead.id]:
                yield self.found(("facilitator", lead.id))


class FacilitatorWithoutRole(Check):
    """A facilitator has no role at all."""

    id = "facilitator-without-role"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for lead in facts.problem.facilitators:
            if not lead.roles:
                yield self.found(("facilitator", lead.id))


class FacilitatorLoadTooSmall(Check):
    """What a facilitator can carry is less than one meeting of anything they may
    lead."""

    id = "facilitator-load-too-small"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for lead in facts.problem.facilitators:
            lengths = [
                series.length * SLOT_MINUTES
                for series in facts.led_by[lead.id]
                if not series.is_self_paced
            ]
            most = _most_minutes(lead)
            if lengths and most is not None and most < min(lengths):
                yield self.found(
                    ("facilitator", lead.id), carries=most, shortest=min(lengths)
                )


class FacilitatorShiftTooShort(Check):
    """A facilitator is free in these weeks, but never long enough for a meeting."""

    id = "facilitator-shift-too-short"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        days = range(facts.problem.horizon.day_count)
        for lead in facts.problem.facilitators:
            lengths = {
                series.length
                for series in facts.led_by[lead.id]
                if not series.is_self_paced
            }
            if (
                lengths
                and free_quarters(facts, lead.availability)
                and not any(
                    facts.free_starts(lead.availability, (day,), min(lengths))
                    for day in days
                )
            ):
                yield self.found(
                    ("facilitator", lead.id), shortest=min(lengths) * SLOT_MINUTES
                )


class FacilitatorTwice(Check):
    """Two facilitators are one person, whose load is counted for each of them apart."""

    id = "facilitator-twice"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        same: dict[str, list[str]] = defaultdict(list)
        for lead in facts.problem.facilitators:
            if lead.person_id is not None:
                same[lead.person_id].append(lead.id)
        for person_id, leads in same.items():
            if len(leads) > 1:
                yield self.found(
                    *(("facilitator", ident) for ident in leads),
                    ("person", person_id),
                )


def _most_minutes(lead: Facilitator) -> int | None:
    """The longest meeting that the load limits leave; ``None`` is any."""
    load = lead.load
    if load.sessions_per_day == 0 or load.days_per_week == 0:
        return 0
    limits = (load.minutes_per_week, load.span_minutes, load.block_minutes)
    return min((limit for limit in limits if limit is not None), default=None)
