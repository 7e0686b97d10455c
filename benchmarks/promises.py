"""What was promised of the planner, and what the rows say of it.

A promise looks at the rows that were measured as it says (size, seconds) and at no
others; where there are none it was not measured, which is not the same as kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from benchmarks.cases import PLANNER, PROMISED, SECONDS

Row = dict[str, str]
LEAST = {"whole", "part"}
CLEARLY = 0.01
LONGEST_ANSWER, LONGEST_SILENCE = 2.0, 1.0
"""Seconds until a stop is answered, and between two words of progress."""

DONE_BEFORE = "done before"
"""What was going on when work had ended before it was asked to stop."""

HARD = (*PROMISED, "scarce-rooms")
"""Regimes of the gap that is promised of one region: base, leaders and rooms scarce."""


@dataclass(frozen=True)
class Verdict:
    """How far a promise is kept; ``None``: not measured."""

    what: str
    must: str
    aim: str
    measured: str
    kept: bool | None
    aim_kept: bool | None


def number(row: Row, name: str) -> float | None:
    return float(row[name]) if row.get(name) else None


def planned(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["outcome"] == "planned"]


def terms(
    rows: list[Row], scale: int, regimes: Sequence[str] | None = None
) -> list[Row]:
    """Terms planned by us in the seconds that were promised, failures included.

    ``regimes``: only of these; by default of every one.
    """
    return [
        row
        for row in rows
        if row["solver"] == PLANNER
        and row["mode"] == "term"
        and float(row["scale"]) == scale
        and float(row["seconds_allowed"]) == SECONDS[scale]
        and (regimes is None or row["regime"] in regimes)
    ]


def _verdict(
    words: tuple[str, str, str],
    values: list[float | None],
    shown: Callable[[float], str],
    must: Callable[[list[float]], bool],
    aim: Callable[[list[float]], bool],
) -> Verdict:
    """One number a row; a row without one breaks the promise."""
    if not values:
        return Verdict(*words, "not measured", None, None)
    known = sorted(value for value in values if value is not None)
    if len(known) < len(values):
        missing = len(values) - len(known)
        return Verdict(*words, f"{missing} of {len(values)} failed", False, False)
    told = f"median {shown(median(known))}, worst {shown(known[-1])}"
    return Verdict(*words, f"{told} ({len(known)} runs)", must(known), aim(known))


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %"


def _at_most(limit: float) -> Callable[[list[float]], bool]:
    return lambda known: known[-1] <= limit


def _gaps(rows: list[Row]) -> list[float | None]:
    return [
        number(row, "tier1_gap") if row["outcome"] == "planned" else None
        for row in rows
    ]


def verdicts(rows: list[Row], stops: Sequence[Row] = ()) -> list[Verdict]:
    """Every promise in order; ``stops`` are rows of ``benchmarks.cancel``."""
    return [
        _verdict(
            ("first plan, term of one region, every regime", "5 s", "1 s"),
            [number(row, "first_plan_seconds") for row in terms(rows, 1)],
            lambda value: f"{value:.1f} s",
            _at_most(5),
            _at_most(1),
        ),
        _verdict(
            (
                "proven gap, term of one region, base, scarce leaders or rooms, 60 s",
                "3 % on every seed, 1.5 % median",
                "0.5 %",
            ),
            _gaps(terms(rows, 1, HARD)),
            _percent,
            lambda known: known[-1] <= 0.03 and median(known) <= 0.015,
            _at_most(0.005),
        ),
        _verdict(
            (
                "proven gap, term of 3 regions, base and scarce leaders, 300 s",
                "4 %",
                "1 %",
            ),
            _gaps(terms(rows, 3, PROMISED)),
            _percent,
            _at_most(0.04),
            _at_most(0.01),
        ),
        _verdict(
            (
                "proven gap, term of 10 regions, base and scarce leaders, 600 s",
                "2.5 %",
                "1 %",
            ),
            _gaps(terms(rows, 10, PROMISED)),
            _percent,
            _at_most(0.025),
            _at_most(0.01),
        ),
        _repairs(rows),
        _others(rows),
        _verdict(
            ("a move by hand judged, slowest of twenty", "50 ms", "15 ms"),
            [
                number(row, "move_p95_ms")
                for row in planned(rows)
                if row["solver"] == PLANNER and row["mode"] in ("term", "week")
            ],
            lambda value: f"{value:.1f} ms",
            _at_most(50),
            _at_most(15),
        ),
        _verdict(
            ("memory, term of 10 regions, every regime", "6 GB", "2 GB"),
            [
                number(row, "peak_mb")
                for row in rows
                if row["solver"] == PLANNER
                and row["mode"] == "term"
                and float(row["scale"]) == 10
            ],
            lambda value: f"{value / 1024:.2f} GB",
            _at_most(6 * 1024),
            _at_most(2 * 1024),
        ),
        _known(rows),
        *_stops(stops),
    ]


def plan_lost(stop: Mapping[str, object]) -> bool:
    """Whether a plan came back that is worth less than was told, or breaks a rule.

    A row that was not judged counts as lost: nobody knows what came back.
    """
    told, kept = str(stop["told_value"]), str(stop["kept_value"])
    less = told != "" and (kept == "" or int(kept) < int(told))
    return less or str(stop["violations"]) != "0"


def _stops(stops: Sequence[Row]) -> Iterator[Verdict]:
    yield _verdict(
        ("longest silence while something is worked out", "1 s", "the same"),
        [number(row, "longest_silence") for row in stops],
        lambda value: f"{value:.2f} s",
        _at_most(LONGEST_SILENCE),
        _at_most(LONGEST_SILENCE),
    )
    yield _verdict(
        (
            "a stop is answered, with a lawful plan no worse than was told",
            "2 s",
            "the same",
        ),
        [
            None if plan_lost(row) else number(row, "answer_seconds")
            for row in stops
            if row["doing"] != DONE_BEFORE
        ],
        lambda value: f"{value:.2f} s",
        _at_most(LONGEST_ANSWER),
        _at_most(LONGEST_ANSWER),
    )


def _repairs(rows: list[Row]) -> Verdict:
    words = (
        "repair of a week of one region after an illness",
        "5 s, proven least number of changes",
        "1 s",
    )
    found = [
        row for row in rows if row["mode"] == "repair" and float(row["scale"]) == 1
    ]
    if not found:
        return Verdict(*words, "not measured", None, None)
    proven = sum(set(row["proven"].split()[:2]) <= LEAST for row in planned(found))
    seconds = sorted(float(row["seconds"]) for row in planned(found))
    if len(seconds) < len(found):
        return Verdict(*words, f"{len(found) - len(seconds)} failed", False, False)
    told = f"median {median(seconds):.1f} s, worst {seconds[-1]:.1f} s"
    told += f", least proven in {proven} of {len(found)}"
    whole = sum(set(row["proven"].split()[:2]) == {"whole"} for row in planned(found))
    told += f", for the whole week in {whole} of {len(found)}"
    least = proven == len(found)
    return Verdict(*words, told, least and seconds[-1] <= 5, least and seconds[-1] <= 1)


@dataclass(frozen=True)
class Match:
    """One problem, the same seconds and cores: our row and the others'."""

    ours: Row
    others: tuple[Row, ...]

    @property
    def lead(self) -> float | None:
        """How much more our first tier is worth than the best other; a fraction.

        Infinite where no other found anything, ``None`` where we did not.
        """
        ours = number(self.ours, "tier1_value")
        values = [number(row, "tier1_value") for row in planned(list(self.others))]
        best = max((value for value in values if value is not None), default=None)
        if ours is None:
            return None
        return (ours - best) / best if best else float("inf")


