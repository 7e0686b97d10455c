"""What is measured: cases, the two suites made of them, and how long they take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scheduling.solver.generate import REGIMES

KEY = (
    "code", "solver", "mode", "regime", "scale", "seed", "seconds_allowed", "workers",
    "solver_seed",
)  # fmt: skip

PLANNER = "gem"
REFERENCES = ("plain", "timefold")
SOLVERS = (PLANNER, *REFERENCES)
REPAIR, KNOWN = "repair", "known-members"
TASKS = ("term", "week", REPAIR, KNOWN)

SECONDS = {1: 60.0, 3: 300.0, 10: 600.0}
"""Seconds for a term of each size, as promised for the regimes of ``PROMISED``."""

PROMISED = ("base", "scarce-leaders")

WEEK_SECONDS = {1: 30.0, 3: 30.0, 10: 60.0}
REPAIR_SECONDS = 5.0
KNOWN_SECONDS = 300.0
"""Seconds for groups of known members, as promised."""

KNOWN_AGAIN_SECONDS = 30.0
"""The same for the further seeds: they are complete after one, the rest is polish."""

PREPARING = 15.0
"""Seconds a region to plan the week that is then repaired."""

BESIDE = {"gem": 5.0, "plain": 5.0, "timefold": 30.0}
"""Seconds a region and run for what is not solving: making, loading, judging."""


@dataclass(frozen=True)
class Case:
    """One measurement: the problem, the solver and what it may use."""

    mode: str
    regime: str
    scale: float
    seed: int
    seconds: float
    workers: int = 2
    solver_seed: int = 1
    solver: str = PLANNER
    explain: bool = False

    def key(self, code: str) -> dict[str, str]:
        values = (
            code, self.solver, self.mode, self.regime, f"{self.scale:g}", self.seed,
            f"{self.seconds:g}", self.workers, self.solver_seed,
        )  # fmt: skip
        return dict(zip(KEY, map(str, values), strict=True))

    @property
    def expected(self) -> float:
        """Seconds it takes at most, about."""
        beside = BESIDE[self.solver] + (PREPARING if self.mode == REPAIR else 0)
        return self.seconds + beside * max(1.0, self.scale)


def bench() -> Iterator[Case]:
    """One region, about 25 minutes: every promise, and both references."""
    for seed in (1, 2, 3):
        for regime in PROMISED:
            yield Case("term", regime, 1, seed, SECONDS[1])
    for solver in REFERENCES:
        for regime in PROMISED:
            yield Case("term", regime, 1, 1, SECONDS[1], solver=solver)
    for regime in REGIMES:
        if regime not in PROMISED:
            yield Case("term", regime, 1, 1, SECONDS[1])
    for solver in SOLVERS:
        yield Case("week", "base", 1, 1, WEEK_SECONDS[1], solver=solver)
    for regime in REGIMES[1:]:
        yield Case("week", regime, 1, 1, WEEK_SECONDS[1])
    for seed in (1, 2, 3, 4, 5):
        yield Case(REPAIR, "base", 1, seed, REPAIR_SECONDS)
    yield Case(KNOWN, "base", 1, 1, KNOWN_SECONDS)


def full() -> Iterator[Case]:
    """Every size, mode and regime, the promises first; at most two hours and a quarter.

    Seeds are many where a run is short: three for one region, one for ten. The other
    solvers stop at three regions; what nothing is promised about gets a third.
    """
    yield from bench()
    for scale, seed in ((3, 1), (10, 1), (3, 2)):
        for regime in PROMISED:
            yield Case("term", regime, scale, seed, SECONDS[scale])
    for scale in (3, 10):
        for regime in PROMISED:
            yield Case(REPAIR, regime, scale, 1, REPAIR_SECONDS)
    for seed in (1, 2, 3):
        for regime in ("base", "scarce-rooms"):
            if (regime, seed) != ("base", 1):
                yield Case(KNOWN, regime, 1, seed, KNOWN_AGAIN_SECONDS)
    yield from _every_regime()
    for solver in REFERENCES:
        yield Case("term", "base", 3, 1, SECONDS[3], solver=solver)


def _every_regime() -> Iterator[Case]:
    for regime in REGIMES:
        for solver in SOLVERS:
            yield Case("term", regime, 1, 1, SECONDS[1], solver=solver)
        yield Case(REPAIR, regime, 1, 1, REPAIR_SECONDS)
    for scale in (3, 10):
        for regime in REGIMES:
            yield Case("week", regime, scale, 1, WEEK_SECONDS[scale])
            if regime not in PROMISED:
                yield Case("term", regime, scale, 1, SECONDS[scale] / 3)


SUITES = {"bench": bench, "full": full}


def suite(name: str, seconds: float | None, workers: int) -> list[Case]:
    """The cases of a suite, each once; ``seconds`` in place of those promised."""
    found = [replace(case, workers=workers) for case in SUITES[name]()]
    if seconds is not None:
        found = [replace(case, seconds=seconds) for case in found]
    return list(dict.fromkeys(found))


def in_words(seconds: float) -> str:
    """A stretch of time as people say it."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 100:
        return f"{minutes} minutes"
    return f"{minutes / 60:.1f} hours"


def expected(cases: Iterable[Case]) -> float:
    return sum(case.expected for case in cases)
