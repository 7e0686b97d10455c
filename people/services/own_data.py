"""All that is kept of one person: to hand out, and to erase.

Each app that keeps something about people brings its own part when it starts, so that
what is handed out and what is erased never fall behind what is kept. A part gives rows
of plain values in words; what is (also) about somebody else is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise

from audit.actor import Actor
from audit.record import OWN_DATA, record_event

if TYPE_CHECKING:
    from people.models import Person

Row = Mapping[str, Any]
Counts = dict[str, int]


@dataclass(frozen=True, kw_only=True)
class OwnPart:
    """What one app keeps of a person.

    `read` gives rows; `erase` takes away what does not go with the person's own row
    and says how many rows of which kind. Parts are erased in falling `order`: what
    lies above (an appointment) before what it stands on (a registration).
    """

    key: str
    title: str | Promise
    read: Callable[[Person], Iterable[Row]]
    erase: Callable[[Actor, Person], Counts] | None = None
    order: int = 0


_PARTS: dict[str, OwnPart] = {}


def add_part(part: OwnPart) -> None:
    """Called when an app starts.

    Raises
    ------
    ValueError
        For a key that another app brought already.
    """
    known = _PARTS.get(part.key)
    if known is not None and known != part:
        raise ValueError(f"two parts of a person's data are called {part.key!r}")
    _PARTS[part.key] = part


def parts() -> list[OwnPart]:
    """Every part there is, in the order in which they are shown."""
    return sorted(_PARTS.values(), key=lambda part: (part.order, part.key))


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One part of one person's data."""

    part: OwnPart
    rows: list[dict[str, Any]]


def everything(*, actor: Actor, person: Person, way: str) -> list[Kept]:
    """All that is kept of this person, in values that go into JSON; one log line.

    `way` is how it is handed out: "page", "json" or "csv".
    """
    record_event(
        actor=actor,
        code=f"own_data.{way}",
        action="R" if way == "page" else "E",
        purpose=OWN_DATA,
        subjects=[person.pk],
        object_kind="person",
        object_id=person.pk,
    )
    return [
        Kept(
            part=part,
            rows=[
                {str(name): _plain(value) for name, value in row.items()}
                for row in part.read(person)
            ],
        )
        for part in parts()
    ]


def _plain(value: Any) -> Any:
    """A value as JSON has it; moments in Amsterdam time with their offset."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)


def words_of(row: Model, *names: str) -> dict[str, Any]:
    """Fields of a row by their names on the screens, choices in words."""
    found: dict[str, Any] = {}
    for name in names:
        field: Any = row._meta.get_field(name)
        value = getattr(row, name)
        if field.choices and value not in (None, ""):
            value = row._get_FIELD_display(field=field)  # type: ignore[attr-defined]
        elif (
            getattr(field, "base_field", None) is not None and field.base_field.choices
        ):
            known = dict(field.base_field.choices)
            value = [str(known.get(one, one)) for one in value]
        found[str(field.verbose_name)] = value
    return found
