"""Rules about whether a resident can take part: time, travel, suitability."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from scheduling.solver.constraints.presence import (
    goes_out,
    is_free,
    participants_in,
    place_of_room,
    placements_in,
    seats_given,
)
from scheduling.solver.horizon import FULL_DAY, starts_within
from scheduling.solver.plan import Plan, Violation
from scheduling.solver.problem import (
    Format,
    Person,
    PlanningProblem,
    Registration,
    Series,
)
from scheduling.solver.rule import Constraint, Days

if TYPE_CHECKING:
    from scheduling.solver.context import Context


class ResidentAvailability(Constraint):
    """Everyone in a group can be there on every date of it."""

    id = "resident-availability"
    bound = "relaxed"

    def person_starts(
        self, problem: PlanningProblem, person: Person, days: Days, length: int
    ) -> int:
        free = problem.horizon.free_on_all(person.availability, days)
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
            for person_id in dict.fromkeys(participants_in(problem, plan, name)):
                availability = problem.person_by_id[person_id].availability
                for meeting in placement.meetings:
                    if not is_free(problem.horizon, availability, meeting.slot, length):
                        yield Violation(
                            self.id,
                            (("person", person_id), ("series", name)),
                            meeting.slot,
                        )


class ResidentTravel(Constraint):
    """Nobody travels longer from home to a group than they said they can."""

    id = "resident-travel"
    bound = "exact"

    def fits_seat_at(
        self, problem: PlanningProblem, person: Person, place_id: str | None
    ) -> bool:
        limit = person.travel_limit_minutes
        if limit is None or not goes_out(person):
            return True
        return problem.travel(person.home_place_id, place_id) <= limit

    def person_starts_beside(
        self,
        context: Context,
        person: Person,
        place_id: str | None,
        days: Days,
        length: int,
    ) -> int:
        """Members have no seat to refuse: a group never moves out of their reach."""
        reached = self.fits_seat_at(context.problem, person, place_id)
        return FULL_DAY if reached else 0

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            name = placement.series_id
            first_at: dict[str | None, int] = {}
            for meeting in sorted(placement.meetings, key=lambda item: item.slot):
                place_id = place_of_room(problem, meeting.room_id)
                first_at.setdefault(place_id, meeting.slot)
            for person_id in dict.fromkeys(participants_in(problem, plan, name)):
                person = problem.person_by_id[person_id]
                limit = person.travel_limit_minutes
                if limit is None or not goes_out(person):
                    continue
                for place_id, slot in first_at.items():
                    minutes = problem.travel(person.home_place_id, place_id)
                    if minutes > limit:
                        yield Violation(
                            self.id,
                            (("person", person_id), ("series", name)),
                            slot,
                            (("minutes", minutes), ("limit", limit)),
                        )


class ResidentSuitability(Constraint):
    """A resident gets a seat only in a series they chose and that suits them: level of
    care, age, language, format and what they need to take part.

    An age that is not known bars nobody.
    """

    id = "resident-suitability"
    bound = "exact"

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        person = problem.person_by_id[registration.person_id]
        return (
            any(item.series_id == series.id for item in registration.choices)
            and series.level in registration.levels
            and _age_fits(person, series)
            and (
                series.language is None
                or not person.languages
                or series.language in person.languages
            )
            and _format_fits(person, series)
            and person.accommodations <= series.accommodations
        )

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for series_id, registration in seats_given(problem, plan, touching):
            series = problem.series_by_id[series_id]
            for fact in _unsuitable(problem, registration, series):
                yield Violation(
                    self.id,
                    (("registration", registration.id), ("series", series_id)),
                    facts=(fact,),
                )


def _age_fits(person: Person, series: Series) -> bool:
    if person.age is None:
        return True
    low = series.age_min is None or series.age_min <= person.age
    return low and (series.age_max is None or person.age <= series.age_max)


def _format_fits(person: Person, series: Series) -> bool:
    """A hybrid series also suits who takes only one of its two ways."""
    suits = {series.format}
    if series.format is Format.HYBRID:
        suits |= {Format.IN_PERSON, Format.ONLINE}
    return not person.formats or not suits.isdisjoint(person.formats)


def _unsuitable(
    problem: PlanningProblem, registration: Registration, series: Series
) -> Iterator[tuple[str, int]]:
    """What is wrong with a seat, as a named number."""
    person = problem.person_by_id[registration.person_id]
    if series.id not in {item.series_id for item in registration.choices}:
        yield "not_chosen", 1
    if series.level not in registration.levels:
        yield "level", series.level
    age = person.age
    if age is not None and series.age_min is not None and age < series.age_min:
        yield "age_min", series.age_min
    if age is not None and series.age_max is not None and age > series.age_max:
        yield "age_max", series.age_max
    spoken = person.languages or {series.language}
    if series.language is not None and series.language not in spoken:
        yield "language", 1
    if person.formats and series.format not in person.formats:
        either = Format.IN_PERSON in person.formats or Format.ONLINE in person.formats
        if series.format is not Format.HYBRID or not either:
            yield "format", 1
    missing = person.accommodations - series.accommodations
    if missing:
        yield "accommodations_missing", len(missing)


class Prerequisite(Constraint):
    """Who enters a follow-up has completed what it builds on."""

    id = "prerequisite"
    bound = "exact"

    def fits_seat(
        self, problem: PlanningProblem, registration: Registration, series: Series
    ) -> bool:
        person = problem.person_by_id[registration.person_id]
        return series.prerequisites <= person.completed

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for series_id, registration in seats_given(problem, plan, touching):
            asked = problem.series_by_id[series_id].prerequisites
            done = problem.person_by_id[registration.person_id].completed
            missing = [item for item in asked if item not in done]
            if missing:
                yield Violation(
                    self.id,
                    (("registration", registration.id), ("series", series_id)),
                    facts=(("missing", len(missing)),),
                )