def matches(rows: list[Row]) -> Iterator[Match]:
    """Problems that we and others solved, in the order of the file."""
    names = ("mode", "regime", "scale", "seed", "seconds_allowed", "workers", "code")

    def key(row: Row) -> tuple[str, ...]:
        return tuple(row[name] for name in names)

    for _, same in groupby(sorted(rows, key=key), key):
        found = list(same)
        ours = [row for row in found if row["solver"] == PLANNER]
        others = tuple(row for row in found if row["solver"] != PLANNER)
        if ours and others:
            yield Match(ours[0], others)


def _others(rows: list[Row]) -> Verdict:
    words = (
        "against the best other solver, same problem, seconds and cores",
        "never worse",
        "clearly (1 %) better on every problem, or proven best",
    )
    found = list(matches(rows))
    if not found:
        return Verdict(*words, "not measured", None, None)
    leads = [match.lead for match in found]
    known = sorted(lead for lead in leads if lead is not None)
    if len(known) < len(leads):
        return Verdict(*words, "a row without a value", False, False)
    told = f"{_percent(known[0])} better or more ({len(known)} problems)"
    aim = all(
        (match.lead or 0) >= CLEARLY or number(match.ours, "tier1_gap") == 0
        for match in found
    )
    return Verdict(*words, told, known[0] >= 0, aim)


def _known(rows: list[Row]) -> Verdict:
    words = (
        "groups of known members: everybody in the week",
        "300 s",
        "the same when rooms or half-days are scarce",
    )
    found = [row for row in rows if row["mode"] == "known-members"]
    if not found:
        return Verdict(*words, "not measured", None, None)

    def complete(some: list[Row]) -> bool:
        return all(
            row["outcome"] == "planned"
            and row["held"] == row["series"]
            and float(row["best_seconds"] or "inf") <= 300
            for row in some
        )

    base = [row for row in found if row["regime"] == "base"]
    hard = [row for row in found if row["regime"] != "base"]
    worst = max(float(row["best_seconds"] or "inf") for row in found)
    full = sum(complete([row]) for row in found)
    told = f"{full} of {len(found)} complete, the slowest after {worst:.0f} s"
    return Verdict(
        *words,
        told,
        complete(base) if base else None,
        complete(hard) if hard else None,
    )
