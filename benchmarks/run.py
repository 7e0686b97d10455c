"""Measures the planner on invented problems; appends a row a problem to a CSV file.

It goes through the same door as the commands: ``generate``, ``solve``, ``verify``. Each
problem has a process of its own, so that memory is its own and a crash is a row, not
the end. How to read the rows: ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402

from scheduling.solver import verify  # noqa: E402
from scheduling.solver.generate import MODES, REGIMES, generate  # noqa: E402
from scheduling.solver.plan import Plan, Verified  # noqa: E402
from scheduling.solver.problem import PlanningProblem  # noqa: E402

MOVES = 60
HOUR = 4
KEY = (
    "code", "mode", "regime", "scale", "seed", "seconds_allowed", "workers",
    "solver_seed",
)  # fmt: skip
TIERS = (1, 2, 3, 4)
COLUMNS = (
    "when", *KEY, "outcome", "status", "seconds", "first_plan_seconds", "series",
    "registrations", "held", "placed", "unplaced", "violations", "disputed_tiers",
    *(f"tier{tier}_{what}" for tier in TIERS for what in ("value", "bound", "gap")),
    "move_median_ms", "move_p95_ms", "explain_seconds", "leader_mb", "searcher_mb",
    "others_cores", "python", "ortools", "processor", "cores",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One measurement: the problem, what the planner may use, whether to explain."""

    mode: str
    regime: str
    scale: float
    seed: int
    seconds: float
    workers: int
    solver_seed: int
    explain: bool

    def key(self, code: str) -> dict[str, str]:
        values = (
            code, self.mode, self.regime, f"{self.scale:g}", self.seed,
            f"{self.seconds:g}", self.workers, self.solver_seed,
        )  # fmt: skip
        return dict(zip(KEY, map(str, values), strict=True))


def measure(case: Case) -> dict[str, Any]:
    """Generate, solve and judge one problem; run in a fresh process."""
    from scheduling.solver.solve import SolveSettings, solve

    problem = generate(case.scale, case.seed, case.mode, case.regime)
    settings = SolveSettings(case.seconds, case.workers, case.solver_seed)
    clock = MachineClock()
    plan = solve(problem, settings)
    others = clock.others()
    memory = {
        "leader_mb": _megabytes(resource.RUSAGE_SELF),
        "searcher_mb": _megabytes(resource.RUSAGE_CHILDREN),
    }
    judged = verify.judge(problem, plan)
    row = {
        "outcome": "broken" if judged.violations else "planned",
        "status": plan.status.value,
        "seconds": f"{plan.seconds:.2f}",
        "first_plan_seconds": _number(plan.first_plan_seconds, 2),
        "series": len(problem.series),
        "registrations": len(problem.registrations),
        "held": len(plan.placements),
        "placed": len(plan.allocations),
        "unplaced": len(plan.unplaced),
        "violations": len(judged.violations),
        "disputed_tiers": " ".join(map(str, judged.disputed)),
        "others_cores": f"{others:.2f}",
        **memory,
    }
    for tier in judged.tiers:
        row[f"tier{tier.tier}_value"] = tier.value
        row[f"tier{tier.tier}_bound"] = _number(tier.bound, 0)
        row[f"tier{tier.tier}_gap"] = _number(tier.gap, 5)
    row.update(_timed_moves(problem, plan))
    if case.explain:
        row["explain_seconds"] = _timed_explanation(problem, plan)
    return row


class MachineClock:
    """How many cores other programs kept busy meanwhile: such runs are not equal."""

    def __init__(self) -> None:
        self.began, self.busy, self.own = time.monotonic(), _busy(), _own()

    def others(self) -> float:
        spent = time.monotonic() - self.began
        theirs = (_busy() - self.busy) - (_own() - self.own)
        return max(0.0, theirs / spent)


def _busy() -> float:
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    return float(sum(times) - idle - getattr(times, "guest", 0.0))


def _own() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _megabytes(who: int) -> int:
    peak = resource.getrusage(who).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


