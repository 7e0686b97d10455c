"""Faults of the horizon and of places, rooms, facilitators and persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from scheduling.solver.horizon import (
    SLOT_MINUTES,
    SLOTS_PER_DAY,
    Availability,
    Span,
    WeeklyWindow,
)
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.problem import Fault, PlanningProblem

MOST_DAYS = 732
FIRST_YEAR, LAST_YEAR = 1970, 2999
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_TRAVEL_MINUTES = 240


def check_horizon(problem: PlanningProblem) -> Iterator[Fault]:
    horizon = problem.horizon
    if not 1 <= horizon.day_count <= MOST_DAYS:
        yield Fault(
            "horizon",
            f"has {horizon.day_count} days",
            f"give 1 to {MOST_DAYS} days",
        )
    if not FIRST_YEAR <= horizon.first_date.year <= LAST_YEAR:
        yield Fault(
            "horizon",
            f"begins on {horizon.first_date}",
            f"begin in a year from {FIRST_YEAR} to {LAST_YEAR}",
        )
    try:
        ZoneInfo(horizon.time_zone)
    except (ValueError, OSError, KeyError):
        yield Fault(
            "horizon",
            f"has the unknown time zone {horizon.time_zone!r}",
            'give an IANA name such as "Europe/Amsterdam"',
        )
    parts = problem.day_parts
    if not parts or parts[0] != 0 or list(parts) != sorted(set(parts)):
        yield Fault(
            "day parts",
            f"begin at {', '.join(map(clock_time, parts)) or 'no time'}",
            "begin the first at midnight and each later than the one before",
        )
    elif parts[-1] >= SLOTS_PER_DAY:
        yield Fault("day parts", "begin after the day is over", "end before 24:00")


def check_ids(problem: PlanningProblem) -> Iterator[Fault]:
    kinds: tuple[tuple[str, Iterable[str]], ...] = (
        ("place", [item.id for item in problem.places]),
        ("room", [item.id for item in problem.rooms]),
        ("facilitator", [item.id for item in problem.facilitators]),
        ("person", [item.id for item in problem.persons]),
        ("series", [item.id for item in problem.series]),
        ("registration", [item.id for item in problem.registrations]),
        (
            "pin",
            [
                *(item.id for item in problem.pins),
                *(item.id for item in problem.seat_pins),
            ],
        ),
    )
    for kind, ids in kinds:
        for ident, count in Counter(ids).items():
            if not ident:
                yield Fault(kind, "has an empty id", "give each an id")
            elif count > 1:
                yield Fault(
                    f"{kind} {ident}",
                    f"is there {count} times",
                    f"give each {kind} an id of its own",
                )


def check_places(problem: PlanningProblem) -> Iterator[Fault]:
    size, rows = len(problem.places), problem.travel_minutes
    if len(rows) != size or any(len(row) != size for row in rows):
        shape = f"{len(rows)} rows of {sorted({len(row) for row in rows})}"
        yield Fault(
            "travel minutes",
            f"are {shape} numbers for {size} places",
            f"give {size} rows of {size} numbers, in the order of the places",
        )
        return
    for origin, row in zip(problem.places, rows, strict=True):
        for destination, minutes in zip(problem.places, row, strict=True):
            where = f"travel minutes {origin.id} to {destination.id}"
            if not 0 <= minutes <= MOST_TRAVEL_MINUTES:
                yield Fault(
                    where, f"are {minutes}", f"give 0 to {MOST_TRAVEL_MINUTES} minutes"
                )
            elif origin is destination and minutes:
                yield Fault(where, f"are {minutes}", "give 0 from a place to itself")


def check_rooms(problem: PlanningProblem) -> Iterator[Fault]:
    for room in problem.rooms:
        where = f"room {room.id}"
        yield from _known_place(problem, where, room.place_id)
        yield from at_least(where, 1, capacity=room.capacity)
        yield from at_least(where, 0, changeover=room.changeover, price=room.price)
        yield from _check_availability(problem, where, room.opening)
        yield from _check_spans(problem, where, "is booked", room.booked)


def check_facilitators(problem: PlanningProblem) -> Iterator[Fault]:
    for lead in problem.facilitators:
        where = f"facilitator {lead.id}"
        yield from _known_place(problem, where, lead.base_place_id)
        if lead.person_id is not None and lead.person_id not in problem.person_by_id:
            yield unknown(where, "person", lead.person_id)
        yield from _check_availability(problem, where, lead.availability)
        load = lead.load
        yield from at_least(
            where,
            0,
            minutes_per_week=load.minutes_per_week,
            sessions_per_day=load.sessions_per_day,
            span_minutes=load.span_minutes,
            days_per_week=load.days_per_week,
            block_minutes=load.block_minutes,
            break_minutes=load.break_minutes,
        )


def check_persons(problem: PlanningProblem) -> Iterator[Fault]:
    for person in problem.persons:
        where = f"person {person.id}"
        yield from _known_place(problem, where, person.home_place_id)
        yield from _check_availability(problem, where, person.availability)
        yield from at_least(
            where,
            0,
            travel_limit_minutes=person.travel_limit_minutes,
            sessions_per_week=person.sessions_per_week,
            sessions_per_day=person.sessions_per_day,
            age=person.age,
        )


def check_weights(problem: PlanningProblem) -> Iterator[Fault]:
    known = {wish.id for wish in OBJECTIVES}
    for ident, weight in problem.weights.items():
        yield from at_least(f"weight {ident}", 0, value=weight)
        if ident not in known:
            near = get_close_matches(ident, known, 1) or sorted(known)
            yield Fault(
                f"weight {ident}",
                "is of a wish that does not exist",
                f"name one such as {near[0]}",
            )


def unknown(where: str, kind: str, ident: str) -> Fault:
    """The fault of naming something that is not in the problem."""
    return Fault(
        where,
        f"names the unknown {kind} {ident}",
        f"name a {kind} of this problem, or add it",
    )


def at_least(where: str, least: int, **values: int | None) -> Iterator[Fault]:
    """A fault for each value under ``least``; ``None`` is no value."""
    for name, value in values.items():
        if value is not None and value < least:
            words = name.replace("_", " ")
            yield Fault(where, f"has {words} {value}", f"give {least} or more")


def check_windows(where: str, windows: Iterable[WeeklyWindow]) -> Iterator[Fault]:
    for window in windows:
        if not 0 <= window.weekday <= 6:
            yield Fault(
                where,
                f"has a window on weekday {window.weekday}",
                "give 0 (Monday) to 6",
            )
        elif not 0 <= window.start < window.end <= SLOTS_PER_DAY:
            yield Fault(
                where,
                f"has a window on {DAYS[window.weekday]} from "
                f"{clock_time(window.start)} to {clock_time(window.end)}",
                "let it begin before it ends, both on one day",
            )


def clock_time(quarter: int) -> str:
    """A quarter of the day as a person reads it."""
    return f"{quarter // 4:02}:{quarter % 4 * SLOT_MINUTES:02}"


def clock(problem: PlanningProblem, slot: int) -> str:
    """A slot as a person reads it."""
    day, quarter = divmod(slot, SLOTS_PER_DAY)
    return f"{problem.horizon.date_of(day)} at {clock_time(quarter)}"


def _check_availability(
    problem: PlanningProblem, where: str, availability: Availability
) -> Iterator[Fault]:
    yield from check_windows(where, availability.weekly)
    yield from _check_spans(problem, where, "is free", availability.extra)
    yield from _check_spans(problem, where, "is blocked", availability.blocked)


def _check_spans(
    problem: PlanningProblem, where: str, what: str, spans: Iterable[Span]
) -> Iterator[Fault]:
    for span in spans:
        if span.start >= span.end:
            yield Fault(
                where,
                f"{what} from {clock(problem, span.start)} to "
                f"{clock(problem, span.end)}",
                "let it begin before it ends",
            )


def _known_place(
    problem: PlanningProblem, where: str, place_id: str | None
) -> Iterator[Fault]:
    if place_id is not None and place_id not in problem.place_index:
        yield unknown(where, "place", place_id)
