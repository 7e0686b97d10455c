"""What an import does to the rows there are, row by row, in the words of its file.

The loaders note while they write what was there before and what comes in its place;
a preview shows that, and a digest of it says whether two imports do the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from courses.imports.cells import BETWEEN
from courses.imports.sheet import Column, Row, Sheet

NOTHING = ""
KEY_BETWEEN = " / "
"""Between the parts of a key that has more than one."""
UNCODED = "?"
"""Stands for a row that has no code of its own, so that a file cannot name it."""


class What(StrEnum):
    """What happens to a row; in this order they are told."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    KEPT = "kept"
    """It differs from the file and stays: it is in people's agendas."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A column with what stood there and what will; empty text is nothing."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One row: its number in the file (0: it is not in it), its key, its cells."""

    what: What
    row: int
    key: str
    cells: tuple[Cell, ...] = ()


@dataclass
class Noted:
    """Differences of one sheet, while its rows are written."""

    cells: dict[int, dict[str, tuple[str, str]]] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    removed: list[Difference] = field(default_factory=list)

    def note(self, number: int, column: str, old: str, new: str) -> None:
        """Remember what a row had in a column, and has now."""
        self.cells.setdefault(number, {})[column] = (old, new)

    def told(
        self, sheet: Sheet, rows: Iterable[Row], added: Iterable[int]
    ) -> tuple[Difference, ...]:
        """The differences in order: added, changed, removed, kept; then by row."""
        new = set(added)
        found = []
        for row in rows:
            if row.number in new:
                found.append(
                    Difference(
                        what=What.ADDED,
                        row=row.number,
                        key=key_words(sheet, row),
                        cells=_filled(sheet, row),
                    )
                )
            elif cells := self.cells.get(row.number):
                kept = row.number in self.kept
                found.append(
                    Difference(
                        what=What.KEPT if kept else What.CHANGED,
                        row=row.number,
                        key=key_words(sheet, row),
                        cells=tuple(
                            Cell(column=name, old=old, new=now)
                            for name, (old, now) in sorted(cells.items())
                        ),
                    )
                )
        order = {what: number for number, what in enumerate(What)}
        found += self.removed
        return tuple(sorted(found, key=lambda one: (order[one.what], one.row, one.key)))


def _filled(sheet: Sheet, row: Row) -> tuple[Cell, ...]:
    return tuple(
        Cell(column=one.name, old=NOTHING, new=value_words(row.get(one.name)))
        for one in sheet.columns
        if row.get(one.name) is not None and one.name not in sheet.key
    )


def key_words(sheet: Sheet, row: Row) -> str:
    """What tells a row apart, as the file has it."""
    return KEY_BETWEEN.join(value_words(row.get(name)) for name in sheet.key)


def value_words(value: Any) -> str:
    """A value as a cell of the file would have it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return f"{BETWEEN} ".join(value_words(one) for one in value)
    if hasattr(value, "lower") and hasattr(value, "upper") and hasattr(value, "bounds"):
        return _range_words(value)
    return str(value)


def _range_words(value: Any) -> str:
    """A range as first and last, both included where it is of whole days."""
    last = value.upper
    if last is not None and not isinstance(last, datetime):
        last -= timedelta(days=1)
    return f"{value_words(value.lower)} .. {value_words(last)}"


def field_words(column: Column | None, value: Any, text_of: Mapping[Any, str]) -> str:
    """A stored value of a column; keys of other rows by the text that names them."""
    if column is None or not column.points_to or value is None:
        return value_words(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        named = [text_of.get(one, UNCODED) for one in value]
        return f"{BETWEEN} ".join(named if isinstance(value, list) else sorted(named))
    return text_of.get(value, UNCODED)


def column_for(sheet: Sheet, name: str) -> Column | None:
    """The column that fills a field (by name or attname); None for a derived one."""
    for one in sheet.columns:
        if name in (one.target, f"{one.target}_id", one.name):
            return one
    return None


def column_name(sheet: Sheet, name: str) -> str:
    """What a field is called in the file: its column, or the columns it is made of."""
    found = column_for(sheet, name)
    if found is not None:
        return found.name
    return (
        f"{sheet.derived[0]}"
        if len(sheet.derived) == 1
        else (", ".join(sheet.derived) or name)
    )


def as_data(sheets: Mapping[str, Iterable[Difference]]) -> dict[str, list[Any]]:
    """Differences as plain lists, which JSON keeps; `from_data` reads them back."""
    return {
        name: [
            [
                one.what.value,
                one.row,
                one.key,
                [[cell.column, cell.old, cell.new] for cell in one.cells],
            ]
            for one in differences
        ]
        for name, differences in sheets.items()
    }


def from_data(lines: Iterable[Any]) -> list[Difference]:
    """One sheet of `as_data` as differences again."""
    return [
        Difference(
            what=What(what),
            row=row,
            key=key,
            cells=tuple(
                Cell(column=name, old=old, new=new) for name, old, new in cells
            ),
        )
        for what, row, key, cells in lines
    ]


def digest_of(data: Mapping[str, Any]) -> str:
    """SHA-256 (FIPS 180-4) of differences, hexadecimal: the same, the same import."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
