"""The template's own examples as tables, to be spoiled one cell at a time."""

from __future__ import annotations

from courses.imports.sheets import SHEETS
from courses.imports.table import Table, table_of
from courses.imports.template import example_rows

Lines = dict[str, list[dict[str, str]]]


def example() -> Lines:
    """Fresh copies of the example rows of every sheet."""
    return {sheet.name: example_rows(sheet) for sheet in SHEETS}


def as_tables(lines: Lines) -> list[Table]:
    return [table_of(name, rows) for name, rows in lines.items()]


def spoiled(sheet: str, column: str, text: str, row: int = 0) -> list[Table]:
    """The examples with one other cell."""
    lines = example()
    lines[sheet][row][column] = text
    return as_tables(lines)


def one_more(sheet: str, **cells: str) -> Lines:
    """The examples with one more row, like the first but for these cells."""
    lines = example()
    lines[sheet].append(lines[sheet][0] | cells)
    return lines
