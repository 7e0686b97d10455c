"""What could happen at all: the choices that no rule's filter forbids.

A *timing* is a date pattern with one day part; a *mode* a timing at one place (``None``
online or self-paced). Everything that breaks a rule on its own is left out here and
never becomes a variable, so the model stays small and its bound strong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from scheduling.solver.context import Context
from scheduling.solver.horizon import FULL_DAY, SLOTS_PER_DAY, mask_between
from scheduling.solver.problem import (
    DatePattern,
    Facilitator,
    Person,
    PlanningProblem,
    Registration,
    Room,
    Series,
)
from scheduling.solver.rule import Constraint, Days

Value = TypeVar("Value")
Thing = TypeVar("Thing", bound=Hashable)


class Timing(NamedTuple):
    """One date pattern of a series (by number) in one day part."""

    pattern: int
    part: int


SELF_PACED = Timing(-1, -1)


@dataclass(frozen=True, slots=True)
class Mode:
    """A timing at a place. ``starts`` are the quarters the facts leave open."""

    timing: Timing
    place_id: str | None
    starts: int


class Filters:
    """The filters of a set of rules as one, each answer computed once a problem."""

    def __init__(
        self, problem: PlanningProblem, constraints: Iterable[Constraint]
    ) -> None:
        self.problem = problem
        self.constraints = tuple(constraints)
        self._known: dict[Hashable, object] = {}
        self._overrides = {
            name: tuple(
                rule
                for rule in self.constraints
                if getattr(type(rule), name) is not getattr(Constraint, name)
            )
            for name in dir(Constraint)
            if name.startswith("fits_") or "starts" in name
        }

    def rules(self, filter_name: str) -> tuple[Constraint, ...]:
        """The rules that fill in the filter of that name."""
        return self._overrides[filter_name]

    def _once(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]  # type: ignore[return-value]

    def rooms(self, series: Series) -> tuple[Room, ...]:
        """Rooms in which the series could ever meet."""
        return self._once(
            ("rooms", series.id),
            lambda: tuple(
                room
                for room in self.problem.rooms
                if series.needs_room
                and all(
                    rule.fits_room(self.problem, series, room)
                    for rule in self.rules("fits_room")
                )
            ),
        )

    def leaders(self, series: Series) -> tuple[Facilitator, ...]:
        """Facilitators who could ever lead the series."""
        return self._once(
            ("leaders", series.id),
            lambda: tuple(
                lead
                for lead in self.problem.facilitators
                if all(
                    rule.fits_leader(self.problem, series, lead)
                    for rule in self.rules("fits_leader")
                )
            ),
        )

    def fits_seat(self, registration: Registration, series: Series) -> bool:
        return self._once(
            ("seat", registration.id, series.id),
            lambda: all(
                rule.fits_seat(self.problem, registration, series)
                for rule in self.rules("fits_seat")
            ),
        )

    def fits_seat_at(self, person: Person, place_id: str | None) -> bool:
        return self._once(
            ("at", person.id, place_id),
            lambda: all(
                rule.fits_seat_at(self.problem, person, place_id)
                for rule in self.rules("fits_seat_at")
            ),
        )

    def starts(self, series: Series, number: int) -> int:
        """Starting quarters of a series' date pattern of that number."""
        pattern = series.date_patterns[number]
        return self._once(
            ("starts", series.id, number),
            lambda: _all(
                on_grid(series),
                (
                    rule.starts(self.problem, series, pattern)
                    for rule in self.rules("starts")
                ),
            ),
        )

    def room_starts(self, room: Room, days: Days, length: int) -> int:
        return self._once(
            ("room", room.id, days, length),
            lambda: _all(
                FULL_DAY,
                (
                    rule.room_starts(self.problem, room, days, length)
                    for rule in self.rules("room_starts")
                ),
            ),
        )

    def leader_starts(self, lead: Facilitator, days: Days, length: int) -> int:
        return self._once(
            ("leader", lead.id, days, length),
            lambda: _all(
                FULL_DAY,
                (
                    rule.leader_starts(self.problem, lead, days, length)
                    for rule in self.rules("leader_starts")
                ),
            ),
        )

    def person_starts(self, person: Person, days: Days, length: int) -> int:
        return self._once(
            ("person", person.id, days, length),
            lambda: _all(
                FULL_DAY,
                (
                    rule.person_starts(self.problem, person, days, length)
                    for rule in self.rules("person_starts")
                ),
            ),
        )


