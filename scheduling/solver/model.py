"""Variables, rules and wishes put together: a model of a problem or a part of it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any

from ortools.sat.python import cp_model

from scheduling.solver.candidates import SELF_PACED, Candidates, Filters, Timing
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Allocation, Meeting, Placement, Plan, SolveStatus
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.variables import GIVEN, PlanVariables

STATUS = {
    cp_model.OPTIMAL: SolveStatus.OPTIMAL,
    cp_model.FEASIBLE: SolveStatus.FEASIBLE,
    cp_model.INFEASIBLE: SolveStatus.INFEASIBLE,
    cp_model.UNKNOWN: SolveStatus.UNKNOWN,
}

ASK_EVERY = 0.1
"""Seconds between two questions to whoever may want the engine to stop."""


@dataclass(frozen=True)
class Answer:
    """What a model found: its status and the free part's placements and seats.

    ``costs`` and ``bounds`` by tier: the change against the context alone. ``untried``
    are the tiers for which there was no time.
    """

    status: SolveStatus
    placements: tuple[Placement, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    costs: dict[int, int] = field(default_factory=dict)
    bounds: dict[int, float] = field(default_factory=dict)
    untried: frozenset[int] = frozenset()

    @property
    def found(self) -> bool:
        return self.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)


class PlanningModel:
    """A model of the free series and registrations beside a fixed context.

    The rules' filters decide what can be chosen, so a model with one rule is a test of
    that rule alone. ``beat`` is called again and again while the model is built, so
    that whoever has no more time for it can raise something.
    """

    def __init__(
        self,
        problem: PlanningProblem,
        constraints: Iterable[Constraint],
        objectives: Iterable[Objective] = (),
        *,
        filters: Filters | None = None,
        context: Context | None = None,
        series_ids: Collection[str] | None = None,
        registration_ids: Collection[str] | None = None,
        modes: dict[str, Collection[tuple[Timing, str | None]]] | None = None,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self.problem = problem
        self.constraints = tuple(constraints)
        self.objectives = tuple(objectives)
        self.engine_model = cp_model.CpModel()
        candidates = Candidates(
            filters or Filters(problem, self.constraints),
            context,
            series_ids,
            registration_ids,
            modes,
            beat,
        )
        self.variables = PlanVariables(self.engine_model, candidates)
        for constraint in self.constraints:
            beat()
            constraint.add_to(self.variables)
        for objective in self.objectives:
            beat()
            if objective.weight(problem):
                objective.add_to(self.variables)

    @property
    def tiers(self) -> tuple[int, ...]:
        """The tiers in which a wish has a weight, in order."""
        return tuple(
            sorted(
                {
                    wish.tier
                    for wish in self.objectives
                    if wish.weight(self.problem) and self.variables.costs.get(wish.id)
                }
            )
        )

    def tier_cost(self, tier: int) -> Any:
        """Weighted cost of a tier, as the engine's expression."""
        return sum(
            wish.weight(self.problem) * part
            for wish in self.objectives
            if wish.tier == tier
            for part in self.variables.costs.get(wish.id, ())
        )

    def fix(self, plan: Plan) -> None:
        """Allow only this plan's choices for the free part.

        A choice that has no variable makes the model infeasible, as it should: some
        filter refuses it.
        """
        model, variables = self.engine_model, self.variables
        wanted = set(self._literals_of(plan))
        if None in wanted:
            model.add_bool_or([])
            return
        for literal in self._choices():
            model.add(literal == (1 if literal.index in wanted else 0))
        for series in variables.series:
            placed = series.id in plan.placement_of
            model.add(variables.opens(series.id) == int(placed))

    def hint(self, plan: Plan) -> None:
        """Start the search from this plan, as far as it has variables."""
        wanted = set(self._literals_of(plan))
        for literal in self._choices():
            self.engine_model.add_hint(literal, literal.index in wanted)

    def _choices(self) -> Iterable[cp_model.IntVar]:
        for series in self.variables.series:
            yield from (literal for _, literal in self.variables.modes(series.id))
            for timing in self.variables.timings(series.id):
                yield from self.variables.starts(series.id, timing).values()
            yield from self.variables.rooms(series.id).values()
            yield from self.variables.leads(series.id).values()
        for registration in self.variables.registrations:
            yield from (
                seat.literal for seat in self.variables.seats_of(registration.id)
            )

    def _literals_of(self, plan: Plan) -> Iterable[int | None]:
        """Index of the literal of each choice of the plan; ``None``: there is none."""
        chosen: dict[str, tuple[Timing, str | None]] = {}
        for series in self.variables.series:
            placement = plan.placement_of.get(series.id)
            if placement is not None:
                yield from self._placement_literals(placement, chosen)
        free = {item.id for item in self.variables.registrations}
        for allocation in plan.allocations:
            if allocation.registration_id in free:
                yield self._seat_literal(allocation, chosen)

    def _placement_literals(
        self,
        placement: Placement,
        chosen: dict[str, tuple[Timing, str | None]],
    ) -> Iterable[int | None]:
        variables, name = self.variables, placement.series_id
        series = self.problem.series_by_id[name]
        timing: Timing | None
        if series.is_self_paced:
            timing, place_id, room_id, quarter = SELF_PACED, None, None, None
            leaders = placement.coach_ids
        else:
            first = placement.meetings[0]
            days = tuple(item.slot // SLOTS_PER_DAY for item in placement.meetings)
            quarter = first.slot % SLOTS_PER_DAY
            room_id, leaders = first.room_id, first.facilitator_ids
            place_id = self.problem.room_by_id[room_id].place_id if room_id else None
            timing = next(
                (
                    timing
                    for timing in variables.timings(name)
                    if variables.days(name, timing) == days
                    and timing.part == self.problem.day_part(quarter)
                ),
                None,
            )
            alike = {
                (item.slot % SLOTS_PER_DAY, item.room_id, item.facilitator_ids)
                for item in placement.meetings
            }
            if timing is None or len(alike) > 1:
                yield None
                return
        chosen[name] = (timing, place_id)
        modes = {
            (mode.timing, mode.place_id): lit for mode, lit in variables.modes(name)
        }
        yield _index(modes.get((timing, place_id)))
        if quarter is not None:
            yield _index(variables.starts(name, timing).get(quarter))
        if room_id is not None:
            yield _index(variables.rooms(name).get((timing, room_id)))
        for lead_id in leaders:
            yield _index(variables.leads(name).get((timing, lead_id)))

    def _seat_literal(
        self,
        allocation: Allocation,
        chosen: dict[str, tuple[Timing, str | None]],
    ) -> int | None:
        for seat in self.variables.seats_of(allocation.registration_id):
            if seat.series_id == allocation.series_id and (
                seat.timing == GIVEN
                or (seat.timing, seat.place_id) == chosen.get(seat.series_id)
            ):
                return seat.literal.index
        return None

    def read(
        self, solver: cp_model.CpSolver
    ) -> tuple[tuple[Placement, ...], tuple[Allocation, ...]]:
        """The free part's placements and seats in the engine's solution."""
        variables = self.variables
        placements = tuple(
            self._read_placement(solver, series.id)
            for series in variables.series
            if solver.boolean_value(variables.opens(series.id))
        )
        allocations = tuple(
            Allocation(registration.id, seat.series_id)
            for registration in variables.registrations
            for seat in variables.seats_of(registration.id)
            if solver.boolean_value(seat.literal)
        )
        return placements, allocations

    def _read_placement(self, solver: cp_model.CpSolver, series_id: str) -> Placement:
        variables = self.variables
        leaders = tuple(
            sorted(
                lead_id
                for (_, lead_id), literal in variables.leads(series_id).items()
                if solver.boolean_value(literal)
            )
        )
        timing = next(
            timing
            for timing in variables.timings(series_id)
            if solver.boolean_value(variables.at(series_id, timing))
        )
        if timing == SELF_PACED:
            return Placement(series_id, (), leaders)
        room_id = next(
            (
                room_id
                for (_, room_id), literal in variables.rooms(series_id).items()
                if solver.boolean_value(literal)
            ),
            None,
        )
        quarter = next(
            quarter
            for quarter, literal in variables.starts(series_id, timing).items()
            if solver.boolean_value(literal)
        )
        return Placement(
            series_id,
            tuple(
                Meeting(day * SLOTS_PER_DAY + quarter, room_id, leaders)
                for day in variables.days(series_id, timing)
            ),
        )

    def twin(self) -> PlanningModel:
        """The same variables in a copy of the engine's model, which can be given more
        rules without them staying in this one."""
        other = copy.copy(self)
        other.engine_model = self.engine_model.clone()
        return other

    def solve(
        self,
        *,
        seconds: float,
        seed: int = 1,
        workers: int = 1,
        stop: Callable[[], bool] | None = None,
    ) -> Answer:
        """Solve the tiers in order, each with the ones before it held.

        ``seconds`` is for all tiers together. A tier whose optimum was not proven is
        held at the value found; the tiers after it have bounds given that value.
        ``stop`` is asked in the caller's thread, ten times a second.
        """
        answer = Answer(SolveStatus.UNKNOWN)
        proven = True
        tiers = self.tiers or (0,)
        for number, tier in enumerate(tiers):
            if number and (seconds <= 0 or (stop is not None and stop())):
                proven = False
                break
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = workers
            solver.parameters.random_seed = seed
            solver.parameters.linearization_level = 2
            solver.parameters.max_time_in_seconds = max(0.05, seconds)
            if tier:
                self.engine_model.minimize(self.tier_cost(tier))
            status = self._run(solver, stop)
            seconds -= solver.wall_time
            if status not in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
                if answer.found:
                    proven = False
                    break
                return Answer(status)
            proven = proven and status is SolveStatus.OPTIMAL
            answer = Answer(status, *self.read(solver), answer.costs, answer.bounds)
            if tier:
                answer.costs[tier] = round(solver.objective_value)
                answer.bounds[tier] = solver.best_objective_bound
                self.engine_model.add(self.tier_cost(tier) <= answer.costs[tier])
                self.hint_from(solver)
        status = SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE
        untried = frozenset(tiers).difference(answer.costs, (0,))
        return replace(answer, status=status, untried=untried)

    def _run(
        self, solver: cp_model.CpSolver, stop: Callable[[], bool] | None
    ) -> SolveStatus:
        if stop is None:
            found = solver.solve(self.engine_model)
        else:
            with ThreadPoolExecutor(1, "engine") as pool:
                running = pool.submit(solver.solve, self.engine_model)
                try:
                    while not wait((running,), ASK_EVERY).done:
                        if stop():
                            solver.stop_search()
                except BaseException:
                    solver.stop_search()
                    raise
            found = running.result()
        status = STATUS.get(found)
        if status is None:
            raise RuntimeError(self.engine_model.validate() or "invalid model")
        return status

    def hint_from(self, solver: cp_model.CpSolver) -> None:
        self.engine_model.clear_hints()  # type: ignore[no-untyped-call]
        for literal in self._choices():
            self.engine_model.add_hint(literal, solver.boolean_value(literal))


def _index(literal: cp_model.IntVar | None) -> int | None:
    return None if literal is None else literal.index
