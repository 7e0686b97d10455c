"""What a repair is measured on: a week that was planned, one leader of it ill."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.cases import Case
from scheduling.solver.generate import generate
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.event import LeaderIll
from scheduling.solver.repair.event_format import write_event
from scheduling.solver.snapshot import write_plan, write_problem

STEPS = 20
LONGEST = 600.0


def prepare(case: Case, folder: Path) -> None:
    """Write ``problem.json``, the published plan and the event; the same each time."""
    from scheduling.solver.solve import SolveSettings, solve

    problem = generate(case.scale, case.seed, "week", case.regime)
    settings = SolveSettings(seconds=LONGEST, workers=1, seed=case.seed, steps=STEPS)
    plan = solve(problem, settings)
    event = illness(problem, plan, case.seed)
    (folder / "problem.json").write_text(write_problem(problem), "utf-8")
    (folder / "published.json").write_text(write_plan(plan, problem.horizon), "utf-8")
    (folder / "event.json").write_text(write_event(event, problem.horizon), "utf-8")


def illness(problem: PlanningProblem, plan: Plan, seed: int) -> LeaderIll:
    """Somebody who leads that week cannot come all week."""
    leading = sorted({lead for one in plan.placements for lead in one.leader_ids})
    dice = Random(f"{seed}/illness")  # noqa: S311 - not a secret
    return LeaderIll(
        id="illness",
        facilitator_id=dice.choice(leading),
        first_day=0,
        last_day=problem.horizon.day_count - 1,
    )


def figures(told: dict[str, Any]) -> dict[str, Any]:
    """What a row says of the best way that was found.

    ``proven``: of each wish of the repair order, first to last, where nothing could do
    better: in the ``whole`` plan, in the ``part`` that was freed, or ``not`` shown.
    """
    best = told["alternatives"][0]
    return {
        "touched": len(told["touched"]),
        "changes": len(best["changes"]),
        "sessions_lost": best["sessions_lost"],
        "seats_lost": len(best["seats_lost"]),
        "people": best["people"],
        "minutes_moved": best["minutes_moved"],
        "proven": " ".join(tier["proven"] for tier in best["tiers"]),
    }


def main(words: list[str]) -> None:
    """``python -m benchmarks.repairing SCALE SEED REGIME``: write the files here."""
    scale, seed, regime = words
    prepare(Case("repair", regime, float(scale), int(seed), 0.0), Path())
    print(json.dumps({"event": json.loads(Path("event.json").read_text("utf-8"))}))


if __name__ == "__main__":
    main(sys.argv[1:])
