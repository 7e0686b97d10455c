"""The published JSON Schemas (draft 2020-12), made from the same tables as the reader.

Their copies in ``docs/reference`` are written by ``python -m
scheduling.solver.snapshot.schema docs/reference``; a test keeps them equal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
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


def files() -> dict[str, str]:
    """Text of every schema file by name."""
    return {
        f"{name}-{VERSION}.schema.json": json.dumps(schema, indent=2) + "\n"
        for name, schema in (("problem", problem_schema()), ("plan", plan_schema()))
    }


if __name__ == "__main__":
    for name, text in files().items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")
