"""Measures what makes invented problems hard, so that they stay so.

``python -m benchmarks.traits --seeds 1-3`` prints a line a problem. How far plain
CP-SAT gets on them is a row of the benchmark itself: ``--solvers plain``.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from benchmarks.run import numbers
from scheduling.solver.generate import REGIMES, generate
from scheduling.solver.generate.subjects import EXPERT
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.reach import Reach

HALF_DAYS = 16


@dataclass(frozen=True)
class Traits:
    """Of one problem.

    ``candidates``: series that a registration could get, the mean over those that have
    any; ``without``: the share that has none. ``volunteer_half_days``: mean of experts
    by experience. ``takers``: registrations with a candidate for each seat on offer.
    """

    candidates: float
    without: float
    volunteer_half_days: float
    most_volunteer_half_days: int
    takers: float


def traits(problem: PlanningProblem) -> Traits:
    """The traits of a term or a week."""
    reach = Reach(problem)
    counts = [len(reach.candidates(item)) for item in problem.registrations]
    some = [count for count in counts if count]
    half_days = [
        len(lead.availability.weekly)
        for lead in problem.facilitators
        if EXPERT in lead.roles
    ]
    seats = sum(
        item.size_max - len(item.members)
        for item in problem.series
        if problem.registrations_by_series[item.id]
    )
    return Traits(
        sum(some) / max(1, len(some)),
        counts.count(0) / max(1, len(counts)),
        sum(half_days) / max(1, len(half_days)),
        max(half_days, default=0),
        len(some) / max(1, seats),
    )


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.traits", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--seeds", type=numbers, default="1-3")
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args(given)
    for mode in ("term", "week"):
        for regime in REGIMES:
            for seed in options.seeds:
                found = traits(generate(options.scale, seed, mode, regime))
                print(
                    f"{mode} {regime} {options.scale:g}x seed {seed}: "
                    f"{found.candidates:.2f} candidates, "
                    f"{100 * found.without:.0f} % without, volunteers "
                    f"{found.volunteer_half_days:.2f} half-days (at most "
                    f"{found.most_volunteer_half_days}), "
                    f"{found.takers:.2f} takers a seat"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
