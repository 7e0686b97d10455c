"""The mode table as a mixed integer program: how much its relaxation gives away.

Prices prove no more than the linear relaxation of the table. Solved with whole modes,
the same table gives a bound that is lower by most of what is missing, in seconds where
the engine needs a minute for the whole model; and its modes are a good guess for the
plan's. Rows, seats and leaders are those of ``search/table.py``, so what the table
leaves out is left out here too. Solved by SCIP inside ortools.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from scheduling.solver.search.blocks import Shared
from scheduling.solver.search.table import Key, ModeTable

SLACK = 1e-6
"""By how much for each variable (of at most 1) a solver in floating point may err."""


@dataclass
class Relaxed:
    """``bound`` of what the series can add after prices, and the ``modes`` of the best
    solution found, by series."""

    bound: float
    modes: dict[str, Key] = field(default_factory=dict)


class ModeProgram:
    """The program of some series of a table; what others use too costs its price."""

    def __init__(
        self, table: ModeTable, series_ids: Collection[str], paid: Shared
    ) -> None:
        self.table, self.paid = table, paid
        self.model = mathopt.Model()
        self.modes: dict[int, Any] = {}
        self.seats: dict[int, Any] = {}
        self.leads: dict[int, list[Any]] = defaultdict(list)
        self.terms: list[Any] = []
        inside = {
            number for number, one in enumerate(table.series) if one.id in series_ids
        }
        self._make_modes(inside)
        self._make_seats()
        self._make_leads()
        self._make_rows()
        self.model.maximize(mathopt.fast_sum(self.terms))

    def _add(self, terms: list[Any], most: float) -> None:
        self.model.add_linear_constraint(mathopt.fast_sum(terms) <= most)

    def _make_modes(self, inside: set[int]) -> None:
        table = self.table
        alike: dict[int, list[Any]] = defaultdict(list)
        for mode, series in enumerate(table.series_of.tolist()):
            if series in inside:
                self.modes[mode] = self.model.add_binary_variable()
                alike[series].append(self.modes[mode])
                if table.held[mode]:
                    self.terms.append(float(table.held[mode]) * self.modes[mode])
        for literals in alike.values():
            self._add(literals, 1.0)

    def _make_seats(self) -> None:
        table = self.table
        none, width = len(table.registrations), table.seats.shape[1]
        asked: dict[int, list[Any]] = defaultdict(list)
        for mode, literal in self.modes.items():
            taken = []
            for position, person in enumerate(table.seats[mode].tolist()):
                if person == none:
                    continue
                share = 1.0 / max(1, table.registrations[person].seats)
                seat = self.model.add_variable(lb=0.0, ub=1.0)
                self.seats[mode * width + position] = seat
                taken.append(seat)
                asked[person].append(share * seat)
                value = table.values[mode, position] - share * self.paid.people[person]
                self.terms.append(float(value) * seat)
                self.model.add_linear_constraint(seat <= literal)
            count = mathopt.fast_sum(taken)
            self.model.add_linear_constraint(count <= int(table.most[mode]) * literal)
            if table.least[mode] > 0:
                self.model.add_linear_constraint(
                    count >= int(table.least[mode]) * literal
                )
        for seats in asked.values():
            if len(seats) > 1:
                self._add(seats, 1.0)
        first: dict[int, Any] = {}
        for flat, group in zip(
            table.paired.tolist(), table.pair_of.tolist(), strict=True
        ):
            if flat in self.seats:
                known = first.setdefault(group, self.seats[flat])
                if known is not self.seats[flat]:
                    self.model.add_linear_constraint(known == self.seats[flat])

    def _make_leads(self) -> None:
        """Leaders of needs that every size has; those of larger groups are left out."""
        table, none = self.table, len(self.table.leads)
        twice: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for block, mode in enumerate(table.block_mode.tolist()):
            if mode not in self.modes or table.block_from[block] > 0:
                continue
            literal, chosen = self.modes[mode], []
            for lead in table.block_leads[block].tolist():
                if lead == none:
                    continue
                leads = self.model.add_variable(lb=0.0, ub=1.0)
                chosen.append(leads)
                self.leads[lead].append(leads)
                twice[mode, lead].append(leads)
                self.model.add_linear_constraint(leads <= literal)
            self.model.add_linear_constraint(
                mathopt.fast_sum(chosen) == int(table.block_count[block]) * literal
            )
        for (mode, _), literals in twice.items():
            if len(literals) > 1:
                self.model.add_linear_constraint(
                    mathopt.fast_sum(literals) <= self.modes[mode]
                )

    def _make_rows(self) -> None:
        """Rows that are ours alone hold; the price of the others is paid."""
        rows: dict[int, list[Any]] = defaultdict(list)
        for kind in ("lead", "mode", "seat"):
            users, numbers, shares = (
                some.tolist() for some in self.table.rows.matrix(kind)
            )
            for user, row, share in zip(users, numbers, shares, strict=True):
                literals = self._used_by(kind, user)
                if not literals:
                    continue
                if self.paid.kept[row]:
                    rows[row] += [share * one for one in literals]
                elif self.paid.rows[row] > 0:
                    price = -share * float(self.paid.rows[row])
                    self.terms += [price * one for one in literals]
        for row, terms in rows.items():
            self._add(terms, float(self.table.rows.limits[row]))

    def _used_by(self, kind: str, user: int) -> Sequence[Any]:
        if kind == "lead":
            return self.leads.get(user, ())
        one = (self.modes if kind == "mode" else self.seats).get(user)
        return () if one is None else (one,)

    def solve(self, seconds: float, seed: int) -> Relaxed | None:
        """The bound when it is proven or time is up; ``None``: there is none."""
        found = mathopt.solve(
            self.model,
            mathopt.SolverType.GSCIP,
            params=mathopt.SolveParameters(
                time_limit=timedelta(seconds=max(0.1, seconds)),
                random_seed=seed % (1 << 20),
            ),
        )
        bound = found.termination.objective_bounds.dual_bound
        if not math.isfinite(bound):
            return None
        modes = {}
        if found.has_primal_feasible_solution():
            values = found.variable_values()
            modes = {
                self.table.series[int(self.table.series_of[mode])].id: (
                    self.table.keys[mode]
                )
                for mode, literal in self.modes.items()
                if values[literal] > 0.5
            }
        count = len(self.modes) + len(self.seats) + sum(map(len, self.leads.values()))
        return Relaxed(bound + SLACK * count, modes)


def whole(table: ModeTable) -> Shared:
    """Nothing is shared: every row holds and nothing has a price."""
    rows = np.zeros(len(table.rows))
    people = np.zeros(len(table.registrations))
    return Shared(people, rows, np.ones(len(rows), bool), 0.0)
