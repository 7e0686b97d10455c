"""Faults of pinned seats, alone and beside the other pins and what is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from scheduling.solver.problem import Fault, PlanningProblem, SeatPin
from scheduling.solver.validate.facts import unknown


def check_seat_pins(problem: PlanningProblem) -> Iterator[Fault]:
    known: list[SeatPin] = []
    for pin in problem.seat_pins:
        dangling = tuple(_check_references(problem, pin))
        yield from dangling
        if not dangling:
            known.append(pin)
    yield from _check_alone(problem, known)
    yield from _check_closed(problem, known)
    yield from _check_beside_published(problem, known)
    yield from _check_sizes(problem, known)
    yield from _check_pairs(problem, known)


def _check_references(problem: PlanningProblem, pin: SeatPin) -> Iterator[Fault]:
    where = f"seat pin {pin.id}"
    if pin.registration_id not in problem.registration_by_id:
        yield unknown(where, "registration", pin.registration_id)
    if pin.series_id is not None and pin.series_id not in problem.series_by_id:
        yield unknown(where, "series", pin.series_id)


def _check_alone(problem: PlanningProblem, pins: list[SeatPin]) -> Iterator[Fault]:
    by_registration: dict[str, list[SeatPin]] = defaultdict(list)
    for pin in pins:
        by_registration[pin.registration_id].append(pin)
        choices = problem.registration_by_id[pin.registration_id].choices
        if pin.series_id is not None and pin.series_id not in {
            choice.series_id for choice in choices
        }:
            yield Fault(
                f"seat pin {pin.id}",
                f"seats {pin.registration_id} in {pin.series_id}, which is none of "
                "its choices",
                "pin one of its choices, or add the series to them",
            )
    for registration_id, same in by_registration.items():
        for first, second in combinations(same, 2):
            if first.series_id != second.series_id:
                yield Fault(
                    f"seat pins {first.id} and {second.id} of {registration_id}",
                    "say different things",
                    "take one of them out",
                )


def _check_closed(problem: PlanningProblem, pins: list[SeatPin]) -> Iterator[Fault]:
    closed = {pin.series_id: pin for pin in problem.pins if pin.closed}
    for pin in pins:
        if pin.series_id in closed:
            yield Fault(
                f"seat pin {pin.id} and pin {closed[pin.series_id].id}",
                f"seat somebody in series {pin.series_id} and close it",
                "take one of them out",
            )


def fixed_seats(problem: PlanningProblem) -> dict[str, str]:
    """Series of each registration whose published seat may not change."""
    published = problem.published
    return {
        item.registration_id: item.series_id
        for item in published.allocations
        if item.registration_id not in published.freed_registrations
        and item.series_id not in published.freed_series
        and item.registration_id in problem.registration_by_id
        and item.series_id in problem.series_by_id
    }


def _check_beside_published(
    problem: PlanningProblem, pins: list[SeatPin]
) -> Iterator[Fault]:
    fixed = fixed_seats(problem)
    for pin in pins:
        seat = fixed.get(pin.registration_id, pin.series_id)
        if seat != pin.series_id:
            yield Fault(
                f"seat pin {pin.id}",
                f"takes {pin.registration_id} out of its published seat in {seat}",
                "free the registration, or take the pin out",
            )


def _check_sizes(problem: PlanningProblem, pins: list[SeatPin]) -> Iterator[Fault]:
    """More seats promised than a series has."""
    seated = dict(fixed_seats(problem))
    by_series: dict[str, list[str]] = defaultdict(list)
    for pin in pins:
        if pin.series_id is not None:
            seated.setdefault(pin.registration_id, pin.series_id)
            by_series[pin.series_id].append(pin.id)
    for series in problem.series:
        taken = len(series.members) + sum(
            problem.registration_by_id[ident].seats
            for ident, series_id in seated.items()
            if series_id == series.id
        )
        if taken > series.size_max and len(series.members) <= series.size_max:
            named = ", ".join(by_series[series.id])
            yield Fault(
                f"series {series.id}" + (f" with seat pins {named}" if named else ""),
                f"has {taken} members and fixed seats and at most {series.size_max}",
                "take some of them out, or raise size_max",
            )


def _check_pairs(problem: PlanningProblem, pins: list[SeatPin]) -> Iterator[Fault]:
    pinned = {pin.registration_id: pin for pin in pins}
    for first, second in problem.keep_together:
        one, other = pinned.get(first), pinned.get(second)
        if one and other and one.series_id != other.series_id:
            yield Fault(
                f"seat pins {one.id} and {other.id}",
                f"part {first} and {second}, who must be kept together",
                "take one of them out, or the pair",
            )
    apart = {frozenset(pair) for pair in problem.keep_apart}
    if not apart:
        return
    for one, other in combinations(pins, 2):
        people = frozenset(
            problem.registration_by_id[pin.registration_id].person_id
            for pin in (one, other)
        )
        if one.series_id and one.series_id == other.series_id and people in apart:
            yield Fault(
                f"seat pins {one.id} and {other.id}",
                f"put {' and '.join(sorted(people))}, who must be kept apart, in "
                f"series {one.series_id}",
                "take one of them out, or the pair",
            )
