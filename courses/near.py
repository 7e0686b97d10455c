"""How far the reader lives from where groups meet, when he says where he lives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from courses.cards import Journey
from people.enums import TravelMode
from rooms import selectors as rooms

if TYPE_CHECKING:
    from people.models import Place

USUAL_LIMIT = 30
"""Minutes that are near for who did not say otherwise."""


def journey_from(
    home: Place, *, to: Iterable[Place], mode: str = TravelMode.BICYCLE
) -> Journey:
    """Minutes from a place to each of the places; one query by car, else none."""
    minutes = {one.pk: rooms.estimated_minutes(home, one, mode) for one in to}
    if mode == rooms.WRITTEN_FOR:
        written = rooms.written_minutes(place_ids=[home.pk, *minutes])
        minutes |= {there: m for (here, there), m in written.items() if here == home.pk}
    return Journey(mode=mode, minutes=minutes)


NEXT_DOOR = 10
"""Numbers apart at which two postcodes still lie in one town or the next."""


def by_postcode(places: Iterable[Place], digits: str) -> Place | None:
    """The place of a postcode, or the one with the nearest number; None if far off.

    Dutch postcodes run on through a town and to its neighbours, so the nearest number
    is near enough to choose a group by; it is never kept.
    """
    wanted = int(digits)
    near = [
        (abs(int(place.postcode4) - wanted), place.name, place)
        for place in places
        if place.postcode4
    ]
    if not near:
        return None
    apart, _name, place = min(near, key=lambda one: one[:2])
    return place if apart <= NEXT_DOOR else None
