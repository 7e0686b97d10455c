"""What is already fixed while a part is planned: an index over a partial plan.

The rules' ``..._beside`` filters read it; the greedy start adds to it series by series.
Judges have their own code and do not use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import TypeVar

from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Allocation, Placement, Plan
from scheduling.solver.problem import PlanningProblem, Registration


@dataclass(frozen=True, slots=True)
class Busy:
    """A fixed meeting as one resource sees it; quarters of its day, half-open."""

    start: int
    end: int
    place_id: str | None
    series_id: str


Value = TypeVar("Value")
Diary = dict[str, dict[int, list[Busy]]]


class Context:
    """Fixed placements and seats, indexed by room, leader and person, and day."""

    def __init__(
        self,
        problem: PlanningProblem,
        placements: Iterable[Placement] = (),
        allocations: Iterable[Allocation] = (),
    ) -> None:
        self.problem = problem
        self.placements: dict[str, Placement] = {}
        self.seats: dict[str, list[Registration]] = defaultdict(list)
        self.seated: dict[str, str] = {}
        self.rooms: Diary = defaultdict(lambda: defaultdict(list))
        self.leaders: Diary = defaultdict(lambda: defaultdict(list))
        self.persons: Diary = defaultdict(lambda: defaultdict(list))
        self._derived: dict[Hashable, object] = {}
        for placement in placements:
            self.place(placement)
        for allocation in allocations:
            self.seat(allocation)

    @classmethod
    def of_plan(
        cls, problem: PlanningProblem, plan: Plan, without: Iterable[str] = ()
    ) -> Context:
        """The plan without some series: their placements and seats are free."""
        free = set(without)
        return cls(
            problem,
            (item for item in plan.placements if item.series_id not in free),
            (item for item in plan.allocations if item.series_id not in free),
        )

    def seen_by(self, problem: PlanningProblem) -> Context:
        """The same fixed part with another problem's facts.

        What is fixed must be the same in both: only things that nobody uses here may
        differ. The index is shared, so neither context may grow afterwards.
        """
        other = copy(self)
        other.problem, other._derived = problem, {}
        return other

    def without(
        self, series_ids: Collection[str], registration_ids: Collection[str]
    ) -> Context:
        """What is left when some series, with all seats in them, and some more seats
        are free.

        Only what they touch is indexed anew. The rest of the index is shared, so of the
        two contexts only the one that is kept may grow afterwards.
        """
        other = Context(self.problem)
        other.placements = dict(self.placements)
        other.seated, other.seats = dict(self.seated), self.seats.copy()
        gone: dict[str, set[str]] = defaultdict(set)  # by person: series
        rooms: set[str] = set()
        leaders: set[str] = set()
        for name in series_ids:
            placement = other.placements.pop(name, None)
            if placement is None:
                continue
            for meeting in placement.meetings:
                rooms.update((meeting.room_id,) if meeting.room_id else ())
                leaders.update(meeting.facilitator_ids)
            for person_id in self.problem.series_by_id[name].members:
                gone[person_id].add(name)
        left = {item.id for name in series_ids for item in self.seats.get(name, ())}
        for name in left.union(registration_ids):
            series_id = other.seated.pop(name, None)
            if series_id is not None:
                item = self.problem.registration_by_id[name]
                gone[item.person_id].add(series_id)
                kept = [one for one in other.seats[series_id] if one.id != name]
                other.seats[series_id] = kept
        free = frozenset(series_ids)
        other.rooms = _less(self.rooms, dict.fromkeys(rooms, free))
        other.leaders = _less(self.leaders, dict.fromkeys(leaders, free))
        other.persons = _less(self.persons, gone)
        return other

    def meetings(self, placement: Placement) -> Iterable[tuple[int, Busy]]:
        """Day and stretch of every meeting of a placement."""
        series = self.problem.series_by_id[placement.series_id]
        for meeting in placement.meetings:
            day, start = divmod(meeting.slot, SLOTS_PER_DAY)
            room = meeting.room_id and self.problem.room_by_id[meeting.room_id]
            place_id = room.place_id if room else None
            yield day, Busy(start, start + series.length, place_id, series.id)

    def place(self, placement: Placement) -> None:
        """Fix a placement, with the diaries of its room, leaders and members."""
        series = self.problem.series_by_id[placement.series_id]
        self.placements[series.id] = placement
        self._derived.clear()
        for (day, busy), meeting in zip(
            self.meetings(placement), placement.meetings, strict=True
        ):
            if meeting.room_id:
                self.rooms[meeting.room_id][day].append(busy)
            for facilitator_id in meeting.facilitator_ids:
                self.leaders[facilitator_id][day].append(busy)
            for person_id in series.members:
                self.persons[person_id][day].append(busy)

    def seat(self, allocation: Allocation) -> None:
        """Fix a seat; the series must have been placed before."""
        registration = self.problem.registration_by_id[allocation.registration_id]
        self.seats[allocation.series_id].append(registration)
        self.seated[registration.id] = allocation.series_id
        self._derived.clear()
        for day, busy in self.meetings(self.placements[allocation.series_id]):
            self.persons[registration.person_id][day].append(busy)

    def once(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What a rule derives from the context, computed anew when it has grown."""
        if key not in self._derived:
            self._derived[key] = compute()
        return self._derived[key]  # type: ignore[return-value]


def _less(diaries: Diary, gone: Mapping[str, Collection[str]]) -> Diary:
    """The diaries without some series for some owners; those of others are shared."""
    found = diaries.copy()
    for owner, series_ids in gone.items():
        diary: dict[int, list[Busy]] = defaultdict(list)
        for day, busy in diaries.get(owner, {}).items():
            kept = [one for one in busy if one.series_id not in series_ids]
            if kept:
                diary[day] = kept
        found[owner] = diary
    return found
