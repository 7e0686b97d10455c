"""A region's tables, for who stands above courses: load them, or make up a demo.

`courses.imports` and `courses.demo` do the work; this is their door.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from audit.actor import Actor
from courses.demo.build import Demo, build_demo
from courses.imports.faults import FaultyRegion, UnreadableRegion
from courses.imports.loading import load_region
from courses.imports.table import table_of
from courses.imports.template import write_folder
from courses.imports.under_way import Outcome

__all__ = [
    "Demo",
    "FaultyRegion",
    "Outcome",
    "UnreadableRegion",
    "load_lines",
    "make_demo",
    "write_lines",
]

Lines = Mapping[str, Iterable[Mapping[str, str]]]


def make_demo(*, scale: float, seed: int, monday: date) -> Demo:
    """A made-up region; the same scale, seed and week give the same one.

    Raises
    ------
    ValueError
        For a scale outside 0.1 to 10, or a day that is no Monday.
    """
    return build_demo(scale=scale, seed=seed, monday=monday)


def load_lines(*, tables: Lines, actor: Actor) -> Outcome:
    """Load tables made in memory, by the very importer that reads files.

    Raises
    ------
    FaultyRegion
        With every fault; nothing is kept.
    """
    return load_region(
        tables=[table_of(name, list(rows)) for name, rows in tables.items()],
        actor=actor,
    )


def write_lines(*, tables: Lines, folder: Path) -> None:
    """Write tables as a folder of CSV files that `import_region` reads."""
    write_folder(folder, tables)
