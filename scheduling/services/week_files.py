"""The week to take along: a CSV file, a workbook, or A4 pages as PDF."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.admin_base import as_cell
from scheduling import words
from scheduling.services.week_lines import Line, Sheet, cells_of, headings

if TYPE_CHECKING:
    from fpdf import FPDF

    from scheduling.weeks import Week

FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "dejavu"
COLUMN_WIDTHS = {"A": 13, "B": 13, "C": 13, "D": 18, "E": 34, "F": 20, "G": 30}
LONGEST_SHEET_NAME = 31
NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def week_title(week: Week) -> str:
    """Week 49, 30 november to 6 december 2026."""
    return f"Week {week.number}, {words.days_between(week.monday, week.sunday)}"


def as_csv(sheets: Sequence[Sheet], week: Week) -> bytes:
    """All sessions in one table, for programs that read UTF-8 with a byte mark."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_("Week"), _("Centre"), _("Place"), *headings()])
    for sheet in sheets:
        for line in sheet.lines:
            cells = (str(week), sheet.name, sheet.place, *cells_of(line))
            writer.writerow([as_cell(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def as_workbook(sheets: Sequence[Sheet], week: Week) -> bytes:
    """A workbook with a sheet for each centre."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets or [Sheet(name=_("Week"), place="", lines=())]:
        name = sheet.name.translate(NOT_IN_A_SHEET_NAME)[:LONGEST_SHEET_NAME]
        page = book.create_sheet(name)
        page.append([as_cell(sheet.name), as_cell(sheet.place), week_title(week)])
        page.append(list(headings()))
        for row in (1, 2):
            for cell in page[row]:
                cell.font = Font(bold=True)
        for line in sheet.lines:
            page.append(
                [as_cell(x) if isinstance(x, str) else x for x in cells_of(line)]
            )
        for column, width in COLUMN_WIDTHS.items():
            page.column_dimensions[column].width = width
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_pdf(sheets: Sequence[Sheet], week: Week) -> bytes:
    """A4 pages, each centre on pages of its own, to hang up."""
    from fpdf import FPDF

    paper = FPDF(orientation="portrait", format="A4")
    paper.set_title(week_title(week))
    paper.set_lang((get_language() or "nl")[:2])
    paper.add_font("Paper", "", str(FONTS / "regular.ttf"))
    paper.add_font("Paper", "B", str(FONTS / "bold.ttf"))
    paper.set_margins(15, 15)
    for sheet in sheets:
        _page(paper, sheet, week)
    if not sheets:
        paper.add_page()
        paper.set_font("Paper", size=12)
        paper.multi_cell(0, 7, _("Nothing takes place this week"))
    return bytes(paper.output())


def _page(paper: FPDF, sheet: Sheet, week: Week) -> None:
    paper.add_page()
    paper.set_font("Paper", "B", 18)
    paper.multi_cell(0, 9, sheet.name, new_x="LMARGIN", new_y="NEXT")
    paper.set_font("Paper", size=11)
    where = f"{sheet.place}. " if sheet.place else ""
    paper.multi_cell(0, 7, f"{where}{week_title(week)}", new_x="LMARGIN", new_y="NEXT")
    paper.ln(4)
    paper.set_font("Paper", size=10)
    with paper.table(
        width=int(paper.epw),
        col_widths=(16, 18, 22, 44, 36),
        line_height=6,
        text_align="LEFT",
        padding=1,
        borders_layout="HORIZONTAL_LINES",
    ) as table:
        heads = table.row()
        for text in (_("Day"), _("Time"), _("Room"), _("Group"), _("Led by")):
            heads.cell(text)
        day = ""
        for line in sheet.lines:
            row = table.row()
            row.cell(line.day if line.day != day else "")
            day = line.day
            row.cell(line.time)
            row.cell(line.room)
            row.cell(_title(line))
            row.cell(line.leaders)


def _title(line: Line) -> str:
    if line.cancelled:
        return _("%(title)s: cancelled") % {"title": line.title}
    return line.title
