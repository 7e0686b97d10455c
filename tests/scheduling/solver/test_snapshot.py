"""Problems and plans as JSON: exact round trips, and every fault named by its path."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.solver.generate import Mode, Regime, generate
from scheduling.solver.horizon import ALWAYS, Availability, Span
from scheduling.solver.problem import (
    InvalidProblem,
    Published,
)
from scheduling.solver.snapshot import (
    UnreadableFile,
    plan_from_dict,
    plan_to_dict,
    problem_from_dict,
    problem_to_dict,
    read_plan,
    read_problem,
    write_plan,
    write_problem,
)
from scheduling.solver.snapshot.schema import plan_schema, problem_schema
from tests import builders
from tests.full_facts import full_plan, full_problem

PROBLEM_SCHEMA = jsonschema.Draft202012Validator(problem_schema())
PLAN_SCHEMA = jsonschema.Draft202012Validator(plan_schema())


def test_problem_with_every_field_round_trips() -> None:
    problem = full_problem()
    assert read_problem(write_problem(problem)) == problem
    assert list(PROBLEM_SCHEMA.iter_errors(problem_to_dict(problem))) == []


def test_plan_with_every_field_round_trips() -> None:
    plan, horizon = full_plan(), builders.problem().horizon
    assert read_plan(write_plan(plan, horizon), horizon) == plan
    assert list(PLAN_SCHEMA.iter_errors(plan_to_dict(plan, horizon))) == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(Mode), st.sampled_from(Regime))
def test_generated_problems_round_trip(seed: int, mode: Mode, regime: Regime) -> None:
    problem = generate(0.1, seed, mode, regime)
    text = write_problem(problem)
    again = read_problem(text)
    assert again == problem
    assert write_problem(again) == text


def test_generated_problem_meets_the_schema() -> None:
    for mode in Mode:
        data = json.loads(write_problem(generate(0.3, 1, mode)))
        assert list(PROBLEM_SCHEMA.iter_errors(data)) == []


def test_schemas_are_schemas() -> None:
    for schema in (problem_schema(), plan_schema()):
        jsonschema.Draft202012Validator.check_schema(schema)


def test_order_of_sets_does_not_change_the_text() -> None:
    one = builders.problem(rooms=(builders.room("r", features=frozenset("abcde")),))
    other = builders.problem(rooms=(builders.room("r", features=frozenset("edcba")),))
    assert write_problem(one) == write_problem(other)


def _small() -> dict[str, Any]:
    return {
        "format": "gem-planner/problem",
        "version": 1,
        "id": "small",
        "horizon": {"first_date": "2026-11-30", "days": 21},
        "series": [{"id": "s", "minutes": 50, "size_min": 2, "size_max": 8}],
    }


def test_what_is_left_out_has_a_harmless_default() -> None:
    problem = problem_from_dict(_small())
    assert problem.horizon.time_zone == "Europe/Amsterdam"
    (series,) = problem.series
    assert series.length == 4  # 50 minutes need four quarters
    assert series.windows == ALWAYS.weekly
    assert (series.staff, series.date_patterns) == ((), ())
    assert problem.published == Published()


def test_availability_without_weekly_times_is_always_and_an_empty_list_never() -> None:
    blocked = {"from": "2026-12-01T09:00", "to": "2026-12-02T00:00"}
    data = _small() | {
        "persons": [
            {"id": "a", "availability": {"blocked": [blocked]}},
            {"id": "b", "availability": {"weekly": []}},
        ]
    }
    first, second = problem_from_dict(data).persons
    assert first.availability == Availability(ALWAYS.weekly, (), (Span(132, 192),))
    assert second.availability == Availability()


def _dates(pattern: dict[str, Any]) -> list[str]:
    data = _small()
    data["series"][0]["dates"] = [pattern]
    problem = problem_from_dict(data)
    days = problem.series[0].date_patterns[0].days
    return [problem.horizon.date_of(day).isoformat() for day in days]


def test_rhythm_is_read_as_dates() -> None:
    weekly = {"weekday": "tue", "first": "2026-11-30", "count": 3}
    assert _dates(weekly) == ["2026-12-01", "2026-12-08", "2026-12-15"]
    assert _dates(weekly | {"skip": ["2026-12-08"]}) == [
        "2026-12-01",
        "2026-12-15",
        "2026-12-22",
    ]
    assert _dates(weekly | {"every_weeks": 2, "count": 2}) == [
        "2026-12-01",
        "2026-12-15",
    ]
    assert _dates({"weekday": "mon", "first": "2026-11-30", "count": 1}) == [
        "2026-11-30"
    ]


def _broken(change: Any) -> list[str]:
    data = problem_to_dict(full_problem())
    change(data)
    with pytest.raises(InvalidProblem) as caught:
        problem_from_dict(data)
    return [fault.where for fault in caught.value.faults]


def test_every_fault_is_named_at_once_by_its_path() -> None:
    def change(data: dict[str, Any]) -> None:
        data["room"] = []
        data["rooms"][0]["capacity"] = -1
        data["series"][0]["windows"][1]["weekday"] = "monday"
        data["series"][0]["dates"][0]["dates"][1] = "2026-12-32"
        del data["series"][1]["size_max"]
        data["persons"][0]["languages"] = ["one", "one"]
        data["published"]["placements"][0]["meetings"][1]["time"] = "19:07"

    assert sorted(_broken(change)) == sorted(
        [
            "the file",
            "rooms[0].capacity",
            "series[0].windows[1].weekday",
            "series[0].dates[0].dates[1]",
            "series[1]",
            "persons[0].languages",
            "published.placements[0].meetings[1].time",
        ]
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("minutes", "90"),
        ("minutes", 1.5),
        ("minutes", 2000),
        ("level", True),
        ("level", -1),
        ("format", "hybride"),
        ("different_organisations", "no"),
        ("start_every_minutes", 20),
        ("windows", {}),
        ("places", "x"),
        ("language", ""),
        ("members", [3]),
        ("continuity", []),
        ("dates", [{"weekday": "mon", "first": "2026-11-30", "count": 0}]),
        ("dates", [{"weekday": "mon", "first": "9999-12-20", "count": 9}]),
        ("dates", ["2026-11-30"]),
    ],
)
def test_a_wrong_value_is_a_fault_and_not_a_crash(key: str, value: Any) -> None:
    def change(data: dict[str, Any]) -> None:
        data["series"][0][key] = value

    assert all(where.startswith(f"series[0].{key}") for where in _broken(change))


@pytest.mark.parametrize(
    "value",
    ["2026-11-30", "2026-11-30T24:00", "2026-11-30T9:00", "2026-11-30 09:00", 7, None],
)
def test_a_wrong_moment_is_refused(value: object) -> None:
    def change(data: dict[str, Any]) -> None:
        data["rooms"][0]["booked"][0]["from"] = value

    assert _broken(change) == ["rooms[0].booked[0].from"]


def test_misspelt_key_is_named_with_the_nearest_one() -> None:
    data = _small()
    data["series"][0]["size_mn"] = 3
    with pytest.raises(InvalidProblem, match=r"'size_mn'.*did you mean 'size_min'"):
        problem_from_dict(data)


def test_wrong_horizon_does_not_hide_other_faults() -> None:
    def change(data: dict[str, Any]) -> None:
        data["horizon"]["first_date"] = "30-11-2026"
        data["rooms"][0]["booked"][0]["to"] = "never"

    assert _broken(change) == ["horizon.first_date", "rooms[0].booked[0].to"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "not JSON"),
        ("[]", "no JSON object"),
        ("{}", '"format" is None'),
        ('{"format": "gem-planner/plan", "version": 1}', "gem-planner/problem"),
        ('{"format": "gem-planner/problem"}', '"version" is None'),
        ('{"format": "gem-planner/problem", "version": 2}', "reads version 1"),
        ('{"format": "gem-planner/problem", "version": true}', "reads version 1"),
        ('{"id": 1, "id": 2}', "'id' comes twice"),
        ('{"id": NaN}', "NaN is not a number"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe\xff", "not JSON"),
    ],
)
def test_another_file_is_refused_in_one_line(text: str | bytes, named: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_problem(text)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_gap_is_written_and_read_over() -> None:
    horizon = builders.problem().horizon
    data = plan_to_dict(full_plan(), horizon)
    assert data["tiers"][0]["gap"] == pytest.approx(10.5 / 100.5)
    assert data["tiers"][1]["gap"] is None
    data["tiers"][0]["gap"] = 0.5
    assert plan_from_dict(data, horizon).tiers == full_plan().tiers


def test_meeting_is_written_by_the_wall_clock_of_its_date() -> None:
    data = plan_to_dict(full_plan(), builders.problem().horizon)
    assert data["placements"][0]["meetings"][1] == {
        "date": "2026-12-07",
        "time": "09:00",
        "room": "r1",
        "facilitators": ["f1", "f2"],
    }


def test_full_facts_leave_no_field_out() -> None:
    """Otherwise a forgotten field would round-trip unnoticed."""
    schema, text = problem_schema(), write_problem(full_problem())
    definitions = {**schema["$defs"], "problem": schema}
    del definitions["rhythm"]  # which is only read
    missing = [
        (name, key)
        for name, definition in definitions.items()
        for key in definition["properties"]
        if f'"{key}"' not in text
    ]
    assert missing == []
