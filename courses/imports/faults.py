"""What is wrong with a region's file: every fault, each with its place and a remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Fault:
    """One fault. Rows are counted as a spreadsheet does: the header is row 1.

    `row` 0 means the sheet as a whole, `column` empty the row as a whole.
    """

    sheet: str
    row: int
    column: str
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        where = self.sheet
        if self.row:
            where += ", " + _("row %(row)d") % {"row": self.row}
        if self.column:
            where += ", " + _("column %(column)s") % {"column": self.column}
        return " ".join(part for part in (f"{where}:", self.wrong, self.right) if part)


class UnreadableRegion(Exception):
    """The file or folder cannot be read at all; the message says why."""


class FaultyRegion(Exception):
    """The input has faults; `faults` holds every one of them, nothing was loaded."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__(f"{len(self.faults)} faults")


class Wrong(Exception):
    """A cell cannot be understood: what is wrong, and what would be right."""

    def __init__(self, wrong: str, right: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.right = wrong, right
