"""The published JSON Schemas (draft 2020-12), made from the same tables as the reader.

Their copies in ``docs/reference`` are written by ``manage.py write_reference``.
"""

from __future__ import annotations

import json
from typing import Any

from scheduling.solver.snapshot import PLAN_FORMAT, PROBLEM_FORMAT, VERSION
from scheduling.solver.snapshot.plan_format import PLAN
from scheduling.solver.snapshot.problem_format import PROBLEM
from scheduling.solver.snapshot.record import Record


def problem_schema() -> dict[str, Any]:
    """Schema of a problem file."""
    return _schema(PROBLEM, PROBLEM_FORMAT, "A planning problem")


def plan_schema() -> dict[str, Any]:
    """Schema of a plan file."""
    return _schema(PLAN, PLAN_FORMAT, "A plan")


def _schema(record: Record, form: str, title: str) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    body = record.body(definitions)
    body["properties"] = {
        "format": {"const": form},
        "version": {"const": VERSION},
        **body["properties"],
    }
    body["required"] = ["format", "version", *body["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{form.replace('/', ':')}:{VERSION}",
        "title": title,
        **body,
        "$defs": dict(sorted(definitions.items())),
    }


def problem_schema_text() -> str:
    """Text of the published schema of problem files."""
    return json.dumps(problem_schema(), indent=2) + "\n"


def plan_schema_text() -> str:
    """Text of the published schema of plan files."""
    return json.dumps(plan_schema(), indent=2) + "\n"
