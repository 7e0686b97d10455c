"""Problems and plans as versioned JSON: the unit of replay and of complaint handling.

The file is written for outside programs: dates, local times and minutes instead of
slots, and only what is out of the ordinary. It is described in
``docs/reference/problem-format.md`` and by the two schemas beside it. A problem file
is still pseudonymous personal data: whoever reads one from storage logs that.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NoReturn

from scheduling.solver.horizon import Horizon
from scheduling.solver.plan import Plan
from scheduling.solver.problem import InvalidProblem, PlanningProblem
from scheduling.solver.snapshot.codec import Reading, Refused, shown
from scheduling.solver.snapshot.plan_format import PLAN
from scheduling.solver.snapshot.problem_format import PROBLEM
from scheduling.solver.snapshot.record import Record

PROBLEM_FORMAT = "gem-planner/problem"
PLAN_FORMAT = "gem-planner/plan"
VERSION = 1

# Dates are read against this one until the file's own horizon has been read.
_ANY_HORIZON = Horizon(date(2000, 1, 3), 1)


class UnreadableFile(ValueError):
    """A file that is not what it should be at all; one line says what would be."""


def problem_to_dict(problem: PlanningProblem) -> dict[str, Any]:
    """The problem as JSON values, in a stable order."""
    return {
        "format": PROBLEM_FORMAT,
        "version": VERSION,
        **PROBLEM.write(problem, problem.horizon),
    }


def problem_from_dict(data: object) -> PlanningProblem:
    """The problem of JSON values.

    Raises ``UnreadableFile`` for another format or version and ``InvalidProblem``
    with a fault for each key or value that cannot be read. What it says is judged by
    ``validate.check``.
    """
    problem: PlanningProblem = _read(data, PROBLEM, PROBLEM_FORMAT, _ANY_HORIZON)
    return problem


def write_problem(problem: PlanningProblem) -> str:
    """The problem as the text of a file; equal problems give equal texts."""
    return text_of(problem_to_dict(problem))


def read_problem(text: str | bytes) -> PlanningProblem:
    """The problem in the text of a file; raises as ``problem_from_dict``."""
    return problem_from_dict(parsed(text))


def plan_to_dict(plan: Plan, horizon: Horizon) -> dict[str, Any]:
    """The plan as JSON values; ``horizon`` is that of its problem."""
    return {
        "format": PLAN_FORMAT,
        "version": VERSION,
        **PLAN.write(plan, horizon),
    }


def plan_from_dict(data: object, horizon: Horizon) -> Plan:
    """The plan of JSON values; raises as ``problem_from_dict``."""
    plan: Plan = _read(data, PLAN, PLAN_FORMAT, horizon)
    return plan


def write_plan(plan: Plan, horizon: Horizon) -> str:
    """The plan as the text of a file; ``horizon`` is that of its problem."""
    return text_of(plan_to_dict(plan, horizon))


def read_plan(text: str | bytes, horizon: Horizon) -> Plan:
    """The plan in the text of a file; raises as ``problem_from_dict``."""
    return plan_from_dict(parsed(text), horizon)


def _read(data: object, record: Record, form: str, horizon: Horizon) -> Any:
    if not isinstance(data, dict):
        raise UnreadableFile(f'the file is no JSON object with "format": "{form}"')
    if data.get("format") != form:
        raise UnreadableFile(
            f'"format" is {shown(data.get("format"))}: it should be "{form}"'
        )
    version = data.get("version")
    if version != VERSION or type(version) is not int:
        raise UnreadableFile(
            f'"version" is {shown(version)}: this program reads version {VERSION}'
        )
    reading = Reading(horizon)
    body = {key: data[key] for key in data if key not in ("format", "version")}
    try:
        return record.read(body, "", reading)
    except Refused:
        raise InvalidProblem(tuple(reading.faults)) from None


def parsed(text: str | bytes) -> object:
    """JSON values of a file's text; ``UnreadableFile`` when it is not JSON."""

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not a number of JSON")

    try:
        return json.loads(text, parse_constant=refuse, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"the file is not JSON: {error}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} comes twice in one object")
    return found


def text_of(data: dict[str, Any]) -> str:
    """JSON with an item of each long list on its own line, so that files compare."""
    lines = []
    for key, value in data.items():
        name = json.dumps(key)
        if isinstance(value, list) and value:
            items = ",\n    ".join(_compact(item) for item in value)
            lines.append(f"{name}: [\n    {items}\n  ]")
        else:
            lines.append(f"{name}: {_compact(value)}")
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
