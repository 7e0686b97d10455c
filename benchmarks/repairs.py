"""How fast a published week is repaired after an illness, and what is proven of it.

    .venv/bin/python -m benchmarks.repairs --seeds 1-10

makes the base week of each seed, plans it for ``--plan-seconds``, lets one of its
leaders be ill for a whole week (drawn with the seed) and repairs it ``--illnesses``
times. One row an illness; wall clock and processor seconds of the repair alone, from
the event to the ranked alternatives, with the engine loaded.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterator
from random import Random
from typing import TextIO

from scheduling.solver.generate import REGIMES, generate
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.answer import Mended
from scheduling.solver.repair.event import LeaderIll
from scheduling.solver.repair.mend import MendSettings, mend
from scheduling.solver.solve import SolveSettings, solve
from scheduling.solver.verify import violations

COLUMNS = (
    "seed",
    "leader",
    "touched",
    "freed",
    "lost",
    "lost_proven",
    "sessions_changed",
    "changes_proven",
    "people",
    "minutes_moved",
    "alternatives",
    "seconds",
    "cpu_seconds",
    "violations",
)


def seeds_of(text: str) -> list[int]:
    """The numbers of a text such as ``1-3,7``."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def illnesses(
    problem: PlanningProblem, plan: Plan, seed: int, count: int
) -> Iterator[LeaderIll]:
    """Leaders of the plan, each ill on all days of it."""
    leaders = sorted({name for item in plan.placements for name in item.leader_ids})
    chosen = Random(seed).sample(leaders, min(count, len(leaders)))  # noqa: S311
    for name in chosen:
        last = problem.horizon.day_count - 1
        yield LeaderIll(
            id=f"ill-{name}", facilitator_id=name, first_day=0, last_day=last
        )


def row_of(seed: int, event: LeaderIll, mended: Mended, cpu: float) -> list[object]:
    best = mended.alternatives[0]
    means = best.consequences
    broken = sum(
        len(violations(mended.problem, one.plan)) for one in mended.alternatives
    )
    return [
        seed,
        event.facilitator_id,
        len(mended.happened.touched),
        len(mended.freed),
        best.proofs[0].value,
        best.proofs[0].scope.value,
        best.proofs[1].value,
        best.proofs[1].scope.value,
        means.people,
        means.minutes_moved,
        len(mended.alternatives),
        f"{mended.seconds:.2f}",
        f"{cpu:.2f}",
        broken,
    ]


def measure(arguments: argparse.Namespace, out: TextIO) -> int:
    """Write a row for each illness; how many broke a rule."""
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    broken = 0
    for seed in seeds_of(arguments.seeds):
        problem = generate(arguments.scale, seed, "week", arguments.regime)
        plan = solve(
            problem,
            SolveSettings(seconds=arguments.plan_seconds, workers=1, seed=seed),
        )
        for event in illnesses(problem, plan, seed, arguments.illnesses):
            begun = time.process_time()
            mended = mend(problem, plan, event, MendSettings(seconds=arguments.seconds))
            row = row_of(seed, event, mended, time.process_time() - begun)
            broken += bool(row[-1])
            rows.writerow(row)
            out.flush()
    return broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-10")
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--regime", choices=REGIMES, default="base")
    parser.add_argument("--illnesses", type=int, default=3)
    parser.add_argument("--plan-seconds", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=5)
    return 1 if measure(parser.parse_args(), sys.stdout) else 0


if __name__ == "__main__":
    sys.exit(main())
