"""Rules about who can lead, when, and beside what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling.solver.constraints.leading import RivalMeetings
from scheduling.solver.constraints.presence import (
    is_free,
    place_of_room,
    placements_in,
    seated_in,
)
from scheduling.solver.horizon import (
    FULL_DAY,
    SLOTS_PER_DAY,
    starts_clear_of,
    starts_within,
)
from scheduling.solver.plan import Plan, Violation
from scheduling.solver.problem import (
    Facilitator,
    PlanningProblem,
    Registration,
    Series,
)
from scheduling.solver.rule import Constraint, Days

if TYPE_CHECKING:
    from scheduling.solver.context import Context
    from scheduling.solver.variables import PlanVariables, Stay


class FacilitatorConflict(Constraint):
    """A facilitator leads one meeting at a time, with time to travel between places."""

    id = "facilitator-conflict"
    bound = "relaxed"

    def leader_starts_beside(
        self,
        context: Context,
        facilitator: Facilitator,
        place_id: str | None,
        days: Days,
        length: int,
    ) -> int:
        diary = context.leaders.get(facilitator.id)
        if not diary:
            return FULL_DAY
        travel = context.problem.travel_slots
        stretches = {
            (
                busy.start - travel(place_id, busy.place_id),
                busy.end + travel(busy.place_id, place_id),
            )
            for day in days
            if day in diary
            for busy in diary[day]
        }
        return starts_clear_of(stretches, length) if stretches else FULL_DAY

    def add_to(self, variables: PlanVariables) -> None:
        led: dict[str, dict[int, Stay]] = defaultdict(dict)
        rivals = RivalMeetings(variables)
        for series in variables.series:
            for lead_id, timing, stay in variables.lead_stays(series.id):
                led[lead_id][rivals.number(series.id, timing)] = stay
        for stays in led.values():
            rivals.keep_apart(stays)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        wanted = None
        if touching is not None:
            wanted = {
                name
                for item in placements_in(plan, touching)
                for name in item.leader_ids
            }
        diary: dict[tuple[str, int], list[tuple[int, int, str, str]]]
        diary = defaultdict(list)
        for placement in plan.placements:
            name = placement.series_id
            length = problem.series_by_id[name].length
            for meeting in placement.meetings:
                place_id = place_of_room(problem, meeting.room_id) or ""
                led = (meeting.slot, meeting.slot + length, name, place_id)
                for lead_id in dict.fromkeys(meeting.facilitator_ids):
                    if wanted is None or lead_id in wanted:
                        diary[lead_id, meeting.slot // SLOTS_PER_DAY].append(led)
        for (lead_id, _), meetings in diary.items():
            for first, second in combinations(sorted(meetings), 2):
                names = (first[2], second[2])
                if touching is not None and not any(item in touching for item in names):
                    continue
                gap = problem.travel_slots(first[3] or None, second[3] or None)
                if second[0] < first[1] + gap:
                    about = (
                        ("facilitator", lead_id),
                        *(("series", name) for name in names),
                    )
                    yield Violation(self.id, about, second[0])


class FacilitatorAvailability(Constraint):
    """Whoever leads a series is available on every date of it, leave included."""

    id = "facilitator-availability"
    bound = "exact"

    def leader_starts(
        self,
        problem: PlanningProblem,
        facilitator: Facilitator,
        days: Days,
        length: int,
    ) -> int:
        free = problem.horizon.free_on_all(facilitator.availability, days)
        return starts_within(free, length)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            name = placement.series_id
            length = problem.series_by_id[name].length
            for meeting in placement.meetings:
                for lead_id in dict.fromkeys(meeting.facilitator_ids):
                    when = problem.facilitator_by_id[lead_id].availability
                    if not is_free(problem.horizon, when, meeting.slot, length):
                        about = (("facilitator", lead_id), ("series", name))
                        yield Violation(self.id, about, meeting.slot)


class FacilitatorQualification(Constraint):
    """Everybody who leads or coaches a series has all the skills it asks of them."""

    id = "facilitator-qualification"
    bound = "exact"

    def fits_leader(
        self, problem: PlanningProblem, series: Series, facilitator: Facilitator
    ) -> bool:
        return series.leader_skills <= facilitator.skills

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            asked = problem.series_by_id[placement.series_id].leader_skills
            for lead_id in sorted(placement.leader_ids):
                missing = asked - problem.facilitator_by_id[lead_id].skills
                if missing:
                    yield Violation(
                        self.id,
                        (("facilitator", lead_id), ("series", placement.series_id)),
                        facts=(("skills_missing", len(missing)),),
                    )


class LeaderNotMember(Constraint):
    """Nobody leads a group in which they take part themselves."""

    id = "leader-not-member"
    bound = "relaxed"

    def fits_leader(
        self, problem: PlanningProblem, series: Series, facilitator: Facilitator
    ) -> bool:
        return facilitator.person_id not in series.members

    def fits_seat_beside(
        self, context: Context, registration: Registration, series: Series
    ) -> bool:
        placement = context.placements.get(series.id)
        leading = context.problem.facilitators_of_person.get(registration.person_id)
        if placement is None or not leading:
            return True
        return not any(item.id in placement.leader_ids for item in leading)

    def add_to(self, variables: PlanVariables) -> None:
        leading = variables.problem.facilitators_of_person
        for series in variables.series:
            leads = variables.leads(series.id)
            seats = defaultdict(list)
            for seat in variables.seats(series.id):
                for facilitator in leading.get(seat.registration.person_id, ()):
                    key = (seat.timing, facilitator.id)
                    if key in leads:
                        seats[key, seat.registration.id].append(seat.literal)
            for (key, _), sits in seats.items():
                variables.model.add_at_most_one(leads[key], *sits)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            name = placement.series_id
            present = {
                *problem.series_by_id[name].members,
                *(item.person_id for item in seated_in(problem, plan, name)),
            }
            for lead_id in sorted(placement.leader_ids):
                person_id = problem.facilitator_by_id[lead_id].person_id
                if person_id in present:
                    about = (("facilitator", lead_id), ("series", name))
                    yield Violation(self.id, about)
