"""What is written down now of what a mend changes: it fills the form, and marks it.

A mend that replaces something carries the mark of what its page showed; when that is
something else by now, nothing is written. What is only added to needs no mark.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from courses.selectors.coordinator import series_with_offering
from courses.selectors.facts import features_of_offerings
from courses.selectors.numbers import persons_of_registrations
from people.services.numbers import limits_of_residents, loads_by_leader
from rooms.selectors import rooms_by_id
from rooms.selectors.kept import features_of_rooms

Standing = Mapping[str, Any]
Read = Callable[[list[str]], dict[str, dict[str, Any]]]


def standing(*, check: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By key of the record, of those that there still are; nothing for a check whose
    mend replaces nothing. Three queries at most, however many records."""
    wanted = list(dict.fromkeys(keys))
    return READ[check](wanted) if check in READ and wanted else {}


def _series(keys: list[str]) -> dict[str, Any]:
    found = series_with_offering(series_ids=map(uuid.UUID, keys))
    return {str(key): row for key, row in found.items()}


def _smallest(keys: list[str]) -> dict[str, dict[str, Any]]:
    return {key: {"smallest": row.smallest} for key, row in _series(keys).items()}


def _begins(keys: list[str]) -> dict[str, dict[str, Any]]:
    return {
        key: {"earliest_start": row.earliest_start, "follows": row.follows_id}
        for key, row in _series(keys).items()
    }


def _room_needs(keys: list[str]) -> dict[str, dict[str, Any]]:
    rows = _series(keys)
    needs = features_of_offerings(
        offering_ids={row.offering_id for row in rows.values()}
    )
    return {
        key: {
            "features": needs[row.offering_id],
            "anywhere": row.centre_id is None,
            "centre": row.centre_id,
            "smallest": row.smallest,
        }
        for key, row in rows.items()
    }


def _room(keys: list[str]) -> dict[str, dict[str, Any]]:
    rows = rooms_by_id(room_ids=map(int, keys))
    features = features_of_rooms(room_ids=rows)
    return {
        str(key): {"capacity": row.capacity, "features": features[key]}
        for key, row in rows.items()
    }


def _load(keys: list[str]) -> dict[str, dict[str, Any]]:
    rows = loads_by_leader(facilitator_ids=map(int, keys))
    return {str(key): dict(row) for key, row in rows.items()}


def _travel(keys: list[str]) -> dict[str, dict[str, Any]]:
    persons = persons_of_registrations(registration_ids=map(int, keys))
    limits = limits_of_residents(person_ids=persons.values())
    names = ("travel_limit_minutes", "travel_mode")
    return {
        str(key): {name: limits[person][name] for name in names}
        for key, person in persons.items()
    }


def _pace(keys: list[str]) -> dict[str, dict[str, Any]]:
    limits = limits_of_residents(person_ids=map(int, keys))
    return {
        str(key): {"pace_per_week": row["pace_per_week"]} for key, row in limits.items()
    }


READ: dict[str, Read] = {
    "series-without-room": _room_needs,
    "series-order-cannot-fit": _begins,
    "series-too-few-interested": _smallest,
    "series-group-below-minimum": _smallest,
    "series-nobody-asks": _begins,
    "room-never-suits": _room,
    "facilitator-load-too-small": _load,
    "registration-too-far": _travel,
    "person-over-pace": _pace,
    "published-room-too-small": _room,
}
