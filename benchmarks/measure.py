"""Measures one case: writes the problem, runs the solver's command, judges its plan.

Every solver is a command that reads the same problem file and writes a plan file; what
it claims is believed only where ``verify`` finds it in the two files.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import gauge, repairing
from benchmarks.cases import PLANNER, REPAIR, Case
from benchmarks.rows import ROOT
from scheduling.solver import verify
from scheduling.solver.generate import generate
from scheduling.solver.plan import Plan, Verified
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.snapshot import read_plan, read_problem, write_problem

MOVES = 60
HOUR = 4
PROGRESS = re.compile(r"^ *([\d.]+) s  value (\d+) ", re.MULTILINE)
BAD_STATUS = "ended with status"


class Failed(RuntimeError):
    """A command that gave no plan; the message is its last line."""


def measure(case: Case) -> dict[str, Any]:
    """The figures of one case; raises ``Failed`` or ``Overtime`` without any."""
    with tempfile.TemporaryDirectory(prefix="gem-bench-") as name:
        return _measured(case, Path(name))


def _measured(case: Case, folder: Path) -> dict[str, Any]:
    source = folder / "problem.json"
    if case.mode == REPAIR:
        repairing.prepare(case, folder)
    else:
        problem = generate(case.scale, case.seed, case.mode, case.regime)
        source.write_text(write_problem(problem), "utf-8")
    words = command(case)
    taken = gauge.run(words, folder, ROOT, case.seconds)
    if taken.status:
        last = taken.output.strip().splitlines()[-1:] or ["no word"]
        raise Failed(f"{BAD_STATUS} {taken.status}: {last[0]}")
    told = json.loads(taken.output.strip().splitlines()[-1])
    if case.mode == REPAIR:
        source = folder / "mended.json"  # the facts after the event
    problem = read_problem(source.read_bytes())
    plan = read_plan((folder / "plan.json").read_bytes(), problem.horizon)
    return {
        **_judged(problem, plan),
        **_timed_moves(problem, plan),
        "explain_seconds": _timed_explanation(problem, plan) if case.explain else "",
        "seconds": f"{told['seconds']:.2f}",
        "first_plan_seconds": _number(told.get("first_plan_seconds"), 2),
        **(repairing.figures(told) if case.mode == REPAIR else {}),
        "best_seconds": best_seconds(taken.output),
        "dropped": told.get("dropped", ""),
        "solver_version": told.get("solver_version", ""),
        "peak_mb": taken.peak_mb,
        "cpu_seconds": f"{taken.cpu_seconds:.1f}",
        "load_before": f"{taken.load_before:.2f}",
        "others_cores": f"{taken.others_cores:.2f}",
        "command": shown(case),
    }


def command(case: Case) -> list[str]:
    """The words that solve ``problem.json`` into ``plan.json``."""
    given = [
        "problem.json", "--out", "plan.json", "--seconds", f"{case.seconds:g}",
        "--workers", str(case.workers), "--seed", str(case.solver_seed),
    ]  # fmt: skip
    manage = str(ROOT / "manage.py")
    if case.mode == REPAIR:
        return [
            sys.executable, manage, "repair_plan", "problem.json", "published.json",
            "--event", "event.json", "--out", "plan.json", "--facts", "mended.json",
            "--seconds", f"{case.seconds:g}", "--seed", str(case.solver_seed), "--json",
        ]  # fmt: skip
    if case.solver == PLANNER:
        return [
            sys.executable, manage, "solve_problem", *given, "--progress", "--json"
        ]  # fmt: skip
    return [sys.executable, "-m", f"benchmarks.reference.{case.solver}", *given]


def shown(case: Case) -> str:
    """The same as somebody types it in a checkout."""
    make = (
        f"manage.py generate_problem --scale {case.scale:g} --seed {case.seed} "
        f"--mode {case.mode} --regime {case.regime} --out problem.json"
    )
    if case.mode == REPAIR:
        make = (
            f"python -m benchmarks.repairing {case.scale:g} {case.seed} {case.regime}"
        )
    words = ["python", *command(case)[1:]]
    if case.solver == PLANNER:
        words = ["manage.py", *words[2:]]
    return f"{make} && {' '.join(words)}"


def _judged(problem: PlanningProblem, plan: Plan) -> dict[str, Any]:
    judged = verify.judge(problem, plan)
    row: dict[str, Any] = {
        "outcome": "broken" if judged.violations else "planned",
        "status": plan.status.value,
        "series": len(problem.series),
        "registrations": len(problem.registrations),
        "held": len(plan.placements),
        "placed": len(plan.allocations),
        "unplaced": len(problem.registrations) - len(plan.allocations),
        "violations": len(judged.violations),
        "disputed_tiers": " ".join(map(str, judged.disputed)),
    }
    for tier in judged.tiers:
        row[f"tier{tier.tier}_value"] = tier.value
        row[f"tier{tier.tier}_bound"] = _number(tier.bound, 0)
        row[f"tier{tier.tier}_gap"] = _number(tier.gap, 5)
    return row


def best_seconds(output: str) -> str:
    """When the first tier was last raised, by what ``--progress`` said each second."""
    found, best = "", None
    for seconds, value in PROGRESS.findall(output):
        if best is None or int(value) > best:
            found, best = seconds, int(value)
    return found


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
