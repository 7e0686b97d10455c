"""The tables of the benchmarks page, each made from the rows alone.

Apart from the page, which decides which files are read and where tables go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cases import KEY, suite
from benchmarks.chart import NAMES
from benchmarks.promises import (
    DONE_BEFORE,
    Match,
    Row,
    matches,
    number,
    plan_lost,
    planned,
    verdicts,
)
from benchmarks.rows import ROOT

WORDS = {True: "yes", False: "**no**", None: "not measured"}
NOTHING = "Not measured.\n"
HARD = 0.25
"""Gap above which the plain model is to stay on problems that are hard."""


@dataclass(frozen=True)
class Rows:
    """The rows of one file, all of one code; none when there is no file."""

    path: Path | None = None
    all: list[Row] = field(default_factory=list)

    def __str__(self) -> str:
        """The file, as it is named in the repository."""
        if self.path is None:
            return "no file"
        inside = self.path.is_relative_to(ROOT)
        name = str(self.path.relative_to(ROOT)) if inside else self.path.name
        return f"`{name}`"


@dataclass(frozen=True)
class Measured:
    """What the page is made of: the suite, stopping, and reasons."""

    suite: Rows
    stops: Rows = field(default_factory=Rows)
    reasons: Rows = field(default_factory=Rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join(lines) + "\n"


def _promises(measured: Measured) -> str:
    head = ("promise", "must", "measured", "must holds", "aim", "aim holds")
    return table(
        head,
        (
            (
                one.what,
                one.must,
                one.measured,
                WORDS[one.kept],
                one.aim,
                WORDS[one.aim_kept],
            )
            for one in verdicts(measured.suite.all, measured.stops.all)
        ),
    )


def all_of(rows: list[Row], name: str) -> str:
    return ", ".join(sorted({row[name] for row in rows if row.get(name)})) or "-"


def _where(measured: Measured) -> str:
    """Where and with what the rows were measured."""
    rows = measured.suite.all
    busy = [float(row["others_cores"]) for row in rows if row.get("others_cores")]
    most = f"{max(busy):.2f}" if busy else "-"
    failed = sum(row["outcome"] != "planned" for row in rows)
    there, cases = _of_the_full_suite(rows)
    return table(
        ("what", "value"),
        (
            (
                "rows",
                f"{len(rows)} in {measured.suite}, {failed} without a lawful plan",
            ),
            ("cases of `make bench-full` that have a row", f"{there} of {cases}"),
            ("code", all_of(rows, "code")),
            (
                "processor",
                f"{all_of(rows, 'processor')}, {all_of(rows, 'cores')} cores",
            ),
            (
                "versions",
                f"Python {all_of(rows, 'python')}, OR-Tools {all_of(rows, 'ortools')}",
            ),
            ("other solver", all_of(rows, "solver_version")),
            ("cores that other programs kept busy meanwhile, at most", most),
        ),
    )


def _of_the_full_suite(rows: list[Row]) -> tuple[int, int]:
    """How many cases of the full suite have a row, and how many it has."""
    there = {tuple(row[name] for name in KEY if name != "code") for row in rows}
    cases = [tuple(case.key("").values())[1:] for case in suite("full", None, 2)]
    return sum(case in there for case in cases), len(cases)


def _hard(measured: Measured) -> str:
    """Where the plain model stays far from the bound, and where it does not."""
    rows = [
        row
        for row in measured.suite.all
        if row["solver"] == "plain" and row["mode"] in ("term", "week")
    ]
    if not rows:
        return NOTHING
    gaps = [number(row, "tier1_gap") for row in planned(rows)]
    above = sum(gap is not None and gap > HARD for gap in gaps)
    return (
        f"The plain model stays above a gap of {100 * HARD:g} % on {above} of "
        f"{len(rows)} problems.\n\n"
    ) + table(
        ("problem", "allowed", "gap of the plain model", "above"),
        (
            (
                f"{row['mode']} {_problem(row)}",
                f"{float(row['seconds_allowed']):g} s",
                _percent(row["tier1_gap"]),
                _above(row),
            )
            for row in rows
        ),
    )


def _above(row: Row) -> str:
    gap = number(row, "tier1_gap") if row["outcome"] == "planned" else None
    if gap is None:
        return "no plan or no bound"
    return "yes" if gap > HARD else "**no**"


def _percent(text: str) -> str:
    return f"{100 * float(text):.2f} %" if text else "-"


def _problem(row: Row) -> str:
    return f"{row['regime']}, {row['scale']}x, seed {row['seed']}"


def _solved(row: Row) -> tuple[str, ...]:
    if row["outcome"] != "planned":
        return (_problem(row), NAMES[row["solver"]], row["outcome"], *["-"] * 8)
    return (
        _problem(row),
        NAMES[row["solver"]],
        f"{float(row['seconds_allowed']):g} s",
        row["placed"],
        row["tier1_value"],
        row["tier1_bound"] or "-",
        _percent(row["tier1_gap"]),
        "/".join(row[f"tier{tier}_value"] for tier in (2, 3, 4)),
        f"{row['first_plan_seconds']} s" if row["first_plan_seconds"] else "-",
        f"{row['peak_mb']} MB",
        f"{row['cpu_seconds']} s",
    )


def _mode(mode: str) -> Callable[[Measured], str]:
    head = (
        "problem", "solver", "allowed", "placed", "value", "proven bound", "gap",
        "cost of tiers 2/3/4", "first plan", "memory", "CPU",
    )  # fmt: skip

    def made(measured: Measured) -> str:
        rows = (row for row in measured.suite.all if row["mode"] == mode)
        return table(head, map(_solved, rows))

    return made


def _match(match: Match) -> Iterable[tuple[str, ...]]:
    for row in match.others:
        lead = Match(match.ours, (row,)).lead
        yield (
            f"{row['mode']} {_problem(row)}",
            f"{float(row['seconds_allowed']):g} s",
            match.ours.get("tier1_value") or "-",
            NAMES[row["solver"]],
            row.get("tier1_value") or row["outcome"],
            row.get("dropped") or "-",
            _lead(lead),
        )


def _lead(lead: float | None) -> str:
    if lead is None:
        return "-"
    return "it found nothing" if lead == float("inf") else f"{100 * lead:+.2f} %"


def _against(measured: Measured) -> str:
    head = (
        "problem", "allowed", "the planner", "other solver", "its value", "dropped",
        "we are better by",
    )  # fmt: skip
    found = matches(measured.suite.all)
    return table(head, (line for match in found for line in _match(match)))


def _repairs(measured: Measured) -> str:
    head = (
        "problem", "touched", "changed", "sessions lost", "seats lost", "people",
        "minutes moved", "seconds", "proven, wish by wish",
    )  # fmt: skip
    names = (
        "touched", "changes", "sessions_lost", "seats_lost", "people",
        "minutes_moved", "seconds", "proven",
    )  # fmt: skip
    return table(
        head,
        (
            (_problem(row), *(row[name] or row["outcome"] for name in names))
            for row in measured.suite.all
            if row["mode"] == "repair"
        ),
    )


def _known(measured: Measured) -> str:
    head = (
        "problem", "groups", "in the week", "all in after", "allowed",
        "cost of tiers 2/3/4", "memory",
    )  # fmt: skip
    return table(
        head,
        (
            (
                _problem(row),
                row["series"],
                row["held"] or row["outcome"],
                f"{row['best_seconds']} s",
                f"{float(row['seconds_allowed']):g} s",
                "/".join(row[f"tier{tier}_value"] for tier in (2, 3, 4)),
                f"{row['peak_mb']} MB",
            )
            for row in measured.suite.all
            if row["mode"] == "known-members"
        ),
    )


def _source(rows: Rows) -> str:
    return f"Rows of {rows}, code {all_of(rows.all, 'code')}.\n\n"


def _stops(measured: Measured) -> str:
    """A line for each kind of work and size; the file has every stop."""
    if not measured.stops.all:
        return NOTHING
    groups: dict[str, list[Row]] = {}
    for row in measured.stops.all:
        groups.setdefault(f"{row['mode']}, {row['scale']}x", []).append(row)
    head = (
        "work", "stops", "asked during", "slowest answer", "longest silence",
        "plans lost or unlawful",
    )  # fmt: skip
    return _source(measured.stops) + table(
        head, (_stopped(work, rows) for work, rows in groups.items())
    )


def _stopped(work: str, rows: list[Row]) -> tuple[str, ...]:
    asked = [row for row in rows if row["doing"] != DONE_BEFORE]
    slowest = max((float(row["answer_seconds"]) for row in asked), default=None)
    return (
        work,
        str(len(asked)),
        all_of(asked, "doing"),
        "-" if slowest is None else f"{slowest:.2f} s",
        f"{max(float(row['longest_silence']) for row in rows):.2f} s",
        str(sum(map(plan_lost, rows))),
    )


def _reasons(measured: Measured) -> str:
    rows = measured.reasons.all
    if not rows:
        return NOTHING
    head = (
        "problem", "gap of the plan", "left out", "with a verified reason",
        "chose nothing", "missing", "denied", "reasons", "seconds of the processor",
    )  # fmt: skip
    names = ("unplaced", "verified", "without_choices", "missing", "denied", "reasons")
    sums = {name: sum(int(row[name]) for row in rows) for name in names}
    told = (
        f"Of {sums['unplaced']} people left out of {len(rows)} plans, "
        f"{sums['verified']} have a verified reason for every choice; "
        f"{sums['missing']} lack one, and "
        f"{sums['denied']} reasons are denied by the judge of the whole plan.\n\n"
    )
    return (
        _source(measured.reasons)
        + told
        + table(
            head,
            (
                (
                    f"{row['mode']} {_problem(row)}",
                    _percent(row["gap"]),
                    *(row[name] for name in names),
                    row["explain_cpu_seconds"],
                )
                for row in rows
            ),
        )
    )


TABLES: dict[str, Callable[[Measured], str]] = {
    "promises": _promises,
    "where": _where,
    "hard": _hard,
    "terms": _mode("term"),
    "weeks": _mode("week"),
    "against": _against,
    "repairs": _repairs,
    "known": _known,
    "stops": _stops,
    "reasons": _reasons,
}
