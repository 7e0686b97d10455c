"""Writes the tables and the chart of the benchmarks page from the rows in a CSV file.

``python -m benchmarks.page`` takes the newest file in ``results/`` and fills in what
stands between the marks of ``docs/explanation/benchmarks.md``; the words around them
are written by hand. ``--check`` says whether page and chart are those of the file.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.cases import PLANNER
from benchmarks.chart import NAMES, chart
from benchmarks.promises import Match, Row, matches, verdicts
from benchmarks.rows import RESULTS, ROOT, newest, rows_of

PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
CHART = ROOT / "docs" / "explanation" / "benchmarks.svg"
MARK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
WORDS = {True: "yes", False: "**no**", None: "not measured"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join(lines) + "\n"


def _promises(rows: list[Row], _: Path) -> str:
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
            for one in verdicts(rows)
        ),
    )


def _where(rows: list[Row], source: Path) -> str:
    """Where and with what the rows were measured."""

    def all_of(name: str) -> str:
        return ", ".join(sorted({row[name] for row in rows if row.get(name)})) or "-"

    busy = [float(row["others_cores"]) for row in rows if row.get("others_cores")]
    most = f"{max(busy):.2f}" if busy else "-"
    failed = sum(row["outcome"] != "planned" for row in rows)
    name = source.relative_to(ROOT) if source.is_relative_to(ROOT) else source.name
    return table(
        ("what", "value"),
        (
            ("rows", f"{len(rows)} in `{name}`, {failed} without a lawful plan"),
            ("code", all_of("code")),
            ("processor", f"{all_of('processor')}, {all_of('cores')} cores"),
            ("versions", f"Python {all_of('python')}, OR-Tools {all_of('ortools')}"),
            ("other solver", all_of("solver_version")),
            ("cores that other programs kept busy meanwhile, at most", most),
        ),
    )


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


def _mode(mode: str) -> Callable[[list[Row], Path], str]:
    head = (
        "problem", "solver", "allowed", "placed", "value", "proven bound", "gap",
        "cost of tiers 2/3/4", "first plan", "memory", "CPU",
    )  # fmt: skip

    def made(rows: list[Row], _: Path) -> str:
        return table(head, (_solved(row) for row in rows if row["mode"] == mode))

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


def _against(rows: list[Row], _: Path) -> str:
    head = (
        "problem", "allowed", "the planner", "other solver", "its value", "dropped",
        "we are better by",
    )  # fmt: skip
    return table(head, (line for match in matches(rows) for line in _match(match)))


def _repairs(rows: list[Row], _: Path) -> str:
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
            for row in rows
            if row["mode"] == "repair"
        ),
    )


def _known(rows: list[Row], _: Path) -> str:
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
            for row in rows
            if row["mode"] == "known-members"
        ),
    )


TABLES: dict[str, Callable[[list[Row], Path], str]] = {
    "promises": _promises,
    "where": _where,
    "terms": _mode("term"),
    "weeks": _mode("week"),
    "against": _against,
    "repairs": _repairs,
    "known": _known,
}


def filled(page: str, rows: list[Row], source: Path) -> str:
    """The page with every table made anew; ``ValueError`` for an unknown mark."""
    wanted = {name for _, name, _ in MARK.findall(page)}
    if wanted != TABLES.keys():
        raise ValueError(f"marks {sorted(wanted ^ TABLES.keys())} do not fit")
    return MARK.sub(
        lambda found: (
            found[1] + "\n" + TABLES[found[2]](rows, source) + "\n" + found[3]
        ),
        page,
    )


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.page", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("source", type=Path, nargs="?", metavar="ROWS.csv")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(given)
    try:
        source = options.source or newest()
        if source is None:
            raise FileNotFoundError(f"there is no dated file of rows in {RESULTS}")
        rows = rows_of(source)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    made = {
        PAGE: filled(PAGE.read_text("utf-8"), rows, source),
        CHART: chart([row for row in rows if row["solver"] in (PLANNER, *NAMES)]),
    }
    if not options.check:
        for path, text in made.items():
            path.write_text(text, "utf-8")
        print(f"Wrote {PAGE.name} and {CHART.name} from {source}.")
        return 0
    old = [
        path.name
        for path, text in made.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    if old:
        print(f"{', '.join(old)}: not as {source} says; run python -m benchmarks.page")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
