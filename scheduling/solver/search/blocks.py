"""A bound of a large problem from bounds of its blocks.

The series are split into blocks by place. What blocks share (a registration that chose
series of two, a leader, a set of rooms) keeps its price; what one block has to itself
does not, for there the engine holds every rule exactly. So each block is a problem of
its own whose seats, leaders and modes cost what they take from others, and the sum of
the blocks' bounds and of the prices of what they share is a bound of the whole
(Lagrangian decomposition; Guignard and Kim, 1987). It is lower than that of prices
alone by all that the relaxation of a block gives away.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduling.solver.candidates import Filters, Timing
from scheduling.solver.context import Context
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.neighbourhoods import lean
from scheduling.solver.search.part import Effort, Part, Watch
from scheduling.solver.search.prices import Prices
from scheduling.solver.search.table import Floats, ModeTable

LINES = 12
CUTS = (0.3, 1 / 3, 0.4, 0.5, 0.6, 2 / 3, 0.7)
Pair = tuple[frozenset[str], frozenset[str]]
SCALE = 100
"""Prices in the engine are whole hundredths, rounded down."""


def split(
    problem: PlanningProblem, table: ModeTable, most_modes: int, dice: random.Random
) -> list[frozenset[str]]:
    """Blocks of series of at most so many modes each, cut by place again and again.

    Of several lines over the map the one is taken that parts the fewest registrations.
    A block of one series may have more modes.
    """
    modes = np.bincount(table.series_of, minlength=len(table.series))
    size = {item.id: int(modes[place]) for place, item in enumerate(table.series)}
    left, done = [frozenset(size)], []
    while left:
        block = left.pop()
        if len(block) < 2 or sum(size[name] for name in block) <= most_modes:
            done.append(block)
            continue
        pairs: list[Pair] = []
        for _ in range(LINES):
            pairs += _cuts(problem, table, dice, block)
        best = min(pairs, key=lambda pair: _parted(table, pair))
        left += best
    return [block for block in done if block]


def _cuts(
    problem: PlanningProblem,
    table: ModeTable,
    dice: random.Random,
    block: frozenset[str],
) -> list[Pair]:
    """Pairs of parts along one line, neither less than three tenths."""
    leaning = lean(problem, table, dice, block)
    order = sorted(block, key=lambda name: (leaning.get(name, 0.0), name))
    cuts = {max(1, round(len(order) * part)) for part in CUTS}
    return [(frozenset(order[:cut]), frozenset(order[cut:])) for cut in sorted(cuts)]


def _parted(table: ModeTable, pair: Pair) -> int:
    """Registrations that chose series on both sides."""
    one, other = pair
    return sum(
        any(choice.series_id in one for choice in item.choices)
        and any(choice.series_id in other for choice in item.choices)
        for item in table.registrations
    )


@dataclass
class Shared:
    """Prices of what blocks share, by who pays them, and what they add in all."""

    people: dict[str, float] = field(default_factory=dict)
    leads: dict[tuple[str, Timing, str], float] = field(default_factory=dict)
    modes: dict[tuple[str, Timing, str | None], float] = field(default_factory=dict)
    seats: dict[tuple[str, str, Timing, str | None], float] = field(
        default_factory=dict
    )
    total: float = 0.0


def shared(
    table: ModeTable, prices: Prices, blocks: Sequence[frozenset[str]]
) -> Shared:
    """The prices that two blocks or more pay; all others are dropped."""
    block_of = {name: number for number, block in enumerate(blocks) for name in block}
    home = [block_of[item.id] for item in table.series]
    found = Shared()
    for number, item in enumerate(table.registrations):
        chosen = {
            block_of[one.series_id] for one in item.choices if one.series_id in block_of
        }
        if len(chosen) > 1 and prices.people[number] > 0:
            found.people[item.id] = float(prices.people[number])
            found.total += found.people[item.id]
    width = table.seats.shape[1]
    owners = {
        "lead": [number for number, _, _ in table.leads],
        "mode": [int(one) for one in table.series_of],
    }
    sides: dict[int, set[int]] = defaultdict(set)
    for kind in ("lead", "mode", "seat"):
        users, rows, _ = table.rows.matrix(kind)
        for user, row in zip(users, rows, strict=True):
            owner = (
                int(table.series_of[user // width])
                if kind == "seat"
                else owners[kind][user]
            )
            sides[int(row)].add(home[owner])
    crossing = np.zeros(len(table.rows))
    for row, several in sides.items():
        if len(several) > 1:
            crossing[row] = prices.rows[row]
            found.total += float(prices.rows[row]) * table.rows.limits[row]
    _charge(table, crossing, found)
    return found


def _charge(table: ModeTable, crossing: Floats, found: Shared) -> None:
    """What each leader, mode and seat pays of the rows that are shared."""
    width = table.seats.shape[1]
    for kind in ("lead", "mode", "seat"):
        users, rows, shares = table.rows.matrix(kind)
        for user, price in zip(users, shares * crossing[rows], strict=True):
            if price <= 0:
                continue
            if kind == "lead":
                number, timing, lead_id = table.leads[user]
                lead = (table.series[number].id, timing, lead_id)
                found.leads[lead] = found.leads.get(lead, 0.0) + float(price)
                continue
            mode = int(user) // width if kind == "seat" else int(user)
            series_id = table.series[int(table.series_of[mode])].id
            key = (series_id, *table.keys[mode])
            if kind == "mode":
                found.modes[key] = found.modes.get(key, 0.0) + float(price)
                continue
            person = table.registrations[int(table.seats[mode, int(user) % width])]
            seat = (person.id, *key)
            found.seats[seat] = found.seats.get(seat, 0.0) + float(price)


class Block:
    """One block as a model with prices on what it shares."""

    def __init__(
        self,
        filters: Filters,
        constraints: tuple[Constraint, ...],
        objectives: tuple[Objective, ...],
        context: Context,
        series_ids: frozenset[str],
        prices: Shared,
        watch: Watch | None = None,
    ) -> None:
        problem = filters.problem
        pinned = {
            pin.registration_id: pin.series_id
            for pin in problem.seat_pins
            if pin.series_id is not None
        }
        people = {
            item.id
            for item in problem.registrations
            if item.id not in context.seated
            and any(one.series_id in series_ids for one in item.choices)
            and pinned.get(item.id) in (None, *series_ids)
        }
        self.part = Part(
            filters,
            constraints,
            [one for one in objectives if one.tier == 1],
            context,
            series_ids.difference(context.placements),
            people,
            watch=watch,
        )
        self._leave_out_others(series_ids)
        self._price(prices)

    def _leave_out_others(self, series_ids: frozenset[str]) -> None:
        """A fixed series belongs to one block: in the others nobody joins it."""
        variables = self.part.model.variables
        for series in variables.given:
            if series.id not in series_ids:
                for seat in variables.seats(series.id):
                    variables.model.add(seat.literal == 0)

    def _price(self, prices: Shared) -> None:
        variables, terms = self.part.model.variables, []

        def pay(price: float, literal: Any) -> None:
            cents = int(SCALE * price)
            if cents > 0:
                terms.append(cents * literal)

        for series in variables.series:
            for (timing, lead_id), literal in variables.leads(series.id).items():
                pay(prices.leads.get((series.id, timing, lead_id), 0.0), literal)
            for mode, literal in variables.modes(series.id):
                key = (series.id, mode.timing, mode.place_id)
                pay(prices.modes.get(key, 0.0), literal)
        for item in variables.registrations:
            alone = prices.people.get(item.id, 0.0)
            for seat in variables.seats_of(item.id):
                key = (seat.series_id, seat.timing, seat.place_id)
                pay(alone + prices.seats.get((item.id, *key), 0.0), seat.literal)
        first = SCALE * self.part.model.tier_cost(1)
        self.part.model.engine_model.minimize(first + sum(terms))

    def most(self, effort: Effort, seed: int) -> float | None:
        """The most this block can add, after prices; ``None``: nothing is proven."""
        bound = self.part.best_bound(effort, seed)
        return None if bound is None else -bound / SCALE
