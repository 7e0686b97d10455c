"""The file to fill in: a header, an explanation, and invented examples for each sheet.

The examples belong together, so that the template itself can be imported.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

from courses.imports.sheet import Sheet
from courses.imports.sheets import EXPLANATION, SHEETS

EXPLANATION_HEADER = (
    "sheet",
    "column",
    "required",
    "uitleg",
    "explanation",
    "what",
    "example",
)


def example_rows(sheet: Sheet) -> list[dict[str, str]]:
    """The invented example of a sheet."""
    first = {one.name: one.example for one in sheet.columns}
    return [first, *map(dict, sheet.more_examples)]


def explanation_rows() -> list[Sequence[str]]:
    """A line for each sheet and one for each of its columns."""
    rows: list[Sequence[str]] = []
    for sheet in SHEETS:
        rows.append((sheet.name, "", "", sheet.nl, sheet.en, "", ""))
        rows.extend(
            (
                sheet.name,
                one.name,
                "yes" if one.required else "",
                one.nl,
                one.en,
                one.kind.words(),
                one.example,
            )
            for one in sheet.columns
        )
    return rows


def write_template(path: Path) -> None:
    """Write the template as a workbook (.xlsx) or as a folder of CSV files."""
    tables = {sheet.name: example_rows(sheet) for sheet in SHEETS}
    if path.suffix.lower() == ".xlsx":
        write_workbook(path, tables)
        return
    write_folder(path, tables)
    write_csv(path / f"{EXPLANATION}.csv", EXPLANATION_HEADER, explanation_rows())


def blank_workbook() -> bytes:
    """A workbook to fill in: every sheet with its columns only, and the explanation."""
    stream = io.BytesIO()
    write_workbook(stream, {sheet.name: [] for sheet in SHEETS})
    return stream.getvalue()


def blank_folder() -> bytes:
    """The same as a zip of CSV files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        files = {sheet.name: [header_of(sheet.name)] for sheet in SHEETS}
        told = [EXPLANATION_HEADER, *explanation_rows()]
        for name, lines in ({EXPLANATION: told} | files).items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows(lines)
            packed.writestr(f"{name}.csv", text.getvalue().encode("utf-8-sig"))
    return stream.getvalue()


def header_of(name: str) -> list[str]:
    """All column names of a sheet."""
    return next(
        [one.name for one in sheet.columns] for sheet in SHEETS if sheet.name == name
    )


def write_folder(path: Path, tables: Mapping[str, Iterable[Mapping[str, str]]]) -> None:
    """Write tables as CSV files, with every column of their sheets."""
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        header = header_of(name)
        lines = ([row.get(title, "") for title in header] for row in rows)
        write_csv(path / f"{name}.csv", header, lines)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """One CSV file in UTF-8, with the mark by which spreadsheets know that."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def write_workbook(
    path: Path | IO[bytes], tables: Mapping[str, Iterable[Mapping[str, str]]]
) -> None:
    """Write tables as a workbook, the explanation first; every cell is text."""
    # Loaded here only: writing workbooks is rare and openpyxl takes its time.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=False)
    first = book.active
    if first is None:
        raise RuntimeError("a new workbook without a sheet")
    first.title = EXPLANATION
    first.append(list(EXPLANATION_HEADER))
    for line in explanation_rows():
        first.append(list(line))
    for name, rows in tables.items():
        page = book.create_sheet(name)
        header = header_of(name)
        page.append(header)
        for row in rows:
            page.append([row.get(title, "") for title in header])
            for cell in page[page.max_row]:
                cell.number_format = "@"
                # Text that starts with = stays text.
                cell.data_type = "s"
    for page in book.worksheets:
        page.freeze_panes = "A2"
        for number, cell in enumerate(page[1], start=1):
            cell.font = Font(bold=True)
            cell.alignment = Alignment(vertical="top")
            width = max(12, len(str(cell.value)) + 4)
            page.column_dimensions[get_column_letter(number)].width = width
    first.column_dimensions["D"].width = first.column_dimensions["E"].width = 48
    book.save(path)
