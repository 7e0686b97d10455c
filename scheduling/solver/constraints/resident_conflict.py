"""The rule that keeps a person from being at two places at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling.solver.constraints.presence import (
    goes_out,
    participants_in,
    place_of_room,
    placements_in,
)
from scheduling.solver.horizon import FULL_DAY, SLOTS_PER_DAY, starts_clear_of
from scheduling.solver.plan import Plan, Violation
from scheduling.solver.problem import Facilitator, Person, PlanningProblem
from scheduling.solver.rule import Constraint, Days
from scheduling.solver.sequencing import never_together

if TYPE_CHECKING:
    from scheduling.solver.candidates import Timing
    from scheduling.solver.context import Busy, Context
    from scheduling.solver.variables import PlanVariables, Stay


@dataclass(frozen=True, slots=True, order=True)
class _Engagement:
    """A meeting as one person sees it; ``leads`` as which facilitator, or none."""

    start: int
    end: int
    series_id: str
    leads: str
    place_id: str | None


class ResidentConflict(Constraint):
    """A resident is at one place at a time, as participant or as leader elsewhere, with
    time to travel in between."""

    id = "resident-conflict"
    bound = "relaxed"

    def person_starts_beside(
        self,
        context: Context,
        person: Person,
        place_id: str | None,
        days: Days,
        length: int,
    ) -> int:
        here = place_id if goes_out(person) else None
        leading = context.problem.facilitators_of_person.get(person.id, ())
        return _starts_beside(context, person, leading, here, days, length)

    def leader_starts_beside(
        self,
        context: Context,
        facilitator: Facilitator,
        place_id: str | None,
        days: Days,
        length: int,
    ) -> int:
        if facilitator.person_id is None:
            return FULL_DAY
        problem = context.problem
        person = problem.person_by_id[facilitator.person_id]
        others = tuple(
            item
            for item in problem.facilitators_of_person[person.id]
            if item.id != facilitator.id
        )
        return _starts_beside(context, person, others, place_id, days, length)

    def add_to(self, variables: PlanVariables) -> None:
        travel = variables.problem.travel_slots
        stays, owners = _stays_of_persons(variables)

        def gap(first: Stay, second: Stay) -> int:
            return travel(first.place_id, second.place_id)

        for wanting in _worth_comparing(variables, stays, owners):
            # Seats of one registration exclude each other, and what one facilitator
            # leads is facilitator-conflict's: neither needs comparing.
            owned = [owners.get(stay.literal.index) for stay in wanting]
            never_together(variables, wanting, gap, owned)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        wanted = None
        if touching is not None:
            wanted = {
                person_id
                for placement in placements_in(plan, touching)
                for person_id in (
                    *participants_in(problem, plan, placement.series_id),
                    *_leading_persons(problem, placement.leader_ids).values(),
                )
            }
        for person_id, days in _engagements(problem, plan, wanted).items():
            for engagements in days.values():
                for one, other in combinations(sorted(engagements, key=_when), 2):
                    if one.series_id == other.series_id or (
                        one.leads and one.leads == other.leads
                    ):
                        continue
                    if touching is not None and not (
                        one.series_id in touching or other.series_id in touching
                    ):
                        continue
                    gap = problem.travel_slots(one.place_id, other.place_id)
                    if other.start < one.end + gap:
                        yield Violation(
                            self.id,
                            (
                                ("person", person_id),
                                ("series", one.series_id),
                                ("series", other.series_id),
                            ),
                            other.start,
                        )


def _when(item: _Engagement) -> tuple[int, int, str, str]:
    return item.start, item.end, item.series_id, item.leads


def _starts_beside(
    context: Context,
    person: Person,
    leading: tuple[Facilitator, ...],
    here: str | None,
    days: Days,
    length: int,
) -> int:
    """Starts that leave time to travel to and from all that is fixed for a person."""
    travel = context.problem.travel_slots
    diary, out = context.persons.get(person.id, {}), goes_out(person)
    stretches: list[tuple[int, int]] = []

    def keep_clear(busy: Busy, there: str | None) -> None:
        stretches.append(
            (busy.start - travel(here, there), busy.end + travel(there, here))
        )

    for day in days:
        for busy in diary.get(day, ()):
            keep_clear(busy, busy.place_id if out else None)
        for facilitator in leading:
            for busy in context.leaders.get(facilitator.id, {}).get(day, ()):
                keep_clear(busy, busy.place_id)
    return starts_clear_of(stretches, length) if stretches else FULL_DAY


def _stays_of_persons(
    variables: PlanVariables,
) -> tuple[dict[str, list[Stay]], dict[int, tuple[str, str]]]:
    """Stays by person, and for a literal the registration or facilitator it is of."""
    problem = variables.problem
    stays: dict[str, list[Stay]] = defaultdict(list)
    owners: dict[int, tuple[str, str]] = {}
    for series in (*variables.series, *variables.given):
        for seat in variables.seats(series.id):
            owners[seat.literal.index] = ("registration", seat.registration.id)
        for person_id, stay in variables.person_stays(series.id):
            out = goes_out(problem.person_by_id[person_id])
            stays[person_id].append(stay if out else replace(stay, place_id=None))
    taking_part = set(stays)
    for series in variables.series:
        names = {name for _, name in variables.leads(series.id)}
        leading = {
            name: person_id
            for name, person_id in _leading_persons(problem, names).items()
            # Who only leads, under one name, is facilitator-conflict's.
            if person_id in taking_part
            or len(problem.facilitators_of_person[person_id]) > 1
        }
        for name, timing, lead in variables.lead_stays(series.id):
            if name in leading:
                for stay in _at_places(variables, timing, lead):
                    owners[stay.literal.index] = ("facilitator", name)
                    stays[leading[name]].append(stay)
    return stays, owners


def _at_places(variables: PlanVariables, timing: Timing, lead: Stay) -> Iterator[Stay]:
    """The stay of a leader at each place at which the timing may be."""
    modes = variables.mode_stays(lead.series_id, timing)
    for mode in modes:
        literal = lead.literal
        if len(modes) > 1:
            literal = variables.both(literal, mode.literal)
        yield replace(lead, literal=literal, place_id=mode.place_id)


def _worth_comparing(
    variables: PlanVariables,
    stays: dict[str, list[Stay]],
    owners: dict[int, tuple[str, str]],
) -> Iterator[list[Stay]]:
    """The lists in which two stays can clash; alike members' lists come once."""
    groups: dict[tuple[bool, frozenset[str]], list[Stay]] = {}
    for person_id, wanting in stays.items():
        names = frozenset(stay.series_id for stay in wanting)
        if len(names) < 2:
            continue
        owned = {owners.get(stay.literal.index) for stay in wanting}
        if owned == {None}:
            out = goes_out(variables.problem.person_by_id[person_id])
            groups[out, names] = wanting
        elif len(owned) > 1:
            yield wanting
    for (out, names), wanting in groups.items():
        if not any(out == far and names < more for far, more in groups):
            yield wanting


