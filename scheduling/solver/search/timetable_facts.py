"""Series with known members as arrays: when, where and with whom each could meet.

Only for weeks: every date pattern is a single day. What one series alone could not do
is left out by the rules' filters; what two could not do together is told as an overlap
of hours, with changeover and travel, or as an order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.candidates import Candidates, Filters
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOTS_PER_DAY, quarters_in
from scheduling.solver.objectives import tier_costs
from scheduling.solver.plan import Meeting, Placement, Plan
from scheduling.solver.problem import LoadLimits, PlanningProblem, Series
from scheduling.solver.rule import Objective

Array = NDArray[Any]
Spot = tuple[int, str | None]

LEAST_SERIES = 12
LEAST_SHARED = 0.01
NO_LIMIT = 10**6
TIER_STEP = 100


@dataclass
class Meetable:
    """One series by spots: a spot is a slot of the horizon at a place.

    ``rooms[s, r]`` and ``leads[s, k]`` say which are open then; ``needs`` pair a count
    with who could fill it; ``soft[s, r]`` and ``lead_soft[k]`` cost comfort.
    """

    series: Series
    slots: Array
    places: Array
    rooms: Array
    leads: Array
    needs: list[tuple[int, Array]]
    members: Array
    soft: Array
    lead_soft: Array


@dataclass
class Timetabled:
    """The problem: series by number, and which of them exclude each other's hours."""

    problem: PlanningProblem
    meetable: list[Meetable]
    room_ids: list[str | None]
    changeover: Array
    place_ids: list[str | None]
    travel: Array
    lead_ids: list[str]
    loads: list[LoadLimits]
    homes: list[str]
    shares: Array
    person_days: Array
    before: dict[int, list[int]] = field(default_factory=dict)
    after: dict[int, list[int]] = field(default_factory=dict)


def wants_timetable(free: tuple[Series, ...]) -> bool:
    """Whether the free series are mostly groups of known people, in one week or so."""
    known = [
        item
        for item in free
        if item.members
        and item.held_weight
        and not item.is_self_paced
        and all(len(pattern.days) == 1 for pattern in item.date_patterns)
        and all(need.from_seats <= len(item.members) for need in item.staff)
    ]
    return len(known) >= LEAST_SERIES and len(known) == len(free)


def timetabled(
    filters: Filters,
    context: Context,
    objectives: tuple[Objective, ...],
    should_stop: Callable[[], bool] = lambda: False,
) -> Timetabled | None:
    """The arrays of everything that the context leaves free.

    ``should_stop`` is asked before each series; when it says so there are none.
    """
    problem = filters.problem
    candidates = Candidates(filters, context)
    rooms: list[str | None] = [None, *(room.id for room in problem.rooms)]
    places: list[str | None] = [None, *(place.id for place in problem.places)]
    leads = [lead.id for lead in problem.facilitators]
    people = sorted({one for item in candidates.series for one in item.members})
    number = {name: place for place, name in enumerate(people)}
    soft = _Comfort(problem, objectives)
    meetable = []
    for item in candidates.series:
        if should_stop():
            return None
        meetable.append(_meetable(candidates, item, rooms, places, leads, number, soft))
    belongs = np.zeros((len(meetable), len(people)), np.float32)
    for place, group in enumerate(meetable):
        belongs[place, group.members] = 1
    shares = belongs @ belongs.T > 0
    np.fill_diagonal(shares, False)
    found = Timetabled(
        problem,
        meetable,
        rooms,
        np.array([0, *(room.changeover for room in problem.rooms)]),
        places,
        np.array([[problem.travel_slots(a, b) for b in places] for a in places]),
        leads,
        [lead.load for lead in problem.facilitators],
        [lead.organisation_id for lead in problem.facilitators],
        shares,
        np.array([_or(problem.person_by_id[one].sessions_per_day) for one in people]),
    )
    at = {item.series.id: place for place, item in enumerate(meetable)}
    for one, other in problem.series_order:
        if one in at and other in at:
            found.before.setdefault(at[other], []).append(at[one])
            found.after.setdefault(at[one], []).append(at[other])
    return found


