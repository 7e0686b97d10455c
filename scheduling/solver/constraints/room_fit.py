"""Rules about which room suits a group: size, features, place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from scheduling.solver.constraints.presence import (
    goes_out,
    placements_in,
    seated_in,
)
from scheduling.solver.plan import Placement, Plan, Violation
from scheduling.solver.problem import (
    Format,
    Person,
    PlanningProblem,
    Registration,
    Room,
    Series,
)
from scheduling.solver.rule import Constraint

if TYPE_CHECKING:
    from scheduling.solver.candidates import Timing
    from scheduling.solver.context import Context
    from scheduling.solver.variables import Literal, PlanVariables, Seat


class RoomCapacity(Constraint):
    """A room has a chair for everybody: members, people with a seat, guests and those
    who lead; whoever joins a hybrid group from home needs none."""

    id = "room-capacity"
    bound = "relaxed"

    def fits_room(self, problem: PlanningProblem, series: Series, room: Room) -> bool:
        return _own_chairs(problem, series) <= room.capacity

    def add_to(self, variables: PlanVariables) -> None:
        for series in variables.series:
            if series.needs_room:
                for timing in variables.timings(series.id):
                    self._fill(variables, series, timing)
        for series in variables.given:
            if series.needs_room:
                self._join(variables, series)

    def _fill(self, variables: PlanVariables, series: Series, timing: Timing) -> None:
        """Chairs wanted in a timing are in the room chosen there.

        Leaders are not split by place, so with several places each one also gets its
        seats alone: that keeps the linear relaxation from sharing a room's chairs.
        """
        problem, name = variables.problem, series.id
        chairs = _own_chairs(problem, series)
        modes = {s.place_id: s.literal for s in variables.mode_stays(name, timing)}
        rooms: dict[str | None, list[tuple[Room, Literal]]] = {}
        for (when, room_id), literal in variables.rooms(name).items():
            if when == timing:
                room = problem.room_by_id[room_id]
                rooms.setdefault(room.place_id, []).append((room, literal))
        seats: dict[str | None, list[Seat]] = {}
        for seat in _chair_seats(problem, series, variables.seats(name)):
            if seat.timing == timing:
                seats.setdefault(seat.place_id, []).append(seat)
        leaders = [
            literal
            for (when, _), literal in variables.leads(name).items()
            if when == timing
        ]
        here = [(room, literal) for found in rooms.values() for room, literal in found]
        everybody = [seat for found in seats.values() for seat in found]
        smallest = min(room.capacity for room, _ in here)
        wanted = chairs + len(leaders) + sum(s.registration.seats for s in everybody)
        if wanted > smallest:
            variables.model.add(
                chairs * variables.at(name, timing) + _count(everybody) + sum(leaders)
                <= sum(room.capacity * literal for room, literal in here)
            )
        if len(modes) > 1:
            for place_id, found in seats.items():
                variables.model.add(
                    chairs * modes[place_id] + _count(found)
                    <= sum(room.capacity * literal for room, literal in rooms[place_id])
                )

    def _join(self, variables: PlanVariables, series: Series) -> None:
        """Who joins what is fixed finds a chair in its room."""
        problem, context = variables.problem, variables.context
        left = _chairs_left(
            problem, series, context.placements[series.id], context.seats[series.id]
        )
        joining = _chair_seats(problem, series, variables.seats(series.id))
        if left is not None and sum(s.registration.seats for s in joining) > left:
            variables.model.add(_count(joining) <= max(0, left))

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            series = problem.series_by_id[placement.series_id]
            people = series.guests
            for member in series.members:
                people += _comes(series, problem.person_by_id[member])
            for registration in seated_in(problem, plan, series.id):
                if _comes(series, problem.person_by_id[registration.person_id]):
                    people += registration.seats
            told = set()
            for meeting in placement.meetings:
                if meeting.room_id is None or meeting.room_id in told:
                    continue
                capacity = problem.room_by_id[meeting.room_id].capacity
                chairs = people + len(set(meeting.facilitator_ids))
                if chairs > capacity:
                    told.add(meeting.room_id)
                    yield Violation(
                        self.id,
                        (("room", meeting.room_id), ("series", series.id)),
                        meeting.slot,
                        (("chairs", chairs), ("capacity", capacity)),
                    )


def _comes(series: Series, person: Person) -> bool:
    """Whether somebody in the series is in its room."""
    return series.format is not Format.HYBRID or goes_out(person)


def _own_chairs(problem: PlanningProblem, series: Series) -> int:
    """Chairs for members and guests."""
    members = (problem.person_by_id[item] for item in series.members)
    return series.guests + sum(_comes(series, person) for person in members)


def _chair_seats(
    problem: PlanningProblem, series: Series, seats: Iterable[Seat]
) -> list[Seat]:
    return [
        seat
        for seat in seats
        if _comes(series, problem.person_by_id[seat.registration.person_id])
    ]


def _count(seats: Iterable[Seat]) -> Any:
    return sum(seat.registration.seats * seat.literal for seat in seats)


def _chairs_left(
    problem: PlanningProblem,
    series: Series,
    placement: Placement,
    seated: Sequence[Registration],
) -> int | None:
    """Chairs left at the fullest meeting; ``None`` when none is in a room."""
    taken = _own_chairs(problem, series) + sum(
        item.seats
        for item in seated
        if _comes(series, problem.person_by_id[item.person_id])
    )
    return min(
        (
            problem.room_by_id[meeting.room_id].capacity
            - taken
            - len(set(meeting.facilitator_ids))
            for meeting in placement.meetings
            if meeting.room_id is not None
        ),
        default=None,
    )


class RoomFeatures(Constraint):
    """A room has what the series needs and what everybody who comes to it needs."""

    id = "room-features"
    bound = "exact"

    def fits_room(self, problem: PlanningProblem, series: Series, room: Room) -> bool:
        return series.room_features <= room.features and all(
            needs_of(series, problem.person_by_id[member]) <= room.features
            for member in series.members
        )

    def fits_seat_beside(
        self, context: Context, registration: Registration, series: Series
    ) -> bool:
        placement = context.placements.get(series.id)
        if placement is None:
            return True
        problem = context.problem
        needs = needs_of(series, problem.person_by_id[registration.person_id])
        return not needs or all(
            needs <= problem.room_by_id[meeting.room_id].features
            for meeting in placement.meetings
            if meeting.room_id is not None
        )

    def add_to(self, variables: PlanVariables) -> None:
        """A seat with needs is in a mode whose chosen room has what is needed."""
        problem = variables.problem
        for series in variables.series:
            rooms: dict[tuple[Timing, str | None], list[tuple[Room, Literal]]] = {}
            for (timing, room_id), literal in variables.rooms(series.id).items():
                room = problem.room_by_id[room_id]
                rooms.setdefault((timing, room.place_id), []).append((room, literal))
            for seat in variables.seats(series.id):
                person = problem.person_by_id[seat.registration.person_id]
                needs = needs_of(series, person)
                if not needs:
                    continue
                here = rooms.get((seat.timing, seat.place_id), [])
                fit = [literal for room, literal in here if needs <= room.features]
                if len(fit) < len(here):
                    variables.model.add(seat.literal <= sum(fit))

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            series = problem.series_by_id[placement.series_id]
            present = [
                *series.members,
                *(item.person_id for item in seated_in(problem, plan, series.id)),
            ]
            first_in: dict[str, int] = {}
            for meeting in sorted(placement.meetings, key=lambda item: item.slot):
                if meeting.room_id is not None:
                    first_in.setdefault(meeting.room_id, meeting.slot)
            for room_id, slot in first_in.items():
                features = problem.room_by_id[room_id].features
                about = (("room", room_id), ("series", series.id))
                if series.room_features - features:
                    yield Violation(self.id, about, slot)
                for person_id in dict.fromkeys(present):
                    person = problem.person_by_id[person_id]
                    if _comes(series, person) and person.needs - features:
                        yield Violation(self.id, (*about, ("person", person_id)), slot)


def needs_of(series: Series, person: Person) -> frozenset[str]:
    """What the room of the series must have for a person in it."""
    return person.needs if _comes(series, person) else frozenset()


class RoomPlace(Constraint):
    """A series meets only at a place where it may be held."""

    id = "room-place"
    bound = "exact"

    def fits_room(self, problem: PlanningProblem, series: Series, room: Room) -> bool:
        return series.place_ids is None or room.place_id in series.place_ids

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for placement in placements_in(plan, touching):
            allowed = problem.series_by_id[placement.series_id].place_ids
            if allowed is None:
                continue
            told: set[str] = set()
            for meeting in placement.meetings:
                if meeting.room_id is None or meeting.room_id in told:
                    continue
                if problem.room_by_id[meeting.room_id].place_id not in allowed:
                    told.add(meeting.room_id)
                    about = (
                        ("room", meeting.room_id),
                        ("series", placement.series_id),
                    )
                    yield Violation(self.id, about, meeting.slot)
