"""Files that are odd but readable: each thing wrong is named in one line."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import InvalidProblem
from scheduling.solver.snapshot import plan_from_dict, problem_from_dict, read_problem
from scheduling.solver.validate import faults
from tests.builders import problem

HORIZON = Horizon(date(2026, 11, 30), 7)


def facts(**more: Any) -> dict[str, Any]:
    return {
        "format": "gem-planner/problem",
        "version": 1,
        "id": "x",
        "horizon": {"first_date": "2026-11-30", "days": 7},
        **more,
    }


def nested(depth: int) -> str:
    text = json.dumps(facts(horizon="HERE"))
    return text.replace('"HERE"', "[" * depth + "]" * depth)


def window(start: str, end: str) -> dict[str, Any]:
    weekly = [{"weekday": "mon", "from": start, "to": end}]
    return {"persons": [{"id": "p", "availability": {"weekly": weekly}}]}


READ: dict[str, tuple[dict[str, Any], str]] = {
    "half a character": (facts(id="\ud800"), "leave out line breaks"),
    "two lines": (facts(places=[{"id": "a\nb"}]), "leave out line breaks"),
    "a long id": (facts(id="x" * 201), "has 201 characters (give at most 200)"),
    "a long key": (facts(**{"k" * 9000: 1}), "has the unknown key 'kkk"),
    "a huge weight": (
        facts(weights={"room-fit": 1001}),
        "weights.room-fit: is 1001 (give a whole number from 0 to 1000)",
    ),
    "a huge rank": (
        facts(
            registrations=[
                {"id": "r", "person": "p", "choices": [{"series": "s", "rank": 10**7}]}
            ]
        ),
        "give a whole number from 1 to 1000000",
    ),
    "a room for nobody": (
        facts(rooms=[{"id": "r", "place": "x", "capacity": 0}]),
        "rooms[0].capacity: is 0",
    ),
    "begins at midnight's end": (facts(**window("24:00", "24:00")), 'to "23:45"'),
    "a name in two lines": (facts(weights={"a\nb": 1}), "leave out control characters"),
}


@pytest.mark.parametrize("case", READ)
def test_what_cannot_be_used_is_named_in_one_short_line(case: str) -> None:
    data, words = READ[case]
    with pytest.raises(InvalidProblem) as caught:
        problem_from_dict(data)
    (fault,) = caught.value.faults
    assert words in str(fault)
    assert "\n" not in str(fault)
    assert len(str(fault)) < 400
    str(fault).encode()


@pytest.mark.parametrize("depth", [100, *range(800, 1001, 10)])
def test_no_depth_of_nesting_is_too_much(depth: int) -> None:
    with pytest.raises(ValueError, match=r"horizon: is|not JSON") as caught:
        read_problem(nested(depth))
    assert "\n" not in str(caught.value)


def test_the_end_of_the_day_is_an_end() -> None:
    (person,) = problem_from_dict(facts(**window("23:45", "24:00"))).persons
    assert [(one.start, one.end) for one in person.availability.weekly] == [(95, 96)]


@pytest.mark.parametrize("number", [10**400, float("inf"), 10**15 + 1, -(10**16)])
def test_a_plan_claims_no_number_beyond_all_sums(number: float) -> None:
    claimed = {"tier": 1, "value": 0, "bound": number}
    data = {"format": "gem-planner/plan", "version": 1, "problem": "x"}
    with pytest.raises(InvalidProblem) as caught:
        plan_from_dict(data | {"tiers": [claimed]}, HORIZON)
    assert [one.where for one in caught.value.faults] == ["tiers[0].bound"]


@pytest.mark.parametrize("year", [1, 1969, 3000, 9999])
def test_years_beyond_every_calendar_are_refused(year: int) -> None:
    (fault,) = faults(problem(horizon=Horizon(date(year, 12, 30), 7)))
    assert fault.where == "horizon"
    assert fault.right == "begin in a year from 1970 to 2999"


def test_a_weight_of_no_wish_is_refused_with_the_nearest() -> None:
    (fault,) = faults(problem(weights={"short-travle": 2}))
    assert fault.where == "weight short-travle"
    assert fault.right == "name one such as short-travel"
