"""One import while it runs: what it knows, counts and notes, for all its loaders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from audit.actor import Actor
from courses.imports.checking import Checked, pointing_texts
from courses.imports.differences import (
    KEY_BETWEEN,
    Difference,
    Noted,
    What,
    column_for,
    column_name,
    field_words,
)
from courses.imports.faults import Fault
from courses.imports.putting import Count, Result
from courses.imports.sheet import Row, Sheet
from courses.imports.sheets import SHEETS


@dataclass
class Loading:
    """One import under way: what is known, what was counted, what went wrong.

    A rehearsal writes as an import does, and is taken back as a whole.
    """

    actor: Actor
    checked: Checked
    counts: dict[str, Count] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    touched_series: list[Any] = field(default_factory=list)
    rehearsal: bool = False
    subjects: set[Any] = field(default_factory=set)
    noted: dict[str, Noted] = field(default_factory=dict)
    added: dict[str, set[int]] = field(default_factory=dict)
    _texts: dict[str, dict[Any, str]] = field(default_factory=dict)

    def rows(self, sheet: Sheet) -> list[Row]:
        return self.checked.rows.get(sheet.name, [])

    def id_of(self, sheet: str, text: str) -> Any:
        """Primary key of the row a text points to; None when it was not loaded."""
        if sheet == "people" and "people" not in self.ids:
            persons = apps.get_model("people.Person")._default_manager
            self.ids["people"] = dict(
                persons.exclude(reference="").values_list("reference", "pk")
            )
        if sheet not in self.ids:
            stored = self.checked.stored.get(sheet, {})
            self.ids[sheet] = {
                text: next(iter(keys))
                for text, keys in stored.items()
                if len(keys) == 1
            }
        return self.ids[sheet].get(text)

    def learn(self, sheet: Sheet, rows: Iterable[Row], result: Result) -> None:
        """Remember the keys of rows that were just written."""
        if not sheet.found_by:
            return
        self.id_of(sheet.name, "")
        for row in rows:
            instance = result.instances.get(row.number)
            if instance is not None:
                for text in pointing_texts(sheet, row.values):
                    self.ids[sheet.name][text] = instance.pk

    def texts(self, sheet: str) -> dict[Any, str]:
        """The shortest text that points to each row of a sheet, by its key."""
        self.id_of(sheet, "")
        known = self._texts.setdefault(sheet, {})
        if len(known) != len(self.ids[sheet]):
            longest_first = sorted(
                self.ids[sheet].items(), key=lambda item: (-len(item[0]), item[0])
            )
            known |= {pk: text for text, pk in longest_first}
        return known

    def note(self, sheet: Sheet, number: int, name: str, old: Any, new: Any) -> None:
        """Remember for the preview what a field or column had, and has now."""
        column = column_for(sheet, name)
        texts = self.texts(column.points_to) if column and column.points_to else {}
        self.noted.setdefault(sheet.name, Noted()).note(
            number,
            column_name(sheet, name),
            field_words(column, old, texts),
            field_words(column, new, texts),
        )

    def note_fields(
        self, sheet: Sheet, result: Result, columns: Mapping[str, str] | None = None
    ) -> None:
        """Remember the fields of rows as they were put; `columns` by attname."""
        for number, fields in result.fields.items():
            for name, (old, new) in fields.items():
                self.note(sheet, number, (columns or {}).get(name, name), old, new)
        self.noted.setdefault(sheet.name, Noted()).kept |= result.kept

    def count(self, sheet: Sheet, result: Result, *more: Iterable[int]) -> None:
        """Count the rows of a sheet; `more` are numbers of rows changed otherwise."""
        self.note_fields(sheet, result)
        self.added[sheet.name] = result.added
        changed = result.changed.union(*more) - result.added
        self.counts[sheet.name] = Count(
            len(result.added),
            len(changed),
            len(result.instances) - len(result.added) - len(changed),
        )

    def note_removed(self, sheet: Sheet, names: Iterable[str], row: Any) -> None:
        """Remember a row that is taken away, by its key."""
        words = []
        for name in names:
            column = column_for(sheet, name)
            texts = self.texts(column.points_to) if column and column.points_to else {}
            words.append(field_words(column, getattr(row, name), texts))
        gone = Difference(what=What.REMOVED, row=0, key=KEY_BETWEEN.join(words))
        self.noted.setdefault(sheet.name, Noted()).removed.append(gone)

    def outcome(self, *, compared: bool) -> Outcome:
        """What was done."""
        told = {
            sheet.name: self.noted.get(sheet.name, Noted()).told(
                sheet, self.rows(sheet), self.added.get(sheet.name, ())
            )
            for sheet in SHEETS
            if compared and self.rows(sheet)
        }
        return Outcome(self.counts, tuple(self.touched_series), told)


@dataclass(frozen=True)
class Outcome:
    """What an import did: counts by sheet, and the series it put into agendas.

    `differences` by sheet, row by row, where they were asked for.
    """

    counts: Mapping[str, Count]
    series_ids: tuple[Any, ...]
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)

    @property
    def added(self) -> int:
        return sum(one.added for one in self.counts.values())

    @property
    def changed(self) -> int:
        return sum(one.changed for one in self.counts.values())
