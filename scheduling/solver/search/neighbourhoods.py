"""Which series to free together: those that stand in each other's way.

A neighbourhood is worth solving when its series compete: for people, leaders, rooms or
half-days. Kinds that found something lately are picked more often, and grow until the
engine no longer proves their optimum (Shaw, 1998; Ropke and Pisinger, 2006). Half of
the seeds are drawn by regret: what prices say a series loses by its present mode.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Placement
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.search.incumbent import Incumbent
from scheduling.solver.search.table import ModeTable

KINDS = ("people", "leaders", "half-day", "place", "unopened", "waiting", "random")
SMALLEST, LARGEST = 3.0, 200.0
FIRST_SIZE, GROWTH = 14.0, 1.2


@dataclass
class Kind:
    """How a kind of neighbourhood is doing."""

    size: float = FIRST_SIZE
    weight: float = 1.0


class Neighbourhoods:
    """Picks series to free, and learns which picks pay."""

    def __init__(
        self, problem: PlanningProblem, table: ModeTable, dice: random.Random
    ) -> None:
        self.problem, self.dice = problem, dice
        self.kinds = {name: Kind() for name in KINDS}
        self.names = [item.id for item in table.series]
        self.territory: frozenset[str] | None = None
        self.people: dict[str, set[str]] = defaultdict(set)
        self.leaders: dict[str, set[str]] = defaultdict(set)
        people = table.registrations
        for mode, number in enumerate(table.series_of):
            name = self.names[int(number)]
            self.people[name].update(
                people[int(seat)].person_id
                for seat in table.seats[mode]
                if seat < len(people)
            )
        for number, _, lead_id in table.leads:
            self.leaders[self.names[number]].add(lead_id)
        self.free = {
            item.id for item in table.series if item.id not in problem.kept_placements
        }

    def pick(
        self, incumbent: Incumbent, regrets: Mapping[str, float]
    ) -> tuple[str, frozenset[str]]:
        """A kind and the series to free; never empty unless nothing is free."""
        names = [
            name
            for name in self.names
            if self.territory is None or name in self.territory
        ] or self.names
        kinds = list(self.kinds)
        kind = self.dice.choices(kinds, [self.kinds[one].weight for one in kinds])[0]
        size = min(len(names), max(1, round(self.kinds[kind].size)))
        seed = self._seed(kind, names, incumbent, regrets)
        scores = {
            name: self._closeness(kind, seed, name, incumbent)
            + 0.5 * self.dice.random()
            for name in names
        }
        scores[seed] = float("inf")
        order = sorted(names, key=lambda name: (-scores[name], name))
        return kind, frozenset(order[:size])

    def _seed(
        self,
        kind: str,
        names: list[str],
        incumbent: Incumbent,
        regrets: Mapping[str, float],
    ) -> str:
        """The series around which others are freed."""
        if kind == "unopened":
            names = [one for one in names if one not in incumbent.placements] or names
        elif kind == "waiting":
            inside = set(names)
            waiting = [
                choice.series_id
                for item in self.problem.registrations
                if item.id not in incumbent.seats
                for choice in item.choices
                if choice.series_id in inside
            ]
            return self.dice.choice(waiting or names)
        weights = [max(0.0, regrets.get(name, 0.0)) for name in names]
        if self.dice.random() < 0.5 and sum(weights) > 0:
            return self.dice.choices(names, weights)[0]
        return self.dice.choice(names)

    def learn(self, kind: str, *, better: bool, proven: bool, quick: bool) -> None:
        """Remember what a pick gave, and whether the engine had time to spare."""
        one = self.kinds[kind]
        one.weight = max(0.2, 0.9 * one.weight + (0.6 if better else 0.05))
        if not proven:
            one.size = max(SMALLEST, 0.8 * one.size)
        elif quick:
            one.size = min(LARGEST, GROWTH * one.size)
        else:
            one.size = min(LARGEST, one.size + self.dice.random())

    def _closeness(
        self, kind: str, seed: str, name: str, incumbent: Incumbent
    ) -> float:
        if kind == "random":
            return 0.0
        if kind in ("people", "waiting"):
            return _overlap(self.people[seed], self.people[name])
        if kind == "leaders":
            return _overlap(self.leaders[seed], self.leaders[name])
        here, there = incumbent.placements.get(seed), incumbent.placements.get(name)
        if kind == "unopened":
            needed = self.leaders[seed]
            led = len(needed & there.leader_ids) if there else 0
            return led + _overlap(self.people[seed], self.people[name])
        if here is None or there is None:
            return _overlap(self.people[seed], self.people[name])
        if kind == "place":
            return len(self._places(here) & self._places(there))
        return len(self._halves(here) & self._halves(there))

    def _places(self, placement: Placement) -> set[str]:
        return {
            self.problem.room_by_id[one.room_id].place_id
            for one in placement.meetings
            if one.room_id
        }

    def _halves(self, placement: Placement) -> set[tuple[int, int]]:
        return {
            (
                self.problem.horizon.weekday(one.slot // SLOTS_PER_DAY),
                self.problem.day_part(one.slot % SLOTS_PER_DAY),
            )
            for one in placement.meetings
        }

    def registrations(
        self, series_ids: Iterable[str], incumbent: Incumbent
    ) -> frozenset[str]:
        """Who is freed with some series: seated there, or unseated and choosing them,
        with those they must be kept together with."""
        found = set()
        for series_id in series_ids:
            for item in self.problem.registrations_by_series[series_id]:
                if item.id in self.problem.kept_seats:
                    continue
                if incumbent.seats.get(item.id, series_id) == series_id:
                    found.add(item.id)
        for one, other in self.problem.keep_together:
            if (one in found) != (other in found):
                found.update({one, other}.difference(self.problem.kept_seats))
        return frozenset(found)


def halves(
    problem: PlanningProblem, table: ModeTable, dice: random.Random
) -> tuple[frozenset[str], frozenset[str]]:
    """Two parts of the series of about one size, apart on the map.

    A line between a place drawn by chance and the place farthest from it; a series lies
    where most of its modes are. Online series fall to either side.
    """
    names = {table.series[int(number)].id for number in table.series_of}
    leaning = lean(problem, table, dice, names)
    order = sorted(leaning, key=lambda name: (leaning[name], name))
    cut = len(order) // 2
    return frozenset(order[:cut]), frozenset(order[cut:])


def lean(
    problem: PlanningProblem,
    table: ModeTable,
    dice: random.Random,
    names: Collection[str],
) -> dict[str, float]:
    """How far series lie to one side, from a line drawn between two of their places."""
    found = [
        (table.series[int(number)].id, place_id)
        for number, (_, place_id) in zip(table.series_of, table.keys, strict=True)
    ]
    places = sorted({place for name, place in found if place and name in names})
    here = dice.choice(places) if places else None
    there = max(places, key=lambda one: problem.travel(here, one), default=None)
    leaning: dict[str, list[float]] = defaultdict(list)
    for name, place_id in found:
        if name in names:
            aside = dice.uniform(-1.0, 1.0)
            if place_id is not None:
                aside += problem.travel(here, place_id)
                aside -= problem.travel(there, place_id)
            leaning[name].append(aside)
    return {name: sum(some) / len(some) for name, some in leaning.items()}


def _overlap(one: set[str], other: set[str]) -> float:
    """Shared part of the smaller set, 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))
