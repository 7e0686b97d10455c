"""Changing and taking away centres and rooms; see `audit.rows` for versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.actor import Actor
from audit.rows import field_facts, free_code, lock_row, remove_row, set_facts
from rooms.models import Centre, Room
from rooms.services import _log, create_centre

if TYPE_CHECKING:
    from people.models import Organisation, Place

CENTRE_FACTS = (
    "name", "kind", "organisation", "priority_organisation", "place", "address", "lat",
    "lon", "bookable", "closes_on_public_holidays", "closes_on_school_holidays",
    "active",
)  # fmt: skip
ROOM_FACTS = (
    "centre", "name", "capacity", "features", "changeover_minutes",
    "price_per_half_day_cents", "active",
)  # fmt: skip
CENTRE_PARTS = ("rooms.OpeningHours", "rooms.Closure")


def centre_facts(centre: Centre) -> dict[str, Any]:
    """The facts of a centre, by the names of its fields."""
    return field_facts(centre, CENTRE_FACTS)


def room_facts(room: Room) -> dict[str, Any]:
    """The facts of a room, by the names of its fields."""
    return field_facts(room, ROOM_FACTS)


@transaction.atomic
def add_centre(
    *, actor: Actor, name: str, organisation: Organisation, place: Place, **fields: Any
) -> Centre:
    """A new centre, at the point of its place until somebody gives a better one."""
    return create_centre(
        actor=actor,
        code=free_code(Centre, name, "locatie"),
        name=name,
        organisation=organisation,
        place=place,
        lat=place.lat,
        lon=place.lon,
        **fields,
    )


@transaction.atomic
def keep_centre(
    *, actor: Actor, centre: Centre, facts: Mapping[str, Any], version: str
) -> Centre:
    """Give a centre these facts, if it is still as the form of that version saw it.

    Raises
    ------
    audit.rows.StaleRow
        Somebody changed it meanwhile; nothing is written.
    django.core.exceptions.ValidationError
        By field, before anything is written.
    """
    fresh = lock_row(centre, version=version, read=centre_facts)
    set_facts(fresh, facts)
    _log(actor, "centre.update", "U", fresh.pk)
    return fresh


@transaction.atomic
def keep_room(
    *, actor: Actor, room: Room, facts: Mapping[str, Any], version: str
) -> Room:
    """Give a room these facts, as `keep_centre` does for a centre."""
    fresh = lock_row(room, version=version, read=room_facts)
    set_facts(fresh, facts)
    _log(actor, "room.update", "U", fresh.pk)
    return fresh


@transaction.atomic
def remove_centre(*, actor: Actor, centre: Centre) -> None:
    """Delete a centre that nothing belongs to.

    Raises
    ------
    django.core.exceptions.ValidationError
        Naming what belongs to it: take it out of use instead.
    """
    fresh = lock_row(centre, version=None, read=centre_facts)
    remove_row(fresh, parts=CENTRE_PARTS)
    _log(actor, "centre.delete", "D", centre.pk)


@transaction.atomic
def remove_room(*, actor: Actor, room: Room) -> None:
    """Delete a room that nothing belongs to, as `remove_centre` does."""
    fresh = lock_row(room, version=None, read=room_facts)
    remove_row(fresh)
    _log(actor, "room.delete", "D", room.pk)
