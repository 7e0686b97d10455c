"""Prices on seats, leaders, rooms and people: what they prove and what they advise.

Lagrangian relaxation of the mode table. With a price on everything that can run out, a
series no longer sees the others: it takes its best mode with the cheapest leaders and
the people worth most. The sum of that is an upper bound on the first tier for *every*
vector of prices of at least 0 (Geoffrion, 1974); a subgradient walk with a smoothed
direction (after the volume algorithm of Barahona and Anbil, 2000) looks for a low one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduling.solver.search.table import Floats, ModeTable

NEVER = -1e15


@dataclass
class Prices:
    """Prices of registrations (by number) and of rows; a bound they prove."""

    people: Floats
    rows: Floats
    bound: float = math.inf


@dataclass
class Look:
    """What the relaxed problem answers to some prices.

    ``bound``; ``gains`` of each mode after prices (what opening it would add, or
    ``NEVER``); directions in which prices should go (use minus limit).
    """

    bound: float
    gains: Floats
    over_people: Floats
    over_rows: Floats


class Relaxation:
    """The mode table priced: evaluates price vectors and walks to good ones.

    ``coarse``: fine rows are left out, which makes a first walk short.
    """

    def __init__(self, table: ModeTable, *, coarse: bool = False) -> None:
        self.table = table
        count = len(table.registrations)
        self.limits = np.array(table.rows.limits, float)
        self._lead = table.rows.matrix("lead", coarse=coarse)
        self._mode = table.rows.matrix("mode", coarse=coarse)
        self._seat = table.rows.matrix("seat", coarse=coarse)
        if coarse:
            self.limits[np.array(table.rows.fine, bool)] = 0.0
        shares = np.array([item.seats for item in table.registrations], float)
        self._share = np.append(1.0 / np.maximum(shares, 1.0), 0.0)
        self._empty = table.seats == count
        width = table.seats.shape[1]
        steps = np.arange(width + 1)[None, :]
        self._sizes = (steps < table.least[:, None]) | (steps > table.most[:, None])
        self._first, self._last = self._spans()
        self._most_count = int(table.block_count.max(initial=1))

    def _spans(self) -> tuple[Any, Any]:
        numbers = np.arange(len(self.table.series))
        return (
            np.searchsorted(self.table.series_of, numbers, "left"),
            np.searchsorted(self.table.series_of, numbers, "right"),
        )

    def nothing(self) -> Prices:
        """Prices of 0."""
        return Prices(
            np.zeros(len(self.table.registrations)), np.zeros(len(self.limits))
        )

    def _times(self, matrix: Any, prices: Floats, count: int) -> Floats:
        users, rows, shares = matrix
        found = np.bincount(users, shares * prices[rows], count)[:count]
        return np.asarray(found, np.float64)

    def lead_prices(self, prices: Prices) -> Floats:
        """What leading costs by number of ``table.leads``."""
        return self._times(self._lead, prices.rows, len(self.table.leads))

    def _seat_values(self, prices: Prices) -> Floats:
        """What each possible seat of each mode is worth after prices."""
        table = self.table
        dear = np.append(prices.people, 0.0) * self._share
        values = table.values - dear[table.seats]
        if len(self._seat[0]):
            values -= self._times(self._seat, prices.rows, values.size).reshape(
                values.shape
            )
        if len(table.paired):
            # Taken together or not at all: each is worth what they are on average.
            flat, group = values.reshape(-1), table.pair_of
            sums = np.bincount(group, flat[table.paired])
            flat[table.paired] = (sums / np.bincount(group))[group]
        values[self._empty] = NEVER
        return np.asarray(values, np.float64)

    def _block_costs(self, lead_prices: Floats) -> Floats:
        table = self.table
        if not len(table.block_mode):
            return np.zeros(0)
        cheap = lead_prices[table.block_leads]
        most = min(self._most_count, cheap.shape[1])
        cheap = np.sort(np.partition(cheap, most - 1, axis=1)[:, :most], axis=1)
        sums = np.cumsum(cheap, axis=1)
        found = sums[np.arange(len(sums)), table.block_count - 1]
        return np.asarray(found, np.float64)

    def _totals(self, values: Floats, block_costs: Floats) -> Floats:
        """Gain of each mode by the number of seats taken, seats only and leaders."""
        table = self.table
        best_first = -np.sort(-values, axis=1)
        totals = np.zeros((len(values), values.shape[1] + 1))
        np.cumsum(best_first, axis=1, out=totals[:, 1:])
        always = table.block_from <= 0
        fixed = np.bincount(table.block_mode[always], block_costs[always], len(values))
        totals -= fixed[: len(values), None]
        for block in np.flatnonzero(~always):
            totals[table.block_mode[block], table.block_from[block] :] -= block_costs[
                block
            ]
        totals[self._sizes] = NEVER
        return totals

    def look(self, prices: Prices) -> Look:
        """Bound, gains and directions at some prices."""
        table = self.table
        lead_prices = np.append(self.lead_prices(prices), np.inf)
        values = self._seat_values(prices)
        costs = self._block_costs(lead_prices)
        totals = self._totals(values, costs)
        taken = totals.argmax(axis=1)
        gains = (
            totals[np.arange(len(totals)), taken]
            + table.held
            - self._times(self._mode, prices.rows, len(totals))
        )
        chosen = self._best_modes(gains)
        bound = float(
            gains[chosen].sum()
            + prices.people.sum()
            + (prices.rows * self.limits).sum()
        )
        over_people = -np.ones(len(table.registrations))
        over_rows = -self.limits.copy()
        self._use_seats(chosen, values, taken, over_people, over_rows)
        self._use_leads(chosen, lead_prices, taken, over_rows)
        users, rows, shares = self._mode
        open_modes = np.zeros(len(totals))
        open_modes[chosen] = 1.0
        np.add.at(over_rows, rows, shares * open_modes[users])
        return Look(bound, gains, over_people, over_rows)

    def _best_modes(self, gains: Floats) -> Any:
        """Numbers of the modes that pay, at most one a series."""
        chosen = [
            first + int(gains[first:last].argmax())
            for first, last in zip(self._first, self._last, strict=True)
            if last > first
        ]
        found = np.array(chosen, np.int64)
        return found[gains[found] > 0] if len(found) else found

    def _use_seats(
        self,
        chosen: Any,
        values: Floats,
        taken: Any,
        over_people: Floats,
        over_rows: Floats,
    ) -> None:
        table = self.table
        if not len(chosen):
            return
        order = np.argsort(-values[chosen], axis=1, kind="stable")
        inside = np.arange(order.shape[1])[None, :] < taken[chosen][:, None]
        modes = np.repeat(chosen, inside.sum(axis=1))
        positions = order[inside]
        people = table.seats[modes, positions]
        np.add.at(over_people, people, self._share[people])
        users, rows, shares = self._seat
        if len(users):
            used = np.zeros(values.size)
            used[modes * values.shape[1] + positions] = 1.0
            np.add.at(over_rows, rows, shares * used[users])

    def _use_leads(
        self, chosen: Any, lead_prices: Floats, taken: Any, over_rows: Floats
    ) -> None:
        table = self.table
        if not len(table.block_mode):
            return
        is_open = np.zeros(len(table.series_of), bool)
        is_open[chosen] = True
        busy = np.flatnonzero(
            is_open[table.block_mode] & (taken[table.block_mode] >= table.block_from)
        )
        used = np.zeros(len(table.leads) + 1)
        if len(busy):
            cheap = lead_prices[table.block_leads[busy]]
            order = np.argsort(cheap, axis=1, kind="stable")
            inside = (
                np.arange(order.shape[1])[None, :] < table.block_count[busy][:, None]
            )
            rows_of = np.repeat(busy, inside.sum(axis=1))
            np.add.at(used, table.block_leads[rows_of, order[inside]], 1.0)
        users, rows, shares = self._lead
        np.add.at(over_rows, rows, shares * used[users])

    def walk(
        self,
        steps: int,
        start: Prices | None = None,
        target: float = 0.0,
        should_stop: Callable[[], bool] | None = None,
        tell: Callable[[float], None] | None = None,
    ) -> Prices:
        """Look for prices with a low bound; the best of at most ``steps`` looks.

        ``target`` is a value known to be reachable (a plan's), which sets the length
        of a step. ``tell`` hears each better bound.
        """
        best = start or self.nothing()
        here = Prices(best.people.copy(), best.rows.copy())
        look = self.look(here)
        best = Prices(here.people.copy(), here.rows.copy(), look.bound)
        people, rows = look.over_people.copy(), look.over_rows.copy()
        length, since = 1.0, 0
        for _ in range(steps):
            if should_stop is not None and should_stop():
                break
            goal = max(target, look.bound * 0.5, best.bound - 0.1 * abs(best.bound))
            norm = float((people**2).sum() + (rows**2).sum())
            if norm < 1e-9 or best.bound <= target + 1e-6 or length < 1e-4:
                break
            step = length * max(look.bound - goal, 1e-3 * abs(best.bound)) / norm
            here = Prices(
                np.maximum(0.0, here.people + step * people),
                np.maximum(0.0, here.rows + step * rows),
            )
            look = self.look(here)
            people = 0.3 * look.over_people + 0.7 * people
            rows = 0.3 * look.over_rows + 0.7 * rows
            since += 1
            if look.bound < best.bound - 1e-9:
                if look.bound < best.bound * (1 - 1e-5):
                    since = 0
                best = Prices(here.people.copy(), here.rows.copy(), look.bound)
                if tell is not None:
                    tell(best.bound)
            if since >= 15:
                length, since = length * 0.66, 0
                here = Prices(best.people.copy(), best.rows.copy())
                look = self.look(here)
                people, rows = look.over_people.copy(), look.over_rows.copy()
        return best
