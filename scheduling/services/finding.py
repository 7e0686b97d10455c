"""The search of one conversation's times in a loaded problem: no rows, no engine.

Candidates come from the rules' own filters, in order of how soon and how near; what is
proposed was judged whole by the judge that also judges a coordinator's hand move.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from scheduling.solver import verify
from scheduling.solver.candidates import Candidates, Filters, Mode
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOTS_PER_DAY, Span
from scheduling.solver.plan import Allocation, Meeting, Placement, Plan
from scheduling.solver.problem import (
    Facilitator,
    PlanningProblem,
    Registration,
    Series,
    StaffNeed,
)

TEAMS_TRIED = 24
"""Teams judged at one hour before the next hour is tried."""
MARGIN = 2
"""Slots kept free around what is spoken for but not published: a journey."""
UNLIKED_DAYS = 3
"""How many days later a half-day that somebody likes may be and still come first."""
MINUTES_A_DAY = 15
"""Minutes of journey that weigh as much as waiting one day more."""
LOOKED_AT = 9
"""Half-days looked at for each time that is wanted, so that there is a choice."""


@dataclass(frozen=True)
class Taken:
    """A stretch in which a room and these facilitators are not to be used."""

    span: Span
    room_id: str | None
    facilitator_ids: frozenset[str]


@dataclass(frozen=True)
class Option:
    """A time for a series, in ids of the problem."""

    series: Series
    slot: int
    room_id: str | None
    facilitator_ids: tuple[str, ...]

    @property
    def span(self) -> Span:
        return Span(self.slot, self.slot + self.series.length)


class Finder:
    """Finds times in one problem; what was found can be ``take``n for the next."""

    def __init__(
        self, problem: PlanningProblem, taken: Iterable[Taken], first_day: int = 0
    ) -> None:
        self.problem = problem
        self.first_day = first_day
        self._taken = list(taken)
        self._filters = Filters(problem, CONSTRAINTS)
        freed = problem.published.freed_series
        self._fixed = tuple(
            one for one in problem.published.placements if one.series_id not in freed
        )
        self._context = Context(problem, self._fixed)

    def take(self, option: Option) -> None:
        """Let no one else have these people or this room at that hour."""
        self._taken.append(
            Taken(option.span, option.room_id, frozenset(option.facilitator_ids))
        )

    def find(
        self,
        series: Series,
        registration: Registration | None,
        number: int,
        *,
        last_day: int,
        refused: Collection[int] = (),
        without: Collection[str] = (),
        busy: Sequence[Span] = (),
    ) -> tuple[Option, ...]:
        """Up to ``number`` times, in order of time; see ``times.find_times``.

        ``last_day`` is the last day of the horizon to look at; ``refused`` are slots;
        ``busy`` stretches in which it cannot be at all.
        """
        days = range(self.first_day, last_day + 1)
        found = self._each(series, registration, days, refused, without, busy)
        return tuple(
            sorted(
                _spread(list(islice(found, LOOKED_AT * number)), number, self._part),
                key=lambda option: option.slot,
            )
        )

    def holds(
        self,
        series: Series,
        registration: Registration | None,
        slot: int,
        room_id: str | None,
        facilitator_ids: tuple[str, ...],
    ) -> bool:
        """Whether the judge has nothing against this time, room and team."""
        option = Option(series, slot, room_id, facilitator_ids)
        spoken_for = any(self._meets(one, option) for one in self._taken)
        return not spoken_for and not self._breaches(option, registration)

    # The search ------------------------------------------------------------------
    def _each(
        self,
        series: Series,
        registration: Registration | None,
        days: range,
        refused: Collection[int],
        without: Collection[str],
        busy: Sequence[Span],
    ) -> Iterator[Option]:
        """One time for each half-day, best first."""
        seats = {registration.id} if registration is not None else set()
        candidates = Candidates(self._filters, self._context, {series.id}, seats)
        served: set[tuple[int, int]] = set()
        for mode, starts in self._modes(candidates, series, registration, days):
            day = series.date_patterns[mode.timing.pattern].days[0]
            if (day, mode.timing.part) in served:
                continue
            slots = [
                slot
                for quarter in _quarters(starts)
                if (slot := day * SLOTS_PER_DAY + quarter) not in refused
                and not any(_overlap(_at(slot, series), one) for one in busy)
            ]
            option = self._at_one_of(
                candidates, series, registration, mode, slots, without
            )
            if option is not None:
                served.add((day, mode.timing.part))
                yield option

    def _modes(
        self,
        candidates: Candidates,
        series: Series,
        registration: Registration | None,
        days: range,
    ) -> list[tuple[Mode, int]]:
        found = []
        for mode in candidates.modes[series.id]:
            day = series.date_patterns[mode.timing.pattern].days[0]
            starts = mode.starts
            if registration is not None:
                starts = candidates.seat_starts(registration, series, mode)
            if starts and day in days:
                found.append((self._cost(mode, day, registration), mode, starts))
        found.sort(key=lambda item: item[0])
        return [(mode, starts) for _, mode, starts in found]

    def _cost(
        self, mode: Mode, day: int, registration: Registration | None
    ) -> tuple[float, int]:
        """Days later, with journey and unliked half-days put in the same measure."""
        if registration is None:
            return (day, mode.timing.part)
        person = self.problem.person_by_id[registration.person_id]
        minutes = self.problem.travel(person.home_place_id, mode.place_id)
        begin = self.problem.day_parts[mode.timing.part]
        weekday = self.problem.horizon.weekday(day)
        liked = not registration.preferred or any(
            one.weekday == weekday and one.start <= begin < one.end
            for one in registration.preferred
        )
        late = day + minutes / MINUTES_A_DAY + (0 if liked else UNLIKED_DAYS)
        return (late, mode.timing.part)

    def _at_one_of(
        self,
        candidates: Candidates,
        series: Series,
        registration: Registration | None,
        mode: Mode,
        slots: Sequence[int],
        without: Collection[str],
    ) -> Option | None:
        rooms = candidates.rooms_for(series, mode)
        if not slots or (series.needs_room and not rooms):
            return None
        chairs = 2 + sum(need.count for need in series.staff)
        fitting = sorted(
            (room for room in rooms if self._capacity(room) >= chairs),
            key=lambda room: (self._capacity(room), room),
        )
        leads = {
            lead: starts
            for lead in self._filters.leaders(series)
            if lead.id not in without
            and (starts := candidates.leader_starts(series, mode, lead))
        }
        for slot in slots:
            quarter = slot % SLOTS_PER_DAY
            there: Iterable[str | None] = [
                room for room in fitting if rooms[room] >> quarter & 1
            ]
            if not series.needs_room:
                there = [None]
            free = [lead for lead, starts in leads.items() if starts >> quarter & 1]
            option = self._judged(series, registration, slot, list(there), free)
            if option is not None:
                return option
        return None

    def _judged(
        self,
        series: Series,
        registration: Registration | None,
        slot: int,
        rooms: Sequence[str | None],
        leaders: Sequence[Facilitator],
    ) -> Option | None:
        ranked = sorted(leaders, key=lambda lead: (self._minutes(lead, slot), lead.id))
        for room_id in rooms:
            alone = Option(series, slot, room_id, ())
            if any(self._meets(one, alone) for one in self._taken):
                continue
            for team in islice(teams(series, ranked), TEAMS_TRIED):
                option = Option(series, slot, room_id, team)
                if not any(self._meets(one, option) for one in self._taken) and not (
                    self._breaches(option, registration)
                ):
                    return option
            return None  # another room of the same place has the same leaders
        return None

    # What is known of an option --------------------------------------------------
    def _breaches(self, option: Option, registration: Registration | None) -> bool:
        series = option.series
        meeting = Meeting(option.slot, option.room_id, option.facilitator_ids)
        seats = (
            () if registration is None else (Allocation(registration.id, series.id),)
        )
        plan = Plan(
            self.problem.id,
            (*self._fixed, Placement(series.id, (meeting,))),
            seats,
        )
        return bool(verify.violations(self.problem, plan, touching={series.id}))

    def _meets(self, taken: Taken, option: Option) -> bool:
        """Whether what is spoken for stands in the way, with time for a journey."""
        wide = Span(max(0, taken.span.start - MARGIN), taken.span.end + MARGIN)
        if not _overlap(wide, option.span):
            return False
        same_room = taken.room_id is not None and taken.room_id == option.room_id
        return same_room or bool(taken.facilitator_ids & set(option.facilitator_ids))

    def _minutes(self, lead: Facilitator, slot: int) -> int:
        """Slots a facilitator already has in the week of a slot."""
        week = self.problem.horizon.week(slot // SLOTS_PER_DAY)
        led = sum(
            busy.end - busy.start
            for day, stretches in self._context.leaders[lead.id].items()
            if self.problem.horizon.week(day) == week
            for busy in stretches
        )
        spoken_for = sum(
            one.span.end - one.span.start
            for one in self._taken
            if lead.id in one.facilitator_ids
        )
        return led + spoken_for

    def _capacity(self, room_id: str) -> int:
        return self.problem.room_by_id[room_id].capacity

    def _part(self, option: Option) -> int:
        return self.problem.day_part(option.slot % SLOTS_PER_DAY)


def teams(series: Series, leaders: Sequence[Facilitator]) -> Iterator[tuple[str, ...]]:
    """Teams that meet a series' needs; who is first in ``leaders`` is in the first.

    The judge has the last word; this only leaves out what it would surely refuse.
    """
    needs = [need for need in series.staff if need.from_seats <= series.size_max]
    places = [need for need in needs for _ in range(need.count)]
    yield from _teams(places, leaders, (), series.different_organisations)


def _teams(
    places: Sequence[StaffNeed],
    leaders: Sequence[Facilitator],
    team: tuple[Facilitator, ...],
    apart: bool,
) -> Iterator[tuple[str, ...]]:
    if not places:
        yield tuple(sorted(lead.id for lead in team))
        return
    need, *rest = places
    for lead in leaders:
        if lead in team or not (need.roles & lead.roles and need.skills <= lead.skills):
            continue
        if apart and any(lead.organisation_id == one.organisation_id for one in team):
            continue
        yield from _teams(rest, leaders, (*team, lead), apart)


def _spread(
    found: list[Option], number: int, part_of: Callable[[Option], int]
) -> list[Option]:
    """The first, then others on other days, in another part of the day if there is."""
    chosen: list[Option] = []
    for other_part in (True, False):
        for option in found:
            days = {one.slot // SLOTS_PER_DAY for one in chosen}
            parts = {part_of(one) for one in chosen}
            if len(chosen) == number or option.slot // SLOTS_PER_DAY in days:
                continue
            if other_part and part_of(option) in parts:
                continue
            chosen.append(option)
    return chosen


def _quarters(starts: int) -> Iterator[int]:
    return (quarter for quarter in range(SLOTS_PER_DAY) if starts >> quarter & 1)


def _at(slot: int, series: Series) -> Span:
    return Span(slot, slot + series.length)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
