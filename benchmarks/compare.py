"""Holds a run of this checkout against the committed rows, case by case.

``python -m benchmarks.compare`` prints value, gap and seconds of each row in
``var/benchmarks/<code>.csv`` beside those of the newest file in ``results/``. The exit
status is 1 when a value of the planner is outside the noise or a promise is broken
here. Other solvers vary more from run to run; their rows are shown and do not decide.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import KEY, PLANNER
from benchmarks.promises import Row, number, verdicts
from benchmarks.rows import code_version, newest, one_code, rows_of, run_path

NOISE = 0.01
"""Fraction by which two runs of the same code may differ in value."""

CASE = tuple(name for name in KEY if name != "code")


@dataclass(frozen=True)
class Pair:
    """What was measured here, and the committed row of the same case, if any."""

    here: Row
    kept: Row | None

    @property
    def difference(self) -> float | None:
        """How much more the value is here, as a fraction; infinite from nothing.

        ``None`` when one of the two has no lawful plan.
        """
        here, kept = _value(self.here), _value(self.kept)
        if here is None or kept is None:
            return None
        if not kept:
            return float("inf") if here else 0.0
        return (here - kept) / kept

    @property
    def outside(self) -> bool:
        """Not the same within the noise: of the planner, and measured on both sides."""
        if self.kept is None or self.here["solver"] != PLANNER:
            return False
        if self.difference is None:
            return (_value(self.here) is None) != (_value(self.kept) is None)
        return abs(self.difference) > NOISE

    def __str__(self) -> str:
        here, kept = self.here, self.kept or {}
        case = (
            f"{here['solver']} {here['mode']} {here['regime']} {here['scale']}x seed "
            f"{here['seed']}, {here['seconds_allowed']} s"
        )
        if self.kept is None:
            beside, end = "no committed row", ""
        else:
            beside = f"committed {_figures(kept)}"
            end = "" if self.difference is None else f": {100 * self.difference:+.2f} %"
        mark = "  OUTSIDE THE NOISE" if self.outside else ""
        return f"{case}: {_figures(here)}; {beside}{end}{mark}"


def _value(row: Row | None) -> float | None:
    if row is None or row["outcome"] != "planned":
        return None
    return number(row, "tier1_value")


def _figures(row: Row) -> str:
    if row["outcome"] != "planned":
        return row["outcome"]
    gap = number(row, "tier1_gap")
    shown = "no bound" if gap is None else f"gap {100 * gap:.2f} %"
    return f"value {row['tier1_value']}, {shown}, {row['seconds']} s"


def pairs(here: Sequence[Row], kept: Sequence[Row]) -> Iterator[Pair]:
    """Each row of here beside the kept row of the same case, whatever its code."""
    known = {_case(row): row for row in kept}
    for row in here:
        yield Pair(row, known.get(_case(row)))


def _case(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in CASE)


def _surroundings(rows: Sequence[Row]) -> str:
    row = rows[-1]
    return f"code {row['code']}, {row['processor']}, {row['cores']} cores"


def told(path: Path, results: Path | None = None) -> bool:
    """Print the comparison; whether everything is within the noise and kept.

    ``results``: the committed rows, by default the newest. Raises ``ValueError`` for a
    file without rows, with other columns, or of two codes.
    """
    here = rows_of(path)
    one_code(here, path)
    results = results or newest()
    kept = rows_of(results) if results else []
    if results is None or not kept:
        print("There are no committed rows to compare with.")
    else:
        one_code(kept, results)
        print(f"Here: {_surroundings(here)}. {results.name}: {_surroundings(kept)}.")
        if here[-1]["code"] != kept[-1]["code"]:
            print("The code is not the same: a difference may be what changed in it.")
    found = list(pairs(here, kept))
    for pair in found:
        print(pair)
    broken = [one for one in verdicts(here) if one.kept is False]
    for one in broken:
        print(f"PROMISE BROKEN: {one.what}: {one.must}; measured: {one.measured}")
    ours = [one for one in found if one.kept and one.here["solver"] == PLANNER]
    outside = sum(one.outside for one in ours)
    without = sum(one.kept is None for one in found)
    unseen = len(kept) - (len(found) - without)
    print(
        f"Values of the planner within {100 * NOISE:g} % of the committed ones: "
        f"{len(ours) - outside} of {len(ours)}. Rows without a committed one: "
        f"{without}; committed rows not measured here: {unseen}. Promises broken: "
        f"{len(broken)}."
    )
    return not outside and not broken


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare",
        description=(__doc__ or "").splitlines()[0],
    )
    parser.add_argument(
        "rows", type=Path, nargs="?", help="default: var/benchmarks/<code>.csv"
    )
    options = parser.parse_args(given)
    try:
        return 0 if told(options.rows or run_path(code_version())) else 1
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
