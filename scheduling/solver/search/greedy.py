"""A first plan in about a second: series by series, the most gainful mode first.

Prices say what a seat, a leader and a room are worth elsewhere; a series whose gain
after prices is high goes first, in its best mode that fits exactly. What remains is
tried again without prices, and free seats are filled.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from scheduling.solver.candidates import Candidates, Filters, Mode
from scheduling.solver.context import Context
from scheduling.solver.plan import Allocation
from scheduling.solver.problem import Registration, Series
from scheduling.solver.search.insertion import Inserter, Proposal
from scheduling.solver.search.prices import NEVER, Prices, Relaxation
from scheduling.solver.search.table import Floats, ModeTable
from scheduling.solver.search.trial import Judge
from scheduling.solver.search.worth import Worth

MODES_TRIED = 8


class Greedy:
    """Fills a context with all that fits; the context grows in place."""

    def __init__(
        self,
        filters: Filters,
        judge: Judge,
        worth: Worth,
        table: ModeTable,
        should_stop: Callable[[], bool],
    ) -> None:
        self.filters, self.judge, self.worth = filters, judge, worth
        self.problem, self.table = filters.problem, table
        self.should_stop = should_stop
        self.person_price: dict[str, float] = {}
        self.lead_price: dict[tuple[str, str], float] = {}
        self.inserter = Inserter(filters, judge, self._seat_worth, self._lead_price)
        self._number = {item.id: number for number, item in enumerate(table.series)}

    def fill(self, context: Context, prices: Prices | None = None) -> None:
        """Place free series and seat registrations, by prices and then without."""
        relaxation = Relaxation(self.table)
        for these in (prices, None) if prices is not None else (None,):
            self._learn(relaxation, these)
            gains = relaxation.look(these or relaxation.nothing()).gains
            self._place_all(context, gains)
        self.seat_all(context)

    def _learn(self, relaxation: Relaxation, prices: Prices | None) -> None:
        self.person_price, self.lead_price = {}, {}
        if prices is None:
            return
        for number, item in enumerate(self.table.registrations):
            self.person_price[item.id] = float(prices.people[number])
        for (number, _, lead_id), price in zip(
            self.table.leads, relaxation.lead_prices(prices), strict=True
        ):
            key = (self.table.series[number].id, lead_id)
            self.lead_price[key] = max(self.lead_price.get(key, 0.0), float(price))

    def _seat_worth(self, name: str, series: Series, mode: Mode) -> float:
        item = self.problem.registration_by_id[name]
        sitting = self.worth.sitting(series, mode)
        return self.worth.seat(item, series, sitting) - self.person_price.get(name, 0.0)

    def _lead_price(self, name: str, series: Series, mode: Mode) -> float:
        return self.lead_price.get((series.id, name), 0.0)

    def _place_all(self, context: Context, gains: Floats) -> None:
        best = self._ranking(context, gains)
        for _, series_id in best:
            if self.should_stop():
                return
            self.place(context, self.problem.series_by_id[series_id], gains)

    def _ranking(self, context: Context, gains: Floats) -> list[tuple[float, str]]:
        found = []
        for series in self.table.series:
            if series.id in context.placements:
                continue
            modes = self.table.of_series(self._number[series.id])
            gain = max((float(gains[one]) for one in modes), default=NEVER)
            if gain > NEVER / 2:
                found.append((-gain, series.id))
        return sorted(found)

    def place(self, context: Context, series: Series, gains: Floats) -> bool:
        """Place one series in the best of its modes that fit; whether it went."""
        wanting = self._wanting(context, series)
        candidates = Candidates(self.filters, context, {series.id}, set())
        modes = {
            (mode.timing, mode.place_id): mode for mode in candidates.modes[series.id]
        }
        numbers = self.table.of_series(self._number[series.id])
        order = sorted(numbers, key=lambda one: -float(gains[one]))
        tried, best = 0, None
        for key in dict.fromkeys(self.table.keys[number] for number in order):
            mode = modes.get(key)
            if mode is None:
                continue
            found = self.inserter.propose(context, series, candidates, mode, wanting)
            tried += found is not None
            if found is not None and (best is None or found.worth > best.worth):
                best = found
            if tried >= MODES_TRIED or (best is not None and tried >= 3):
                break
        if best is None or not self._pays(series, best):
            return False
        context.place(best.placement)
        for allocation in best.allocations:
            context.seat(allocation)
        return True

    def _pays(self, series: Series, proposal: Proposal) -> bool:
        """Nobody's seat and nothing held is no reason to meet."""
        return bool(proposal.allocations) or self.worth.held(series) > 0

    def _wanting(self, context: Context, series: Series) -> list[str]:
        return [
            item.id
            for item in self.problem.registrations_by_series[series.id]
            if item.id not in context.seated
        ]

    def seat_all(self, context: Context) -> None:
        """Give free seats of placed series to registrations without one."""
        waiting = [
            item for item in self.table.registrations if item.id not in context.seated
        ]
        waiting.sort(key=lambda item: (-self._most(item), item.id))
        candidates = Candidates(self.filters, context, set(), set())
        for item in waiting:
            if self.should_stop():
                return
            if item.id in context.seated:
                continue
            for choice in sorted(item.choices, key=lambda one: one.rank):
                if choice.series_id in context.placements and self._seat(
                    context, candidates, item, choice.series_id
                ):
                    break

    def _most(self, item: Registration) -> int:
        series = self.problem.series_by_id
        return max(
            (
                self.worth.seat(item, series[choice.series_id], sitting)
                for choice in item.choices
                for sitting in (self.worth.nowhere,)
            ),
            default=0,
        )

    def _seat(
        self,
        context: Context,
        candidates: Candidates,
        item: Registration,
        series_id: str,
    ) -> bool:
        together = sorted(self.judge.partners(item.id))
        if any(name in context.seated for name in together):
            together = [item.id]
        people = [self.problem.registration_by_id[name] for name in together]
        if not self._has_room(context, series_id, people) or not all(
            candidates.can_join(one, series_id) for one in people
        ):
            return False
        allocations = [Allocation(one.id, series_id) for one in people]
        if self.judge.breaches(context, (), allocations):
            return False
        for allocation in allocations:
            context.seat(allocation)
        return True

    def _has_room(
        self, context: Context, series_id: str, people: Collection[Registration]
    ) -> bool:
        series = self.problem.series_by_id[series_id]
        taken = len(series.members) + sum(
            item.seats for item in (*context.seats.get(series_id, ()), *people)
        )
        return bool(taken <= series.size_max)
