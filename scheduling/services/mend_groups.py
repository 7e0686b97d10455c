"""Mends of groups, rooms and leaders; see `scheduling.services.mends`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import version_of
from courses.selectors.coordinator import series_with_offering
from courses.services.offerings import (
    keep_offering,
    keep_series,
    offering_facts,
    series_facts,
)
from courses.services.sizes import put_size
from courses.services.wishes import add_series_hours, staff_of
from people.enums import StaffRole
from people.selectors import person_ids_by_facilitator
from people.services.agreed import add_hours, let_lead, put_load
from rooms.selectors import rooms_by_id
from rooms.services.hours import open_longer
from rooms.services.places import keep_room, room_facts

if TYPE_CHECKING:
    from courses.models import Series

Data = Mapping[str, Any]


def series_of(key: str) -> Series:
    """The group of a key; raises ``ValidationError`` when it is gone."""
    found = series_with_offering(series_ids=[uuid.UUID(key)]).get(uuid.UUID(key))
    if found is None:
        raise ValidationError(_("This group is no longer in the books."))
    return found


# --- Leaders ----------------------------------------------------------------------


def lead(actor: Actor, key: str, data: Data) -> None:
    """The role, and the trainings that this group asks of who leads in it."""
    role = data["role"]
    asking = [training for roles, training in staff_of(series_of(key)) if role in roles]
    if not asking:
        raise ValidationError(_("This group asks for no leader in this role."))
    let_lead(
        actor=actor,
        facilitator_id=int(data["leader"]),
        roles=[role],
        qualification_ids=[one for one in asking if one is not None],
    )


def more_of_role(actor: Actor, key: str, data: Data) -> None:
    """One more leader of a role, whose code is the key."""
    role = StaffRole(key).value
    let_lead(actor=actor, facilitator_id=int(data["leader"]), roles=[role])


def skills(actor: Actor, key: str, data: Data) -> None:
    """Roles and trainings that were not written down."""
    let_lead(
        actor=actor,
        facilitator_id=int(key),
        roles=data["roles"],
        qualification_ids=[int(one) for one in data.get("trainings", ())],
    )


def leader_free(actor: Actor, key: str, data: Data) -> None:
    """More weekly hours of a leader: the one chosen, or who it is about."""
    leader = int(data.get("leader") or key)
    person = person_ids_by_facilitator(facilitator_ids=[leader])[leader]
    add_hours(actor=actor, person_id=person, hours=data["hours"])


def load(actor: Actor, key: str, data: Data) -> None:
    """Every limit that is below the minutes becomes as much; the others stay."""
    minutes = data["minutes"]
    was = {
        name: limit
        for name, limit in data["standing"].items()
        if limit is not None and limit < minutes
    }
    if not was:
        raise ValidationError(_("Nothing is below this by now. Look again."))
    now = dict.fromkeys(was, minutes)
    put_load(actor=actor, facilitator_id=int(key), was=was, now=now)


# --- Groups -----------------------------------------------------------------------


def window(actor: Actor, key: str, data: Data) -> None:
    """More weekly hours in which a group may be held."""
    add_series_hours(actor=actor, series=series_of(key), hours=data["hours"])


def smallest(actor: Actor, key: str, data: Data) -> None:
    """Another number of people with which a group may start."""
    series, least = series_of(key), data["smallest"]
    if not 1 <= least <= series.largest:
        raise ValidationError(
            _("Write a number of people from 1 to %(most)d.") % {"most": series.largest}
        )
    was = series.size_min
    put_size(actor=actor, series=series, field="size_min", was=was, now=least)


def order(actor: Actor, key: str, data: Data) -> None:
    """A later begin, or no other group that comes first."""
    later = data["how"] == "later"
    _keep(
        actor,
        series_of(key),
        {"earliest_start": data["first_day"]} if later else {"follows": None},
    )


def begins_later(actor: Actor, key: str, data: Data) -> None:
    """Not before a day."""
    _keep(actor, series_of(key), {"earliest_start": data["first_day"]})


def _keep(actor: Actor, series: Series, facts: Data) -> None:
    version = version_of(series_facts(series))
    keep_series(actor=actor, series=series, facts=facts, version=version)


def room_needs(actor: Actor, key: str, data: Data) -> None:
    """What the offering asks of a room, that a group is bound to no centre, and with
    how many it may start."""
    series, was = series_of(key), data["standing"]
    other = set(data["features"]) != set(was["features"])
    loose = data.get("anywhere") and series.centre_id is not None
    fewer = data["smallest"] not in (None, was["smallest"])
    if not (other or loose or fewer):
        raise ValidationError(_("Nothing was changed. Ask less of the room first."))
    with transaction.atomic():
        if loose:
            _keep(actor, series, {"centre": None})
        if fewer:
            smallest(actor, key, data)
        if other:
            offering = series.offering
            keep_offering(
                actor=actor,
                offering=offering,
                facts={"required_features": data["features"]},
                version=version_of(offering_facts(offering)),
            )


# --- Rooms ------------------------------------------------------------------------


def opening(actor: Actor, key: str, data: Data) -> None:
    """More opening hours of the centre of a room: the one chosen, or found."""
    room_id = int(data.get("room") or key)
    open_longer(actor=actor, room_id=room_id, hours=data["hours"])


def room(actor: Actor, key: str, data: Data) -> None:
    """How many people a room holds, and what it has."""
    (row,) = _rooms([int(key)])
    facts = {name: data[name] for name in ("capacity", "features")}
    version = version_of(room_facts(row))
    keep_room(actor=actor, room=row, facts=facts, version=version)


def _rooms(keys: Iterable[int]) -> list[Any]:
    found = list(rooms_by_id(room_ids=keys).values())
    if not found:
        raise ValidationError(_("This room is no longer in the books."))
    return found
