"""One part of the figures: a table, and a drawing of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import ngettext, pgettext

from publishing.figures.charts import Bars, Lines
from scheduling.words import DASH

Cell = str | int | float | None


@dataclass(frozen=True, kw_only=True)
class Section:
    """`rows` start with their name; a None is a number that is hidden or not there.

    `columns` name what follows the row's name; `units` say how each is written: ""
    a whole number, "1" one decimal, "days", "%" (a share of 0 to 1) or "h" (hours).
    """

    id: str
    title: str
    told: str
    columns: Sequence[str]
    units: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    chart: Bars | Lines | None = None
    of: str = ""

    @property
    def lines(self) -> list[dict[str, object]]:
        """The rows as a page shows them, every number written in its unit."""
        return [
            {
                "name": name,
                "cells": [
                    {"column": column, "text": words_of(cell, unit)}
                    for column, unit, cell in zip(
                        self.columns, self.units, cells, strict=True
                    )
                ],
            }
            for name, cells in self.rows
        ]


def words_of(cell: Cell, unit: str) -> str:
    """A number in its unit; a dash where it is hidden or not there."""
    if cell is None:
        return DASH
    if isinstance(cell, str):
        return cell
    if unit == "%":
        return f"{100 * cell:.0f} %"
    places = 1 if unit == "1" else 0
    # Rounded here, because number_format cuts digits off.
    number = formats.number_format(
        round(cell, places), decimal_pos=places, force_grouping=True
    )
    if unit == "days":
        return ngettext("%(number)s day", "%(number)s days", round(cell)) % {
            "number": number
        }
    return f"{number} {pgettext('hours', 'h')}" if unit == "h" else number


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All parts, in the order of the page."""

    sections: Sequence[Section]
