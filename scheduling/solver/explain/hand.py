"""By hand: a placement of one series from simple choices, passed by the judges.

Nothing is proven by not finding one. What is found is legal: the judges of the rules
asked for say so, and they share no code with the filters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.context import Context
from scheduling.solver.explain.counting import Counting
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Allocation, Meeting, Placement
from scheduling.solver.problem import (
    Facilitator,
    PlanningProblem,
    Registration,
    Series,
)
from scheduling.solver.search.trial import Judge

TRIES = 12
TEAM_STEPS = 400

Cell = tuple[int, int]
"""A room by number (0 where none is needed) and a column."""


@dataclass(frozen=True, slots=True)
class Held:
    """A legal way to hold the series, with those who get a seat in it."""

    placement: Placement
    allocations: tuple[Allocation, ...]


class Hand:
    """Holds one series beside a context."""

    def __init__(self, count: Counting, context: Context) -> None:
        self.count, self.context = count, context
        self.rules, self.grid = count.rules, count.grid
        self.waiting = count.waiting
        self.problem: PlanningProblem = context.problem
        self.series: Series = count.series

    def order(self, cells: NDArray[np.bool_], ids: frozenset[str]) -> list[Cell]:
        """Promising cells first: many people who can come, then chairs; a few only."""
        seats = self.count.seats_in(self.rules.mask(ids), ids)
        chairs = np.minimum(self.count.capacities(), 99)[:, None]
        score = np.where(
            cells, 100 * np.minimum(seats, self.series.size_max) + chairs, -1
        )
        flat = np.argsort(-score, axis=None, kind="stable")[: 4 * TRIES]
        found: list[Cell] = []
        used: Counter[tuple[int, str | None]] = Counter()
        for index in flat:
            row, column = divmod(int(index), score.shape[1])
            if score[row, column] < 0:
                break
            kind = (column, self.grid.place_of[row])
            if used[kind] < 2 and len(found) < TRIES:
                used[kind] += 1
                found.append((row, column))
        return found

    def place(
        self,
        ids: frozenset[str],
        cell: Cell,
        one: Registration | None,
        *,
        fill: bool,
    ) -> Held | None:
        """The series held in one cell by simple choices, if the judges pass it."""
        row, column = cell
        people = self._people(ids, cell, one, fill=fill)
        if one is not None and one not in people:
            return None  # their partner does not fit: without them it says nothing
        for count in dict.fromkeys((len(people), self._shortest(ids, people, one))):
            seated = people[:count]
            taken = sum(item.seats for item in seated)
            if taken < self.count.least(ids):
                continue
            team = self._team(ids, cell, taken)
            if team is None:
                continue
            held = self._held(row, column, team, seated)
            if not self._judge(ids).breaches(
                self.context, (held.placement,), held.allocations
            ):
                return held
        return None

    def _people(
        self,
        ids: frozenset[str],
        cell: Cell,
        one: Registration | None,
        *,
        fill: bool,
    ) -> list[Registration]:
        """Who sits there: the one asked about, partners with them, then by id."""
        row, column = cell
        grid, mask = self.grid, self.rules.mask(ids)
        at = grid.place_number[grid.place_of[row]]
        room, judge = grid.rooms[row], self._judge(ids)
        least, known = self.count.least(ids), self.problem.registration_by_id
        most = self.series.size_max - len(self.series.members)
        if room is not None and "room-capacity" in ids:
            chairs = (
                room.capacity
                - self.count.members_chairs()
                - self.count.leaders(ids, least)
            )
            most = min(most, chairs)
        free = {item.id for item in self.waiting}
        if one is not None:
            free.add(one.id)
        chosen: list[Registration] = []
        persons = set(self.series.members)
        foes = set[str]()
        taken = 0
        first = [one] if one is not None else []
        for item in (*first, *sorted(self.waiting, key=_heaviest)):
            if item in chosen or (taken >= least and not fill and item is not one):
                continue
            together = [item.id]
            if "keep-together" in ids:
                together = [item.id, *sorted(judge.partners(item.id) - {item.id})]
            group = [known[name] for name in together]
            people = {other.person_id for other in group}
            if (
                not free.issuperset(together)
                or len(people) < len(group)
                or people & persons
                or ("keep-apart" in ids and people & foes)
                or (
                    ("group-size" in ids or fill)
                    and taken + sum(other.seats for other in group) > most
                )
                or any(int(grid.seat(other)[at, column] & mask) for other in group)
                or (
                    "room-features" in ids
                    and not all(self.count.room_suits(other)[row] for other in group)
                )
            ):
                continue
            chosen.extend(group)
            persons |= people
            for name in people:
                foes |= self.problem.kept_apart.get(name, frozenset())
            taken += sum(other.seats for other in group)
        return chosen

    def _shortest(
        self,
        ids: frozenset[str],
        people: Sequence[Registration],
        one: Registration | None,
    ) -> int:
        """How many of the people suffice: the least group with the one asked about."""
        least, taken = self.count.least(ids), 0
        for number, item in enumerate(people):
            if taken >= least and (one is None or number > 0):
                return number
            taken += item.seats
        return len(people)

    def _team(self, ids: frozenset[str], cell: Cell, seats: int) -> list[str] | None:
        """Leaders for every need by trying them in turn; ``None``: none were found."""
        row, column = cell
        grid, mask = self.grid, self.rules.mask(ids)
        at = grid.place_number[grid.place_of[row]]
        pinned = sorted(self.count.pinned_leaders(ids))
        if "staffing-mix" not in ids:
            return pinned
        free = [
            (lead, kinds)
            for lead, kinds in self.count.able()
            if not int(grid.lead(lead)[at, column] & mask)
        ]
        free.sort(key=lambda pair: (pair[0].id not in pinned, pair[0].id))
        places = [need for need in self.count.needs(seats) for _ in range(need.count)]
        places.sort(key=lambda need: sum(need in kinds for _, kinds in free))
        steps = [TEAM_STEPS]

        def fill(team: list[Facilitator]) -> list[Facilitator] | None:
            steps[0] -= 1
            if len(team) == len(places):
                return team
            for lead, kinds in free:
                if steps[0] <= 0:
                    return None
                if places[len(team)] not in kinds or lead in team:
                    continue
                if self.series.different_organisations and any(
                    lead.organisation_id == other.organisation_id for other in team
                ):
                    continue
                if (found := fill([*team, lead])) is not None:
                    return found
            return None

        team = fill([])
        if team is None:
            return None
        names = [lead.id for lead in team]
        return [*names, *(name for name in pinned if name not in names)]

    def _held(
        self,
        row: int,
        column: int,
        team: Sequence[str],
        seated: Iterable[Registration],
    ) -> Held:
        series, leaders = self.series, tuple(sorted(team))
        seats = tuple(Allocation(item.id, series.id) for item in seated)
        if series.is_self_paced:
            return Held(Placement(series.id, (), leaders), seats)
        pattern, quarter = (int(one) for one in self.grid.columns[column])
        room = self.grid.rooms[row]
        room_id = None if room is None else room.id
        meetings = tuple(
            Meeting(day * SLOTS_PER_DAY + quarter, room_id, leaders)
            for day in self.grid.patterns[pattern].days
        )
        return Held(Placement(series.id, meetings), seats)

    def _judge(self, ids: frozenset[str]) -> Judge:
        return self.rules.judge(self.problem, ids)


def _heaviest(item: Registration) -> tuple[float, str]:
    """Urgent and long waiting first, as far as it matters who is tried first."""
    return -(item.urgency + item.waiting_days / max(1, item.norm_days)), item.id
