"""The facts after an event: leave, shut rooms, other dates, who came and who went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scheduling.solver.horizon import SLOTS_PER_DAY, Availability, Span
from scheduling.solver.problem import (
    DatePattern,
    Facilitator,
    Pin,
    PlanningProblem,
    Room,
    Series,
)
from scheduling.solver.repair.event import (
    CentreClosed,
    Event,
    HolidayForgotten,
    LeaderIll,
    ResidentJoined,
    ResidentLeft,
    RoomLost,
)


def days_of(problem: PlanningProblem, event: Event) -> range:
    """The days of the horizon on which the event is; none for who comes or goes."""
    first = getattr(event, "first_day", None)
    if first is None:
        return range(0)
    last = getattr(event, "last_day", None)
    end = problem.horizon.day_count if last is None else last + 1
    return range(max(0, first), min(end, problem.horizon.day_count))


def changed(problem: PlanningProblem, event: Event) -> PlanningProblem:
    """The problem with the event in its facts; what is published is not looked at,
    but for the seats of who left."""
    match event:
        case LeaderIll():
            spans = tuple(_away(problem, event))
            return replace(
                problem,
                facilitators=tuple(
                    _away_for(item, spans) if item.id == event.facilitator_id else item
                    for item in problem.facilitators
                ),
            )
        case RoomLost():
            return _without_rooms(problem, event, {event.room_id})
        case CentreClosed():
            return _without_rooms(problem, event, _rooms_in(problem, {event.place_id}))
        case HolidayForgotten():
            return _with_holiday(problem, event)
        case ResidentJoined():
            new = () if event.person is None else (event.person,)
            return replace(
                problem,
                persons=(*problem.persons, *new),
                registrations=(*problem.registrations, *event.registrations),
            )
        case ResidentLeft():
            return _without_person(problem, event.person_id)
    raise TypeError(f"unknown event {event!r}")


def _span(problem: PlanningProblem, event: Event) -> Span:
    days = days_of(problem, event)
    return Span(days.start * SLOTS_PER_DAY, days.stop * SLOTS_PER_DAY)


def _shut(when: Availability, spans: Iterable[Span]) -> Availability:
    return replace(when, blocked=(*when.blocked, *spans))


def _away(problem: PlanningProblem, event: LeaderIll) -> Iterator[Span]:
    """Whole days, or the time of the sessions alone."""
    if not event.sessions:
        yield _span(problem, event)
        return
    wanted = {(one.series_id, one.day) for one in event.sessions}
    for placement in problem.published.placements:
        length = problem.series_by_id[placement.series_id].length
        for meeting in placement.meetings:
            if (placement.series_id, meeting.slot // SLOTS_PER_DAY) in wanted:
                yield Span(meeting.slot, meeting.slot + length)


def _away_for(lead: Facilitator, spans: tuple[Span, ...]) -> Facilitator:
    return replace(lead, availability=_shut(lead.availability, spans))


def _rooms_in(problem: PlanningProblem, places: Iterable[str] | None) -> set[str]:
    wanted = None if places is None else set(places)
    return {
        item.id for item in problem.rooms if wanted is None or item.place_id in wanted
    }


def _without_rooms(
    problem: PlanningProblem, event: Event, names: set[str]
) -> PlanningProblem:
    span = _span(problem, event)

    def shut(room: Room) -> Room:
        if room.id not in names:
            return room
        return replace(room, opening=_shut(room.opening, (span,)))

    return replace(problem, rooms=tuple(map(shut, problem.rooms)))


def _with_holiday(problem: PlanningProblem, event: HolidayForgotten) -> PlanningProblem:
    """Rooms are shut, and no pattern of what is not held yet has such a day.

    What is left without a pattern is pinned to stay closed.
    """
    days, places = set(days_of(problem, event)), event.place_ids
    rooms = _rooms_in(problem, places)
    told = {item.series_id for item in problem.published.placements}

    def later(pattern: DatePattern) -> DatePattern | None:
        if not days & set(pattern.days):
            return pattern
        if places is None:
            return None
        own = problem.place_index if pattern.place_ids is None else pattern.place_ids
        left = frozenset(own) - places
        return replace(pattern, place_ids=left) if left else None

    left = {
        item.id: tuple(one for one in map(later, item.date_patterns) if one)
        for item in problem.series
        if item.id not in told and not item.is_self_paced
    }
    closed = tuple(
        Pin(f"{event.id} {name}", name, closed=True)
        for name, patterns in left.items()
        if not patterns and not any(pin.series_id == name for pin in problem.pins)
    )
    shut = _without_rooms(problem, event, rooms)
    return replace(
        shut,
        series=tuple(
            replace(item, date_patterns=left[item.id]) if left.get(item.id) else item
            for item in problem.series
        ),
        pins=(*problem.pins, *closed),
    )


def _without_person(problem: PlanningProblem, person_id: str) -> PlanningProblem:
    gone = {item.id for item in problem.registrations if item.person_id == person_id}

    def left(series: Series) -> Series:
        if person_id not in series.members:
            return series
        members = tuple(one for one in series.members if one != person_id)
        return replace(series, members=members)

    return replace(
        problem,
        series=tuple(map(left, problem.series)),
        registrations=tuple(
            item for item in problem.registrations if item.id not in gone
        ),
        keep_together=tuple(
            pair for pair in problem.keep_together if not gone & set(pair)
        ),
        seat_pins=tuple(
            pin for pin in problem.seat_pins if pin.registration_id not in gone
        ),
        published=replace(
            problem.published,
            allocations=tuple(
                item
                for item in problem.published.allocations
                if item.registration_id not in gone
            ),
        ),
    )
