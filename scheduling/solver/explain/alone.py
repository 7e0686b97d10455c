"""Whether one series can be held beside a plan under some of the rules.

Most answers need no engine. When every cell (start and room) is refused, or has too
few people, chairs or leaders left, the series cannot be held: that is counting. When a
placement made by hand passes the judges of the rules asked for, it can. Only what is
neither goes to the engine, as a model of this one series. Every answer is therefore
proven: by counting, by the judges, or by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from scheduling.solver.candidates import Filters
from scheduling.solver.context import Context
from scheduling.solver.explain.counting import Counting
from scheduling.solver.explain.grid import Grid, Rules
from scheduling.solver.explain.hand import Hand, Held
from scheduling.solver.model import PlanningModel
from scheduling.solver.plan import SolveStatus
from scheduling.solver.problem import PlanningProblem, Registration, Series

SECONDS = 5.0


class Alone:
    """Questions about one series that is not held, all else as it is in a context.

    ``waiting`` are the registrations without a seat that chose the series: with it
    they are what is free.
    """

    def __init__(
        self,
        rules: Rules,
        context: Context,
        series: Series,
        waiting: Iterable[Registration],
        seconds: float = SECONDS,
        like: Alone | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        """``like``: questions about the same series with a problem that differs little;
        what is the same is taken over from there. ``stop`` is asked while the engine
        works."""
        self.rules, self.context, self.series = rules, context, series
        self.problem: PlanningProblem = context.problem
        self.waiting = tuple(waiting)
        grid = Grid(rules, context, series, like.grid if like else None)
        self.grid: Grid = grid
        self.count = Counting(rules, grid, self.waiting)
        self.hand = Hand(self.count, context)
        self.seconds, self.stop = seconds, stop
        self.asked_engine = 0
        self._known: dict[tuple[frozenset[str], str | None], bool | None] = {}

    def can_be_held(
        self, ids: Collection[str], registration: Registration | None = None
    ) -> bool | None:
        """Whether the series can be held, with a registration in it when one is given.

        ``ids`` of the rules that count; the given ones always do. ``None``: the engine
        could not say in time.
        """
        key = (frozenset(ids), None if registration is None else registration.id)
        if key not in self._known:
            self._known[key] = self._answer(key[0], registration)
        return self._known[key]

    def best(self, registration: Registration | None = None) -> Held | None:
        """A way to hold it by all rules with as many people as were found to fit.

        The judges passed it; a better one may exist.
        """
        ids = frozenset(rule.id for rule in self.rules.all)
        cells = self.count.cells(ids, registration)
        if not cells.any():
            return None
        found: Held | None = None
        for cell in self.hand.order(cells, ids):
            held = self.hand.place(ids, cell, registration, fill=True)
            if held and (not found or len(held.allocations) > len(found.allocations)):
                found = held
        return found

    def _answer(self, ids: frozenset[str], one: Registration | None) -> bool | None:
        cells = self.count.cells(ids, one)
        if not cells.any():
            return False
        for cell in self.hand.order(cells, ids):
            if self.hand.place(ids, cell, one, fill=False):
                return True
        return self._by_engine(ids, one)

    def _by_engine(self, ids: frozenset[str], one: Registration | None) -> bool | None:
        self.asked_engine += 1
        chosen = self.rules.some(ids)
        free = {item.id for item in self.waiting}
        if one is not None:
            free.add(one.id)
        model = PlanningModel(
            self.problem,
            chosen,
            filters=Filters(self.problem, chosen),
            context=self.context,
            series_ids={self.series.id},
            registration_ids=free,
        )
        engine = model.engine_model
        engine.add(model.variables.opens(self.series.id) == 1)
        if one is not None:
            engine.add_bool_or(
                seat.literal
                for seat in model.variables.seats_of(one.id)
                if seat.series_id == self.series.id
            )
        status = model.solve(seconds=self.seconds, stop=self.stop).status
        if status is SolveStatus.UNKNOWN:
            return None
        return status is not SolveStatus.INFEASIBLE
