"""How long a journey takes: distance on the globe, a detour factor, and a speed.

Settings of the region: ``TRAVEL_DETOUR`` (road length over straight line) and
``TRAVEL_SPEEDS_KMH`` per way of travelling. Minutes written by a coordinator in the
travel-time table win for journeys by car.
"""

from __future__ import annotations

import math
from typing import Protocol

from django.conf import settings

EARTH_RADIUS_KM = 6371.0
DETOUR = 1.3
SPEEDS_KMH = {"walk": 5.0, "bicycle": 15.0, "public_transport": 22.0, "car": 50.0}
START_MINUTES = {"walk": 0, "bicycle": 2, "public_transport": 10, "car": 5}
"""Minutes lost before one moves: unlocking, parking, waiting for the bus."""


class Point(Protocol):
    """Anything with an id and coordinates in degrees (WGS 84)."""

    @property
    def pk(self) -> int: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


def kilometres(one: Point, other: Point) -> float:
    """Great-circle distance in kilometres (haversine formula)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half_lat = (lat2 - lat1) / 2
    half_lon = math.radians(other.lon - one.lon) / 2
    part = (
        math.sin(half_lat) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(part))


def estimated_minutes(one: Point, other: Point, mode: str) -> int:
    """Whole minutes from one point to the other, rounded up; 0 within one place.

    Raises
    ------
    ValueError
        For a way of travelling that has no speed.
    """
    speeds = getattr(settings, "TRAVEL_SPEEDS_KMH", SPEEDS_KMH)
    if mode not in speeds:
        raise ValueError(f"no speed for way of travelling {mode!r}")
    if one.pk == other.pk:
        return 0
    road = kilometres(one, other) * getattr(settings, "TRAVEL_DETOUR", DETOUR)
    return math.ceil(road / speeds[mode] * 60) + START_MINUTES.get(mode, 0)
