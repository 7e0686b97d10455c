"""From text to values: every cell that cannot be right is named, none is guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from courses.imports.faults import Fault, Wrong
from courses.imports.sheet import Column, Row, Sheet
from courses.imports.sheets import BY_NAME, EXPLANATION, PEOPLE, SHEETS
from courses.imports.table import Table

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters, which no text needs and the database does not keep."""
Keys = dict[str, dict[str, set[Any]]]
"""By sheet, the text that points to a row, and the primary keys it stands for."""


@dataclass
class Checked:
    """Rows that were understood, by sheet; all faults; and what can be pointed to.

    `spoiled` are the texts of rows that were not understood, so that pointing to one
    is no second fault.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    stored: Keys = field(default_factory=dict)
    spoiled: dict[str, set[str]] = field(default_factory=dict)


def check_tables(tables: Iterable[Table]) -> Checked:
    """Understand tables; a fixed number of queries, whatever their size."""
    known: dict[str, Table] = {}
    done = Checked()
    for table in tables:
        done.faults.extend(table.faults)
        if table.name in BY_NAME and not table.header and not table.rows:
            continue  # an empty sheet asks nothing
        if table.name in BY_NAME:
            known[table.name] = table
        elif table.name != EXPLANATION:
            done.faults.append(_unknown_sheet(table.name))
    for sheet in SHEETS:
        if sheet.name in known:
            _check_table(sheet, known[sheet.name], done)
    done.stored = stored_keys(_pointed_to(known))
    for name, rows in done.rows.items():
        _check_references(BY_NAME[name], rows, done)
    return done


def _unknown_sheet(name: str) -> Fault:
    return Fault(
        name[:60],
        0,
        "",
        _("There is no sheet of this name."),
        _("The sheets are: %(names)s.") % {"names": ", ".join(BY_NAME)},
    )


def _check_table(sheet: Sheet, table: Table, done: Checked) -> None:
    names = {one.name for one in sheet.columns}
    for title, number in Counter(table.header).items():
        if number > 1:
            done.faults.append(
                Fault(
                    sheet.name,
                    1,
                    title[:60],
                    _("This column is there twice."),
                    _("Keep one of the two."),
                )
            )
        if title not in names:
            done.faults.append(
                Fault(
                    sheet.name,
                    1,
                    title[:60],
                    _("There is no column of this name."),
                    _("The columns are: %(names)s.")
                    % {"names": ", ".join(one.name for one in sheet.columns)},
                )
            )
    missing = [
        one.name
        for one in sheet.columns
        if one.required and one.name not in table.header
    ]
    for title in missing:
        done.faults.append(
            Fault(
                sheet.name,
                1,
                title,
                _("This column is missing."),
                _("Add it; every row needs it."),
            )
        )
    given = frozenset(names & set(table.header))
    seen: dict[tuple[Any, ...], int] = {}
    rows = done.rows.setdefault(sheet.name, [])
    for number, cells in table.rows:
        row = _read_row(sheet, number, cells, given, done)
        if row is None or missing:
            done.spoiled.setdefault(sheet.name, set()).update(
                pointing_texts(sheet, cells)
            )
            continue
        key = row_key(sheet, row)
        if key in seen:
            done.faults.append(
                Fault(
                    sheet.name,
                    number,
                    sheet.key[0],
                    _("Row %(row)d already has this: %(key)s.")
                    % {"row": seen[key], "key": " / ".join(map(str, key))},
                    _("Keep one of the two."),
                )
            )
            continue
        seen[key] = number
        rows.append(row)


def row_key(sheet: Sheet, row: Row) -> tuple[Any, ...]:
    """What tells this row apart from the others of its sheet."""
    values = (row.get(name) for name in sheet.key)
    return tuple(tuple(one) if isinstance(one, list) else one for one in values)


def pointing_texts(sheet: Sheet, values: Mapping[str, Any]) -> list[str]:
    """The texts by which other sheets may point to a row of this one."""
    if not sheet.found_by:
        return []
    parts = [str(values.get(name) or "") for name in sheet.key[: len(sheet.found_by)]]
    text = "/".join(parts)
    if len(sheet.key) > len(sheet.found_by):
        return [text, f"{text} ({values.get(sheet.key[-1]) or ''})"]
    return [text]


def _read_row(
    sheet: Sheet,
    number: int,
    cells: Mapping[str, str],
    given: frozenset[str],
    done: Checked,
) -> Row | None:
    values: dict[str, Any] = {}
    good = True
    for column in sheet.columns:
        text = cells.get(column.name, "").strip()
        if UNSEEN.search(text):
            good = False
            done.faults.append(
                Fault(
                    sheet.name,
                    number,
                    column.name,
                    _("This cell holds characters that cannot be seen."),
                    _("Type its text anew."),
                )
            )
            continue
        if not text:
            if column.required and column.name in given:
                good = False
                done.faults.append(
                    Fault(
                        sheet.name,
                        number,
                        column.name,
                        _("This cell is empty."),
                        _("Give %(what)s.") % {"what": column.kind.words()},
                    )
                )
            continue
        try:
            values[column.name] = column.kind.read(text)
        except Wrong as fault:
            good = False
            done.faults.append(
                Fault(sheet.name, number, column.name, fault.wrong, fault.right)
            )
    if good and (backwards := _backwards(values)):
        good = False
        done.faults.append(Fault(sheet.name, number, *backwards))
    return Row(number=number, values=values, given=given) if good else None


BEFORE_AFTER = (
    ("start", "end"),
    ("first_day", "last_day"),
    ("valid_from", "valid_until"),
    ("earliest_start", "latest_end"),
    ("first_date", "until"),
)


def _backwards(values: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """An end before its start, which a range could not even hold."""
    for first, last in BEFORE_AFTER:
        if values.get(first) is None or values.get(last) is None:
            continue
        same = values[first] == values[last] and first == "start"
        if values[last] < values[first] or same:
            return (
                last,
                _("This lies before what the column %(column)s says.")
                % {"column": first},
                _("Swap the two, or mend the one that is wrong."),
            )
    return None


def _pointed_to(tables: Mapping[str, Table]) -> set[str]:
    """Sheets of which the stored rows must be known."""
    wanted = {
        column.points_to
        for name, table in tables.items()
        for column in BY_NAME[name].columns
        if column.points_to and column.name in table.header
    }
    if "people" in wanted or wanted & set(PEOPLE):
        wanted |= set(PEOPLE)
    return wanted - {"people"}


def stored_keys(names: Iterable[str]) -> Keys:
    """What is in the database already, by the text that points to it."""
    found: Keys = {}
    for name in sorted(names):
        sheet = BY_NAME[name]
        model = apps.get_model(sheet.model)
        extra = ("municipality_id",) if len(sheet.key) > len(sheet.found_by) else ()
        keys: dict[str, set[Any]] = {}
        rows = model._default_manager.values_list("pk", *sheet.found_by, *extra)
        for pk, *parts in rows:
            base = "/".join(map(str, parts[: len(sheet.found_by)]))
            if not base:
                continue
            keys.setdefault(base, set()).add(pk)
            if extra:
                keys.setdefault(f"{base} ({parts[-1]})", set()).add(pk)
        found[name] = keys
    return found


def _check_references(sheet: Sheet, rows: list[Row], done: Checked) -> None:
    pointers = [column for column in sheet.columns if column.points_to]
    if not pointers:
        return
    targets = {column.points_to: _targets(column, done) for column in pointers}
    good = []
    for row in rows:
        faults = [
            Fault(sheet.name, row.number, column.name, *fault)
            for column in pointers
            for text in _as_list(row.get(column.name))
            if (fault := _pointing_fault(text, column, targets[column.points_to]))
        ]
        if not faults:
            good.append(row)
        else:
            done.faults.extend(faults)
            done.spoiled.setdefault(sheet.name, set()).update(
                pointing_texts(sheet, row.values)
            )
    rows[:] = good


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _targets(column: Column, done: Checked) -> dict[str, int]:
    """Texts that may be pointed to, with how many rows each stands for."""
    names = PEOPLE if column.points_to == "people" else (column.points_to,)
    counts: dict[str, int] = {}
    for name in names:
        sheet = BY_NAME[name]
        keys: dict[str, set[Any]] = {
            text: set(found) for text, found in done.stored.get(name, {}).items()
        }
        for row in done.rows.get(name, ()):
            for text in pointing_texts(sheet, row.values):
                # A row that is stored already is the same row.
                full = pointing_texts(sheet, row.values)[-1]
                keys.setdefault(text, set()).update(
                    done.stored.get(name, {}).get(full, {("file", full)})
                )
        for text in done.spoiled.get(name, ()):
            keys.setdefault(text, set()).add(("spoiled", text))
        for text, found in keys.items():
            counts[text] = max(counts.get(text, 0), len(found))
    return counts


def _pointing_fault(
    text: str, column: Column, targets: Mapping[str, int]
) -> tuple[str, str] | None:
    number = targets.get(text, 0)
    if number == 1:
        return None
    if number > 1:
        return (
            _("More than one row is called “%(text)s”.") % {"text": text},
            _("Say which, like “%(text)s (GM0150)”.") % {"text": text},
        )
    return (
        _("“%(text)s” is not in the sheet %(sheet)s, nor known already.")
        % {"text": text[:60], "sheet": column.points_to},
        _("Add it there, or write it as it stands there."),
    )
