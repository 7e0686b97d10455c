"""Measures how soon a stop is answered, whatever the planner is doing at that moment.

``python -m benchmarks.cancel --scale 1,3 --at 0.2,1,3`` starts each kind of work anew
for each moment, asks it to stop then, and writes a row: what was being done, seconds
until the answer came, the longest silence of its progress, and whether the best plan
that was told is in the answer and breaks no rule. The exit status is 1 when an answer
took more than 2 seconds, a silence more than 1, or a plan was lost.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.cases import KNOWN, REPAIR
from benchmarks.promises import (
    DONE_BEFORE,
    LONGEST_ANSWER,
    LONGEST_SILENCE,
    plan_lost,
)
from benchmarks.repairing import illness
from benchmarks.rows import RESULTS, append, code_version, rows_before, surroundings
from benchmarks.run import numbers
from scheduling.solver import verify
from scheduling.solver.generate import generate
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem

EXPLAIN = "explain"
MODES = ("term", "week", KNOWN, REPAIR, EXPLAIN)
SECONDS = 3600.0
"""More than anything here takes: it is the stop that ends it."""

COLUMNS = (
    "when", "code", "mode", "scale", "seed", "workers", "asked_at", "doing",
    "answer_seconds", "longest_silence", "told_value", "kept_value", "violations",
    "load", "python", "ortools", "processor", "cores",
)  # fmt: skip


@dataclass
class Caller:
    """Somebody who listens, and wants to stop at a moment.

    ``silence``: the longest time without a word; ``asked``: when the stop was wanted.
    """

    at: float
    began: float = field(default_factory=time.monotonic)
    doing: str = ""
    value: int | None = None
    silence: float = 0.0
    _heard: float = field(default_factory=time.monotonic)

    def hears(self, event: Any = None) -> None:
        now = time.monotonic()
        self.silence, self._heard = max(self.silence, now - self._heard), now
        if event is not None and not self.wants_to_stop():
            self.doing, self.value = event.doing, event.value

    def wants_to_stop(self) -> bool:
        return time.monotonic() - self.began >= self.at

    @property
    def waited(self) -> float:
        """Seconds since the stop was wanted."""
        return time.monotonic() - self.began - self.at


Work = Callable[[Caller], tuple[PlanningProblem, Plan]]
"""What came back, with the problem that it is a plan of."""


def work_of(mode: str, scale: float, seed: int, workers: int) -> Work:
    """The work of a mode, which can be started again and again."""
    if mode == REPAIR:
        return _repair(scale, seed)
    if mode == EXPLAIN:
        return _explain(scale, seed)
    from scheduling.solver.solve import SolveSettings, solve

    problem = generate(scale, seed, mode)
    settings = SolveSettings(seconds=SECONDS, workers=workers, seed=seed)

    def work(caller: Caller) -> tuple[PlanningProblem, Plan]:
        return problem, solve(
            problem, settings, progress=caller.hears, should_stop=caller.wants_to_stop
        )

    return work


def _short(scale: float, seed: int, mode: str) -> tuple[PlanningProblem, Plan]:
    """A problem and a plan of it that was made in little time."""
    from scheduling.solver.solve import SolveSettings, solve

    problem = generate(scale, seed, mode)
    settings = SolveSettings(seconds=SECONDS, workers=1, seed=seed, steps=2)
    return problem, solve(problem, settings)


def _repair(scale: float, seed: int) -> Work:
    from scheduling.solver.repair.mend import MendSettings, mend

    problem, plan = _short(scale, seed, "week")
    event = illness(problem, plan, seed)
    settings = MendSettings(seconds=SECONDS)

    def work(caller: Caller) -> tuple[PlanningProblem, Plan]:
        mended = mend(
            problem,
            plan,
            event,
            settings,
            progress=caller.hears,
            should_stop=caller.wants_to_stop,
        )
        return mended.problem, mended.alternatives[0].plan

    return work


def _explain(scale: float, seed: int) -> Work:
    from scheduling.solver.explain import tell

    problem, plan = _short(scale, seed, "term")

    def work(caller: Caller) -> tuple[PlanningProblem, Plan]:
        caller.doing = EXPLAIN
        told = tell(problem, plan, beat=caller.hears, should_stop=caller.wants_to_stop)
        return problem, told.plan

    return work


def measured(work: Work, mode: str, at: float) -> dict[str, Any]:
    """One stop: what was going on, how long the answer took, what it was worth."""
    caller = Caller(at)
    problem, plan = work(caller)
    waited = caller.waited
    caller.hears()
    if waited < 0:
        caller.doing = DONE_BEFORE
    # A repair has wishes of its own, and explaining leaves the plan as it was.
    valued = mode not in (REPAIR, EXPLAIN)
    told = caller.value if valued else None
    return {
        "asked_at": f"{at:g}",
        "doing": caller.doing,
        "answer_seconds": f"{max(0.0, waited):.2f}",
        "longest_silence": f"{caller.silence:.2f}",
        "told_value": "" if told is None else told,
        "kept_value": plan.tiers[0].value if valued and plan.tiers else "",
        "violations": len(verify.violations(problem, plan)),
    }


def is_bad(row: dict[str, Any]) -> bool:
    return (
        plan_lost(row)
        or float(row["answer_seconds"]) > LONGEST_ANSWER
        or float(row["longest_silence"]) > LONGEST_SILENCE
    )


def _floats(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))


def _modes(text: str) -> tuple[str, ...]:
    found = tuple(text.split(","))
    for one in found:
        if one not in MODES:
            raise argparse.ArgumentTypeError(
                f"{one} is unknown; choose from {', '.join(MODES)}"
            )
    return found


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cancel", description=(__doc__ or "").splitlines()[0]
    )
    add = parser.add_argument
    add("--modes", type=_modes, default=MODES, help=", ".join(MODES))
    add("--scale", type=_floats, default=(1.0,), help="regions side by side")
    add("--seeds", type=numbers, default="1", help="of the problems: 1-3 or 1,4")
    add("--at", type=_floats, default=(0.2, 1.0, 3.0, 10.0), help="seconds")
    add("--workers", type=int, default=2, help="searchers")
    add("--out", type=Path, help="default: benchmarks/results/<today>-cancel.csv")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """1 when a stop was answered late, work was silent, or a plan was lost; 2 when the
    file has rows of another code."""
    options = arguments(given)
    today = _now().date().isoformat()
    path = options.out or RESULTS / f"{today}-cancel.csv"
    try:
        rows_before(path, code_version(), COLUMNS)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    bad = 0
    for scale in options.scale:
        for seed in options.seeds:
            for mode in options.modes:
                work = work_of(mode, scale, seed, options.workers)
                for at in options.at:
                    row = {
                        "when": _now().isoformat(timespec="seconds"),
                        "code": code_version(),
                        "mode": mode,
                        "scale": f"{scale:g}",
                        "seed": seed,
                        "workers": options.workers,
                        **measured(work, mode, at),
                        **surroundings(),
                    }
                    append(path, row, COLUMNS)
                    bad += is_bad(row)
                    print(_line(row), flush=True)
    return 1 if bad else 0


def _now() -> datetime:
    return datetime.now().astimezone()


def _line(row: dict[str, Any]) -> str:
    late = "  NOT AS PROMISED" if is_bad(row) else ""
    return (
        f"{row['mode']} {row['scale']}x seed {row['seed']}, asked at "
        f"{row['asked_at']} s ({row['doing']}): answer after "
        f"{row['answer_seconds']} s, longest silence {row['longest_silence']} s{late}"
    )


if __name__ == "__main__":
    sys.exit(main())