# What a page asks after the solve. ------------------------------------------------
def moves(plan: Plan) -> Iterator[tuple[str, Plan]]:
    """Hand moves: a series that is held, and the plan with it an hour later."""
    movable = [item for item in plan.placements if item.meetings]
    step = max(1, len(movable) // MOVES)
    for placement in movable[::step][:MOVES]:
        later = tuple(
            replace(meeting, slot=meeting.slot + HOUR) for meeting in placement.meetings
        )
        moved = replace(placement, meetings=later)
        placements = tuple(
            moved if item is placement else item for item in plan.placements
        )
        yield placement.series_id, replace(plan, placements=placements)


def _timed_moves(problem: PlanningProblem, plan: Plan) -> dict[str, str]:
    milliseconds = []
    for series_id, moved in moves(plan):
        began = time.perf_counter()
        verify.violations(problem, moved, touching={series_id})
        milliseconds.append(1000 * (time.perf_counter() - began))
    if len(milliseconds) < 2:
        return {}
    return {
        "move_median_ms": f"{statistics.median(milliseconds):.1f}",
        "move_p95_ms": f"{statistics.quantiles(milliseconds, n=20)[-1]:.1f}",
    }


def _timed_explanation(problem: PlanningProblem, plan: Plan) -> str:
    from scheduling.solver.explain import explain

    began = time.monotonic()
    told = explain(problem, plan)
    took = f"{time.monotonic() - began:.1f}"
    reasons = [reason for item in told.unplaced for reason in item.reasons]
    open_ones = sum(reason.verified is Verified.UNDECIDED for reason in reasons)
    return f"{took}, {open_ones} of {len(reasons)} undecided" if open_ones else took


# The file. ------------------------------------------------------------------------
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
    """The last commit of the solver, with a plus when files differ from it."""
    solver = "scheduling/solver"

    def git(*words: str) -> str:
        answer = subprocess.run(  # noqa: S603 - our own words
            ["git", *words, "--", solver],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return answer.stdout.strip()

    commit = git("log", "-1", "--format=%h") or "unknown"
    return commit + ("+" if git("status", "--porcelain") else "")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows that are there; ``ValueError`` when the file has other columns."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"{path} has other columns; give another file with --out")
    return rows


def append(path: Path, row: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


# The run. -------------------------------------------------------------------------
def run(cases: Iterable[Case], path: Path) -> list[dict[str, Any]]:
    """Measure what the file does not have yet; the rows that were added."""
    code = code_version()
    done = [{name: row[name] for name in KEY} for row in rows_of(path)]
    added = []
    for case in cases:
        key = case.key(code)
        if key in done:
            print(f"{_words(key)}: is in {path} already")
            continue
        row = {
            "when": datetime.now().astimezone().isoformat(timespec="seconds"),
            **key,
            **surroundings(),
            **_measured_apart(case),
        }
        append(path, row)
        added.append(row)
        print(_line(row), flush=True)
    return added


def _measured_apart(case: Case) -> dict[str, Any]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(measure, case).result()
        except Exception as error:  # noqa: BLE001 - a row of it
            traceback.print_exception(error)
            return {"outcome": f"crashed: {type(error).__name__}: {error}"[:200]}


def _is_bad(row: dict[str, Any]) -> bool:
    return row["outcome"] != "planned" or bool(row.get("disputed_tiers"))


def _words(row: dict[str, Any]) -> str:
    return f"{row['mode']} {row['regime']} {row['scale']}x seed {row['seed']}"


def _line(row: dict[str, Any]) -> str:
    if "status" not in row:
        return f"{_words(row)}: {row['outcome']}"
    gap = row.get("tier1_gap")
    return (
        f"{_words(row)}: {row['status']}, first plan {row['first_plan_seconds']} s, "
        f"{row['placed']} placed, {row['unplaced']} unplaced, "
        f"gap {f'{100 * float(gap):.2f} %' if gap else '-'}, "
        f"{row['violations']} violations, {row['seconds']} s, "
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


def _choices(known: tuple[str, ...]) -> Any:
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
        prog="benchmarks/run.py", description=(__doc__ or "").splitlines()[0]
    )
    add = parser.add_argument
    add("--seeds", type=numbers, default="1-10", help="of the problems: 1-10 or 1,4")
    add("--modes", type=_choices(MODES), default="term,week")
    add("--regime", type=_choices(REGIMES), default="base", help="one, or with commas")
    add("--scale", type=float, default=1.0, help="regions side by side")
    add("--seconds", type=float, default=60.0, help="for each problem")
    add("--workers", type=int, default=2, help="searchers")
    add("--solver-seed", type=int, default=1, help="of the search")
    add("--explain-seed", type=int, help="explain who is left out of this problem")
    add("--out", type=Path, help="default: benchmarks/results/<today>.csv")
    return parser.parse_args(given)


def cases_of(options: argparse.Namespace) -> Iterator[Case]:
    """Seed by seed, so that a run that is cut short has something of each mode."""
    for seed in options.seeds:
        for mode in options.modes:
            for regime in options.regime:
                yield Case(
                    mode,
                    regime,
                    options.scale,
                    seed,
                    options.seconds,
                    options.workers,
                    options.solver_seed,
                    seed == options.explain_seed,
                )


def main(given: list[str] | None = None) -> int:
    """1 when a plan broke a rule, claimed what is not so, or a problem crashed."""
    options = arguments(given)
    today = date.today().isoformat()  # noqa: DTZ011 - names a file
    path = options.out or ROOT / "benchmarks" / "results" / f"{today}.csv"
    try:
        added = run(cases_of(options), path)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    bad = [row for row in added if row["outcome"] != "planned" or row["disputed_tiers"]]
    for row in bad:
        print(f"NOT RIGHT: {_line(row)}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
