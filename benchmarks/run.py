"""Measures solvers on invented problems; appends a row a problem to a CSV file.

How to read the rows: ``benchmarks/README.md``. Run it as ``python -m benchmarks.run``.
It writes in this checkout only and never takes a committed row for a measured one; a
suite ends by holding what it measured against the committed rows.
"""

from __future__ import annotations

import argparse
import signal
import sys
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import compare
from benchmarks.cases import (
    KEY,
    REPAIR,
    SOLVERS,
    SUITES,
    TASKS,
    Case,
    expected,
    in_words,
    suite,
)
from benchmarks.gauge import Overtime
from benchmarks.measure import Failed, measure
from benchmarks.rows import (
    append,
    code_version,
    rows_before,
    run_path,
    surroundings,
)
from scheduling.solver.generate import REGIMES

LONGEST_REASON = 300


def run(cases: Sequence[Case], path: Path) -> list[dict[str, Any]]:
    """Measure what the file does not have yet; the rows that were added."""
    code = code_version()
    done = [{name: row[name] for name in KEY} for row in rows_before(path, code)]
    left = [case for case in cases if case.key(code) not in done]
    if len(left) < len(cases):
        print(
            f"{len(cases) - len(left)} of {len(cases)} are in {path} already; "
            "delete it to measure them again"
        )
    print(
        f"{len(left)} to measure, at most about {in_words(expected(left))}; "
        f"rows go to {path}",
        flush=True,
    )
    added = []
    for number, case in enumerate(left, start=1):
        row = {
            "when": datetime.now().astimezone().isoformat(timespec="seconds"),
            **case.key(code),
            **surroundings(),
            **_measured(case),
        }
        append(path, row)
        added.append(row)
        remaining = in_words(expected(left[number:]))
        print(f"[{number}/{len(left)}, {remaining} left] {_line(row)}", flush=True)
    return added


def _measured(case: Case) -> dict[str, Any]:
    try:
        return measure(case)
    except (Failed, Overtime) as error:
        return {"outcome": f"failed: {error}"[:LONGEST_REASON]}
    except Exception as error:  # noqa: BLE001 - a row of it, and on to the next
        traceback.print_exception(error)
        return {"outcome": f"failed: {type(error).__name__}: {error}"[:LONGEST_REASON]}


def _words(row: dict[str, Any]) -> str:
    return (
        f"{row['solver']} {row['mode']} {row['regime']} {row['scale']}x "
        f"seed {row['seed']}"
    )


def _line(row: dict[str, Any]) -> str:
    if "status" not in row:
        return f"{_words(row)}: {row['outcome']}"
    if row["mode"] == REPAIR:
        return (
            f"{_words(row)}: {row['touched']} touched, {row['changes']} changed, "
            f"{row['sessions_lost']} sessions and {row['seats_lost']} seats lost, "
            f"{row['violations']} violations, {row['seconds']} s, proven: "
            f"{row['proven']}, others {row['others_cores']} cores"
        )
    gap = row.get("tier1_gap")
    return (
        f"{_words(row)}: {row['status']}, first plan {row['first_plan_seconds']} s, "
        f"{row['placed']} placed, {row['unplaced']} unplaced, "
        f"value {row['tier1_value']}, "
        f"gap {f'{100 * float(gap):.2f} %' if gap else '-'}, "
        f"{row['violations']} violations, {row['seconds']} s, {row['peak_mb']} MB, "
        f"others {row['others_cores']} cores"
    )


def numbers(text: str) -> tuple[int, ...]:
    """``1-10`` or ``1,4,7`` or a mixture."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        found += range(int(first), int(last) + 1) if dash else [int(first)]
    if not found:
        raise ValueError(text)
    return tuple(found)


def _choices(known: Sequence[str]) -> Any:
    def chosen(text: str) -> tuple[str, ...]:
        words = tuple(text.split(","))
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(
                    f"{word} is unknown; choose from {', '.join(known)}"
                )
        return words

    return chosen


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run",
        description=(__doc__ or "").splitlines()[0],
    )
    add = parser.add_argument
    add("--suite", choices=SUITES, help="all cases of bench or full")
    add("--seeds", type=numbers, default="1-10", help="of the problems: 1-10 or 1,4")
    add("--modes", type=_choices(TASKS), default="term,week")
    add("--regime", type=_choices(REGIMES), default="base", help="one, or with commas")
    add("--solvers", type=_choices(SOLVERS), default="gem")
    add("--scale", type=float, default=1.0, help="regions side by side")
    add("--seconds", type=float, help="for each problem; default 60, or the suite's")
    add("--workers", type=int, default=2, help="searchers")
    add("--solver-seed", type=int, default=1, help="of the search")
    add("--explain-seed", type=int, help="explain who is left out of this problem")
    add("--out", type=Path, help="default: var/benchmarks/<code>.csv")
    return parser.parse_args(given)


def cases_of(options: argparse.Namespace) -> list[Case]:
    """Seed by seed, so that a run that is cut short has something of each."""
    if options.suite:
        return suite(options.suite, options.seconds, options.workers)
    return [
        Case(
            mode,
            regime,
            options.scale,
            seed,
            60.0 if options.seconds is None else options.seconds,
            options.workers,
            options.solver_seed,
            solver,
            seed == options.explain_seed,
        )
        for seed in options.seeds
        for mode in options.modes
        for regime in options.regime
        for solver in options.solvers
    ]


def main(given: list[str] | None = None) -> int:
    """1 when a plan broke a rule, claimed what is not so, or gave no plan; after a
    suite also when it is not what the committed rows say."""
    options = arguments(given)
    # Ended from outside, it still ends the program that it measures.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        path = options.out or run_path(code_version())
        added = run(cases_of(options), path)
        alike = not options.suite or compare.told(path)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    bad = [row for row in added if row["outcome"] != "planned" or row["disputed_tiers"]]
    for row in bad:
        print(f"NOT RIGHT: {_line(row)}", file=sys.stderr)
    return 1 if bad or not alike else 0


if __name__ == "__main__":
    sys.exit(main())