def _leading_persons(
    problem: PlanningProblem, names: Collection[str]
) -> dict[str, str]:
    """Person by facilitator id, for those of ``names`` who also take part."""
    return {
        name: person_id
        for name in sorted(names)
        if (person_id := problem.facilitator_by_id[name].person_id) is not None
    }


def _engagements(
    problem: PlanningProblem, plan: Plan, wanted: Collection[str] | None
) -> dict[str, dict[int, set[_Engagement]]]:
    """What each person (of ``wanted``) does on each day."""
    found: dict[str, dict[int, set[_Engagement]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for placement in plan.placements:
        name = placement.series_id
        length = problem.series_by_id[name].length
        present = [
            (person_id, goes_out(problem.person_by_id[person_id]))
            for person_id in participants_in(problem, plan, name)
            if wanted is None or person_id in wanted
        ]
        leading = _leading_persons(problem, placement.leader_ids)
        for meeting in placement.meetings:
            day, slot = meeting.slot // SLOTS_PER_DAY, meeting.slot
            place_id = place_of_room(problem, meeting.room_id)
            for person_id, out in present:
                found[person_id][day].add(
                    _Engagement(
                        slot, slot + length, name, "", place_id if out else None
                    )
                )
            for lead in meeting.facilitator_ids:
                person = leading.get(lead)
                if person is not None and (wanted is None or person in wanted):
                    found[person][day].add(
                        _Engagement(slot, slot + length, name, lead, place_id)
                    )
    return found
