"""Moving by hand: what a placement breaks, and what could be done instead.

Made once for a plan and asked many times, in milliseconds. What could be done instead
is read from the rules' filters and judged like the move; the engine is not asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from scheduling.solver.candidates import Candidates, Filters, Mode
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOT_MINUTES, SLOTS_PER_DAY, quarters_in
from scheduling.solver.plan import Meeting, Placement, Plan
from scheduling.solver.problem import DatePattern, Place, PlanningProblem, Series
from scheduling.solver.repair.answer import is_evening, place_of, week_minutes
from scheduling.solver.repair.beside import Beside
from scheduling.solver.repair.told import travel_to

MOST_OPTIONS = 5
MOST_TRIED = 60
"""How many near places and times are judged at most: few fail after the filters."""
MOST_SUBSTITUTES = 12
MOST_PLACES = 8
"""How many places are looked at, the nearest first: further is no way out of a move."""
OF_OTHERS = 2
"""Places in the list that are kept for the wanted time with another leader."""


@dataclass(frozen=True, slots=True)
class Option:
    """One placement that breaks no rule, with what it means beside the present one.

    ``people`` have to be elsewhere or at another time; ``minutes`` it moves;
    ``joins`` and ``leaves`` are facilitators; ``travel_minutes`` of who joins, from
    their base; ``evenings`` more than now, over all its leaders.
    """

    placement: Placement
    people: int
    minutes: int
    joins: tuple[str, ...]
    leaves: tuple[str, ...]
    travel_minutes: int
    evenings: int


@dataclass(frozen=True, slots=True)
class Substitute:
    """A facilitator who could lead in somebody's place, breaking no rule.

    ``week_minutes`` of meetings with this one; ``evenings`` in that week with it.
    """

    facilitator_id: str
    travel_minutes: int
    week_minutes: int
    evenings: int


class _Near(Candidates):
    """What one series could be, at some places alone."""

    def __init__(
        self, filters: Filters, context: Context, series_id: str, near: frozenset[str]
    ) -> None:
        self._near = near
        super().__init__(filters, context, {series_id}, frozenset())

    def _places(self, series: Series, pattern: DatePattern) -> tuple[str | None, ...]:
        return tuple(
            name
            for name in super()._places(series, pattern)
            if name is None or name in self._near
        )


class Desk(Beside):
    """A plan that somebody changes by hand: what a move breaks, what to do instead."""

    def __init__(self, problem: PlanningProblem, plan: Plan) -> None:
        super().__init__(problem, plan)
        self.filters = Filters(problem, CONSTRAINTS)

    # What could be done instead. -----------------------------------------------------
    def options(
        self, wanted: Placement, most: int = MOST_OPTIONS
    ) -> tuple[Option, ...]:
        """Lawful placements near to the wanted one, the nearest first.

        First those with the wanted leaders, elsewhere or at another time; then the
        wanted time with other leaders. At most two lie on one half-day in one place.
        """
        series = self.problem.series_by_id[wanted.series_id]
        if series.is_self_paced or not wanted.meetings:
            return ()
        candidates = self._candidates(series.id, wanted)
        own = self._ranked(wanted, self._elsewhere(candidates, wanted, most))
        others = self._ranked(wanted, self._with_others(candidates, wanted))
        room = min(len(others), max(most - len(own), OF_OTHERS))
        return (*own[: most - room], *others[:room])

    def _ranked(self, wanted: Placement, found: Iterable[Placement]) -> list[Option]:
        return sorted(
            map(self.option, dict.fromkeys(found)),
            key=lambda item: _distance(self.problem, wanted, item),
        )

    def option(self, placement: Placement) -> Option:
        """What a placement means beside the present one of its series."""
        series = self.problem.series_by_id[placement.series_id]
        now = self.plan.placement_of.get(series.id, Placement(series.id))
        before, after = sorted(now.meetings), sorted(placement.meetings)
        joins = tuple(sorted(placement.leader_ids - now.leader_ids))
        leaves = tuple(sorted(now.leader_ids - placement.leader_ids))
        humans = {self.problem.human(name) for name in (*joins, *leaves)}
        if [(i.slot, i.room_id) for i in before] != [
            (i.slot, i.room_id) for i in after
        ]:
            humans.update(series.members)
            humans.update(self.problem.human(name) for name in placement.leader_ids)
            humans.update(
                self.problem.registration_by_id[name].person_id
                for name in self.plan.seats_in.get(series.id, ())
            )
        return Option(
            placement,
            len(humans),
            sum(
                SLOT_MINUTES * abs(one.slot - other.slot)
                for one, other in zip(before, after, strict=False)
            ),
            joins,
            leaves,
            sum(
                travel_to(self.problem, name, place_of(self.problem, after[0]))
                for name in joins
            ),
            self._evenings(after) - self._evenings(before),
        )

    def _evenings(self, meetings: Iterable[Meeting]) -> int:
        return sum(
            len(item.facilitator_ids)
            for item in meetings
            if is_evening(self.problem, item.slot)
        )

    def _candidates(self, series_id: str, wanted: Placement) -> Candidates:
        """What the series could be, near to where it is wanted or is now."""
        now = self.plan.placement_of.get(series_id, wanted)
        here = {
            place_of(self.problem, min(item.meetings))
            for item in (wanted, now)
            if item.meetings
        }
        ranked = sorted(
            (
                min(self.problem.travel(place_id, one.id) for place_id in here),
                one.id not in here,
                one.id,
            )
            for one in self._places
        )
        near = frozenset(name for _, _, name in ranked[:MOST_PLACES])
        return _Near(self.filters, self._context(series_id), series_id, near)

    @cached_property
    def _places(self) -> tuple[Place, ...]:
        """Places with a room."""
        names = {item.place_id for item in self.problem.rooms}
        return tuple(item for item in self.problem.places if item.id in names)

    def _context(self, series_id: str) -> Context:
        if series_id not in self.plan.placement_of:
            return self._whole
        return self._whole.without((series_id,), ())

    @cached_property
    def _whole(self) -> Context:
        return Context.of_plan(self.problem, self.plan)

    def _elsewhere(
        self, candidates: Candidates, wanted: Placement, most: int
    ) -> Iterator[Placement]:
        """The wanted leaders in other places and at other times, nearest first."""
        tried, told = 0, 0
        crowd: dict[tuple[object, ...], int] = defaultdict(int)
        for distance, mode, quarter, room_id in sorted(
            self._spots(candidates, wanted), key=lambda item: item[0]
        ):
            spot = (mode.timing, mode.place_id)
            if distance == (0, 0, 0, "") or crowd[spot] >= 2:
                continue
            placement = self._at(wanted, mode, quarter, room_id)
            tried += 1
            if not self.judge(placement):
                crowd[spot] += 1
                told += 1
                yield placement
            if told >= most or tried >= MOST_TRIED:
                return

    def _spots(
        self, candidates: Candidates, wanted: Placement
    ) -> Iterator[tuple[tuple[int, int, int, str], Mode, int, str | None]]:
        series = self.problem.series_by_id[wanted.series_id]
        first = min(wanted.meetings)
        place_id = place_of(self.problem, first)
        leads = [self.problem.facilitator_by_id[i] for i in sorted(wanted.leader_ids)]
        for mode in candidates.modes[series.id]:
            mask = mode.starts
            for lead in leads:
                mask &= candidates.leader_starts(series, mode, lead)
            if not mask:
                continue
            day = series.date_patterns[mode.timing.pattern].days[0]
            rooms: dict[str | None, int] = {None: mask}
            if series.needs_room:
                rooms = dict(candidates.rooms_for(series, mode).items())
            for room_id, starts in rooms.items():
                same_room = int(room_id != first.room_id)
                for quarter in quarters_in(mask & starts):
                    minutes = SLOT_MINUTES * abs(
                        day * SLOTS_PER_DAY + quarter - first.slot
                    )
                    elsewhere = int(mode.place_id != place_id)
                    distance = (minutes, elsewhere, same_room, room_id or "")
                    if not (minutes or elsewhere or same_room):
                        distance = (0, 0, 0, "")
                    yield distance, mode, quarter, room_id

    def _at(
        self, wanted: Placement, mode: Mode, quarter: int, room_id: str | None
    ) -> Placement:
        series = self.problem.series_by_id[wanted.series_id]
        leaders = tuple(sorted(wanted.leader_ids))
        return Placement(
            series.id,
            tuple(
                Meeting(day * SLOTS_PER_DAY + quarter, room_id, leaders)
                for day in series.date_patterns[mode.timing.pattern].days
            ),
        )

    def _with_others(
        self, candidates: Candidates, wanted: Placement
    ) -> Iterator[Placement]:
        """The wanted time and room with one leader replaced, by the nearest few."""
        for missing in sorted(wanted.leader_ids):
            found = 0
            for name in self._able(candidates, wanted, missing):
                placement = with_leader(wanted, missing, name)
                if found < OF_OTHERS and not self.judge(placement):
                    found += 1
                    yield placement

    def _able(
        self, candidates: Candidates, wanted: Placement, missing: str
    ) -> list[str]:
        """Who is free and fit to lead at the wanted time, the nearest first."""
        series = self.problem.series_by_id[wanted.series_id]
        first = min(wanted.meetings)
        quarter = first.slot % SLOTS_PER_DAY
        days = tuple(item.slot // SLOTS_PER_DAY for item in sorted(wanted.meetings))
        place_id = place_of(self.problem, first)
        mode = next(
            (
                mode
                for mode in candidates.modes[series.id]
                if series.date_patterns[mode.timing.pattern].days == days
                and mode.place_id == place_id
                and mode.timing.part == self.problem.day_part(quarter)
            ),
            None,
        )
        if mode is None:
            return []
        found = [
            (travel_to(self.problem, lead.id, place_id), lead.id)
            for lead in self.filters.leaders(series)
            if lead.id not in wanted.leader_ids
            and candidates.leader_starts(series, mode, lead) >> quarter & 1
        ]
        return [name for _, name in sorted(found)[:MOST_SUBSTITUTES]]

    # Substitutes. --------------------------------------------------------------------
    def substitutes(self, series_id: str, missing: str) -> tuple[Substitute, ...]:
        """Who could lead a placement of the plan in the place of one of its leaders.

        Only who breaks no rule, also none that the missing leader does not break; who
        travels least first, then who has the fewest minutes and evenings that week.
        """
        now = self.plan.placement_of[series_id]
        candidates = self._candidates(series_id, now)
        found = []
        for name in self._able(candidates, now, missing):
            placement = with_leader(now, missing, name)
            if not self.judge(placement):
                found.append(self._substitute(placement, name))
        return tuple(
            sorted(
                found,
                key=lambda one: (
                    one.travel_minutes,
                    one.evenings,
                    one.week_minutes,
                    one.facilitator_id,
                ),
            )
        )

    def _substitute(self, placement: Placement, name: str) -> Substitute:
        problem = self.problem
        placements = [
            item
            for item in self.plan.placements
            if item.series_id != placement.series_id
        ]
        plan = Plan(problem.id, (*placements, placement))
        weeks = {
            problem.horizon.week(one.slot // SLOTS_PER_DAY)
            for one in placement.meetings
        }
        first = min(placement.meetings)
        return Substitute(
            name,
            travel_to(problem, name, place_of(problem, first)),
            max(week_minutes(problem, plan, name, week) for week in weeks),
            max(_evenings_of(problem, plan.placements, name, week) for week in weeks),
        )


def with_leader(placement: Placement, missing: str, name: str) -> Placement:
    """The placement with one leader in the place of another."""
    return Placement(
        placement.series_id,
        tuple(
            Meeting(
                item.slot,
                item.room_id,
                tuple(sorted({*item.facilitator_ids} - {missing} | {name})),
            )
            for item in placement.meetings
        ),
    )


def _evenings_of(
    problem: PlanningProblem, placements: Collection[Placement], name: str, week: int
) -> int:
    return sum(
        1
        for placement in placements
        for item in placement.meetings
        if name in item.facilitator_ids
        and problem.horizon.week(item.slot // SLOTS_PER_DAY) == week
        and is_evening(problem, item.slot)
    )


def _distance(
    problem: PlanningProblem, wanted: Placement, option: Option
) -> tuple[object, ...]:
    """How far an option lies from what was wanted: minutes, place, room, travel."""
    first, other = min(wanted.meetings), min(option.placement.meetings)
    return (
        abs(first.slot - other.slot),
        place_of(problem, first) != place_of(problem, other),
        first.room_id != other.room_id,
        option.travel_minutes,
        option.placement,
    )
