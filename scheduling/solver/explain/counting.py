"""Counting: in which cells nothing known stands in a series' way.

A cell is a room (or none) and a column of the grid. What is refused there by a filter,
or has too few people, chairs or leaders left, cannot be, whatever else is chosen: a
relaxation, so an empty table is a proof. Pairs of people, and leaders who are counted
for two needs, are left to the judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.constraints.presence import goes_out
from scheduling.solver.explain.grid import Grid, Rules
from scheduling.solver.problem import (
    Facilitator,
    Format,
    Person,
    PlanningProblem,
    Registration,
    Series,
    StaffNeed,
)

NO_LIMIT = 1 << 30


class Counting:
    """What is left of one series' cells under a set of rules, by their ids."""

    def __init__(
        self, rules: Rules, grid: Grid, waiting: Iterable[Registration]
    ) -> None:
        self.rules, self.grid = rules, grid
        self.problem: PlanningProblem = grid.problem
        self.series: Series = grid.series
        self.waiting = tuple(waiting)
        self.where = [grid.place_number[place] for place in grid.place_of]

    def cells(self, ids: frozenset[str], one: Registration | None) -> NDArray[np.bool_]:
        """Cells in which nothing refuses, with enough people, chairs and leaders."""
        grid, mask = self.grid, self.rules.mask(ids)
        open_at = ((grid.own | grid.member_bits) & mask) == 0
        alive: NDArray[np.bool_] = (grid.room_bits & mask) == 0
        alive &= open_at[self.where]
        least = self.least(ids)
        chairs = self.members_chairs()
        if one is not None:
            alive &= ((grid.seat(one) & mask) == 0)[self.where]
            if "room-features" in ids:
                alive &= self.room_suits(one)[:, None]
            least = max(least, one.seats)
        if not alive.any():
            return alive
        if least > 0 and "group-size" in ids:
            alive &= self.seats_in(mask, ids) >= least
        if "room-capacity" in ids:
            if self.series.format is not Format.HYBRID:
                chairs += least
            chairs += self.leaders(ids, least)
            alive &= self.capacities()[:, None] >= chairs
        if alive.any():  # leaders cost most to ask about
            alive &= self.staffed(ids, least, mask)[self.where]
        return alive

    def least(self, ids: frozenset[str]) -> int:
        """Seats that must be taken by who waits, for the group to open."""
        if "group-size" not in ids or self.series.is_running:
            return 0
        return max(0, self.series.size_min - len(self.series.members))

    def members_chairs(self) -> int:
        people = (self.problem.person_by_id[one] for one in self.series.members)
        return self.series.guests + sum(map(self.comes, people))

    def comes(self, person: Person) -> bool:
        return self.series.format is not Format.HYBRID or goes_out(person)

    def capacities(self) -> NDArray[np.int64]:
        return np.array(
            [one.capacity if one else NO_LIMIT for one in self.grid.rooms],
            dtype=np.int64,
        )

    def room_suits(self, one: Registration) -> NDArray[np.bool_]:
        """Rooms with all that the person needs of one."""
        person = self.problem.person_by_id[one.person_id]
        needs = person.needs if self.comes(person) else frozenset()
        return np.array(
            [room is None or needs <= room.features for room in self.grid.rooms],
            dtype=bool,
        )

    def seats_in(self, mask: np.uint32, ids: frozenset[str]) -> NDArray[np.int64]:
        """Seats that could be taken, by cell; a person with two askings counts once."""
        total = np.zeros(self.grid.room_bits.shape, dtype=np.int64)
        by_person: dict[str, list[Registration]] = {}
        for item in self.waiting:
            by_person.setdefault(item.person_id, []).append(item)
        for items in by_person.values():
            most = np.zeros_like(total)
            for item in items:
                fits = ((self.grid.seat(item) & mask) == 0)[self.where]
                if "room-features" in ids:
                    fits = fits & self.room_suits(item)[:, None]
                most = np.maximum(most, item.seats * fits)
            total += most
        return total

    def needs(self, seats: int) -> list[StaffNeed]:
        """The needs that apply with so many new seats."""
        size = len(self.series.members) + seats
        return [need for need in self.series.staff if need.from_seats <= size]

    def leaders(self, ids: frozenset[str], seats: int) -> int:
        if "staffing-mix" in ids:
            return sum(need.count for need in self.needs(seats))
        return len(self.pinned_leaders(ids))

    def pinned_leaders(self, ids: frozenset[str]) -> frozenset[str]:
        if "pinned-placement" not in ids:
            return frozenset()
        return frozenset(
            name
            for pin in self.problem.pins
            if pin.series_id == self.series.id
            for name in pin.facilitator_ids or ()
        )

    def staffed(
        self, ids: frozenset[str], seats: int, mask: np.uint32
    ) -> NDArray[np.bool_]:
        """Places and columns with leaders enough for each need, one by one."""
        grid = self.grid
        ok = np.ones((len(grid.places), len(grid.columns)), dtype=bool)
        for name in self.pinned_leaders(ids):
            ok &= (grid.lead(self.problem.facilitator_by_id[name]) & mask) == 0
        if "staffing-mix" not in ids:
            return ok
        needs = self.needs(seats)
        anybody = np.zeros(ok.shape, dtype=np.int64)
        counts = [np.zeros(ok.shape, dtype=np.int64) for _ in needs]
        homes: dict[str, NDArray[np.bool_]] = {}
        for lead, kinds in self.able():
            free = (grid.lead(lead) & mask) == 0
            anybody += free
            home = homes.setdefault(lead.organisation_id, np.zeros(ok.shape, bool))
            home |= free
            for number, need in enumerate(needs):
                if need in kinds:
                    counts[number] += free
        for need, count in zip(needs, counts, strict=True):
            alike = sum(
                other.count
                for other in needs
                if other.roles <= need.roles and other.skills >= need.skills
            )
            ok &= count >= alike
        wanted = sum(need.count for need in needs)
        ok &= anybody >= wanted
        if self.series.different_organisations and wanted:
            ok &= np.sum(list(homes.values()), axis=0) >= wanted
        return ok

    def able(self) -> Iterator[tuple[Facilitator, frozenset[StaffNeed]]]:
        """Leaders who can fill some need of the series, with those needs."""
        for lead in self.problem.facilitators:
            kinds = frozenset(
                need
                for need in self.series.staff
                if need.roles & lead.roles and need.skills <= lead.skills
            )
            if kinds:
                yield lead, kinds
