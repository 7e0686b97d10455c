"""Faults of pinned seats: each names the pins that contradict."""

from __future__ import annotations

import pytest

from scheduling.solver.plan import Allocation
from scheduling.solver.problem import Pin, PlanningProblem
from scheduling.solver.validate import faults
from tests.builders import NINE, placed
from tests.pinned_facts import S, facts, seats, told

IN_S = told(placed(S, NINE, "r", "f"), allocations=(Allocation("a", "s"),))

CASES: dict[str, tuple[PlanningProblem, str, str]] = {
    "unknown registration": (seats(("z", "s")), "seat pin k1", "registration z"),
    "unknown series": (seats(("a", "z")), "seat pin k1", "unknown series z"),
    "none of its choices": (
        seats(("a", "o")),
        "seat pin k1",
        "which is none of its choices",
    ),
    "two series": (
        seats(("a", "s"), ("a", "t")),
        "seat pins k1 and k2 of a",
        "say different things",
    ),
    "a seat and none": (
        seats(("a", "s"), ("a", None)),
        "seat pins k1 and k2 of a",
        "say different things",
    ),
    "closed series": (
        seats(("a", "s"), pins=(Pin("1", "s", closed=True),)),
        "seat pin k1 and pin 1",
        "seat somebody in series s and close it",
    ),
    "out of a published seat": (
        seats(("a", "t"), published=IN_S),
        "seat pin k1",
        "out of its published seat in s",
    ),
    "too many": (
        seats(("b", "s"), ("c", "s"), published=IN_S),
        "series s with seat pins k1, k2",
        "has 4 members and fixed seats and at most 3",
    ),
    "together but parted": (
        seats(("a", "s"), ("b", "t"), keep_together=(("a", "b"),)),
        "seat pins k1 and k2",
        "must be kept together",
    ),
    "apart but joined": (
        seats(("a", "s"), ("b", "s"), keep_apart=(("p-b", "p-a"),)),
        "seat pins k1 and k2",
        "put p-a and p-b, who must be kept apart, in series s",
    ),
    "one person at one time": (
        seats(
            ("b", "s"),
            ("c", "t"),
            pins=(Pin("1", "s", NINE), Pin("2", "t", NINE)),
        ),
        "pin 1 with seat pin k1 and pin 2 with seat pin k2",
        "take the person p-b at one time",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=CASES.keys())
def test_fault_of_seat_pins_names_them(case: str) -> None:
    problem, where, wrong = CASES[case]
    found = faults(problem)
    assert [fault.where for fault in found] == [where]
    assert wrong in found[0].wrong


def test_freed_seat_may_be_pinned_elsewhere() -> None:
    free = told(
        *IN_S.placements,
        allocations=IN_S.allocations,
        freed_registrations=frozenset({"a"}),
    )
    assert faults(seats(("a", "t"), published=free)) == ()


def test_pinned_seats_within_the_size_have_no_fault() -> None:
    assert faults(seats(("a", "s"), ("b", "s"))) == ()
    assert faults(facts(keep_apart=(("p-a", "p-b"),))) == ()
