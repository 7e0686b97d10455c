"""Faults of pins on series: contradictions name what contradicts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    Span,
    WeeklyWindow,
)
from scheduling.solver.plan import Allocation
from scheduling.solver.problem import (
    DatePattern,
    Pin,
    PlanningProblem,
    SeatPin,
)
from scheduling.solver.validate import faults
from tests import builders
from tests.builders import NINE, SEVEN, TEN, placed
from tests.pinned_facts import (
    GUIDED,
    NEXT_MONDAY,
    PACED,
    S,
    T,
    facts,
    pins,
    told,
)


def test_sound_pins_and_placements_have_no_fault() -> None:
    problem = facts(
        published=told(
            placed(S, NINE, "r", "f"),
            placed(PACED, 0, None, "f"),
            allocations=(Allocation("a", "s"),),
        ),
        pins=(
            Pin("1", "t", TEN, "r", frozenset()),
            Pin("2", "s", NINE, "r", frozenset({"f"})),
            Pin("3", "o", closed=True),
        ),
        seat_pins=(SeatPin("4", "a", "s"), SeatPin("5", "b", None)),
    )
    assert faults(problem) == ()


MIDDAY_GAP = replace(T, windows=(WeeklyWindow(0, NINE, TEN),))
FEATURED = replace(T, room_features=frozenset({"lift"}), place_ids=frozenset({"x"}))

PINS: dict[str, tuple[PlanningProblem, str, str]] = {
    "unknown series": (pins(Pin("1", "z")), "pin 1", "unknown series z"),
    "unknown room": (pins(Pin("1", "t", room_id="z")), "pin 1", "unknown room z"),
    "unknown leader": (
        pins(Pin("1", "t", facilitator_ids=frozenset({"z"}))),
        "pin 1",
        "unknown facilitator z",
    ),
    "two times": (
        pins(Pin("1", "t", NINE), Pin("2", "t", TEN)),
        "pins 1 and 2 of series t",
        "another first meeting",
    ),
    "two rooms": (
        pins(Pin("1", "t", room_id="r"), Pin("2", "t", room_id="q")),
        "pins 1 and 2 of series t",
        "another room",
    ),
    "closed and placed": (
        pins(Pin("1", "t", NINE), Pin("2", "t", closed=True)),
        "pins 1 and 2 of series t",
        "opens and that it does not",
    ),
    "closed and held": (
        pins(Pin("1", "t"), Pin("2", "t", closed=True)),
        "pins 1 and 2 of series t",
        "opens and that it does not",
    ),
    "closed with a time": (
        pins(Pin("1", "t", NINE, closed=True)),
        "pin 1 of series t",
        "closes it and names its first meeting",
    ),
    "date of no pattern": (
        pins(Pin("1", "t", 3 * SLOTS_PER_DAY + NINE)),
        "pin 1 of series t",
        "when none of its dates begin",
    ),
    "off the grid": (
        pins(Pin("1", "t", NINE + 1)),
        "pin 1 of series t",
        "begins on 2026-11-30 at 09:15",
    ),
    "outside the windows": (
        pins(Pin("1", "t", TEN), series=(MIDDAY_GAP, S)),
        "pin 1 of series t",
        "outside its windows",
    ),
    "time of self-paced": (
        pins(Pin("1", "p", NINE)),
        "pin 1 of series p",
        "the series is self-paced",
    ),
    "room online": (
        pins(Pin("1", "o", room_id="r")),
        "pin 1 of series o",
        "names a room and it needs none",
    ),
    "room elsewhere": (
        pins(
            Pin("1", "t", room_id="q"),
            series=(replace(T, place_ids=frozenset({"x"})), S),
        ),
        "pin 1 of series t",
        "where it may not be",
    ),
    "room without": (
        pins(Pin("1", "t", room_id="r"), series=(FEATURED, S)),
        "pin 1 of series t",
        "lacks lift",
    ),
    "room too small": (
        pins(Pin("1", "t", room_id="q"), series=(replace(T, size_min=3), S)),
        "pin 1 of series t",
        "at least 3 are needed",
    ),
    "closed room": (
        pins(Pin("1", "t", SEVEN, "r")),
        "pin 1 of series t",
        "closed or booked on 2026-11-30 at 19:00",
    ),
    "booked room": (
        pins(
            Pin("1", "t", NINE, "r"),
            rooms=(builders.room("r", booked=(Span(NEXT_MONDAY, NEXT_MONDAY + 96),)),),
        ),
        "pin 1 of series t",
        "closed or booked on 2026-12-07",
    ),
    "too few leaders": (
        pins(Pin("1", "s", facilitator_ids=frozenset())),
        "pin 1 of series s",
        "names 0 leaders and it needs 1",
    ),
    "leader without the role": (
        pins(Pin("1", "s", facilitator_ids=frozenset({"g"}))),
        "pin 1 of series s",
        "none of the roles",
    ),
    "leader away": (
        pins(
            Pin("1", "s", SEVEN, facilitator_ids=frozenset({"f"})),
        ),
        "pin 1 of series s",
        "not available on all its dates",
    ),
    "leader who is a member": (
        pins(
            Pin("1", "s", facilitator_ids=frozenset({"f"})),
            facilitators=(builders.facilitator("f", person_id="m"),),
        ),
        "pin 1 of series s",
        "who is a member",
    ),
    "room at one time": (
        pins(Pin("1", "s", NINE, "r"), Pin("2", "t", NINE, "r")),
        "pin 1 and pin 2",
        "take the room r at one time, on 2026-11-30 at 09:00",
    ),
    "leader at one time, in parts": (
        pins(
            Pin("1", "s", NINE, facilitator_ids=frozenset({"f"})),
            Pin("2", "t", NINE),
            Pin("3", "t", facilitator_ids=frozenset({"f"})),
            series=(S, replace(T, staff=GUIDED)),
        ),
        "pin 1 and pins 2 and 3",
        "take the facilitator f at one time",
    ),
    "pin on a published room": (
        pins(
            Pin("1", "t", NINE, "r"),
            published=told(placed(S, NINE, "r", "f")),
        ),
        "published series s and pin 1",
        "take the room r at one time",
    ),
    "published twice in a room": (
        facts(published=told(placed(S, NINE, "r", "f"), placed(T, NINE, "r"))),
        "published series s and published series t",
        "take the room r at one time",
    ),
    "moves what is published": (
        pins(Pin("1", "s", TEN), published=told(placed(S, NINE, "r", "f"))),
        "pin 1 of series s",
        "published for 2026-11-30 at 09:00",
    ),
    "closes what is published": (
        pins(Pin("1", "s", closed=True), published=told(placed(S, NINE, "r", "f"))),
        "pin 1 of series s",
        "closes it and it is published",
    ),
    "another room than published": (
        pins(Pin("1", "t", room_id="r"), published=told(placed(T, NINE, "q"))),
        "pin 1 of series t",
        "another room than is published",
    ),
    "other leaders than published": (
        pins(
            Pin("1", "t", facilitator_ids=frozenset()),
            published=told(placed(T, NINE, "q", "g")),
        ),
        "pin 1 of series t",
        "other leaders than are published",
    ),
}


@pytest.mark.parametrize("case", PINS, ids=PINS.keys())
def test_fault_of_pins_names_them(case: str) -> None:
    problem, where, wrong = PINS[case]
    found = faults(problem)
    assert [fault.where for fault in found] == [where]
    assert wrong in found[0].wrong


def test_pins_that_only_may_clash_are_no_fault() -> None:
    """Two date patterns begin that day and only one of them shares the second date."""
    either = replace(T, date_patterns=(DatePattern((0, 7)), DatePattern((0, 8))))
    late = builders.series("u", date_patterns=(DatePattern((7,)),))
    problem = pins(
        Pin("1", "t", NINE, "r"),
        Pin("2", "u", NEXT_MONDAY + NINE, "r"),
        series=(either, late, S),
    )
    assert faults(problem) == ()
    certain = replace(problem, series=(T, late, S))
    assert [fault.where for fault in faults(certain)] == ["pin 1 and pin 2"]
