"""The model of a repair: some series free beside all the rest, in the repair order.

Also what makes two answers really different, so that a second alternative is another
way out and not the first with another chair.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.model import Answer, PlanningModel
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.answer import place_of
from scheduling.solver.rule import Objective

DIFFERENT_SHARE = 2
"""Of so many touched series at least one has another remedy in the next alternative."""

Kind = tuple[tuple[str, bool, bool, bool], ...]
"""For each touched series: held, on the old half-day, at the old place."""


class RepairModel:
    """Free series and registrations beside a context, without some known answers."""

    def __init__(
        self,
        problem: PlanningProblem,
        wishes: Iterable[Objective],
        *,
        filters: Filters,
        context: Context,
        series_ids: Collection[str],
        registration_ids: Collection[str],
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self.problem = problem
        self.model = PlanningModel(
            problem,
            CONSTRAINTS,
            wishes,
            filters=filters,
            context=context,
            series_ids=frozenset(series_ids),
            registration_ids=frozenset(registration_ids),
            beat=beat,
        )
        self.told = {
            item.series_id: item
            for item in problem.published.placements
            if item.series_id in series_ids
        }

    def twin(self) -> RepairModel:
        """The same, to be asked for something more without changing this one."""
        other = copy.copy(self)
        other.model = self.model.twin()
        return other

    def solve(
        self, seconds: float, seed: int, stop: Callable[[], bool] | None = None
    ) -> Answer:
        """Every wish in order, each held at what was reached; one thread."""
        return self.model.solve(seconds=seconds, seed=seed, stop=stop)

    def limit(self, tier: int, most: int) -> None:
        """Let a wish cost no more than this, counted against the context alone."""
        self.model.engine_model.add(self.model.tier_cost(tier) <= most)

    def refuse(
        self, series_ids: Sequence[str], placements: dict[str, Placement]
    ) -> None:
        """Some of these series get another remedy than they have in an answer.

        Another remedy is: held or not, another half-day, another place, or other
        leaders; half an hour later is not another way out.
        """
        engine, differing = self.model.engine_model, []
        for name in series_ids:
            differs = engine.new_bool_var(f"differs {name}")
            chosen = self._remedy(name, placements.get(name))
            engine.add_bool_or(
                [literal.negated() for literal in chosen]
            ).only_enforce_if(differs)
            differing.append(differs)
        engine.add(sum(differing) >= -(-len(differing) // DIFFERENT_SHARE))

    def refuse_kind(self, kind: Kind) -> None:
        """Some series is held where it was not, or leaves its time or place, or not."""
        distance: Any = 0
        for name, held, on_time, in_place in kind:
            for now, was in zip(
                self._kind_terms(name), (held, on_time, in_place), strict=True
            ):
                distance += (1 - now) if was else now
        self.model.engine_model.add(distance >= 1)

    def _remedy(self, name: str, placement: Placement | None) -> list[Any]:
        """Literals that together say how a series is held in an answer."""
        variables = self.model.variables
        if placement is None:
            return [variables.opens(name).negated()]
        leaders = placement.leader_ids
        found = [
            literal
            for (timing, lead_id), literal in variables.leads(name).items()
            if lead_id in leaders and self._in_timing(name, timing, placement)
        ]
        if not placement.meetings:
            return [variables.opens(name), *found]
        place_id = place_of(self.problem, placement.meetings[0])
        found += [
            literal
            for mode, literal in variables.modes(name)
            if mode.place_id == place_id
            and self._in_timing(name, mode.timing, placement)
        ]
        return found

    def _in_timing(self, name: str, timing: Any, placement: Placement) -> bool:
        days = tuple(item.slot // SLOTS_PER_DAY for item in placement.meetings)
        if self.model.variables.days(name, timing) != days:
            return False
        if not placement.meetings:
            return True
        quarter = placement.meetings[0].slot % SLOTS_PER_DAY
        return bool(timing.part == self.problem.day_part(quarter))

    def _kind_terms(self, name: str) -> tuple[Any, Any, Any]:
        """Expressions of 0 or 1: held, on the old half-day, at the old place."""
        variables, placement = self.model.variables, self.told[name]
        if not placement.meetings:
            return variables.opens(name), 0, 0
        on_time = sum(
            variables.at(name, timing)
            for timing in variables.timings(name)
            if self._in_timing(name, timing, placement)
        )
        in_place = sum(
            literal
            for mode, literal in variables.modes(name)
            if mode.place_id == place_of(self.problem, placement.meetings[0])
        )
        return variables.opens(name), on_time, in_place


def kind_of(
    problem: PlanningProblem,
    told: dict[str, Placement],
    series_ids: Iterable[str],
    placements: dict[str, Placement],
) -> Kind:
    """How each series is held in an answer, in broad strokes."""
    found = []
    for name in series_ids:
        now, before = placements.get(name), told[name]
        if now is None or not before.meetings:
            found.append((name, now is not None, False, False))
            continue
        first, old = now.meetings[0], before.meetings[0]
        found.append(
            (
                name,
                True,
                _half_day(problem, first) == _half_day(problem, old),
                place_of(problem, first) == place_of(problem, old),
            )
        )
    return tuple(found)


def _half_day(problem: PlanningProblem, meeting: Meeting) -> tuple[int, int]:
    day, quarter = divmod(meeting.slot, SLOTS_PER_DAY)
    return day, problem.day_part(quarter)
