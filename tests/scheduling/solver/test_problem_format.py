"""The reference page and its examples: true, complete, and planned as they say."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scheduling.solver.plan import SolveStatus
from scheduling.solver.snapshot import read_plan, read_problem, write_plan
from scheduling.solver.snapshot.codec import Codec, Many, Mapped, Nullable
from scheduling.solver.snapshot.plan_format import PLAN
from scheduling.solver.snapshot.problem_format import PROBLEM
from scheduling.solver.snapshot.record import Record
from scheduling.solver.snapshot.reference import problem_format_page
from scheduling.solver.snapshot.schema import (
    plan_schema,
    plan_schema_text,
    problem_schema,
    problem_schema_text,
)
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.validate import faults
from scheduling.solver.verify import violations

ROOT = Path(__file__).parents[3]
EXAMPLES = {
    path.stem: path.read_text("utf-8")
    for path in sorted((ROOT / "tests/data/problems").glob("*.json"))
}
WORKED = ("small-term", "running-groups")
PAGE = (ROOT / "docs/reference/problem-format.md").read_text("utf-8")


def _records(codec: Codec) -> dict[str, Record]:
    while isinstance(codec, Many | Nullable | Mapped):
        codec = codec.inner if isinstance(codec, Mapped) else codec.item
    if not isinstance(codec, Record):
        return {}
    found = {codec.name: codec}
    for field in codec.fields:
        found |= _records(field.codec)
    return found


RECORDS = _records(PROBLEM) | _records(PLAN)


@pytest.mark.parametrize("name", RECORDS)
def test_every_field_of_a_dataclass_has_a_key(name: str) -> None:
    record = RECORDS[name]
    assert {item.attribute for item in record.fields} == {
        item.name for item in dataclasses.fields(record.kind)
    }


def test_page_and_schemas_are_what_the_code_says() -> None:
    assert problem_format_page({name: EXAMPLES[name] for name in WORKED}) == PAGE
    folder = ROOT / "docs/reference"
    schema = (folder / "problem-1.schema.json").read_text("utf-8")
    assert schema == problem_schema_text()
    assert (folder / "plan-1.schema.json").read_text("utf-8") == plan_schema_text()


def test_page_shows_the_examples_as_they_are() -> None:
    shown = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    assert [text + "\n" for text in shown] == [EXAMPLES[name] for name in WORKED]


def test_links_of_the_page_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in PAGE.splitlines()
        if line.startswith("#")
    }
    inside = set(re.findall(r"\]\(#([^)]+)\)", PAGE))
    assert inside
    assert inside <= headings
    for name in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs/reference" / name).exists()


def test_every_key_of_the_schemas_is_on_the_page() -> None:
    for schema in (problem_schema(), plan_schema()):
        for definition in (schema, *schema["$defs"].values()):
            for key in definition["properties"]:
                assert f"`{key}`" in PAGE, key


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_meets_the_schema_and_has_no_fault(name: str) -> None:
    data = json.loads(EXAMPLES[name])
    validator = jsonschema.Draft202012Validator(problem_schema())
    assert list(validator.iter_errors(data)) == []
    assert faults(read_problem(EXAMPLES[name])) == ()


@pytest.mark.parametrize("name", WORKED)
def test_worked_example_is_planned_in_full(name: str) -> None:
    problem = read_problem(EXAMPLES[name])
    plan = solve(problem, SolveSettings(seconds=20, workers=1, seed=1))
    assert plan.status is SolveStatus.OPTIMAL
    assert len(plan.placements) == len(problem.series)
    assert len(plan.allocations) == len(problem.registrations)
    assert list(violations(problem, plan)) == []
    again = read_plan(write_plan(plan, problem.horizon), problem.horizon)
    assert list(violations(problem, again)) == []


@pytest.mark.parametrize("change", ["extra", "weekday", "clock", "missing"])
def test_schema_refuses_what_the_reader_refuses(change: str) -> None:
    data: dict[str, Any] = json.loads(EXAMPLES["small-term"])
    series = data["series"][0]
    if change == "extra":
        series["colour"] = "red"
    elif change == "weekday":
        series["windows"][0]["weekday"] = "monday"
    elif change == "clock":
        series["windows"][0]["to"] = "12:10"
    else:
        del series["size_max"]
    validator = jsonschema.Draft202012Validator(problem_schema())
    assert len(list(validator.iter_errors(data))) == 1
    with pytest.raises(ValueError, match=r"series\[0\]"):
        read_problem(json.dumps(data))
