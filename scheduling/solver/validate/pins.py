"""Faults of pins on series: references, and pins that cannot all be kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from scheduling.solver.horizon import SLOTS_PER_DAY, mask_between
from scheduling.solver.plan import Placement
from scheduling.solver.problem import (
    DatePattern,
    Fault,
    Pin,
    PlanningProblem,
    Room,
    Series,
)
from scheduling.solver.validate.facts import clock, unknown
from scheduling.solver.validate.published import time_fault


def check_pins(problem: PlanningProblem) -> Iterator[Fault]:
    by_series: dict[str, list[Pin]] = {}
    fixed = fixed_placements(problem)
    for pin in problem.pins:
        dangling = tuple(_check_references(problem, pin))
        yield from dangling
        if dangling:
            continue
        by_series.setdefault(pin.series_id, []).append(pin)
        yield from _check_pin(problem, problem.series_by_id[pin.series_id], pin)
        if pin.series_id in fixed:
            yield from _check_beside_published(problem, pin, fixed[pin.series_id])
    for pins in by_series.values():
        for first, second in combinations(pins, 2):
            yield from _check_two(first, second)


def fixed_placements(problem: PlanningProblem) -> dict[str, Placement]:
    """Published placements that may not change, by series."""
    return {
        item.series_id: item
        for item in problem.published.placements
        if item.series_id not in problem.published.freed_series
        and item.series_id in problem.series_by_id
    }


def _check_references(problem: PlanningProblem, pin: Pin) -> Iterator[Fault]:
    where = f"pin {pin.id}"
    if pin.series_id not in problem.series_by_id:
        yield unknown(where, "series", pin.series_id)
    if pin.room_id is not None and pin.room_id not in problem.room_by_id:
        yield unknown(where, "room", pin.room_id)
    for ident in sorted(pin.facilitator_ids or ()):
        if ident not in problem.facilitator_by_id:
            yield unknown(where, "facilitator", ident)


def _says(pin: Pin) -> dict[str, object]:
    """What a pin fixes, by the words for it."""
    said = {
        "first meeting": pin.first_slot,
        "room": pin.room_id,
        "leaders": pin.facilitator_ids and tuple(sorted(pin.facilitator_ids)),
    }
    return {name: value for name, value in said.items() if value is not None}


def _check_two(first: Pin, second: Pin) -> Iterator[Fault]:
    where = f"pins {first.id} and {second.id} of series {first.series_id}"
    if first.closed != second.closed:
        yield Fault(where, "say that it opens and that it does not", "take one out")
    said = _says(second)
    for name, value in _says(first).items():
        if name in said and said[name] != value:
            yield Fault(where, f"each name another {name}", "take one of them out")


def _check_pin(problem: PlanningProblem, series: Series, pin: Pin) -> Iterator[Fault]:
    where = f"pin {pin.id} of series {series.id}"
    if pin.closed and _says(pin):
        named = ", ".join(_says(pin))
        yield Fault(where, f"closes it and names its {named}", "leave out one of both")
    patterns: tuple[DatePattern, ...] = ()
    if pin.first_slot is not None:
        patterns = begun_by(series, pin.first_slot)
        fault = _time_fault(problem, series, pin.first_slot, patterns)
        if fault:
            yield Fault(where, *fault)
            patterns = ()
    if pin.room_id is not None:
        room = problem.room_by_id[pin.room_id]
        yield from _check_room(where, series, room)
        yield from _check_room_open(problem, where, room, pin, patterns, series)
    if pin.facilitator_ids is not None:
        yield from _check_leaders(problem, where, series, pin, patterns)


def begun_by(series: Series, slot: int) -> tuple[DatePattern, ...]:
    """The date patterns whose first day is that of ``slot``."""
    day = slot // SLOTS_PER_DAY
    return tuple(item for item in series.date_patterns if item.days[:1] == (day,))


def _time_fault(
    problem: PlanningProblem,
    series: Series,
    slot: int,
    patterns: tuple[DatePattern, ...],
) -> tuple[str, str] | None:
    """What is wrong with a pinned first meeting and what would be right."""
    if series.is_self_paced:
        return "pins a time and the series is self-paced", "leave the time out"
    horizon, start = problem.horizon, slot % SLOTS_PER_DAY
    day, at = slot // SLOTS_PER_DAY, clock(problem, slot)
    if not patterns:
        firsts = sorted({item.days[0] for item in series.date_patterns if item.days})
        named = ", ".join(str(horizon.date_of(first)) for first in firsts)
        return f"begins on {at}, when none of its dates begin", f"begin on {named}"
    if start % max(1, series.start_step):
        return f"begins on {at}", (
            f"begin on a multiple of {15 * series.start_step} minutes from midnight"
        )
    end = start + series.length
    if not any(
        window.weekday == horizon.weekday(day)
        and window.start <= start
        and end <= window.end
        for window in series.windows
    ):
        return f"begins on {at}, outside its windows", "begin inside a window"
    bad = time_fault(problem, slot, series.length)
    return (f"begins on {at} and {bad}", "give another time") if bad else None


def _check_room(where: str, series: Series, room: Room) -> Iterator[Fault]:
    if not series.needs_room:
        yield Fault(where, "names a room and it needs none", "leave the room out")
        return
    if series.place_ids is not None and room.place_id not in series.place_ids:
        yield Fault(
            where,
            f"names the room {room.id} in {room.place_id}, where it may not be",
            f"name a room in {', '.join(sorted(series.place_ids)) or 'another place'}",
        )
    missing = series.room_features - room.features
    if missing:
        yield Fault(
            where,
            f"names the room {room.id}, which lacks {', '.join(sorted(missing))}",
            "name a room that has them",
        )
    seats = _least_seats(series)
    chairs = seats + series.guests + _leaders_needed(series, seats)
    if chairs > room.capacity:
        yield Fault(
            where,
            f"names the room {room.id} of {room.capacity} chairs, and at least "
            f"{chairs} are needed",
            "name a larger room",
        )


def _check_room_open(
    problem: PlanningProblem,
    where: str,
    room: Room,
    pin: Pin,
    patterns: tuple[DatePattern, ...],
    series: Series,
) -> Iterator[Fault]:
    if pin.first_slot is None or not patterns:
        return
    start = pin.first_slot % SLOTS_PER_DAY
    meeting = mask_between(start, start + series.length)
    shut = []
    for pattern in patterns:
        for day in pattern.days:
            free = problem.horizon.free_quarters(room.opening, day)
            for span in room.booked:
                first = day * SLOTS_PER_DAY
                begin, end = max(0, span.start - first), min(96, span.end - first)
                free &= ~mask_between(begin, end)
            if meeting & ~free:
                shut.append(day)
                break
    if len(shut) == len(patterns):
        yield Fault(
            where,
            f"names the room {room.id}, which is closed or booked on "
            f"{clock(problem, shut[0] * SLOTS_PER_DAY + start)}",
            "name another room or another time",
        )


def _least_seats(series: Series) -> int:
    """Seats taken whatever happens: a running group may be smaller than a new one."""
    least = 0 if series.is_running else series.size_min
    return max(least, len(series.members))


def _leaders_needed(series: Series, seats: int) -> int:
    return sum(need.count for need in series.staff if need.from_seats <= seats)


def _check_leaders(
    problem: PlanningProblem,
    where: str,
    series: Series,
    pin: Pin,
    patterns: tuple[DatePattern, ...],
) -> Iterator[Fault]:
    named = sorted(pin.facilitator_ids or ())
    needed = _leaders_needed(series, _least_seats(series))
    if len(named) < needed:
        yield Fault(
            where,
            f"names {len(named)} leaders and it needs {needed}",
            f"name {needed} leaders, or leave them out",
        )
    for ident in named:
        lead = problem.facilitator_by_id[ident]
        if lead.person_id is not None and lead.person_id in series.members:
            yield Fault(
                where, f"names the leader {ident}, who is a member", "name another"
            )
        if not any(need.roles & lead.roles for need in series.staff):
            yield Fault(
                where,
                f"names the leader {ident}, who has none of the roles it needs",
                "name a leader who has one",
            )
        if pin.first_slot is None or not patterns:
            continue
        start = pin.first_slot % SLOTS_PER_DAY
        meeting = mask_between(start, start + series.length)
        if all(
            any(
                meeting & ~problem.horizon.free_quarters(lead.availability, day)
                for day in pattern.days
            )
            for pattern in patterns
        ):
            yield Fault(
                where,
                f"names the leader {ident}, who is not available on all its dates",
                "name another leader or another time",
            )


def _check_beside_published(
    problem: PlanningProblem, pin: Pin, placement: Placement
) -> Iterator[Fault]:
    where = f"pin {pin.id} of series {pin.series_id}"
    right = "free the series, or take the pin out"
    if pin.closed:
        yield Fault(where, "closes it and it is published", right)
    for meeting in placement.meetings[:1]:
        if pin.first_slot is not None and pin.first_slot != meeting.slot:
            was = clock(problem, meeting.slot)
            yield Fault(where, f"moves it and it is published for {was}", right)
    if pin.room_id is not None and any(
        meeting.room_id != pin.room_id for meeting in placement.meetings
    ):
        yield Fault(where, "gives it another room than is published", right)
    if pin.facilitator_ids is not None and pin.facilitator_ids != placement.leader_ids:
        yield Fault(where, "gives it other leaders than are published", right)
