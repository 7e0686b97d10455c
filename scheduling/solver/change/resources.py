"""Changes of rooms and of who leads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scheduling.solver.change.base import Change, fresh, must_know, wider, with_changed
from scheduling.solver.horizon import Availability, WeeklyWindow
from scheduling.solver.problem import Facilitator, LoadLimits, PlanningProblem, Room

NEVER = Availability()


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
        must_know(problem.place_index, "place", self.place_id)
        name = f"new-room-{self.place_id}-{self.weekday}-{self.start}"
        room = Room(
            fresh(name, problem.room_by_id),
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
        name = fresh(f"new-leader-{self.weekday}", problem.facilitator_by_id)
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
        def freer(one: Facilitator) -> Facilitator:
            return replace(
                one,
                availability=wider(
                    one.availability, self.weekday, self.start, self.end
                ),
            )

        must_know(problem.facilitator_by_id, "facilitator", self.facilitator_id)
        found = with_changed(problem.facilitators, {self.facilitator_id}, freer)
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

        must_know(problem.facilitator_by_id, "facilitator", self.facilitator_id)
        found = with_changed(problem.facilitators, {self.facilitator_id}, longer)
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
            must_know(problem.facilitator_by_id, "facilitator", name)
        found = with_changed(
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
            must_know(problem.room_by_id, "room", name)
        found = with_changed(
            problem.rooms, self.room_ids, lambda one: replace(one, opening=NEVER)
        )
        return replace(problem, rooms=found)


def _more(load: LoadLimits, minutes: int) -> LoadLimits:
    if load.minutes_per_week is None:
        return load
    return replace(load, minutes_per_week=load.minutes_per_week + minutes)
