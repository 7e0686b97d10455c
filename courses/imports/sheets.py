"""All sheets of a region, in the order in which they are loaded.

Apps above courses add theirs when they start (see `courses.services.importing`).
"""

from __future__ import annotations

from courses.imports import (
    sheets_asking,
    sheets_offer,
    sheets_people,
    sheets_places,
)
from courses.imports.sheet import Sheet

SHEETS: list[Sheet] = [
    *sheets_places.SHEETS,
    *sheets_people.SHEETS,
    *sheets_offer.SHEETS,
    *sheets_asking.SHEETS,
]
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
EXPLANATION = "explanation"
"""The sheet of a template that explains the others; it is never loaded."""
PEOPLE = ("facilitators", "residents")
"""Sheets whose rows are persons; a column may point to `people`, either of them."""


def add_sheet(sheet: Sheet) -> None:
    """Let a sheet of another app be loaded, after those that are there."""
    if sheet.name not in BY_NAME:
        SHEETS.append(sheet)
        BY_NAME[sheet.name] = sheet
