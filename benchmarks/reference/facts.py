"""What every reference solver is given: the choices that are open, and nothing else.

Each is spared what one choice alone would break (closed rooms, leaders on leave, people
who cannot come, everything published): the product's own filters work that out. What
several choices together can break is the business of the solver's own model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from scheduling.solver.candidates import SELF_PACED, Candidates, Filters, Mode
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.constraints.facilitator_load import fixed_load
from scheduling.solver.horizon import SLOT_MINUTES
from scheduling.solver.objectives import OBJECTIVES, tier_one_value
from scheduling.solver.problem import (
    Format,
    PlanningProblem,
    Registration,
    Room,
    Series,
)
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.incumbent import Incumbent
from scheduling.solver.search.worth import Worth

Spot = tuple[int, str | None]
"""Number of a date pattern, and a place (``None`` online)."""

ANYWHERE: Spot = (-1, None)
"""The only spot of a self-paced series."""


@dataclass
class Choices:
    """What is open to one free series: by spot masks of its starting quarters."""

    series: Series
    rooms: dict[Spot, dict[str, int]] = field(default_factory=dict)
    leads: dict[Spot, dict[str, int]] = field(default_factory=dict)
    seats: dict[Spot, dict[str, int]] = field(default_factory=dict)
    starts: dict[Spot, int] = field(default_factory=dict)

    @cached_property
    def lead_ids(self) -> list[str]:
        return sorted({name for found in self.leads.values() for name in found})

    @cached_property
    def seat_ids(self) -> list[str]:
        return sorted({name for found in self.seats.values() for name in found})

    @cached_property
    def room_ids(self) -> list[str]:
        return sorted({name for found in self.rooms.values() for name in found})

    def days(self, spot: Spot) -> tuple[int, ...]:
        return () if spot == ANYWHERE else self.series.date_patterns[spot[0]].days


class Facts:
    """The choices of every free series, and who may join what is fixed."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        self.filters = Filters(problem, CONSTRAINTS)
        self.context = fixed_context(problem)
        self.worth = Worth(problem, OBJECTIVES)
        self.candidates = Candidates(self.filters, self.context)
        self._wanting: dict[str, list[Registration]] = defaultdict(list)
        for item in self.candidates.registrations:
            for choice in item.choices:
                self._wanting[choice.series_id].append(item)
        self.free = [self._choices(series) for series in self.candidates.series]
        self.free = [one for one in self.free if one.starts]
        self.joining = {
            series_id: [
                item for item in found if self.candidates.can_join(item, series_id)
            ]
            for series_id, found in self._wanting.items()
            if series_id in self.context.placements
        }

    def _choices(self, series: Series) -> Choices:
        found = Choices(series)
        spots: dict[Spot, list[Mode]] = defaultdict(list)
        for mode in self.candidates.modes[series.id]:
            number = -1 if mode.timing == SELF_PACED else mode.timing.pattern
            spots[number, mode.place_id].append(mode)
        for spot, modes in spots.items():
            starts = 0
            for mode in modes:
                starts |= mode.starts
            day = Mode(modes[0].timing, spot[1], starts)
            rooms = self.candidates.rooms_for(series, day)
            if series.needs_room and not rooms:
                continue
            found.starts[spot], found.rooms[spot] = starts, rooms
            found.leads[spot] = {
                lead.id: mask
                for lead in self.filters.leaders(series)
                if (mask := self.candidates.leader_starts(series, day, lead))
            }
            found.seats[spot] = {
                item.id: mask
                for item in self._wanting[series.id]
                if (mask := self.candidates.seat_starts(item, series, day))
            }
        return found

    def value(self, choices: Choices, spot: Spot, registration_id: str) -> int:
        """First-tier worth of a seat for a registration."""
        item = self.problem.registration_by_id[registration_id]
        timing = next(
            mode
            for mode in self.candidates.modes[choices.series.id]
            if (spot == ANYWHERE or mode.timing.pattern == spot[0])
        )
        sitting = self.worth.sitting(choices.series, timing)
        return self.worth.seat(item, choices.series, sitting)

    def fixed_value(self) -> int:
        """First-tier value of what is fixed, with everybody else left out."""
        plan = Incumbent.of_context(self.context).plan(self.problem)
        return tier_one_value(self.problem, plan)

    def joining_value(self, item: Registration, series_id: str) -> int:
        sitting = self.worth.sitting_given(self.context, series_id)
        return self.worth.seat(item, self.problem.series_by_id[series_id], sitting)

    def seats_left(self, series_id: str) -> int:
        """Seats that can still be taken in what is fixed, its room included."""
        series = self.problem.series_by_id[series_id]
        seated = self.context.seats.get(series_id, [])
        taken = len(series.members) + sum(item.seats for item in seated)
        left = series.size_max - taken
        for meeting in self.context.placements[series_id].meetings:
            if meeting.room_id and series.format is Format.IN_PERSON:
                room = self.problem.room_by_id[meeting.room_id]
                leaders = len(meeting.facilitator_ids)
                left = min(left, room.capacity - taken - series.guests - leaders)
        return max(0, left)

    def minutes_left(self, lead_id: str, week: int) -> int | None:
        """Minutes a leader can still give in a week; ``None``: no limit."""
        limit = self.problem.facilitator_by_id[lead_id].load.minutes_per_week
        if limit is None:
            return None
        return limit - fixed_load(self.context, lead_id).minutes_in(week)

    def minutes_by_week(self, choices: Choices, spot: Spot) -> Counter[int]:
        """Minutes of meetings by week of the horizon."""
        found: Counter[int] = Counter()
        for day in choices.days(spot):
            found[self.problem.horizon.week(day)] += choices.series.length
        return Counter({week: slots * SLOT_MINUTES for week, slots in found.items()})

    def lacks(self, registration_id: str, room: Room) -> bool:
        """Whether the person needs something the room does not have."""
        item = self.problem.registration_by_id[registration_id]
        return not self.problem.person_by_id[item.person_id].needs <= room.features
