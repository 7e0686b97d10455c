"""Mending a finding of the check before planning, without leaving the page.

Each mend writes through the service of the app that owns the record, so that it is
checked and logged there like any other change. Whether the finding is gone is seen by
looking again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.selectors.catalogue import offering_by_id
from courses.selectors.coordinator import registrations_by_id, series_with_offering
from courses.services.sizes import set_smallest
from courses.services.wishes import (
    add_series_hours,
    add_wish,
    drop_wish_for,
    staff_of,
)
from people.selectors import person_ids_by_facilitator
from people.services.agreed import add_hours, let_lead, put_limits, put_load
from people.services.numbers import loads_of, travelling_of
from rooms.services.hours import open_longer, set_capacity
from scheduling.adapters.resources import limit_by_car

Data = Mapping[str, Any]
Hours = Sequence[tuple[int, time, time]]
FARTHEST = 240


def mend(*, actor: Actor, check: str, key: str, data: Data, hours: Hours = ()) -> None:
    """Mend what one check found about the record ``key``.

    ``data`` is what the form of the check gave, ``hours`` the weekly hours in it.

    Raises
    ------
    django.core.exceptions.ValidationError
        When a rule of the record says no, or the record is gone; nothing is changed.
    KeyError
        For a check that cannot be mended like this.
    """
    MENDS[check](actor, key, {**data, "hours": hours})


def _lead(actor: Actor, key: str, data: Data) -> None:
    roles, trainings = [], []
    for wanted, training in staff_of(_series(key)):
        roles += wanted[:1]
        trainings += [training] if training is not None else []
    let_lead(
        actor=actor,
        facilitator_id=int(data["leader"]),
        roles=roles,
        qualification_ids=trainings,
    )


def _window(actor: Actor, key: str, data: Data) -> None:
    add_series_hours(actor=actor, series=_series(key), hours=data["hours"])


def _smallest(actor: Actor, key: str, data: Data) -> None:
    set_smallest(actor=actor, series=_series(key), size_min=data["smallest"])


def _opening(actor: Actor, key: str, data: Data) -> None:
    open_longer(actor=actor, room_id=int(key), hours=data["hours"])


def _capacity(actor: Actor, key: str, data: Data) -> None:
    set_capacity(actor=actor, room_id=int(key), capacity=data["capacity"])


def _leader_free(actor: Actor, key: str, data: Data) -> None:
    person = person_ids_by_facilitator(facilitator_ids=[int(key)])[int(key)]
    add_hours(actor=actor, person_id=person, hours=data["hours"])


def _load(actor: Actor, key: str, data: Data) -> None:
    """Every limit that is below the minutes becomes as much; the others stay."""
    minutes = data["minutes"]
    was = {
        name: limit
        for name, limit in loads_of(facilitator_id=int(key)).items()
        if limit is not None and limit < minutes
    }
    if not was:
        raise ValidationError(_("Nothing is below this by now. Look again."))
    now = dict.fromkeys(was, minutes)
    put_load(actor=actor, facilitator_id=int(key), was=was, now=now)


def _wish(actor: Actor, key: str, data: Data) -> None:
    offering = offering_by_id(offering_id=int(data["offering"]))
    if offering is None:
        raise ValidationError(_("This is no longer in the books."))
    add_wish(actor=actor, registration_id=int(key), offering=offering)


def _registration_free(actor: Actor, key: str, data: Data) -> None:
    add_hours(actor=actor, person_id=_person(actor, key), hours=data["hours"])


def _person_free(actor: Actor, key: str, data: Data) -> None:
    add_hours(actor=actor, person_id=int(key), hours=data["hours"])


def _further(actor: Actor, key: str, data: Data) -> None:
    person = _person(actor, key)
    widen_travel(actor=actor, person_id=person, minutes=data["minutes"])


def widen_travel(
    *, actor: Actor, person_id: int, minutes: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Let a resident travel some minutes by car further, in the own way of travelling;
    how it was and how it is now.

    Raises ``ValidationError`` for more than there is, and for who is gone.
    """
    found = travelling_of(person_id=person_id)
    if found is None:
        raise ValidationError(_("This person is no longer in the books."))
    limit, mode, *_pace = found
    wanted = limit_by_car(limit, mode) + minutes
    reaching = (
        one for one in range(limit, FARTHEST + 1) if limit_by_car(one, mode) >= wanted
    )
    now = next(reaching, None)
    if now is None:
        raise ValidationError(
            _("That is further than %(most)d minutes, the most there is.")
            % {"most": FARTHEST}
        )
    was, to = {"travel_limit_minutes": limit}, {"travel_limit_minutes": now}
    put_limits(actor=actor, person_id=person_id, was=was, now=to)
    return was, to


def _pace(actor: Actor, key: str, data: Data) -> None:
    found = travelling_of(person_id=int(key))
    if found is None:
        raise ValidationError(_("This person is no longer in the books."))
    was, now = {"pace_per_week": found[2]}, {"pace_per_week": data["pace"]}
    put_limits(actor=actor, person_id=int(key), was=was, now=now)


def _member(actor: Actor, key: str, data: Data) -> None:
    series = _series(str(data["other"]))
    if not drop_wish_for(actor=actor, registration_id=int(key), series=series):
        raise ValidationError(
            _("This wish is part of a theme or an offering. Open the record instead.")
        )


def _series(key: str) -> Any:
    found = series_with_offering(series_ids=[uuid.UUID(key)]).get(uuid.UUID(key))
    if found is None:
        raise ValidationError(_("This group is no longer in the books."))
    return found


def _person(actor: Actor, key: str) -> int:
    found = registrations_by_id(actor=actor, registration_ids=[int(key)])
    if not found:
        raise ValidationError(_("This registration is no longer in the books."))
    return int(found[0].resident.person_id)


MENDS: dict[str, Callable[[Actor, str, Data], None]] = {
    "series-without-leader": _lead,
    "series-without-window": _window,
    "series-too-few-interested": _smallest,
    "series-group-below-minimum": _smallest,
    "room-without-opening": _opening,
    "room-never-suits": _capacity,
    "facilitator-without-availability": _leader_free,
    "facilitator-shift-too-short": _leader_free,
    "facilitator-load-too-small": _load,
    "registration-without-choices": _wish,
    "registration-never-free": _registration_free,
    "registration-too-far": _further,
    "registration-already-member": _member,
    "person-without-availability": _person_free,
    "person-over-pace": _pace,
}
