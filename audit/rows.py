"""Database pieces that more than one app uses, kept in the lowest app.

`audit` is the only app that every other app may import, so the few helpers that
`people` and `rooms` share live here: the checked save, and the expressions that
let PostgreSQL compare times of day as ranges.
"""

from __future__ import annotations

import enum
from typing import Any, TypeVar

from django.contrib.postgres.fields import IntegerRangeField
from django.db.models import F, Func, IntegerField, Model
from django.db.models.functions import Least

Row = TypeVar("Row", bound=Model)


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
