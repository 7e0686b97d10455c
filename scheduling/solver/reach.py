"""What each thing could do if it were alone: masks and reasons from the facts only.

The doctor and the generator's figures ask this. It knows nothing of the rules' own
filters, so that what it says can be held against them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from scheduling.solver.horizon import (
    FULL_DAY,
    SLOTS_PER_DAY,
    Availability,
    mask_between,
    starts_within,
)
from scheduling.solver.plan import Placement
from scheduling.solver.problem import (
    DatePattern,
    Facilitator,
    Format,
    Person,
    PlanningProblem,
    Registration,
    Room,
    Series,
)

Days = tuple[int, ...]


class Reach:
    """Answers for one problem, each computed once."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        self.fixed: dict[str, Placement] = {
            item.series_id: item
            for item in problem.published.placements
            if item.series_id not in problem.published.freed_series
        }
        self.rooms = cache(self._rooms)
        self.leaders = cache(self._leaders)
        self.room_starts = cache(self._room_starts)
        self.free_starts = cache(self._free_starts)
        self.slots = cache(self._slots)

    def series_starts(self, series: Series, pattern: DatePattern) -> int:
        """Quarters on the series' grid, inside its windows on every date."""
        starts = sum(1 << q for q in range(0, SLOTS_PER_DAY, series.start_step))
        for weekday in {self.problem.horizon.weekday(day) for day in pattern.days}:
            inside = 0
            for window in series.windows:
                if window.weekday == weekday:
                    free = mask_between(window.start, window.end)
                    inside |= starts_within(free, series.length)
            starts &= inside
        return starts

    def _rooms(self, series: Series) -> tuple[Room, ...]:
        """Rooms with a place, the features and the chairs that the series needs."""
        seats = max(series.size_min, len(series.members), 1)
        leaders = sum(item.count for item in series.staff if item.from_seats <= seats)
        return tuple(
            room
            for room in self.problem.rooms
            if series.needs_room
            and (series.place_ids is None or room.place_id in series.place_ids)
            and series.room_features <= room.features
            and seats - (series.size_min == 0) + leaders + series.guests
            <= room.capacity
        )

    def _leaders(self, series: Series) -> tuple[tuple[Facilitator, ...], ...]:
        """For each staff need who could meet it."""
        return tuple(
            tuple(
                lead
                for lead in self.problem.facilitators
                if need.roles & lead.roles
                and need.skills | series.leader_skills <= lead.skills
                and (lead.person_id is None or lead.person_id not in series.members)
            )
            for need in series.staff
        )

    def _room_starts(self, room: Room, days: Days, length: int) -> int:
        opening = room.opening
        usable = Availability(
            opening.weekly, opening.extra, (*opening.blocked, *room.booked)
        )
        return self.free_starts(usable, days, length)

    def staffed_starts(self, series: Series, days: Days) -> int:
        """Quarters at which each staff need of the smallest group could be met.

        The needs are looked at one by one: one leader may be counted for two.
        """
        starts = FULL_DAY
        seats = max(series.size_min, len(series.members))
        for need, able in zip(series.staff, self.leaders(series), strict=True):
            if need.from_seats <= seats:
                free = (
                    self.free_starts(lead.availability, days, series.length)
                    for lead in able
                )
                starts &= _in_at_least(need.count, free)
        return starts

    def _free_starts(self, availability: Availability, days: Days, length: int) -> int:
        """Quarters from which ``length`` slots are free on all of ``days``."""
        starts = FULL_DAY
        for day in days:
            free = self.problem.horizon.free_quarters(availability, day)
            starts &= starts_within(free, length)
            if not starts:
                break
        return starts

    def _slots(
        self, series: Series, needs: frozenset[str] = frozenset()
    ) -> tuple[tuple[Days, str | None, int], ...]:
        """Dates, place and starts the series could have: windows, leaders, rooms.

        ``needs`` are further features of the room. What is published and not freed
        has its own time and room alone; a self-paced series has none.
        """
        placement = self.fixed.get(series.id)
        if placement is not None:
            return _published_slots(self.problem, placement, needs)
        found: list[tuple[Days, str | None, int]] = []
        for pattern in series.date_patterns:
            starts = self.series_starts(series, pattern)
            starts &= self.staffed_starts(series, pattern.days)
            if not starts:
                continue
            if not series.needs_room:
                found.append((pattern.days, None, starts))
                continue
            at_place: dict[str, int] = {}
            for room in self.rooms(series):
                if not needs <= room.features:
                    continue
                if pattern.place_ids is None or room.place_id in pattern.place_ids:
                    mask = self.room_starts(room, pattern.days, series.length)
                    at_place[room.place_id] = at_place.get(room.place_id, 0) | mask
            found.extend(
                (pattern.days, place_id, starts & mask)
                for place_id, mask in at_place.items()
                if starts & mask
            )
        return tuple(found)

    def suits(self, registration: Registration, series: Series) -> bool:
        """Whether the series is of a kind that the registration may and would take."""
        person = self.problem.person_by_id[registration.person_id]
        return not tuple(self.misfits(registration, person, series))

    def misfits(
        self, registration: Registration, person: Person, series: Series
    ) -> tuple[str, ...]:
        """What about the series does not suit, time and travel left out."""
        age = person.age
        formats = person.formats or frozenset(Format)
        wrong = {
            "level": series.level not in registration.levels,
            "format": series.format not in formats
            and not (series.format is Format.HYBRID and formats & _EITHER),
            "language": bool(person.languages)
            and series.language is not None
            and series.language not in person.languages,
            "age": age is not None
            and not (series.age_min or 0) <= age <= (series.age_max or 1000),
            "accommodations": not person.accommodations <= series.accommodations,
            "prerequisites": not series.prerequisites <= person.completed,
            "closed": series.is_closed,
            "full": len(series.members) + registration.seats > series.size_max,
            "member": person.id in series.members,
        }
        return tuple(name for name, is_so in wrong.items() if is_so)

    def can_travel(self, person: Person, place_id: str | None) -> bool:
        limit = person.travel_limit_minutes
        return (
            limit is None
            or not goes_out(person)
            or (self.problem.travel(person.home_place_id, place_id) <= limit)
        )

    def meets(self, person: Person, series: Series, far: bool = False) -> bool:
        """Whether the person is free at a time the series could have, within reach.

        ``far`` leaves the travel limit aside.
        """
        if series.is_self_paced:
            return True
        needs = person.needs if goes_out(person) else frozenset()
        return any(
            (far or self.can_travel(person, place_id))
            and starts & self.free_starts(person.availability, days, series.length)
            for days, place_id, starts in self.slots(series, needs)
        )

    def candidates(self, registration: Registration) -> tuple[Series, ...]:
        """The choices that nothing known of the registration alone rules out."""
        person = self.problem.person_by_id[registration.person_id]
        chosen = (
            self.problem.series_by_id[item.series_id] for item in registration.choices
        )
        return tuple(
            series
            for series in chosen
            if self.suits(registration, series) and self.meets(person, series)
        )


def _in_at_least(count: int, masks: Iterable[int]) -> int:
    """Quarters that are in at least ``count`` of the masks."""
    levels = [0] * count
    for mask in masks:
        for level in range(count - 1, 0, -1):
            levels[level] |= levels[level - 1] & mask
        levels[0] |= mask
    return levels[-1]


_EITHER = frozenset({Format.IN_PERSON, Format.ONLINE})


def goes_out(person: Person) -> bool:
    """Whether the person comes to the room; otherwise they join from home."""
    return not person.formats or Format.IN_PERSON in person.formats


def _published_slots(
    problem: PlanningProblem, placement: Placement, needs: frozenset[str]
) -> tuple[tuple[Days, str | None, int], ...]:
    if not placement.meetings:
        return ()
    first = placement.meetings[0]
    room = problem.room_by_id[first.room_id] if first.room_id else None
    if room is not None and not needs <= room.features:
        return ()
    days = tuple(item.slot // SLOTS_PER_DAY for item in placement.meetings)
    starts = 1 << first.slot % SLOTS_PER_DAY
    return ((days, room.place_id if room else None, starts),)
