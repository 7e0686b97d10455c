"""Undoing a step: each record says what was done, and is put back as it was.

What somebody else changed meanwhile is not overwritten: then the undoing is refused, in
words, and nothing of it is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.selectors.coordinator import series_with_offering
from courses.services.changes import end_pause
from courses.services.decided import put_reason_back
from courses.services.sizes import put_size
from courses.services.wishes import drop_repeat, drop_wishes
from people.services.agreed import (
    put_limits,
    put_load,
    stop_leading,
    take_hours_back,
)
from rooms.services.hours import withdraw_hours
from scheduling.models import SeriesPin

if TYPE_CHECKING:
    from people.models import User

Undo = Mapping[str, Any]


@dataclass(frozen=True)
class By:
    """Who undoes it."""

    actor: Actor
    user: User


def undo_change(by: By, record: Undo) -> None:
    """Put one thing back; raises ``ValidationError`` when it changed meanwhile."""
    UNDO[record["kind"]](by, record)


def _nothing(_by: By, _record: Undo) -> None:
    """What changed nothing has nothing to undo."""


def _limits(by: By, record: Undo) -> None:
    put_limits(
        actor=by.actor, person_id=record["person"], was=record["now"], now=record["was"]
    )


def _load(by: By, record: Undo) -> None:
    put_load(
        actor=by.actor,
        facilitator_id=record["leader"],
        was=record["now"],
        now=record["was"],
    )


def _hours(by: By, record: Undo) -> None:
    take_hours_back(
        actor=by.actor, person_id=record["person"], window_ids=record["windows"]
    )


def _choices(by: By, record: Undo) -> None:
    drop_wishes(
        actor=by.actor,
        registration_id=record["registration"],
        choice_ids=record["choices"],
    )


def _size(by: By, record: Undo) -> None:
    key = uuid.UUID(record["series"])
    put_size(
        actor=by.actor,
        series=series_with_offering(series_ids=[key])[key],
        field=record["field"],
        was=record["now"],
        now=record["was"],
    )


def _series(by: By, record: Undo) -> None:
    drop_repeat(actor=by.actor, series_id=uuid.UUID(record["series"]))


def _pin(by: By, record: Undo) -> None:
    first = record["first_start"]
    _row, made = SeriesPin.objects.get_or_create(
        series_id=uuid.UUID(record["series"]),
        defaults={
            "first_start": datetime.fromisoformat(first) if first else None,
            "room_id": record["room"],
            "facilitators": record["facilitators"],
            "closed": record["closed"],
            "made_by": by.user,
        },
    )
    if not made:
        raise ValidationError(_("This group was pinned anew meanwhile."))


def _reason(by: By, record: Undo) -> None:
    put_reason_back(
        actor=by.actor, registration_id=record["registration"], was=record["was"]
    )


def _pause(by: By, record: Undo) -> None:
    end_pause(actor=by.actor, registration_id=record["registration"])


def _leader(by: By, record: Undo) -> None:
    stop_leading(actor=by.actor, facilitator_id=record["leader"])


def _room(by: By, record: Undo) -> None:
    withdraw_hours(actor=by.actor, hours_id=record["hours"])


UNDO: dict[str, Callable[[By, Undo], None]] = {
    "nothing": _nothing,
    "limits": _limits,
    "load": _load,
    "hours": _hours,
    "choices": _choices,
    "size": _size,
    "series": _series,
    "pin": _pin,
    "reason": _reason,
    "pause": _pause,
    "leader": _leader,
    "room": _room,
}
