"""One more series into a plan: time, room, leaders and people that fit, judged.

The filters see everything placed before, so what is proposed is nearly always legal;
what several new choices break together the judges name, and who is named steps back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from scheduling.solver.candidates import SELF_PACED, Candidates, Filters, Mode
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOTS_PER_DAY, quarters_in
from scheduling.solver.plan import Allocation, Meeting, Placement, Violation
from scheduling.solver.problem import Facilitator, Series, StaffNeed
from scheduling.solver.search.trial import Judge

REPAIRS = 6
TEAM_LIMIT = 400

Worth = Callable[[str, Series, Mode], float]
Price = Callable[[str, Series, Mode], float]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A placement with new seats, and what they are worth after prices."""

    placement: Placement
    allocations: tuple[Allocation, ...]
    worth: float


class Inserter:
    """Proposes placements beside a growing context.

    ``worth`` of a registration's seat and ``price`` of a leader in a mode steer the
    choice; neither decides what is legal.
    """

    def __init__(
        self, filters: Filters, judge: Judge, worth: Worth, price: Price
    ) -> None:
        self.filters, self.judge = filters, judge
        self.problem = filters.problem
        self.worth, self.price = worth, price
        self._named = {
            pin.series_id: pin.facilitator_ids
            for pin in self.problem.pins
            if pin.facilitator_ids
        }
        self._must = {
            pin.registration_id for pin in self.problem.seat_pins if pin.series_id
        }

    def propose(
        self,
        context: Context,
        series: Series,
        candidates: Candidates,
        mode: Mode,
        wanting: Sequence[str],
    ) -> Proposal | None:
        """The best legal proposal found in a mode, or none.

        ``wanting`` are the unseated registrations that chose the series.
        """
        rooms = candidates.rooms_for(series, mode)
        if series.needs_room and not rooms:
            return None
        leads = {
            lead.id: mask
            for lead in self.filters.leaders(series)
            if (mask := candidates.leader_starts(series, mode, lead))
        }
        seats = {}
        for name in wanting:
            item = self.problem.registration_by_id[name]
            mask = candidates.seat_starts(item, series, mode)
            if mask:
                seats[name] = mask
        worth = {name: self.worth(name, series, mode) for name in seats}
        drafts = sorted(
            self._drafts(series, mode, rooms, leads, seats, worth),
            key=lambda one: -one.worth,
        )
        for draft in drafts[:2]:
            legal = self._repaired(context, series, mode, draft, worth)
            if legal is not None:
                return legal
        return None

    def _drafts(
        self,
        series: Series,
        mode: Mode,
        rooms: dict[str, int],
        leads: dict[str, int],
        seats: dict[str, int],
        worth: dict[str, float],
    ) -> Iterator[Proposal]:
        seen = set()
        quarters = [0] if mode.timing == SELF_PACED else quarters_in(mode.starts)
        for quarter in quarters:
            room_ids, lead_ids, names = (
                frozenset(name for name, mask in masks.items() if mask >> quarter & 1)
                for masks in (rooms, leads, seats)
            )
            here = (room_ids, lead_ids, names)
            if here in seen or (series.needs_room and not room_ids):
                continue
            seen.add(here)
            draft = self._draft(series, mode, quarter, *here, worth)
            if draft is not None:
                yield draft

    def _draft(
        self,
        series: Series,
        mode: Mode,
        quarter: int,
        rooms: frozenset[str],
        leads: frozenset[str],
        seats: frozenset[str],
        worth: dict[str, float],
    ) -> Proposal | None:
        largest = max(
            (self.problem.room_by_id[name].capacity for name in rooms), default=None
        )
        most = series.size_max - len(series.members)
        if largest is not None:
            chairs = largest - len(series.members) - series.guests
            most = min(most, chairs - _leaders_needed(series, 0))
        people = self._people(series, seats, most, worth)
        team = None
        while team is None:
            taken = len(series.members) + self._seats(people)
            needs = [need for need in series.staff if need.from_seats <= taken]
            team = self._team(series, mode, needs, leads)
            if team is None:
                steps = [need.from_seats for need in needs if need.from_seats > 0]
                if not steps:
                    return None
                most = max(steps) - 1 - len(series.members)
                people = self._people(series, seats, most, worth)
        room_id = self._room(series, rooms, self._seats(people) + len(team))
        if series.needs_room and room_id is None:
            return None
        price = sum(self.price(name, series, mode) for name in team)
        gain = sum(worth[name] for name in people) - price
        return self._proposal(series, mode, quarter, room_id, team, people, gain)

    def _proposal(
        self,
        series: Series,
        mode: Mode,
        quarter: int,
        room_id: str | None,
        team: Sequence[str],
        people: Sequence[str],
        gain: float,
    ) -> Proposal:
        allocations = tuple(Allocation(name, series.id) for name in people)
        leaders = tuple(sorted(team))
        if mode.timing == SELF_PACED:
            return Proposal(Placement(series.id, (), leaders), allocations, gain)
        days = series.date_patterns[mode.timing.pattern].days
        meetings = tuple(
            Meeting(day * SLOTS_PER_DAY + quarter, room_id, leaders) for day in days
        )
        return Proposal(Placement(series.id, meetings), allocations, gain)

    def _seats(self, people: Collection[str]) -> int:
        return sum(self.problem.registration_by_id[name].seats for name in people)

    def _people(
        self,
        series: Series,
        seats: Collection[str],
        most: int,
        worth: dict[str, float],
    ) -> list[str]:
        """Those worth most, partners together; below the minimum also at a loss."""
        least = 0 if series.is_running else series.size_min - len(series.members)
        chosen: list[str] = []
        taken, persons = 0, set(series.members)
        order = sorted(
            seats, key=lambda name: (name not in self._must, -worth[name], name)
        )
        for name in order:
            if name in chosen or (worth[name] <= 0 and taken >= least):
                continue
            together = sorted(self.judge.partners(name))
            if not all(one in seats for one in together):
                continue
            people = {
                self.problem.registration_by_id[one].person_id for one in together
            }
            count = self._seats(together)
            if taken + count > most or len(people) < len(together) or people & persons:
                continue
            chosen.extend(together)
            persons |= people
            taken += count
        return chosen

    def _team(
        self,
        series: Series,
        mode: Mode,
        needs: Sequence[StaffNeed],
        leads: frozenset[str],
    ) -> list[str] | None:
        """Cheapest-first leaders for all needs, the pinned ones among them."""
        named = self._named.get(series.id, frozenset())
        if not named <= leads:
            return None
        places = [need for need in needs for _ in range(need.count)]
        known = self.problem.facilitator_by_id
        able = [
            sorted(
                (name for name in leads if _meets(known[name], need)),
                key=lambda name: (
                    name not in named,
                    self.price(name, series, mode),
                    name,
                ),
            )
            for need in places
        ]
        order = sorted(range(len(places)), key=lambda place: len(able[place]))
        budget = [TEAM_LIMIT]

        def fill(step: int, team: list[str]) -> list[str] | None:
            budget[0] -= 1
            if step == len(order):
                return team
            for name in able[order[step]]:
                if budget[0] <= 0:
                    return None
                if name in team or (
                    series.different_organisations
                    and any(
                        known[name].organisation_id == known[one].organisation_id
                        for one in team
                    )
                ):
                    continue
                found = fill(step + 1, [*team, name])
                if found is not None:
                    return found
            return None

        team = fill(0, [])
        if team is None:
            return None
        return [*team, *sorted(named.difference(team))]

    def _room(self, series: Series, rooms: Collection[str], people: int) -> str | None:
        """The smallest room with enough chairs."""
        chairs = len(series.members) + series.guests + people
        known = self.problem.room_by_id
        fitting = [name for name in rooms if known[name].capacity >= chairs]
        return min(
            fitting,
            key=lambda name: (known[name].capacity, known[name].price, name),
            default=None,
        )

    def _repaired(
        self,
        context: Context,
        series: Series,
        mode: Mode,
        draft: Proposal,
        worth: dict[str, float],
    ) -> Proposal | None:
        """The draft without those whom the judges name, if anything legal is left."""
        people = [item.registration_id for item in draft.allocations]
        for _ in range(REPAIRS):
            allocations = tuple(Allocation(name, series.id) for name in people)
            broken = self.judge.breaches(context, (draft.placement,), allocations)
            if not broken:
                gain = (
                    draft.worth
                    + sum(worth[name] for name in people)
                    - sum(worth[item.registration_id] for item in draft.allocations)
                )
                return Proposal(draft.placement, allocations, gain)
            out = self._named_by(broken, people, worth)
            if not out:
                return None
            people = [name for name in people if name not in out]
        return None

    def _named_by(
        self,
        broken: Sequence[Violation],
        people: Sequence[str],
        worth: dict[str, float],
    ) -> set[str]:
        """For each breach the one it names whose seat is worth least."""
        person_of = {
            name: self.problem.registration_by_id[name].person_id for name in people
        }
        out: set[str] = set()
        for violation in broken:
            things = set(violation.about)
            named = [
                name
                for name in people
                if ("registration", name) in things
                or ("person", person_of[name]) in things
            ]
            if named and not out.intersection(named):
                least = min(named, key=lambda name: (name in self._must, worth[name]))
                out |= self.judge.partners(least)
        return out


def _leaders_needed(series: Series, seats: int) -> int:
    return sum(need.count for need in series.staff if need.from_seats <= seats)


def _meets(lead: Facilitator, need: StaffNeed) -> bool:
    return bool(need.roles & lead.roles) and need.skills <= lead.skills