class Candidates:
    """The choices left for some series and registrations beside a fixed context."""

    def __init__(
        self,
        filters: Filters,
        context: Context | None = None,
        series_ids: Collection[str] | None = None,
        registration_ids: Collection[str] | None = None,
        modes: dict[str, Collection[tuple[Timing, str | None]]] | None = None,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """``series_ids`` and ``registration_ids``: what is free (``None``: all that
        the context does not fix). ``modes``: keep only these modes of a series.
        ``beat`` is called before each series; what it raises ends the work."""
        problem, self.beat = filters.problem, beat
        self.problem, self.filters = problem, filters
        self.context = context or Context(problem)
        fixed = self.context.placements
        self.series = tuple(
            item
            for item in problem.series
            if item.id not in fixed and (series_ids is None or item.id in series_ids)
        )
        self.registrations = tuple(
            item
            for item in problem.registrations
            if item.id not in self.context.seated
            and (registration_ids is None or item.id in registration_ids)
        )
        self._wanted = modes or {}
        self.modes = {item.id: self._modes(item) for item in self.series}

    def timings(self, series_id: str) -> tuple[Timing, ...]:
        """The timings of a free series' modes, each once, in order."""
        return tuple(dict.fromkeys(mode.timing for mode in self.modes[series_id]))

    def _modes(self, series: Series) -> tuple[Mode, ...]:
        self.beat()
        if series.is_self_paced:
            return (Mode(SELF_PACED, None, FULL_DAY),)
        wanted = self._wanted.get(series.id)
        modes = []
        for number, pattern in enumerate(series.date_patterns):
            starts = self.filters.starts(series, number)
            for rule in self.filters.rules("starts_beside"):
                starts &= rule.starts_beside(self.context, series, pattern)
            if not starts:
                continue
            for place_id in self._places(series, pattern):
                at_place = starts & self._members_can(series, pattern, place_id)
                for part in range(len(self.problem.day_parts)):
                    here = at_place & self.part_mask(part)
                    key = (Timing(number, part), place_id)
                    if here and (wanted is None or key in wanted):
                        modes.append(Mode(*key, here))
        return tuple(modes)

    def _places(self, series: Series, pattern: DatePattern) -> tuple[str | None, ...]:
        if not series.needs_room:
            return (None,)
        places = dict.fromkeys(room.place_id for room in self.filters.rooms(series))
        return tuple(
            place_id
            for place_id in places
            if pattern.place_ids is None or place_id in pattern.place_ids
        )

    def _members_can(
        self, series: Series, pattern: DatePattern, place_id: str | None
    ) -> int:
        starts = FULL_DAY
        for person_id in series.members:
            person = self.problem.person_by_id[person_id]
            starts &= self.person_starts(person, series, pattern, place_id)
        return starts

    def part_mask(self, part: int) -> int:
        """Quarters of a day part."""
        ends = (*self.problem.day_parts[1:], SLOTS_PER_DAY)
        return mask_between(self.problem.day_parts[part], ends[part])

    def rooms_for(self, series: Series, mode: Mode) -> dict[str, int]:
        """Rooms of a mode's place, each with the quarters at which it can start."""
        if mode.place_id is None:
            return {}
        days = series.date_patterns[mode.timing.pattern].days
        found = {}
        for room in self.filters.rooms(series):
            if room.place_id != mode.place_id:
                continue
            starts = mode.starts & self.filters.room_starts(room, days, series.length)
            for rule in self.filters.rules("room_starts_beside"):
                if starts:
                    starts &= rule.room_starts_beside(
                        self.context, room, days, series.length
                    )
            if starts:
                found[room.id] = starts
        return found

    def leader_starts(self, series: Series, mode: Mode, lead: Facilitator) -> int:
        """Quarters at which a facilitator could lead the series in a mode.

        For a self-paced series every quarter, or none when the rules refuse it.
        """
        starts = mode.starts
        if mode.timing != SELF_PACED:
            days = series.date_patterns[mode.timing.pattern].days
            starts &= self.filters.leader_starts(lead, days, series.length)
        if not starts:
            return 0
        for rule in self.filters.rules("fits_leader_beside"):
            if not rule.fits_leader_beside(self.context, series, lead):
                return 0
        if mode.timing == SELF_PACED:
            return FULL_DAY
        for rule in self.filters.rules("leader_starts_beside"):
            if starts:
                starts &= rule.leader_starts_beside(
                    self.context, lead, mode.place_id, days, series.length
                )
        return starts

    def seat_starts(
        self, registration: Registration, series: Series, mode: Mode
    ) -> int:
        """Quarters at which a registration could sit in the series in a mode."""
        person = self.problem.person_by_id[registration.person_id]
        if not self.filters.fits_seat(registration, series) or not (
            mode.timing == SELF_PACED
            or self.filters.fits_seat_at(person, mode.place_id)
        ):
            return 0
        for rule in self.filters.rules("fits_seat_beside"):
            if not rule.fits_seat_beside(self.context, registration, series):
                return 0
        if mode.timing == SELF_PACED:
            return FULL_DAY
        pattern = series.date_patterns[mode.timing.pattern]
        return mode.starts & self.person_starts(person, series, pattern, mode.place_id)

    def place_of(self, series_id: str) -> str | None:
        """Place of a fixed series' first meeting; ``None`` online or self-paced."""
        for _, busy in self.context.meetings(self.context.placements[series_id]):
            return busy.place_id
        return None

    def can_join(self, registration: Registration, series_id: str) -> bool:
        """Whether a registration could sit in a series that is already fixed."""
        series = self.problem.series_by_id[series_id]
        person = self.problem.person_by_id[registration.person_id]
        if not self.filters.fits_seat(registration, series) or not all(
            rule.fits_seat_beside(self.context, registration, series)
            for rule in self.filters.rules("fits_seat_beside")
        ):
            return False
        stretches: dict[tuple[int, str | None], list[int]] = defaultdict(list)
        for day, busy in self.context.meetings(self.context.placements[series_id]):
            stretches[busy.start, busy.place_id].append(day)
        return all(
            self.filters.fits_seat_at(person, place_id)
            and self.person_starts(person, series, DatePattern(tuple(days)), place_id)
            >> start
            & 1
            for (start, place_id), days in stretches.items()
        )

    def person_starts(
        self,
        person: Person,
        series: Series,
        pattern: DatePattern,
        place_id: str | None,
    ) -> int:
        """Quarters at which a person could take part at a place on all days."""
        starts = self.filters.person_starts(person, pattern.days, series.length)
        for rule in self.filters.rules("person_starts_beside"):
            if starts:
                starts &= rule.person_starts_beside(
                    self.context, person, place_id, pattern.days, series.length
                )
        return starts


def on_grid(series: Series) -> int:
    """Quarters that are multiples of the series' start step."""
    return sum(1 << quarter for quarter in range(0, SLOTS_PER_DAY, series.start_step))


def date_cliques(days_of: dict[Thing, Days]) -> list[list[Thing]]:
    """Largest sets of things that share a day; sets inside another are left out.

    Two series on one weekday clash only if they share a date: what must not overlap
    is told once for each such set and not once for every date.
    """
    by_day: dict[int, set[Thing]] = defaultdict(set)
    for thing, days in days_of.items():
        for day in days:
            by_day[day].add(thing)
    order = {thing: number for number, thing in enumerate(days_of)}
    found: list[set[Thing]] = []
    for things in sorted(by_day.values(), key=len, reverse=True):
        if len(things) > 1 and not any(things <= larger for larger in found):
            found.append(things)
    return [sorted(things, key=order.__getitem__) for things in found]


def _all(first: int, masks: Iterable[int]) -> int:
    for mask in masks:
        first &= mask
        if not first:
            break
    return first
