"""What a sheet is, as data: its columns, what identifies a row, where it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from courses.imports.cells import Many, Ref

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column; `field` is the model's field where that has another name.

    `nl` and `en` explain it in the template, `example` fills its example row.
    """

    name: str
    kind: Any
    nl: str
    en: str
    example: str = ""
    required: bool = False
    field: str = ""

    @property
    def target(self) -> str:
        return self.field or self.name

    @property
    def points_to(self) -> str:
        """The sheet whose rows this column names; empty for a plain value."""
        kind = self.kind.one if isinstance(self.kind, Many) else self.kind
        return kind.sheet if isinstance(kind, Ref) else ""

    @property
    def is_many(self) -> bool:
        return isinstance(self.kind, Many)


def column(name: str, kind: Any, nl: str, en: str, example: str = "") -> Column:
    """A column that may be left empty."""
    return Column(name=name, kind=kind, nl=nl, en=en, example=example)


def needed(name: str, kind: Any, nl: str, en: str, example: str) -> Column:
    """A column that every row must fill."""
    return Column(name=name, kind=kind, nl=nl, en=en, example=example, required=True)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet. `key` are the columns that tell its rows apart.

    `model` names its table by string, as a foreign key does, because other apps are
    met at their doors only. `found_by` are the lookups that give, joined with "/",
    the text by which other sheets point to a row. `whole_of` names the column of an
    owner whose rows in this sheet replace all it had (opening hours, say).
    `derive` turns the columns `derived` into fields where they do not match one to
    one; those of them that belong to the key are named in `derived_key`.
    """

    name: str
    model: str
    nl: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    found_by: tuple[str, ...] = ()
    whole_of: str = ""
    derive: Callable[[Mapping[str, Any]], Values] | None = None
    derived: tuple[str, ...] = ()
    derived_key: tuple[str, ...] = ()
    about_people: bool = False
    more_examples: tuple[Mapping[str, str], ...] = ()

    def column(self, name: str) -> Column | None:
        return next((one for one in self.columns if one.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that was understood; `given` are the columns the sheet has at all."""

    number: int
    values: Values
    given: frozenset[str]

    def get(self, name: str) -> Any:
        return self.values.get(name)