def _or(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit


class _Comfort:
    """What the later tiers make of a placement alone, in one number."""

    def __init__(
        self, problem: PlanningProblem, objectives: tuple[Objective, ...]
    ) -> None:
        self.problem = problem
        self.later = tuple(
            wish for wish in objectives if wish.tier > 1 and wish.weight(problem)
        )

    def cost(self, placement: Placement) -> int:
        plan = Plan(self.problem.id, (placement,))
        found = tier_costs(self.problem, plan, self.later)
        total = 0
        for tier in range(2, 5):
            total = TIER_STEP * total + found.get(tier, 0)
        return total


def _meetable(
    candidates: Candidates,
    series: Series,
    rooms: list[str | None],
    places: list[str | None],
    leads: list[str],
    number: dict[str, int],
    comfort: _Comfort,
) -> Meetable:
    problem = candidates.problem
    spots: dict[Spot, tuple[set[str | None], set[str]]] = defaultdict(
        lambda: (set(), set())
    )
    for mode in candidates.modes[series.id]:
        day = series.date_patterns[mode.timing.pattern].days[0]
        here: dict[str | None, int] = {None: mode.starts}
        if series.needs_room:
            here = dict(candidates.rooms_for(series, mode).items())
        for room_id, mask in here.items():
            for quarter in quarters_in(mask):
                spots[day * SLOTS_PER_DAY + quarter, mode.place_id][0].add(room_id)
        for lead in candidates.filters.leaders(series):
            for quarter in quarters_in(candidates.leader_starts(series, mode, lead)):
                spots[day * SLOTS_PER_DAY + quarter, mode.place_id][1].add(lead.id)
    _need_chairs(problem, series, spots)
    keys = [key for key, found in sorted(spots.items(), key=_order) if found[0]]
    room_at = {name: place for place, name in enumerate(rooms)}
    lead_at = {name: place for place, name in enumerate(leads)}
    found = Meetable(
        series,
        np.array([slot for slot, _ in keys], np.int64),
        np.array([places.index(place) for _, place in keys], np.int64),
        np.zeros((len(keys), len(rooms)), bool),
        np.zeros((len(keys), len(leads)), bool),
        [],
        np.array([number[one] for one in series.members], np.int64),
        np.zeros((len(keys), len(rooms)), np.float32),
        np.zeros(len(leads), np.float32),
    )
    for row, key in enumerate(keys):
        open_rooms, able = spots[key]
        found.rooms[row, [room_at[one] for one in open_rooms]] = True
        found.leads[row, [lead_at[one] for one in able]] = True
    people = problem.facilitators
    for need in series.staff:
        can = [
            bool(need.roles & lead.roles) and need.skills <= lead.skills
            for lead in people
        ]
        found.needs.append((need.count, np.array(can, bool)))
    _price(found, rooms, leads, comfort)
    return found


def _need_chairs(
    problem: PlanningProblem,
    series: Series,
    spots: dict[Spot, tuple[set[str | None], set[str]]],
) -> None:
    """Leave out rooms without a chair for every leader; the filters count members."""
    chairs = series.guests + sum(need.count for need in series.staff)
    chairs += len(series.members)
    for open_rooms, _ in spots.values():
        open_rooms -= {
            name
            for name in open_rooms
            if name is not None and problem.room_by_id[name].capacity < chairs
        }


def _order(item: tuple[Spot, object]) -> tuple[int, str]:
    (slot, place), _ = item
    return slot, place or ""


def _price(
    item: Meetable, rooms: list[str | None], leads: list[str], comfort: _Comfort
) -> None:
    """Comfort of each spot, room and leader, asked once for each half-day and room."""
    problem, name = comfort.problem, item.series.id
    known: dict[tuple[int, int, int], int] = {}
    for row, slot in enumerate(item.slots):
        day, quarter = divmod(int(slot), SLOTS_PER_DAY)
        for room in map(int, np.flatnonzero(item.rooms[row])):
            key = (day, problem.day_part(quarter), room)
            if key not in known:
                meeting = Meeting(int(slot), rooms[room], ())
                known[key] = comfort.cost(Placement(name, (meeting,)))
            item.soft[row, room] = known[key]
    if not len(item.slots):
        return
    slot, first = int(item.slots[0]), int(np.flatnonzero(item.rooms[0])[0])
    for lead in np.flatnonzero(item.leads.any(axis=0)):
        meeting = Meeting(slot, rooms[first], (leads[lead],))
        extra = comfort.cost(Placement(name, (meeting,))) - item.soft[0, first]
        item.lead_soft[lead] = extra
