"""The rows of a measurement: which columns, where they are kept, what is there."""

from __future__ import annotations

import csv
import os
import platform
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.cases import KEY

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
"""What was kept: dated files, in the repository."""

RUNS = ROOT / "var" / "benchmarks"
"""What was measured in this checkout; git does not see it."""

MEASURED = ("scheduling/solver", "benchmarks/reference")
"""Folders on whose files the figures depend."""

TIERS = (1, 2, 3, 4)
COLUMNS = (
    "when", *KEY, "outcome", "status", "seconds", "first_plan_seconds", "best_seconds",
    "series", "registrations", "held", "placed", "unplaced", "violations",
    "disputed_tiers", "dropped",
    *(f"tier{tier}_{what}" for tier in TIERS for what in ("value", "bound", "gap")),
    "touched", "changes", "sessions_lost", "seats_lost", "people", "minutes_moved",
    "proven",
    "move_median_ms", "move_p95_ms", "explain_seconds", "peak_mb", "cpu_seconds",
    "load_before", "others_cores", "python", "ortools", "solver_version", "processor",
    "cores", "command",
)  # fmt: skip


@cache
def surroundings() -> dict[str, str]:
    """What the figures depend on beside the code."""
    return {
        "python": platform.python_version(),
        "ortools": version("ortools"),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def code_version() -> str:
    """The last commit of what is measured, with a plus when files differ from it."""

    def git(*words: str) -> str:
        answer = subprocess.run(  # noqa: S603 - our own words
            ["git", *words, "--", *MEASURED],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return answer.stdout.strip()

    commit = git("log", "-1", "--format=%h") or "unknown"
    return commit + ("+" if git("status", "--porcelain") else "")


def run_path(code: str) -> Path:
    """Where a run of this code goes on in this checkout, after midnight too."""
    return RUNS / f"{code}.csv"


def rows_of(path: Path, columns: Sequence[str] = COLUMNS) -> list[dict[str, str]]:
    """The rows that are there; ``ValueError`` when the file has other columns."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    if tuple(reader.fieldnames or ()) != tuple(columns):
        raise ValueError(f"{path} has other columns; give another file with --out")
    return rows


def rows_before(
    path: Path, code: str, columns: Sequence[str] = COLUMNS
) -> list[dict[str, str]]:
    """The rows to which those of this code are added.

    ``ValueError`` when they are of other code: figures of two codes in one file would
    be read as one measurement.
    """
    rows = rows_of(path, columns)
    others = sorted({row["code"] for row in rows} - {code})
    if others:
        raise ValueError(
            f"{path} has rows of code {', '.join(others)}, and this is {code}; "
            "give another file with --out"
        )
    return rows


def one_code(rows: Sequence[dict[str, str]], path: Path) -> str:
    """The code that all rows are of; ``ValueError`` for no rows, or several codes."""
    codes = sorted({row["code"] for row in rows})
    if not codes:
        raise ValueError(f"{path} has no rows")
    if len(codes) > 1:
        raise ValueError(f"{path} mixes rows of code {', '.join(codes)}; keep one code")
    return codes[0]


def newest(folder: Path = RESULTS, columns: Sequence[str] = COLUMNS) -> Path | None:
    """The last of the files that are named by a day and have these columns."""
    found = None
    for path in sorted(folder.glob("[0-9]*-[0-9]*-[0-9]*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            if tuple(next(csv.reader(file), ())) == tuple(columns):
                found = path
    return found


def append(path: Path, row: dict[str, Any], columns: Sequence[str] = COLUMNS) -> None:
    """Write one row at once, so that a run that is cut short loses none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)
        file.flush()
        os.fsync(file.fileno())
