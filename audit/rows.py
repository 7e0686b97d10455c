"""Database pieces that more than one app uses, kept in the lowest app.

`audit` is the only app that every other app may import, so the few helpers that
`people` and `rooms` share live here: the checked save, the expressions that let
PostgreSQL compare times of day as ranges, and what a form for one row needs so that
nobody overwrites what somebody else wrote meanwhile.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from types import NoneType
from typing import Any, TypeVar

from django.contrib.postgres.fields import IntegerRangeField
from django.core.exceptions import ValidationError
from django.db.models import F, Func, IntegerField, Model, QuerySet
from django.db.models.functions import Least
from django.utils.text import slugify
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=Model)
LONGEST_CODE = 44
"""Leaves room for a number within the 50 characters of a code."""


def save_checked(row: Row) -> Row:
    """Validate the row, constraints included, and save it.

    Raises
    ------
    django.core.exceptions.ValidationError
        With whole translated sentences, before anything is written.
    """
    row.full_clean()
    row.save()
    return row


class Put(enum.Enum):
    """What putting a row did."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


def put_row(
    model: type[Row], *, key: dict[str, Any], fields: dict[str, Any]
) -> tuple[Row, Put]:
    """Add the row with this key, or make it hold these fields; checked either way.

    Putting the same again changes nothing and writes nothing.

    Raises
    ------
    django.core.exceptions.ValidationError
        With whole translated sentences, before anything is written.
    """
    row = model._default_manager.filter(**key).first()
    if row is None:
        return save_checked(model(**key, **fields)), Put.ADDED
    if all(getattr(row, name) == value for name, value in fields.items()):
        return row, Put.SAME
    for name, value in fields.items():
        setattr(row, name, value)
    return save_checked(row), Put.CHANGED


class MinuteOfDay(Func):
    """Minutes since midnight of a time of day (0..1439), immutable in PostgreSQL."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s::time) / 60)::integer"
    output_field = IntegerField()


class MinuteRange(Func):
    """Two time columns as one half-open int4range of minutes since midnight.

    An end before the start gives an empty range, so that a check constraint, not
    an error of the range type, answers it.
    """

    function = "int4range"
    output_field = IntegerRangeField()

    def __init__(self, start: str, end: str) -> None:
        last = MinuteOfDay(F(end))
        super().__init__(Least(MinuteOfDay(F(start)), last), last)


# --- One form for a row ------------------------------------------------------------


class StaleRow(Exception):
    """The row changed since the form was made; nothing was written.

    `facts` are those of now, to be shown beside what was filled in.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__("the row changed meanwhile")
        self.facts = dict(facts)


def plain(value: Any) -> Any:
    """A fact as text, number or list, the same for a row and for what a form read.

    A row stands for its key; rows of a set are sorted by key; an empty text, list or
    None are all nothing.
    """
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, QuerySet):
        return sorted(str(one.pk) for one in value) or None
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value] or None
    if isinstance(value, bool | NoneType):
        return value
    return str(value) or None


def field_facts(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """These fields of a row by name; a set of other rows is read once."""
    many = {field.name for field in row._meta.many_to_many}
    return {
        name: getattr(row, name).all() if name in many else getattr(row, name)
        for name in names
    }


def free_code(model: type[Model], text: str, otherwise: str) -> str:
    """A code made of a title or name that no other row of the table has."""
    base = slugify(text)[:LONGEST_CODE].strip("-") or otherwise
    taken = set(
        model._default_manager.filter(code__startswith=base).values_list(
            "code", flat=True
        )
    )
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code


def version_of(facts: Mapping[str, Any]) -> str:
    """A short mark of these facts; the same facts have the same mark."""
    text = json.dumps({name: plain(facts[name]) for name in sorted(facts)})
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Names of facts that are in both and not the same, in the order of the first."""
    return [
        name for name in one if name in other and plain(one[name]) != plain(other[name])
    ]


def lock_row(
    row: Row, *, version: str | None, read: Callable[[Row], Mapping[str, Any]]
) -> Row:
    """The row anew, locked, if it still is as the form of that version saw it.

    Nobody can hang anything on a locked row until the transaction ends. Without a
    version it is locked only.

    Raises
    ------
    StaleRow
        With the facts of now, when they are others.
    """
    fresh = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if version is not None:
        facts = read(fresh)
        if version_of(facts) != version:
            raise StaleRow(facts)
    return fresh


def set_facts(row: Row, facts: Mapping[str, Any]) -> Row:
    """Give the row these facts, its sets of other rows included, and save it checked.

    Facts that are no field of the row are left to the caller.

    Raises
    ------
    django.core.exceptions.ValidationError
        With whole translated sentences, before anything is written.
    """
    many = {field.name for field in row._meta.many_to_many}
    single = {field.name for field in row._meta.concrete_fields}
    for name in facts.keys() & single:
        setattr(row, name, facts[name])
    save_checked(row)
    for name in facts.keys() & many:
        getattr(row, name).set(facts[name])
    return row


def standing_on(row: Model, *, parts: Collection[str] = ()) -> list[tuple[str, int]]:
    """What other rows lead to this one: words for the table, and how many.

    `parts` are labels of tables whose rows are part of the row itself and go with it
    ("courses.OfferingStaffNeed").
    """
    own = {name.lower() for name in parts}
    found = []
    for relation in row._meta.get_fields(include_hidden=True):
        if relation.concrete or not relation.auto_created:
            continue
        table: Any = relation.related_model
        if table._meta.auto_created or table._meta.label_lower in own:
            continue
        name = relation.remote_field.name  # type: ignore[union-attr]
        number = table._base_manager.filter(**{name: row}).count()
        if number:
            found.append((str(table._meta.verbose_name_plural), number))
    return found


def remove_row(row: Model, *, parts: Collection[str] = ()) -> None:
    """Delete a row on which nothing stands; to be called with the row locked.

    Raises
    ------
    django.core.exceptions.ValidationError
        Naming what stands on it.
    """
    found = standing_on(row, parts=parts)
    if found:
        what = ", ".join(f"{words} ({number})" for words, number in found)
        raise ValidationError(
            _("This cannot be deleted, because of what belongs to it: %(what)s.")
            % {"what": what}
        )
    row.delete()
