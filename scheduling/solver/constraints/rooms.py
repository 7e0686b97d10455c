"""Rules about when a room can be used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling.solver.constraints.presence import is_free, placements_in
from scheduling.solver.horizon import SLOTS_PER_DAY, starts_clear_of, starts_within
from scheduling.solver.plan import Meeting, Plan, Violation
from scheduling.solver.problem import PlanningProblem, Room
from scheduling.solver.rule import Constraint, Days
from scheduling.solver.sequencing import never_together

if TYPE_CHECKING:
    from scheduling.solver.context import Context
    from scheduling.solver.variables import PlanVariables, Stay


class RoomConflict(Constraint):
    """A room holds one meeting at a time, with its changeover kept in between."""

    id = "room-conflict"
    bound = "relaxed"

    def room_starts_beside(
        self, context: Context, room: Room, days: Days, length: int
    ) -> int:
        diary = context.rooms.get(room.id, {})
        gap = room.changeover
        return starts_clear_of(
            (
                (busy.start - gap, busy.end + gap)
                for day in days
                for busy in diary.get(day, ())
            ),
            length,
        )

    def add_to(self, variables: PlanVariables) -> None:
        stays: dict[str, list[Stay]] = defaultdict(list)
        for series in variables.series:
            for room_id, stay in variables.room_stays(series.id):
                stays[room_id].append(stay)
        for room_id, wanting in stays.items():
            if len({stay.series_id for stay in wanting}) > 1:
                changeover = variables.problem.room_by_id[room_id].changeover

                def gap(_: Stay, __: Stay, changeover: int = changeover) -> int:
                    return changeover

                never_together(variables, wanting, gap)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        wanted = None
        if touching is not None:
            wanted = {
                meeting.room_id
                for placement in placements_in(plan, touching)
                for meeting in placement.meetings
            }
        uses: dict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
        for placement in plan.placements:
            length = problem.series_by_id[placement.series_id].length
            for meeting in placement.meetings:
                if meeting.room_id and (wanted is None or meeting.room_id in wanted):
                    day = meeting.slot // SLOTS_PER_DAY
                    uses[meeting.room_id, day].append(
                        (meeting.slot, meeting.slot + length, placement.series_id)
                    )
        for (room_id, _), meetings in uses.items():
            gap = problem.room_by_id[room_id].changeover
            for first, second in combinations(sorted(meetings), 2):
                names = (first[2], second[2])
                if touching is not None and not any(item in touching for item in names):
                    continue
                if second[0] < first[1] + gap:
                    about = (("room", room_id), *(("series", name) for name in names))
                    yield Violation(self.id, about, second[0])


class RoomOpen(Constraint):
    """A room is open during every meeting in it, on every date of the series."""

    id = "room-open"
    bound = "exact"

    def room_starts(
        self, problem: PlanningProblem, room: Room, days: Days, length: int
    ) -> int:
        return starts_within(problem.horizon.free_on_all(room.opening, days), length)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for series_id, room, meeting in _meetings_in_rooms(problem, plan, touching):
            length = problem.series_by_id[series_id].length
            if not is_free(problem.horizon, room.opening, meeting.slot, length):
                about = (("room", room.id), ("series", series_id))
                yield Violation(self.id, about, meeting.slot)


class RoomBooking(Constraint):
    """Others' bookings of a room always win, with its changeover before and after."""

    id = "room-booking"
    bound = "exact"

    def room_starts(
        self, problem: PlanningProblem, room: Room, days: Days, length: int
    ) -> int:
        gap = room.changeover
        return starts_clear_of(
            (
                (span.start - gap - first, span.end + gap - first)
                for first in (day * SLOTS_PER_DAY for day in days)
                for span in room.booked
                if span.start - gap < first + SLOTS_PER_DAY and first < span.end + gap
            ),
            length,
        )

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        for series_id, room, meeting in _meetings_in_rooms(problem, plan, touching):
            end = meeting.slot + problem.series_by_id[series_id].length
            for booking in room.booked:
                before = end + room.changeover <= booking.start
                after = booking.end + room.changeover <= meeting.slot
                if not before and not after:
                    about = (("room", room.id), ("series", series_id))
                    yield Violation(self.id, about, meeting.slot)
                    break


def _meetings_in_rooms(
    problem: PlanningProblem, plan: Plan, touching: Collection[str] | None
) -> Iterator[tuple[str, Room, Meeting]]:
    """Series id, room and meeting of all that is held in a room."""
    for placement in placements_in(plan, touching):
        for meeting in placement.meetings:
            if meeting.room_id is not None:
                room = problem.room_by_id[meeting.room_id]
                yield placement.series_id, room, meeting
