"""The kinds of change, each with what it is a burden to.

``burden`` ranks changes that help equally: a small thing that one person can decide
comes before what costs an organisation money. It is an order, not a price.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypeVar

from scheduling.solver.faults import Fault, InvalidProblem
from scheduling.solver.horizon import Availability, WeeklyWindow
from scheduling.solver.problem import (
    Choice,
    Facilitator,
    LoadLimits,
    Person,
    PlanningProblem,
    Room,
)

NEVER = Availability()
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Change:
    """Something that could be otherwise. ``kind`` is its word in files and rows."""

    kind: ClassVar[str] = ""

    @property
    def burden(self) -> int:
        """How much it asks of somebody, against the other kinds; at least 1."""
        raise NotImplementedError(f"{type(self).__name__} has no burden")

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        """The problem with the change.

        Raises ``InvalidProblem`` when it names what the problem does not have.
        """
        raise NotImplementedError(f"{type(self).__name__} changes nothing")


def apply_all(problem: PlanningProblem, changes: Iterable[Change]) -> PlanningProblem:
    """The problem with all changes, one after the other; raises as ``apply``."""
    for change in changes:
        problem = change.apply(problem)
    return problem


@dataclass(frozen=True)
class NewRoom(Change):
    """A room more at a place in one stretch of a weekday, say every Tuesday evening."""

    kind = "new-room"
    place_id: str
    weekday: int
    start: int
    end: int
    capacity: int = 12
    features: frozenset[str] = frozenset()

    @property
    def burden(self) -> int:
        return 6

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        _known(problem.place_index, "place", self.place_id)
        name = f"new-room-{self.place_id}-{self.weekday}-{self.start}"
        room = Room(
            _fresh(name, problem.room_by_id),
            self.place_id,
            self.capacity,
            self.features,
            Availability(weekly=(WeeklyWindow(self.weekday, self.start, self.end),)),
        )
        return replace(problem, rooms=(*problem.rooms, room))


@dataclass(frozen=True)
class NewLeader(Change):
    """A leader more with these roles and skills, in one stretch of a weekday."""

    kind = "new-leader"
    roles: frozenset[str]
    skills: frozenset[str]
    weekday: int
    start: int
    end: int
    organisation_id: str = ""

    @property
    def burden(self) -> int:
        return 8

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        name = _fresh(f"new-leader-{self.weekday}", problem.facilitator_by_id)
        lead = Facilitator(
            name,
            self.organisation_id or f"organisation of {name}",
            self.roles,
            self.skills,
            Availability(weekly=(WeeklyWindow(self.weekday, self.start, self.end),)),
        )
        return replace(problem, facilitators=(*problem.facilitators, lead))


@dataclass(frozen=True)
class LeaderHours(Change):
    """A leader can also come in one more stretch of a weekday; leave still counts."""

    kind = "leader-hours"
    facilitator_id: str
    weekday: int
    start: int
    end: int

    @property
    def burden(self) -> int:
        return 4

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        def wider(one: Facilitator) -> Facilitator:
            return replace(one, availability=_wider(one.availability, self))

        _known(problem.facilitator_by_id, "facilitator", self.facilitator_id)
        found = _with(problem.facilitators, {self.facilitator_id}, wider)
        return replace(problem, facilitators=found)


@dataclass(frozen=True)
class LeaderMinutes(Change):
    """A leader works some minutes a week more; limits of a day still count."""

    kind = "leader-minutes"
    facilitator_id: str
    minutes: int

    @property
    def burden(self) -> int:
        return 2 + self.minutes // 90

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        def longer(one: Facilitator) -> Facilitator:
            return replace(one, load=_more(one.load, self.minutes))

        _known(problem.facilitator_by_id, "facilitator", self.facilitator_id)
        found = _with(problem.facilitators, {self.facilitator_id}, longer)
        return replace(problem, facilitators=found)


@dataclass(frozen=True)
class FewerLeaders(Change):
    """Some leaders are not there at all."""

    kind = "fewer-leaders"
    facilitator_ids: frozenset[str]

    @property
    def burden(self) -> int:
        return 9 * max(1, len(self.facilitator_ids))

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        for name in sorted(self.facilitator_ids):
            _known(problem.facilitator_by_id, "facilitator", name)
        found = _with(
            problem.facilitators,
            self.facilitator_ids,
            lambda one: replace(one, availability=NEVER),
        )
        return replace(problem, facilitators=found)


@dataclass(frozen=True)
class FewerRooms(Change):
    """Some rooms cannot be used at all."""

    kind = "fewer-rooms"
    room_ids: frozenset[str]

    @property
    def burden(self) -> int:
        return 9 * max(1, len(self.room_ids))

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        for name in sorted(self.room_ids):
            _known(problem.room_by_id, "room", name)
        found = _with(
            problem.rooms, self.room_ids, lambda one: replace(one, opening=NEVER)
        )
        return replace(problem, rooms=found)


@dataclass(frozen=True)
class Travel(Change):
    """A person travels some minutes further than was said."""

    kind = "travel"
    person_id: str
    minutes: int

    @property
    def burden(self) -> int:
        return 1 + self.minutes // 10

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        _known(problem.person_by_id, "person", self.person_id)
        limit = problem.person_by_id[self.person_id].travel_limit_minutes
        found = _with(
            problem.persons,
            {self.person_id},
            lambda one: replace(
                one,
                travel_limit_minutes=None if limit is None else limit + self.minutes,
            ),
        )
        return replace(problem, persons=found)


@dataclass(frozen=True)
class Pace(Change):
    """A person takes part in some meetings a week, or a day, more than was said."""

    kind = "pace"
    person_id: str
    per_week: int = 1
    per_day: int = 0

    @property
    def burden(self) -> int:
        return 2 + self.per_week + self.per_day

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        def faster(one: Person) -> Person:
            week, day = one.sessions_per_week, one.sessions_per_day
            return replace(
                one,
                sessions_per_week=None if week is None else week + self.per_week,
                sessions_per_day=None if day is None else day + self.per_day,
            )

        _known(problem.person_by_id, "person", self.person_id)
        return replace(
            problem, persons=_with(problem.persons, {self.person_id}, faster)
        )


@dataclass(frozen=True)
class HalfDay(Change):
    """A person can also come in one more stretch of a weekday."""

    kind = "half-day"
    person_id: str
    weekday: int
    start: int
    end: int

    @property
    def burden(self) -> int:
        return 2

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        _known(problem.person_by_id, "person", self.person_id)
        found = _with(
            problem.persons,
            {self.person_id},
            lambda one: replace(one, availability=_wider(one.availability, self)),
        )
        return replace(problem, persons=found)


@dataclass(frozen=True)
class OtherChoice(Change):
    """A registration would take one more series, as its last choice."""

    kind = "choice"
    registration_id: str
    series_id: str

    @property
    def burden(self) -> int:
        return 1

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        _known(problem.registration_by_id, "registration", self.registration_id)
        _known(problem.series_by_id, "series", self.series_id)
        found = _with(
            problem.registrations,
            {self.registration_id},
            lambda one: replace(
                one,
                choices=(
                    *one.choices,
                    Choice(self.series_id, 1 + max_rank(one.choices)),
                ),
            ),
        )
        return replace(problem, registrations=found)


@dataclass(frozen=True)
class MoreSeats(Change):
    """A group takes some people more than it was made for."""

    kind = "more-seats"
    series_id: str
    seats: int = 1

    @property
    def burden(self) -> int:
        return 2 + self.seats

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        _known(problem.series_by_id, "series", self.series_id)
        found = _with(
            problem.series,
            {self.series_id},
            lambda one: replace(one, size_max=one.size_max + self.seats),
        )
        return replace(problem, series=found)


@dataclass(frozen=True)
class SmallerStart(Change):
    """A group starts with some people fewer than it was made for."""

    kind = "smaller-start"
    series_id: str
    seats: int = 1

    @property
    def burden(self) -> int:
        return 2 + self.seats

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        _known(problem.series_by_id, "series", self.series_id)
        found = _with(
            problem.series,
            {self.series_id},
            lambda one: replace(one, size_min=max(0, one.size_min - self.seats)),
        )
        return replace(problem, series=found)


@dataclass(frozen=True)
class Repeat(Change):
    """A series is offered once more, to the same people, beside the one there is."""

    kind = "repeat"
    series_id: str

    @property
    def burden(self) -> int:
        return 5

    @property
    def new_id(self) -> str:
        return f"{self.series_id}-again"

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        _known(problem.series_by_id, "series", self.series_id)
        again = replace(
            problem.series_by_id[self.series_id],
            id=_fresh(self.new_id, problem.series_by_id),
            members=(),
            meetings_held=0,
            held_weight=0,
            continuity=None,
        )
        askings = tuple(
            replace(
                item,
                choices=(
                    *item.choices,
                    *(
                        replace(one, series_id=again.id)
                        for one in item.choices
                        if one.series_id == self.series_id
                    ),
                ),
            )
            for item in problem.registrations
        )
        return replace(problem, series=(*problem.series, again), registrations=askings)


@dataclass(frozen=True)
class OtherWeights(Change):
    """Wishes weigh otherwise; those that are not named stay as they are."""

    kind = "weights"
    weights: Mapping[str, int] = field(default_factory=dict)

    @property
    def burden(self) -> int:
        return 1

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        return replace(problem, weights={**problem.weights, **self.weights})


@dataclass(frozen=True)
class Unpin(Change):
    """Something that a coordinator pinned is free again."""

    kind = "unpin"
    pin_id: str

    @property
    def burden(self) -> int:
        return 3

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        names = {one.id for one in problem.pins}
        names.update(one.id for one in problem.seat_pins)
        _known(names, "pin", self.pin_id)
        return replace(
            problem,
            pins=tuple(one for one in problem.pins if one.id != self.pin_id),
            seat_pins=tuple(one for one in problem.seat_pins if one.id != self.pin_id),
        )


def max_rank(choices: Iterable[Choice]) -> int:
    return max((one.rank for one in choices), default=0)


def _with(
    things: Iterable[Thing], names: Collection[str], change: Callable[[Any], Any]
) -> tuple[Thing, ...]:
    """The things, with the named ones changed."""
    return tuple(
        change(one) if getattr(one, "id", None) in names else one for one in things
    )


def _known(things: Collection[str], what: str, ident: str) -> None:
    if ident not in things:
        raise InvalidProblem(
            (Fault(f"{what} {ident}", "is not in the problem", f"name a {what} of it"),)
        )


def _fresh(name: str, known: Collection[str]) -> str:
    """The name, or the name with a number when it is taken."""
    number, fresh = 1, name
    while fresh in known:
        number += 1
        fresh = f"{name}-{number}"
    return fresh


def _wider(hours: Availability, more: LeaderHours | HalfDay) -> Availability:
    window = WeeklyWindow(more.weekday, more.start, more.end)
    return replace(hours, weekly=(*hours.weekly, window))


def _more(load: LoadLimits, minutes: int) -> LoadLimits:
    if load.minutes_per_week is None:
        return load
    return replace(load, minutes_per_week=load.minutes_per_week + minutes)
