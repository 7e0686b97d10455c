"""Invented regions: towns, places, travel and rooms, in clusters that touch.

Distances, numbers of places and rooms and their opening follow the region that the
planner was made for (36 places in 11 towns, 85 rooms); every name is a number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    Availability,
    Span,
    WeeklyWindow,
)
from scheduling.solver.problem import Place, Room

# East and north of the largest town in km, number of places.
TOWNS = (
    (0.0, 0.0, 14),
    (6.0, 1.5, 2),
    (2.0, 7.0, 2),
    (8.0, 12.0, 3),
    (5.0, 19.0, 2),
    (17.0, 14.0, 4),
    (21.0, 19.0, 1),
    (13.0, 8.0, 1),
    (-5.0, -3.0, 3),
    (-9.0, -8.0, 2),
    (4.0, -6.0, 2),
)
SOUTHERN_TOWNS = (8, 9)
"""Towns with the holidays of another region."""

ROOMS = 85
PARTS = ((36, 50), (52, 68), (74, 88))
"""Morning, afternoon and evening in which groups meet, in quarters of the day."""

HOURS = ((34, 51), (51, 70), (73, 90))
"""The same as a centre opens its doors."""

HALF_DAYS = (
    *((weekday, part) for weekday in range(5) for part in range(3)),
    (5, 0),
)
"""The sixteen half-days of a week: Monday to Friday, and Saturday morning."""

QUIET, LIFT, LOOP, SCREEN = "feature-a", "feature-b", "feature-c", "feature-d"
MOST_MINUTES = 240

HalfDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Site:
    """A place with what its kind of house is like; ``kind`` 0 village, 1 own, 2 site.

    Coordinates in km.
    """

    place: Place
    cluster: int
    town: int
    kind: int
    east: float
    north: float

    def km(self, other: Site) -> float:
        return math.hypot(self.east - other.east, self.north - other.north)

    @property
    def is_southern(self) -> bool:
        return self.town in SOUTHERN_TOWNS


def draws(*key: object) -> Random:
    """Random numbers of their own for each part, the same in every process."""
    return Random("/".join(map(str, key)))  # noqa: S311 (nothing here is secret)


def window(
    half_day: HalfDay, times: tuple[tuple[int, int], ...] = PARTS
) -> WeeklyWindow:
    """The weekly window of a half-day."""
    weekday, part = half_day
    return WeeklyWindow(weekday, *times[part])


def make_sites(seed: str, clusters: int, towns: int | None = None) -> tuple[Site, ...]:
    """Places of all clusters, which lie 32 to 36 km apart in a grid.

    ``towns`` keeps only the first ones of each.
    """
    columns = math.ceil(math.sqrt(clusters))
    found: list[Site] = []
    for cluster in range(clusters):
        rng = draws(seed, "places", cluster)
        row, column = divmod(cluster, columns)
        east, north = column * rng.uniform(32, 36), row * rng.uniform(32, 36)
        for town, (to_east, to_north, count) in enumerate(TOWNS[:towns]):
            spread = 2.5 if count > 4 else 1.0
            for number in range(count):
                place = Place(
                    f"place-{len(found) + 1:03}", f"town-{cluster + 1}-{town + 1:02}"
                )
                found.append(
                    Site(
                        place,
                        cluster,
                        town,
                        _kind(count, number),
                        east + to_east + rng.uniform(-spread, spread),
                        north + to_north + rng.uniform(-spread, spread),
                    )
                )
    return tuple(found)


def neighbours(cluster: int, clusters: int) -> tuple[int, ...]:
    """Clusters beside, above or below this one in the grid."""
    columns = math.ceil(math.sqrt(clusters))
    row, column = divmod(cluster, columns)
    return tuple(
        other
        for other in range(clusters)
        if abs(other // columns - row) + abs(other % columns - column) == 1
    )


def _kind(count: int, number: int) -> int:
    if count >= 3 and number == 0:
        return 1
    if (count >= 10 and number in (1, 2)) or (count == 4 and number == 1):
        return 2
    return 0


def travel(one: Site, other: Site) -> int:
    """Four minutes, and 1.7 for each km; nobody is further than four hours away."""
    return 0 if one is other else min(MOST_MINUTES, round(4 + 1.7 * one.km(other)))


def travel_minutes(sites: tuple[Site, ...]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(travel(one, other) for other in sites) for one in sites)


def make_rooms(
    seed: str, sites: tuple[Site, ...], cluster: int, day_count: int, count: int
) -> list[tuple[Room, Site]]:
    """Rooms of a cluster. Fewer rooms are the same ones with some left out."""
    rng = draws(seed, "rooms", cluster)
    own = [site for site in sites if site.cluster == cluster]
    extra = rng.choices(
        own, [4.0 if site.kind else 1.0 for site in own], k=ROOMS - len(own)
    )
    rooms = []
    for number, site in enumerate(sorted([*own, *extra], key=own.index), start=1):
        ident = f"room-{cluster * ROOMS + number:03}"
        rooms.append((_make_room(rng, ident, site, day_count), site))
    keep = set(rng.sample(range(ROOMS), count))
    return [pair for number, pair in enumerate(rooms) if number in keep]


def _make_room(rng: Random, ident: str, site: Site, day_count: int) -> Room:
    chance = ((0.55, 0.55, 0.6), (0.75, 0.8, 0.25), (0.7, 0.65, 0.2))[site.kind]
    free = [
        half_day
        for half_day in HALF_DAYS
        if rng.random() < chance[half_day[1]] * (0.5 if half_day[0] == 5 else 1)
    ]
    if not free:
        free = [rng.choice(HALF_DAYS)]
    features = {
        name
        for name, share in ((QUIET, 0.65), (LIFT, 0.75), (LOOP, 0.25), (SCREEN, 0.5))
        if rng.random() < share
    }
    booked = []
    for _ in range(
        rng.choice((0, 0, 1, 2)) if day_count > 7 else rng.choice((0, 0, 1))
    ):
        day, part = rng.randrange(day_count), rng.randrange(3)
        first = day * SLOTS_PER_DAY
        booked.append(Span(first + PARTS[part][0], first + PARTS[part][1]))
    return Room(
        ident,
        site.place.id,
        rng.choice((4, 6, 8, 10, 10, 12, 12, 14, 14, 16, 20, 24)),
        frozenset(features),
        Availability(tuple(window(half_day, HOURS) for half_day in free)),
        tuple(sorted(set(booked), key=lambda span: span.start)),
        rng.choice((0, 1, 1)),
        rng.randrange(4),
    )
