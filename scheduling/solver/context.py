"""What is already fixed while a part is planned: an index over a partial plan.

The rules' ``..._beside`` filters read it; the greedy start adds to it series by series.
Judges have their own code and do not use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
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
