"""Figures to take along: one CSV file or a workbook with a sheet for each part."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

from audit.admin_base import as_cell
from publishing.figures.section import Cell, Figures, Section

LONGEST_SHEET_NAME = 31


def lines_of(section: Section) -> Iterator[list[Cell]]:
    """The table of a part: its columns, then its rows."""
    yield [section.of, *section.columns]
    for name, cells in section.rows:
        yield [name, *cells]


def as_csv(figures: Figures, note: str) -> bytes:
    """Every part below the other, for programs that read UTF-8 with a byte mark."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    for section in figures.sections:
        writer.writerow([as_cell(section.title)])
        for line in lines_of(section):
            writer.writerow([as_cell(_number(cell)) for cell in line])
        writer.writerow([])
    writer.writerow([as_cell(note)])
    return text.getvalue().encode("utf-8-sig")


def _number(cell: Cell) -> Cell:
    return f"{cell:.4g}".replace(".", ",") if isinstance(cell, float) else cell


def as_workbook(figures: Figures, note: str) -> bytes:
    """A workbook; shares are written as percentages."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for section in figures.sections:
        sheet = book.create_sheet(section.id[:LONGEST_SHEET_NAME])
        sheet.append([section.title])
        sheet["A1"].font = Font(bold=True)
        for line in lines_of(section):
            sheet.append([as_cell(x) if isinstance(x, str) else x for x in line])
        for row in sheet.iter_rows(min_row=3, min_col=2):
            for cell, unit in zip(row, section.units, strict=True):
                if unit == "%":
                    cell.number_format = "0%"
        sheet.append([])
        sheet.append([note])
        sheet.column_dimensions["A"].width = 36
        for column in "BCDEFG":
            sheet.column_dimensions[column].width = 18
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
