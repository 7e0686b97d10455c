"""Faults of what was published: it must be something its series can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    Horizon,
)
from scheduling.solver.plan import Allocation, Meeting, Placement
from scheduling.solver.problem import (
    Pin,
    Published,
)
from scheduling.solver.validate import faults
from tests import builders
from tests.builders import NINE, TEN, placed
from tests.pinned_facts import (
    NEXT_MONDAY,
    ONLINE,
    S,
    T,
    facts,
    told,
)
from tests.wall_clock import CLOCK_CHANGES

UNKNOWN = Placement("z", (Meeting(NINE, None, ("f",)),))

PUBLISHED: dict[str, tuple[Published, str, str]] = {
    "unknown series": (told(UNKNOWN), "published placement", "unknown series z"),
    "unknown room": (told(placed(T, NINE, "z")), "published series t", "room z"),
    "unknown leader": (
        told(placed(T, NINE, "r", "z")),
        "published series t",
        "facilitator z",
    ),
    "two placements": (
        told(placed(T, NINE, "r"), placed(T, TEN, "r")),
        "published series t",
        "has 2 placements",
    ),
    "dates of no pattern": (
        told(Placement("t", (Meeting(NINE, "r"),))),
        "published series t",
        "meets on 2026-11-30, which none of its date patterns gives",
    ),
    "no meetings": (
        told(Placement("t")),
        "published series t",
        "meets on no date",
    ),
    "several times": (
        told(Placement("t", (Meeting(NINE, "r"), Meeting(NEXT_MONDAY + TEN, "r")))),
        "published series t",
        "several times of the day",
    ),
    "outside the horizon": (
        told(Placement("t", (Meeting(-5, "r"),)), freed_series=frozenset({"t"})),
        "published series t",
        "on 2026-11-29 at 22:45, outside the horizon",
    ),
    "out of order": (
        told(
            Placement("t", (Meeting(NEXT_MONDAY, "r"), Meeting(NINE, "r"))),
            freed_series=frozenset({"t"}),
        ),
        "published series t",
        "out of order",
    ),
    "past midnight": (
        told(placed(T, 94, "q")),
        "published series t",
        "runs past midnight",
    ),
    "no room": (told(placed(T, NINE)), "published series t", "has no room"),
    "room online": (told(placed(ONLINE, NINE, "r")), "published series o", "online"),
    "leader twice": (
        told(placed(T, NINE, "r", "f", "f")),
        "published series t",
        "names a leader twice",
    ),
    "self-paced with meetings": (
        told(Placement("p", (Meeting(NINE),))),
        "published series p",
        "is self-paced and has meetings",
    ),
    "coach of meetings": (
        told(replace(placed(T, NINE, "r"), coach_ids=("f",))),
        "published series t",
        "has coaches",
    ),
    "freed series": (
        Published(freed_series=frozenset({"z"})),
        "freed series",
        "unknown series z",
    ),
    "freed registration": (
        Published(freed_registrations=frozenset({"z"})),
        "freed registrations",
        "unknown registration z",
    ),
    "seat of nobody": (
        told(placed(T, NINE, "r"), allocations=(Allocation("z", "t"),)),
        "published seat of z in t",
        "unknown registration z",
    ),
    "seat in nothing": (
        told(placed(T, NINE, "r"), allocations=(Allocation("a", "s"),)),
        "published seat of a in s",
        "without a published placement",
    ),
    "seat nobody chose": (
        told(placed(ONLINE, NINE), allocations=(Allocation("a", "o"),)),
        "published seat of a in o",
        "in none of its choices",
    ),
}


@pytest.mark.parametrize("case", PUBLISHED, ids=PUBLISHED.keys())
def test_fault_of_what_is_published(case: str) -> None:
    published, where, wrong = PUBLISHED[case]
    found = faults(facts(published=published))
    assert {fault.where for fault in found} == {where}
    assert wrong in found[0].wrong


def test_freed_series_need_not_fit_its_dates_any_more() -> None:
    old = Placement("t", (Meeting(3 * SLOTS_PER_DAY + NINE, "r"),))
    published = told(old, freed_series=frozenset({"t"}))
    assert faults(facts(published=published)) == ()


def test_two_published_seats_of_one_registration() -> None:
    published = told(
        placed(S, NINE, "r", "f"),
        placed(T, TEN, "r"),
        allocations=(Allocation("a", "s"), Allocation("a", "t")),
    )
    found = faults(facts(published=published))
    assert [fault.where for fault in found] == [
        "published seat of a in s",
        "published seat of a in t",
    ]


@pytest.mark.parametrize("changed", CLOCK_CHANGES)
def test_meeting_on_a_changed_clock_is_a_fault(changed: date) -> None:
    """From 01:00 for two hours: the quarters from 02:00 are skipped or come twice."""
    night = builders.series("t", length=8)
    published = told(placed(night, 4, "q"))
    horizon = Horizon(changed, 1)
    problem = facts(
        horizon=horizon, series=(night,), registrations=(), published=published
    )
    (fault,) = faults(problem)
    assert "clock is changed" in fault.wrong
    pinned = facts(
        horizon=horizon, series=(night,), registrations=(), pins=(Pin("1", "t", 4),)
    )
    (fault,) = faults(pinned)
    assert fault.where == "pin 1 of series t"
    early = told(placed(replace(night, length=4), 4, "q"))
    fine = replace(problem, series=(replace(night, length=4),), published=early)
    assert faults(fine) == ()
