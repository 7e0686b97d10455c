"""Changes that might let a series be held: where only one obstacle is left.

Rules of one kind are left out, and the cells that then stay open say where a room, a
leader or a few people more would do. These are proposals: whoever asks tries them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduling.solver.change import (
    Change,
    HalfDay,
    LeaderHours,
    LeaderMinutes,
    NewLeader,
    NewRoom,
    SmallerStart,
    Travel,
    Unpin,
)
from scheduling.solver.explain.alone import Alone
from scheduling.solver.explain.hand import Cell
from scheduling.solver.horizon import SLOT_MINUTES, SLOTS_PER_DAY
from scheduling.solver.problem import PlanningProblem, Registration

ROOM_RULES = frozenset(
    {"room-conflict", "room-open", "room-booking", "room-capacity", "room-features"}
)
LEADER_RULES = frozenset(
    {
        "facilitator-conflict",
        "facilitator-availability",
        "facilitator-load",
        "staffing-mix",
    }
)
WIDER = frozenset({"resident-availability", "resident-travel"})
CELLS = 3
STEP_MINUTES = 5
MOST_FURTHER = 30
"""Minutes beyond a travel limit that are worth asking somebody about."""


def further(minutes: int) -> int:
    """Minutes as people say them: rounded up to five."""
    return -(-minutes // STEP_MINUTES) * STEP_MINUTES


def half_day(
    problem: PlanningProblem, day: int, quarter: int, length: int
) -> tuple[int, int, int]:
    """Weekday, start and end of the half-day in which a meeting begins."""
    part = problem.day_part(quarter)
    ends = (*problem.day_parts[1:], SLOTS_PER_DAY)
    start = problem.day_parts[part]
    return problem.horizon.weekday(day), start, max(ends[part], quarter + length)


def obstacles(alone: Alone, item: Registration | None = None) -> Iterator[Change]:
    """Proposals for a series, or for one registration to sit in it; the same may come
    twice."""
    every = frozenset(rule.id for rule in alone.rules.named)
    timeless = alone.series.is_self_paced
    if item is not None:
        if not timeless:
            yield from _of_person(alone, every, item)
        return
    for pin in alone.problem.pins:
        if pin.series_id == alone.series.id:
            yield Unpin(pin.id)
    yield from _smaller(alone, every)
    if not timeless:
        yield from _rooms(alone, every)
        yield from _leaders(alone, every)
        yield from _people(alone, every)


def _cells(
    alone: Alone, ids: frozenset[str], item: Registration | None = None
) -> list[Cell]:
    """The best open cells under some rules, of different half-days and places."""
    cells = alone.count.cells(ids, item)
    if not cells.any():
        return []
    found: dict[tuple[object, ...], Cell] = {}
    for row, column in alone.hand.order(cells, ids):
        place = alone.count.grid.place_of[row]
        found.setdefault((place, *_half(alone, column)), (row, column))
    return list(found.values())[:CELLS]


def _half(alone: Alone, column: int) -> tuple[int, int, int]:
    pattern, quarter = (int(one) for one in alone.count.grid.columns[column])
    days = alone.count.grid.patterns[pattern].days
    return half_day(alone.problem, days[0], quarter, alone.series.length)


def _rooms(alone: Alone, every: frozenset[str]) -> Iterator[Change]:
    series = alone.series
    if not series.needs_room:
        return
    leaders = sum(need.count for need in series.staff)
    for row, column in _cells(alone, every - ROOM_RULES):
        place_id = alone.count.grid.place_of[row]
        if place_id is None:
            continue
        needs = {
            need
            for item in alone.waiting
            for need in alone.problem.person_by_id[item.person_id].needs
        }
        yield NewRoom(
            place_id,
            *_half(alone, column),
            capacity=series.size_max + series.guests + leaders,
            features=series.room_features | needs,
        )


def _leaders(alone: Alone, every: frozenset[str]) -> Iterator[Change]:
    grid, rules = alone.count.grid, alone.rules
    hours = np.uint32(1 << rules.bit.get("facilitator-availability", 0))
    load = np.uint32(1 << rules.bit.get("facilitator-load", 0))
    mask = rules.mask(every)
    for row, column in _cells(alone, every - LEADER_RULES):
        at = grid.place_number[grid.place_of[row]]
        half = _half(alone, column)
        for lead, _ in alone.count.able():
            refused = grid.lead(lead)[at, column] & mask
            if refused == hours:
                yield LeaderHours(lead.id, *half)
            elif refused == load:
                yield LeaderMinutes(lead.id, alone.series.length * SLOT_MINUTES)
        for need in alone.series.staff:
            yield NewLeader(
                frozenset(sorted(need.roles)[:1]),
                need.skills | alone.series.leader_skills,
                *half,
            )


def _smaller(alone: Alone, every: frozenset[str]) -> Iterator[Change]:
    """A smaller start, by as few as are missing where the most could come."""
    least = alone.count.least(every)
    ids = every - {"group-size"}
    cells = alone.count.cells(ids, None)
    if not least or not cells.any():
        return
    seats = alone.count.seats_in(alone.rules.mask(ids), ids)
    most = int(np.where(cells, seats, 0).max())
    if 0 < most < least:
        yield SmallerStart(alone.series.id, least - most)


def _people(alone: Alone, every: frozenset[str]) -> Iterator[Change]:
    """One person more who could come, where only one is missing."""
    for row, column in _cells(alone, every - {"group-size"}):
        for item in alone.waiting:
            yield from _of_cell(alone, every, item, (row, column))


def _of_person(
    alone: Alone, every: frozenset[str], item: Registration
) -> Iterator[Change]:
    """What one person could do to sit where the series could be held without them."""
    for cell in _cells(alone, every):
        yield from _of_cell(alone, every, item, cell)
    for cell in _cells(alone, every - WIDER, item):
        yield from _of_cell(alone, every, item, cell)


def _of_cell(
    alone: Alone, every: frozenset[str], item: Registration, cell: Cell
) -> Iterator[Change]:
    """A change of the one thing that keeps a person out of a cell."""
    grid, rules = alone.count.grid, alone.rules
    row, column = cell
    place_id = grid.place_of[row]
    at = grid.place_number[place_id]
    refused = int(grid.seat(item)[at, column] & rules.mask(every))
    if refused == 1 << rules.bit.get("resident-availability", 0):
        yield HalfDay(item.person_id, *_half(alone, column))
    elif refused == 1 << rules.bit.get("resident-travel", 0):
        person = alone.problem.person_by_id[item.person_id]
        minutes = alone.problem.travel(person.home_place_id, place_id)
        over = further(minutes - (person.travel_limit_minutes or 0))
        if over <= MOST_FURTHER:
            yield Travel(item.person_id, over)
