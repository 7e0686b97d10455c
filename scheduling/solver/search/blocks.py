"""A bound of a large problem from bounds of its blocks.

The series are split into blocks by place. What blocks share (a registration that chose
series of two, a leader, a set of rooms) keeps its price; what one block has to itself
does not, for there it is counted. So each block is a problem of its own whose seats,
leaders and modes cost what they take from others, and the sum of the blocks' bounds and
of the prices of what they share is a bound of the whole (Lagrangian decomposition;
Guignard and Kim, 1987). It is lower than that of prices alone by all that the
relaxation of a block gives away.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduling.solver.problem import PlanningProblem
from scheduling.solver.search.neighbourhoods import lean
from scheduling.solver.search.prices import Prices
from scheduling.solver.search.table import Floats, ModeTable

LINES = 12
CUTS = (0.3, 1 / 3, 0.4, 0.5, 0.6, 2 / 3, 0.7)
Pair = tuple[frozenset[str], frozenset[str]]


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
    """Prices of what several blocks use, 0 for the rest, and what they add in all.

    ``people`` by registration, ``rows`` by row; ``kept`` are the rows that one block
    has to itself and that hold there.
    """

    people: Floats
    rows: Floats
    kept: Any
    total: float


def shared(
    table: ModeTable, prices: Prices, blocks: Sequence[frozenset[str]]
) -> Shared:
    """The prices that two blocks or more pay; all others are dropped."""
    block_of = {name: number for number, block in enumerate(blocks) for name in block}
    home = np.array([block_of[item.id] for item in table.series])
    people = prices.people.copy()
    for number, item in enumerate(table.registrations):
        chosen = {block_of.get(one.series_id) for one in item.choices} - {None}
        if len(chosen) < 2:
            people[number] = 0.0
    width = table.seats.shape[1]
    of_mode = home[table.series_of]
    lead_of = np.array([home[number] for number, _, _ in table.leads], np.int64)
    sides: dict[int, set[int]] = defaultdict(set)
    for kind in ("lead", "mode", "seat"):
        users, rows, _ = table.rows.matrix(kind)
        if not len(users):
            continue
        at = lead_of[users] if kind == "lead" else of_mode[_mode_of(kind, users, width)]
        for row, side in set(zip(rows.tolist(), at.tolist(), strict=True)):
            sides[row].add(side)
    kept = np.array([len(sides[row]) == 1 for row in range(len(table.rows))], bool)
    dear = np.where(kept, 0.0, prices.rows)
    limits = np.array(table.rows.limits, float)
    total = float(people.sum() + (dear * limits).sum())
    return Shared(people, dear, kept, total)


def _mode_of(kind: str, users: Any, width: int) -> Any:
    return users // width if kind == "seat" else users
