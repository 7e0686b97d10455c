"""Who is where in a plan: what the judges of people's rules read.

Judges alone use this file, but for ``goes_out``, which is a fact about a person;
filters and encoders have their own index of what is fixed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from scheduling.solver.horizon import SLOTS_PER_DAY, Availability, Horizon
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import Format, Person, PlanningProblem, Registration


def placements_in(plan: Plan, touching: Collection[str] | None) -> Iterator[Placement]:
    """Every placement, or those of the series in ``touching``."""
    if touching is None:
        yield from plan.placements
        return
    for series_id in sorted(touching):
        if series_id in plan.placement_of:
            yield plan.placement_of[series_id]


def seated_in(
    problem: PlanningProblem, plan: Plan, series_id: str
) -> list[Registration]:
    """Registrations with a seat in the series, once for each seat given."""
    return [
        problem.registration_by_id[name] for name in plan.seats_in.get(series_id, ())
    ]


def participants_in(problem: PlanningProblem, plan: Plan, series_id: str) -> list[str]:
    """Ids of the members and of the persons seated; twice in, twice named."""
    return [
        *problem.series_by_id[series_id].members,
        *(item.person_id for item in seated_in(problem, plan, series_id)),
    ]


def seats_given(
    problem: PlanningProblem, plan: Plan, touching: Collection[str] | None
) -> Iterator[tuple[str, Registration]]:
    """Series id and registration of every seat, or of those in ``touching``."""
    for series_id in plan.seats_in if touching is None else sorted(touching):
        for registration in seated_in(problem, plan, series_id):
            yield series_id, registration


def place_of_room(problem: PlanningProblem, room_id: str | None) -> str | None:
    """Place of a room; ``None`` online."""
    return problem.room_by_id[room_id].place_id if room_id else None


def goes_out(person: Person) -> bool:
    """Whether the person comes to where a group meets.

    Who takes nothing in person joins a hybrid series from home.
    """
    return not person.formats or Format.IN_PERSON in person.formats


def is_free(
    horizon: Horizon, availability: Availability, start: int, length: int
) -> bool:
    """Whether ``length`` slots from ``start`` are free, all on one day."""
    day, first = divmod(start, SLOTS_PER_DAY)
    weekday, end = horizon.weekday(day), start + length
    if first + length > SLOTS_PER_DAY:
        return False
    if any(span.start < end and start < span.end for span in availability.blocked):
        return False
    windows = [
        (window.start + day * SLOTS_PER_DAY, window.end + day * SLOTS_PER_DAY)
        for window in availability.weekly
        if window.weekday == weekday
    ]
    windows += [(span.start, span.end) for span in availability.extra]
    return all(
        any(begin <= slot < close for begin, close in windows)
        for slot in range(start, end)
    )
