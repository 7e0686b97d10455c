"""Writes the tables and the chart of the benchmarks page from the rows in CSV files.

``python -m benchmarks.page`` takes the newest files in ``results/`` and fills in what
stands between the marks of ``docs/explanation/benchmarks.md``; the words around them
are written by hand. ``--rows FILE`` first keeps a file that was measured in this
checkout. ``--check`` says whether page and chart are those of the files.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import cancel, reasons
from benchmarks.cases import PLANNER
from benchmarks.chart import NAMES, chart
from benchmarks.rows import COLUMNS, RESULTS, ROOT, newest, one_code, rows_of
from benchmarks.tables import TABLES, Measured, Rows

PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
CHART = ROOT / "docs" / "explanation" / "benchmarks.svg"
MARK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def filled(page: str, measured: Measured) -> str:
    """The page with every table made anew; ``ValueError`` for an unknown mark."""
    wanted = {name for _, name, _ in MARK.findall(page)}
    if wanted != TABLES.keys():
        raise ValueError(f"marks {sorted(wanted ^ TABLES.keys())} do not fit")
    return MARK.sub(
        lambda found: f"{found[1]}\n{TABLES[found[2]](measured)}\n{found[3]}", page
    )


def read(folder: Path) -> Measured:
    """The newest file of each kind; ``ValueError`` when one mixes codes."""
    suite = _newest(folder, COLUMNS)
    if suite.path is None:
        raise ValueError(f"there is no dated file of rows in {folder}")
    return Measured(
        suite, _newest(folder, cancel.COLUMNS), _newest(folder, reasons.COLUMNS)
    )


def _newest(folder: Path, columns: Sequence[str]) -> Rows:
    path = newest(folder, columns)
    if path is None:
        return Rows()
    rows = rows_of(path, columns)
    one_code(rows, path)
    return Rows(path, rows)


def keep(source: Path, folder: Path) -> Path:
    """Copy rows of one code to the file of the day of the last one.

    A file of that day is replaced; git has what it was. Raises ``ValueError`` for rows
    of several codes, or of files that no commit has.
    """
    rows = rows_of(source)
    code = one_code(rows, source)
    if code.endswith("+"):
        raise ValueError(
            f"{source} was measured with files that differ from commit {code[:-1]}, so "
            "nobody can measure it again; commit them first"
        )
    kept = folder / f"{max(row['when'] for row in rows)[:10]}.csv"
    if kept.resolve() != source.resolve():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, kept)
    return kept


def main(given: list[str] | None = None) -> int:
    """1 when page or chart are not those of the files; 2 for rows that will not do."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.page", description=(__doc__ or "").splitlines()[0]
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--rows", type=Path, help="keep this file in results/ first")
    what.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(given)
    try:
        if options.rows:
            print(f"Kept {options.rows} as {keep(options.rows, RESULTS)}.")
        measured = read(RESULTS)
        rows = [row for row in measured.suite.all if row["solver"] in (PLANNER, *NAMES)]
        made = {PAGE: filled(PAGE.read_text("utf-8"), measured), CHART: chart(rows)}
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if not options.check:
        for path, text in made.items():
            path.write_text(text, "utf-8")
        print(f"Wrote {PAGE.name} and {CHART.name} from {measured.suite}.")
        return 0
    old = [
        path.name
        for path, text in made.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    if old:
        print(f"{', '.join(old)}: not as the rows say; run python -m benchmarks.page")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
