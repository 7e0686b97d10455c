"""One region while it is being made up: its sites, people, series and placements."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from scheduling.solver.generate.people import Habits
from scheduling.solver.generate.region import (
    HOURS,
    HalfDay,
    Site,
    travel,
    window,
)
from scheduling.solver.generate.subjects import Subject
from scheduling.solver.horizon import (
    SLOTS_PER_DAY,
    Availability,
    Horizon,
    mask_between,
)
from scheduling.solver.plan import Placement
from scheduling.solver.problem import (
    Facilitator,
    Person,
    Registration,
    Room,
    Series,
)

BREAK_WEEKS = frozenset({3, 4})
"""Nobody meets in these weeks of the horizon: the end of the year."""


@dataclass(slots=True)
class Cluster:
    """What is known of one region so far. ``word`` begins the ids of its things.

    ``askers`` wait for a seat, ``members`` only belong to a running group; ``busy``
    are askers who may not join (another) running group.
    """

    number: int
    word: str
    horizon: Horizon
    habits: Habits
    sites: tuple[Site, ...]
    rooms: tuple[Room, ...]
    facilitators: list[Facilitator]
    subjects: tuple[Subject, ...]
    askers: list[Person] = field(default_factory=list)
    members: list[Person] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    keep_apart: list[tuple[str, str]] = field(default_factory=list)
    keep_together: list[tuple[str, str]] = field(default_factory=list)
    series_order: list[tuple[str, str]] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)

    @property
    def day_count(self) -> int:
        return self.horizon.day_count

    @property
    def own_sites(self) -> list[Site]:
        return [site for site in self.sites if site.cluster == self.number]

    def site(self, place_id: str | None) -> Site:
        return next(site for site in self.sites if site.place.id == place_id)

    def weekly_days(self, weekday: int, count: int) -> tuple[int, ...]:
        """Days of up to ``count`` weekly meetings from the first week on."""
        days = [
            day
            for day in range(weekday, self.day_count, 7)
            if day // 7 not in BREAK_WEEKS
        ]
        return tuple(days[:count])

    def free(self, availability: Availability, day: int) -> int:
        return self.horizon.free_quarters(availability, day)

    def room_free(self, room: Room, day: int) -> int:
        """Quarters of a day at which the room is open and nobody else has it."""
        free, first = self.free(room.opening, day), day * SLOTS_PER_DAY
        for span in room.booked:
            begin, end = max(0, span.start - first), min(96, span.end - first)
            free &= ~mask_between(begin, end)
        return free

    def near(self, rng: Random, room: Room | None) -> Site:
        """A site to live at, near a room."""
        if room is None:
            return rng.choice(self.own_sites)
        centre = self.site(room.place_id)
        return min(rng.sample(self.own_sites, 3), key=centre.km)

    def minutes(self, person: Person, room: Room) -> int:
        """Travel from home, as in the travel matrix."""
        one, other = self.site(person.home_place_id), self.site(room.place_id)
        return travel(one, other)

    def made_free(self, person: Person, half_day: HalfDay, room: Room | None) -> Person:
        """The person, able to come in a half-day to a room."""
        weekly = {*person.availability.weekly, window(half_day, HOURS)}
        limit = person.travel_limit_minutes
        if room is not None and limit is not None:
            limit = max(limit, self.minutes(person, room))
        return replace(
            person,
            availability=Availability(
                tuple(sorted(weekly, key=lambda item: (item.weekday, item.start)))
            ),
            travel_limit_minutes=limit,
            needs=person.needs & (room.features if room else frozenset()),
        )

    def can_join(self, person: Person, half_day: HalfDay, room: Room | None) -> bool:
        """Whether the person can always come in a half-day to a room."""
        if person.availability.blocked or (
            window(half_day, HOURS) not in person.availability.weekly
        ):
            return False
        if room is None:
            return not person.formats
        limit = person.travel_limit_minutes
        return person.needs <= room.features and (
            limit is None or self.minutes(person, room) <= limit
        )
