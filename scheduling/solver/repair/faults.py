"""Faults of an event: what it names must exist, and its dates make sense."""

from __future__ import annotations

from collections.abc import Container, Iterator

from scheduling.solver.problem import Fault, PlanningProblem
from scheduling.solver.repair.event import (
    CentreClosed,
    Event,
    HolidayForgotten,
    LeaderIll,
    ResidentJoined,
    ResidentLeft,
    RoomLost,
)


def faults_of(problem: PlanningProblem, event: Event) -> Iterator[Fault]:
    """Every fault of an event for a problem."""
    named: list[tuple[str, str, Container[str]]] = []
    match event:
        case LeaderIll():
            named.append(
                ("facilitator", event.facilitator_id, problem.facilitator_by_id)
            )
            for one in event.sessions:
                named.append(("series", one.series_id, problem.series_by_id))
                if not event.first_day <= one.day <= event.last_day:
                    date = problem.horizon.date_of(one.day)
                    yield Fault(
                        f"session {one.series_id} of {date}",
                        "is not on the dates of the event",
                        "give dates from `from` to `to`",
                    )
        case RoomLost():
            named.append(("room", event.room_id, problem.room_by_id))
        case CentreClosed():
            named.append(("place", event.place_id, problem.place_index))
        case HolidayForgotten():
            named += [
                ("place", one, problem.place_index)
                for one in sorted(event.place_ids or ())
            ]
        case ResidentLeft():
            named.append(("person", event.person_id, problem.person_by_id))
        case ResidentJoined():
            yield from _newcomer_faults(problem, event)
    for kind, ident, known in named:
        if ident not in known:
            yield Fault(
                f"event {event.id}",
                f"names the unknown {kind} {ident}",
                f"name a {kind} of this problem",
            )
    yield from _day_faults(problem, event)


def _day_faults(problem: PlanningProblem, event: Event) -> Iterator[Fault]:
    first = getattr(event, "first_day", None)
    last = getattr(event, "last_day", None)
    if first is None:
        return
    horizon = problem.horizon
    if last is not None and last < first:
        yield Fault(
            f"event {event.id}",
            f"ends on {horizon.date_of(last)}, before it begins",
            f"let it end on {horizon.date_of(first)} or later",
        )
    elif first >= horizon.day_count or (last is not None and last < 0):
        end = horizon.date_of(horizon.day_count - 1)
        yield Fault(
            f"event {event.id}",
            "lies outside the days that are planned",
            f"give dates from {horizon.first_date} to {end}",
        )


def _newcomer_faults(
    problem: PlanningProblem, event: ResidentJoined
) -> Iterator[Fault]:
    where = f"event {event.id}"
    if not event.registrations:
        yield Fault(where, "has no registration", "say what the person asks for")
    known = set(problem.person_by_id)
    if event.person is not None:
        if event.person.id in known:
            yield Fault(
                where,
                f"brings the person {event.person.id}, whom the problem has already",
                "leave the person out, or give a new id",
            )
        known.add(event.person.id)
    taken = set(problem.registration_by_id)
    for one in event.registrations:
        if one.id in taken:
            yield Fault(
                where, f"has the registration {one.id} twice", "give it a new id"
            )
        taken.add(one.id)
        if one.person_id not in known:
            yield Fault(
                where,
                f"names the unknown person {one.person_id}",
                "give the person too, or name one of this problem",
            )
        for choice in one.choices:
            if choice.series_id not in problem.series_by_id:
                yield Fault(
                    where,
                    f"names the unknown series {choice.series_id}",
                    "name a series of this problem",
                )
