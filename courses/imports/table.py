"""A sheet as it was read: a header and rows of text, whatever file it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from courses.imports.faults import Fault

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """Rows with the number a spreadsheet shows; `header` names the columns given."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, Cells], ...]
    faults: tuple[Fault, ...] = ()


def table_of(name: str, rows: Sequence[Cells]) -> Table:
    """A table made in memory; the header has every column that any row fills."""
    header = tuple(dict.fromkeys(key for row in rows for key in row))
    return Table(name, header, tuple(enumerate(rows, start=2)))
