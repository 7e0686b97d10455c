"""Double use of a room, a leader or a person by what is pinned or published.

Such a problem has no plan at all; the fault names what holds the two times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Placement
from scheduling.solver.problem import Fault, Pin, PlanningProblem, Series
from scheduling.solver.validate.facts import clock
from scheduling.solver.validate.pins import begun_by, fixed_placements
from scheduling.solver.validate.seat_pins import fixed_seats


@dataclass(frozen=True, slots=True, order=True)
class _Hold:
    """A stretch of slots that something takes for certain, and what says so."""

    start: int
    end: int
    series_id: str
    label: str


_Holds = dict[tuple[str, str], list[_Hold]]
_Sitting = list[tuple[str, str]]


def check_double_use(problem: PlanningProblem) -> Iterator[Fault]:
    holds: _Holds = defaultdict(list)
    fixed, persons = fixed_placements(problem), _persons(problem)
    for placement in fixed.values():
        series = problem.series_by_id[placement.series_id]
        _hold_published(series, placement, persons[series.id], holds)
    for series_id, pins in _usable_pins(problem).items():
        if series_id not in fixed:
            series = problem.series_by_id[series_id]
            _hold_pinned(series, pins, persons[series_id], holds)
    for (kind, ident), taken in holds.items():
        yield from _overlaps(problem, f"{kind} {ident}", sorted(set(taken)))


def _overlaps(
    problem: PlanningProblem, where: str, taken: list[_Hold]
) -> Iterator[Fault]:
    told: set[tuple[str, str]] = set()
    latest = None
    for hold in taken:
        if latest and hold.start < latest.end and hold.series_id != latest.series_id:
            pair = (latest.label, hold.label)
            if pair not in told:
                told.add(pair)
                yield Fault(
                    f"{latest.label} and {hold.label}",
                    f"take the {where} at one time, on {clock(problem, hold.start)}",
                    "change, free or take out one of them",
                )
        if latest is None or hold.end > latest.end:
            latest = hold


def _usable_pins(problem: PlanningProblem) -> dict[str, list[Pin]]:
    """Pins by series, for the series of which some pin fixes the time."""
    pins: dict[str, list[Pin]] = defaultdict(list)
    for pin in problem.pins:
        if pin.series_id in problem.series_by_id and not pin.closed:
            pins[pin.series_id].append(pin)
    return {
        series_id: same
        for series_id, same in pins.items()
        if any(pin.first_slot is not None for pin in same)
    }


def _persons(problem: PlanningProblem) -> dict[str, _Sitting]:
    """Persons who sit in each series for certain, each with what says so."""
    sitting: dict[str, _Sitting] = defaultdict(list)
    for series in problem.series:
        sitting[series.id].extend((ident, "") for ident in series.members)
    for ident, series_id in fixed_seats(problem).items():
        person_id = problem.registration_by_id[ident].person_id
        sitting[series_id].append((person_id, ""))
    for pin in problem.seat_pins:
        registration = problem.registration_by_id.get(pin.registration_id)
        if pin.series_id is not None and registration is not None:
            why = f" with seat pin {pin.id}"
            sitting[pin.series_id].append((registration.person_id, why))
    return sitting


def _hold_published(
    series: Series, placement: Placement, persons: _Sitting, holds: _Holds
) -> None:
    label = f"published series {series.id}"
    for meeting in placement.meetings:
        times = (meeting.slot, meeting.slot + series.length, series.id)
        if meeting.room_id:
            holds["room", meeting.room_id].append(_Hold(*times, label))
        for lead_id in meeting.facilitator_ids:
            holds["facilitator", lead_id].append(_Hold(*times, label))
        for person_id, why in persons:
            holds["person", person_id].append(_Hold(*times, label + why))


def _hold_pinned(
    series: Series, pins: list[Pin], persons: _Sitting, holds: _Holds
) -> None:
    timed = next(pin for pin in pins if pin.first_slot is not None)
    slot = timed.first_slot or 0
    patterns = begun_by(series, slot)
    if not patterns:
        return
    # Only days that every date pattern with this first day has are certain.
    days = set(patterns[0].days).intersection(*(item.days for item in patterns[1:]))
    for day in sorted(days):
        start = day * SLOTS_PER_DAY + slot % SLOTS_PER_DAY
        times = (start, start + series.length, series.id)
        for pin in pins:
            both = dict.fromkeys((timed.id, pin.id))
            label = f"{'pins' if len(both) > 1 else 'pin'} {' and '.join(both)}"
            if pin.room_id is not None:
                holds["room", pin.room_id].append(_Hold(*times, label))
            for lead_id in sorted(pin.facilitator_ids or ()):
                holds["facilitator", lead_id].append(_Hold(*times, label))
        for person_id, why in persons:
            holds["person", person_id].append(_Hold(*times, f"pin {timed.id}{why}"))
