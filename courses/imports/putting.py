"""Writing rows in bulk: a fixed number of queries for each table, however long.

Rows are compared with what is stored, so that the same file again writes nothing.
Values are checked by the models' own fields; the constraints of the database are
judged by the database, all rows at once. Only when it refuses are the rows tried one
by one, to name each that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import Error, models, transaction
from django.utils.translation import gettext as _

from courses.imports.faults import Fault
from courses.imports.sheet import Row, Sheet, Values


@dataclass
class Count:
    """What happened to the rows of a sheet."""

    added: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A row of a table as it must be: its key and its other fields (attnames)."""

    number: int
    key: Values
    fields: Values
    only_new: Values = field(default_factory=dict)


@dataclass
class Result:
    """Instances by row number, and the numbers of those that were written."""

    instances: dict[int, Any] = field(default_factory=dict)
    added: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    fields: dict[int, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    """By row number and attname: what was stored, and what the file asks."""


Complain = Callable[[int, str, str, str], None]
"""Called with row number, column, what is wrong, what would be right."""


def hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value


def put(
    model_name: str,
    wanted: Sequence[Wanted],
    *,
    complain: Complain,
    column_of: Callable[[str], str] = str,
    frozen: Callable[[Any], bool] | None = None,
) -> Result:
    """Add or change rows. `frozen` says which stored rows are left as they are."""
    model = apps.get_model(model_name)
    stored = _stored(model, wanted)
    result = Result()
    new: list[tuple[int, models.Model]] = []
    old: list[tuple[int, models.Model]] = []
    changing: set[str] = set()
    for one in wanted:
        key = tuple(hashable(value) for value in one.key.values())
        row = stored.get(key)
        if row is None:
            row = model(**one.key, **one.only_new, **one.fields)
            if _fields_are_right(row, one, complain, column_of):
                new.append((one.number, row))
            continue
        differing = {
            name: value
            for name, value in one.fields.items()
            if hashable(getattr(row, name)) != hashable(value)
        }
        if differing:
            result.fields[one.number] = {
                name: (getattr(row, name), value) for name, value in differing.items()
            }
        if not differing or (frozen is not None and frozen(row)):
            result.instances[one.number] = row
            result.kept.update([one.number] if differing else [])
            continue
        for name, value in differing.items():
            setattr(row, name, value)
        if _fields_are_right(row, one, complain, column_of):
            changing.update(differing)
            old.append((one.number, row))
    _write(
        new,
        lambda rows: model._default_manager.bulk_create(rows, batch_size=500),
        complain,
        column_of,
        force_insert=True,
    )
    _write(
        old,
        lambda rows: model._default_manager.bulk_update(
            rows, sorted(changing), batch_size=500
        ),
        complain,
        column_of,
    )
    result.instances.update(dict([*new, *old]))
    result.added = {number for number, _row in new}
    result.changed = {number for number, _row in old}
    return result


def _stored(
    model: type[models.Model], wanted: Sequence[Wanted]
) -> dict[tuple[Hashable, ...], Any]:
    """Stored rows by their key; asked for by the first part of the key."""
    if not wanted:
        return {}
    names = list(wanted[0].key)
    first = {hashable(one.key[names[0]]) for one in wanted}
    rows = model._default_manager.filter(**{f"{names[0]}__in": list(first)})
    return {
        tuple(hashable(getattr(row, name)) for name in names): row
        for row in rows.order_by("-pk")
    }


def _fields_are_right(
    row: models.Model, one: Wanted, complain: Complain, column_of: Callable[[str], str]
) -> bool:
    # Foreign keys were looked up already; asking again would be a query a row.
    skipped = {
        found.name
        for found in row._meta.fields
        if isinstance(found, models.ForeignKey) or found.primary_key
    }
    try:
        row.clean_fields(exclude=skipped)
    except ValidationError as error:
        tell(error, one.number, complain, column_of)
        return False
    return True


def tell(
    error: ValidationError,
    number: int,
    complain: Complain,
    column_of: Callable[[str], str],
) -> None:
    """One fault for each message of a validation error."""
    if hasattr(error, "error_dict"):
        for name, messages in error.message_dict.items():
            column = "" if name == "__all__" else column_of(name)
            for message in messages:
                complain(number, column, message, "")
    else:
        for message in error.messages:
            complain(number, "", message, "")


def _write(
    rows: list[tuple[int, models.Model]],
    together: Callable[[list[Any]], object],
    complain: Complain,
    column_of: Callable[[str], str],
    *,
    force_insert: bool = False,
) -> None:
    """Write all rows together; if the database refuses, find which it refuses.

    Rows that are refused are taken out of the list.
    """
    if not rows:
        return
    try:
        with transaction.atomic():
            together([row for _number, row in rows])
    except Error:
        good = [
            (number, row)
            for number, row in rows
            if _saved_alone(row, number, complain, column_of, force_insert)
        ]
        rows[:] = good


def _saved_alone(
    row: models.Model,
    number: int,
    complain: Complain,
    column_of: Callable[[str], str],
    force_insert: bool,
) -> bool:
    # A failed bulk insert leaves keys on rows that are not there.
    if force_insert and isinstance(row._meta.pk, models.AutoField):
        row.pk = None
    row._state.adding = force_insert
    try:
        with transaction.atomic():
            row.full_clean()
            row.save(force_insert=force_insert)
    except ValidationError as error:
        tell(error, number, complain, column_of)
        return False
    except Error as error:
        complain(number, "", refusal(error), "")
        return False
    return True


def refusal(error: Error) -> str:
    """What the database says, by the name of the rule it keeps."""
    name = constraint_name(error)
    return _("The database refuses this (rule %(rule)s).") % {"rule": name or "?"}


def constraint_name(error: BaseException) -> str:
    """The constraint that a database error is about, or nothing."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def put_many(
    model_name: str, attribute: str, wanted: Iterable[tuple[Any, Sequence[Any]]]
) -> dict[Any, tuple[set[Any], set[Any]]]:
    """Set a many-to-many field of many rows; returns old and new of those that changed.

    By key of the row: the keys it had, and has now.
    """
    model = apps.get_model(model_name)
    relation = model._meta.get_field(attribute)
    through: Any = relation.remote_field.through
    mine = relation.m2m_field_name() + "_id"
    other = relation.m2m_reverse_field_name() + "_id"
    want = {pk: set(targets) for pk, targets in wanted}
    have: dict[Any, set[Any]] = {pk: set() for pk in want}
    rows = through._default_manager.filter(**{f"{mine}__in": list(want)})
    gone = []
    for pk, owner, target in rows.values_list("pk", mine, other):
        have[owner].add(target)
        if target not in want[owner]:
            gone.append(pk)
    if gone:
        through._default_manager.filter(pk__in=gone).delete()
    through._default_manager.bulk_create(
        [
            through(**{mine: owner, other: target})
            for owner, targets in want.items()
            for target in sorted(targets - have[owner], key=str)
        ],
        batch_size=500,
    )
    return {
        owner: (have[owner], want[owner])
        for owner in want
        if want[owner] != have[owner]
    }


def sheet_complaint(
    sheet: Sheet, faults: list[Fault]
) -> tuple[Complain, Callable[[str], str]]:
    """How a sheet's rows complain, and its columns by the name of their field."""
    columns = {one.target: one.name for one in sheet.columns}

    def complain(number: int, column: str, wrong: str, right: str) -> None:
        known = sheet.column(column)
        remedy = right or (
            _("Give %(what)s.") % {"what": known.kind.words()} if known else ""
        )
        faults.append(Fault(sheet.name, number, column, wrong, remedy))

    return complain, lambda name: columns.get(name, sheet.key[-1])


def values_for(row: Row, names: Iterable[str]) -> Values:
    """Values of some columns that the sheet has."""
    return {name: row.get(name) for name in names if name in row.given}
