"""One change of a way, done to the rows; and what it takes to undo it.

A change is applied as it was tried: the same hours, the same minutes, the same seats.
Each function gives back a record for ``undoing``; nothing is guessed later on.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.selectors.catalogue import offering_by_id
from courses.selectors.coordinator import series_with_offering
from courses.services.sizes import set_largest, set_smallest
from courses.services.wishes import add_wish, repeat_series
from people.selectors import person_ids_by_facilitator
from people.services.agreed import add_hours, put_limits, put_load
from people.services.numbers import minutes_of_leader, travelling_of
from scheduling.models import SeriesPin
from scheduling.services.mends import widen_travel
from scheduling.services.pins import unpin_series

if TYPE_CHECKING:
    from courses.models import Series
    from scheduling.services.helping.open import Subject

Change = Mapping[str, Any]
Undo = dict[str, Any]
QUARTERS = 96


@dataclass(frozen=True)
class Doing:
    """Who does it, and for whom."""

    actor: Actor
    subject: Subject


def apply_change(doing: Doing, change: Change) -> Undo:
    """Do one change; raises ``ValidationError`` with what is in the way."""
    return APPLY[change["kind"]](doing, change)


def clock(quarter: int) -> time:
    """A quarter of the day as a time; the end of the day is its last minute."""
    if quarter >= QUARTERS:
        return time(23, 59)
    return time(quarter // 4, quarter % 4 * 15)


def _travel(doing: Doing, change: Change) -> Undo:
    person_id = int(change["person"])
    was, now = widen_travel(
        actor=doing.actor, person_id=person_id, minutes=change["minutes"]
    )
    return {"kind": "limits", "person": person_id, "was": was, "now": now}


def _pace(doing: Doing, change: Change) -> Undo:
    _limit, _mode, week, day = _limits(change)
    was = {"pace_per_week": week, "pace_per_day": day}
    now = {
        "pace_per_week": week + change["per_week"],
        "pace_per_day": day + change.get("per_day", 0),
    }
    return _put_limits(doing, change, was, now)


def _limits(change: Change) -> tuple[int, str, int, int]:
    found = travelling_of(person_id=int(change["person"]))
    if found is None:
        raise ValidationError(_("This person is no longer in the books."))
    return found


def _put_limits(
    doing: Doing, change: Change, was: dict[str, int], now: dict[str, int]
) -> Undo:
    person_id = int(change["person"])
    put_limits(actor=doing.actor, person_id=person_id, was=was, now=now)
    return {"kind": "limits", "person": person_id, "was": was, "now": now}


def _half_day(doing: Doing, change: Change) -> Undo:
    return _hours(doing, int(change["person"]), change)


def _leader_hours(doing: Doing, change: Change) -> Undo:
    key = int(change["leader"])
    return _hours(doing, person_ids_by_facilitator(facilitator_ids=[key])[key], change)


def _hours(doing: Doing, person_id: int, change: Change) -> Undo:
    stretch = (change["weekday"] + 1, clock(change["start"]), clock(change["end"]))
    made = add_hours(actor=doing.actor, person_id=person_id, hours=[stretch])
    return {"kind": "hours", "person": person_id, "windows": made}


def _leader_minutes(doing: Doing, change: Change) -> Undo:
    key = int(change["leader"])
    limit = minutes_of_leader(facilitator_id=key)
    if limit is None:
        return {"kind": "nothing"}  # no limit any more: there is nothing to widen
    was = {"max_minutes_per_week": limit}
    now = {"max_minutes_per_week": limit + change["minutes"]}
    put_load(actor=doing.actor, facilitator_id=key, was=was, now=now)
    return {"kind": "load", "leader": key, "was": was, "now": now}


def _choice(doing: Doing, change: Change) -> Undo:
    registration = doing.subject.registration
    choice = add_wish(
        actor=doing.actor, registration_id=registration.pk, series=_series(change)
    )
    made = [] if choice is None else [choice]
    return {"kind": "choices", "registration": registration.pk, "choices": made}


def _offering(doing: Doing, change: Change) -> Undo:
    registration = doing.subject.registration
    found = offering_by_id(offering_id=int(change["offering"]))
    if found is None:
        raise ValidationError(_("This is no longer in the books."))
    choice = add_wish(
        actor=doing.actor, registration_id=registration.pk, offering=found
    )
    made = [] if choice is None else [choice]
    return {"kind": "choices", "registration": registration.pk, "choices": made}


def _more_seats(doing: Doing, change: Change) -> Undo:
    series = _series(change)
    set_largest(
        series=series, size_max=series.largest + change["seats"], actor=doing.actor
    )
    return _size("size_max", series, series.size_max, series.largest + change["seats"])


def _smaller_start(doing: Doing, change: Change) -> Undo:
    series = _series(change)
    least = max(1, series.smallest - change["seats"])
    set_smallest(series=series, size_min=least, actor=doing.actor)
    return _size("size_min", series, series.size_min, least)


def _size(name: str, series: Series, was: int | None, now: int) -> Undo:
    return {
        "kind": "size",
        "series": str(series.pk),
        "field": name,
        "was": was,
        "now": now,
    }


def _repeat(doing: Doing, change: Change) -> Undo:
    again = repeat_series(actor=doing.actor, series=_series(change))
    return {"kind": "series", "series": str(again.pk)}


def _unpin(doing: Doing, change: Change) -> Undo:
    number = str(change["pin"]).removeprefix("pin")
    pin = SeriesPin.objects.filter(pk=int(number)).first() if number.isdigit() else None
    if pin is None:
        raise ValidationError(_("This is free already."))
    unpin_series(actor=doing.actor, series_id=pin.series_id)
    return {
        "kind": "pin",
        "series": str(pin.series_id),
        "first_start": pin.first_start.isoformat() if pin.first_start else None,
        "room": pin.room_id,
        "facilitators": pin.facilitators,
        "closed": pin.closed,
    }


def _series(change: Change) -> Series:
    key = uuid.UUID(str(change["series"]))
    found = series_with_offering(series_ids=[key]).get(key)
    if found is None:
        raise ValidationError(_("This group is no longer in the books."))
    return found


APPLY: dict[str, Callable[[Doing, Change], Undo]] = {
    "travel": _travel,
    "pace": _pace,
    "half-day": _half_day,
    "choice": _choice,
    "offering": _offering,
    "leader-hours": _leader_hours,
    "leader-minutes": _leader_minutes,
    "more-seats": _more_seats,
    "smaller-start": _smaller_start,
    "repeat": _repeat,
    "unpin": _unpin,
}
