"""Rules about rooms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from scheduling.solver.horizon import SLOTS_PER_DAY, starts_clear_of
from scheduling.solver.plan import Plan, Violation
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
            gap = variables.problem.room_by_id[room_id].changeover
            never_together(variables, wanting, lambda _, __, gap=gap: gap)

    def violations(
        self,
        problem: PlanningProblem,
        plan: Plan,
        touching: Collection[str] | None = None,
    ) -> Iterator[Violation]:
        uses: dict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
        for placement in plan.placements:
            length = problem.series_by_id[placement.series_id].length
            for meeting in placement.meetings:
                if meeting.room_id:
                    day = meeting.slot // SLOTS_PER_DAY
                    uses[meeting.room_id, day].append(
                        (meeting.slot, meeting.slot + length, placement.series_id)
                    )
        for (room_id, _), meetings in uses.items():
            gap = problem.room_by_id[room_id].changeover
            for first, second in combinations(sorted(meetings), 2):
                if touching is not None and not {first[2], second[2]} & set(touching):
                    continue
                if second[0] < first[1] + gap:
                    about = (
                        ("room", room_id),
                        *(("series", m[2]) for m in (first, second)),
                    )
                    yield Violation(self.id, about, second[0])
