"""Says for terms that were planned whether everybody left out has a verified reason.

``python -m benchmarks.reasons --seeds 1-10`` plans each term for some seconds, explains
the plan as ``explain_plan`` does, and writes a row a term. The exit status is 1 when a
registration without a seat has no verified reason for one of its choices, or when the
judge finds that a reason does not hold.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.rows import RESULTS, append, code_version, rows_before, surroundings
from benchmarks.run import numbers
from scheduling.solver import verify
from scheduling.solver.generate import REGIMES, generate
from scheduling.solver.plan import Allocation, Plan, Reason, Verified
from scheduling.solver.problem import PlanningProblem

COLUMNS = (
    "when", "code", "mode", "regime", "scale", "seed", "seconds_allowed", "gap",
    "registrations", "unplaced", "verified", "without_choices", "missing", "reasons",
    *(one.value for one in Verified), "empty", "reducible", "denied", "unheld",
    "unheld_verified", "asked_engine", "explain_cpu_seconds", "python", "ortools",
    "processor", "cores",
)  # fmt: skip


def reasons_row(problem: PlanningProblem, plan: Plan) -> dict[str, Any]:
    """What explaining a plan gives.

    ``missing``: registrations with a choice that has no verified reason; ``empty``:
    reasons that say that nothing stands in the way; ``reducible``: those, of series
    too, of which it was not known in time whether every rule is needed; ``denied``:
    reasons of the plan as it is that the judge of the whole plan does not confirm.
    """
    from scheduling.solver.explain import tell

    began = time.process_time()
    told = tell(problem, plan)
    spent = time.process_time() - began
    reasons = [
        (item.registration_id, one)
        for item in told.plan.unplaced
        for one in item.reasons
    ]
    labels = Counter(one.verified for _, one in reasons)
    unsure = {name for name, one in reasons if not _is_reason(one)}
    missing = unsure | {
        item.registration_id
        for item in told.plan.unplaced
        if _chosen(problem, item.registration_id)
        != {one.series_id for one in item.reasons}
    }
    nothing_asked = sum(
        not _chosen(problem, item.registration_id) for item in told.plan.unplaced
    )
    return {
        "registrations": len(problem.registrations),
        "unplaced": len(told.plan.unplaced),
        "verified": len(told.plan.unplaced) - len(missing),
        "without_choices": nothing_asked,
        "missing": len(missing),
        "reasons": len(reasons),
        **{one.value: labels[one] for one in Verified},
        "empty": sum(not one.rules for _, one in reasons),
        "reducible": sum(
            not one.irreducible
            for one in (*(one for _, one in reasons), *told.plan.unheld)
        ),
        "denied": sum(1 for _ in _denied(problem, plan, reasons)),
        "unheld": len(told.plan.unheld),
        "unheld_verified": sum(map(_is_reason, told.plan.unheld)),
        "asked_engine": told.asked_engine,
        "explain_cpu_seconds": f"{spent:.1f}",
    }


def _chosen(problem: PlanningProblem, registration_id: str) -> set[str]:
    choices = problem.registration_by_id[registration_id].choices
    return {one.series_id for one in choices}


def _is_reason(reason: Reason) -> bool:
    return bool(reason.rules) and reason.verified is not Verified.UNDECIDED


def _denied(
    problem: PlanningProblem, plan: Plan, reasons: list[tuple[str, Reason]]
) -> Iterator[str]:
    """Who could be seated as the plan is, or for another reason than is told."""
    for name, reason in reasons:
        if reason.verified is not Verified.PLAN_FIXED:
            continue
        seat = Allocation(name, reason.series_id)
        more = replace(plan, allocations=(*plan.allocations, seat))
        broken = verify.violations(problem, more, touching={reason.series_id})
        if not set(reason.rules) <= {one.rule for one in broken}:
            yield name


def planned(problem: PlanningProblem, seconds: float, workers: int) -> Plan:
    from scheduling.solver.solve import SolveSettings, solve

    return solve(problem, SolveSettings(seconds=seconds, workers=workers))


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reasons",
        description=(__doc__ or "").splitlines()[0],
    )
    add = parser.add_argument
    add("--seeds", type=numbers, default="1-10", help="of the problems: 1-10 or 1,4")
    add("--mode", choices=("term", "week"), default="term")
    add("--regime", choices=REGIMES, default="base")
    add("--scale", type=float, default=1.0, help="regions side by side")
    add("--seconds", type=float, default=15.0, help="to plan each problem")
    add("--workers", type=int, default=2, help="searchers")
    add("--out", type=Path, help="default: benchmarks/results/<today>-reasons.csv")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """1 when somebody left out has no verified reason; 2 when the file has rows of
    another code."""
    options = arguments(given)
    now = datetime.now().astimezone()
    path = options.out or RESULTS / f"{now.date().isoformat()}-reasons.csv"
    try:
        rows_before(path, code_version(), COLUMNS)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    bad = 0
    for seed in options.seeds:
        problem = generate(options.scale, seed, options.mode, options.regime)
        plan = planned(problem, options.seconds, options.workers)
        gap = plan.tiers[0].gap if plan.tiers else None
        row = {
            "when": datetime.now().astimezone().isoformat(timespec="seconds"),
            "code": code_version(),
            "mode": options.mode,
            "regime": options.regime,
            "scale": f"{options.scale:g}",
            "seed": seed,
            "seconds_allowed": f"{options.seconds:g}",
            "gap": "" if gap is None else f"{gap:.5f}",
            **reasons_row(problem, plan),
            **surroundings(),
        }
        append(path, row, COLUMNS)
        bad += row["missing"] + row["denied"]
        print(
            f"{options.mode} {options.regime} {options.scale:g}x seed {seed}: "
            f"{row['unplaced']} without a seat, {row['verified']} with a verified "
            f"reason for every choice ({row['without_choices']} chose nothing), "
            f"{row['missing']} missing, {row['denied']} denied; "
            f"{row['reasons']} reasons, {row['unheld_verified']} of {row['unheld']} "
            f"series not held explained, {row['explain_cpu_seconds']} s of processor",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
