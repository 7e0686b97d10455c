"""What a repair costs at least, whatever else is moved: a bound without the rest.

Some series that people were told of are free, and all else is out of the way: of other
series only the chairs are counted, nobody waits, nothing is pinned, no group needs a
least number. What any whole plan does with these series is one of the answers here, and
each wish counts no more for them alone than for the whole plan. So no plan at all is
better, in the order of a repair, than the best answer here: what reaches it is proven
for the whole plan.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from scheduling.solver.candidates import Filters
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.context import Context
from scheduling.solver.model import Answer
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.model import RepairModel
from scheduling.solver.repair.order import (
    KeepPairAndRoom,
    KeepSessionsAndSeats,
    MoveFewMinutes,
    TouchFewSessions,
)
from scheduling.solver.repair.parts import bare
from scheduling.solver.repair.people import TouchFewPeople
from scheduling.solver.repair.told import (
    is_for_somebody,
    people_touched,
    seats_told,
    told,
    touched_meetings,
)

NEARLY = 1e-6
MOST_COMPETING = 400
"""With how many registrations on no more are looked for that want the same chairs."""


class Floor:
    """The least that a repair costs, asked for one set of series after the other."""

    def __init__(self, problem: PlanningProblem) -> None:
        """``problem`` is the one after the event, with what was told as published."""
        self.somebody = frozenset(
            series.id for series, _ in told(problem) if is_for_somebody(problem, series)
        )
        published = problem.published
        self.told = frozenset(item.series_id for item in published.placements)
        self.problem = replace(
            bare(problem), published=replace(published, freed_series=self.told)
        )
        self.filters = Filters(self.problem, CONSTRAINTS)
        self.seats = seats_told(self.problem)
        self._choices = {name: self._open_to(name) for name in self.seats}

    def _open_to(self, registration_id: str) -> frozenset[str]:
        """The series that people were told of in which a registration could sit.

        Nothing that was not published is opened by a repair.
        """
        item = self.problem.registration_by_id[registration_id]
        return frozenset(
            choice.series_id
            for choice in item.choices
            if choice.series_id in self.told
            and self.filters.fits_seat(
                item, self.problem.series_by_id[choice.series_id]
            )
        )

    def _competing(self, series_ids: frozenset[str]) -> frozenset[str]:
        """Registrations that were told of a seat and want the same chairs.

        From who sits in these series on to who sits where those could sit instead, and
        so on, as far as is not too much. Who is left out would only be in the way.
        """
        sitting: dict[str, list[str]] = defaultdict(list)
        for name, series_id in self.seats.items():
            sitting[series_id].append(name)
        found: set[str] = set()
        seen, new = set(series_ids), sorted(series_ids)
        while new and len(found) < MOST_COMPETING:
            here = [name for series_id in new for name in sitting[series_id]]
            found.update(here)
            wider = {one for name in here for one in self._choices[name]}
            new = sorted(wider - seen)
            seen |= wider
        return frozenset(found)

    def under(
        self,
        series_ids: frozenset[str],
        seconds: float,
        seed: int,
        *,
        beat: Callable[[], None] = lambda: None,
        stop: Callable[[], bool] | None = None,
    ) -> tuple[int, ...]:
        """The least costs of the first wishes, each given the least of those before.

        As many as were proven in time; the last may be lower than what can be reached.
        """
        competing = self._competing(series_ids)
        asking = frozenset(
            name for name in competing if self._choices[name] & series_ids
        )
        model = RepairModel(
            self.problem,
            (
                KeepSessionsAndSeats(somebody=self.somebody),
                TouchFewSessions(),
                TouchFewPeople(series_ids),
                MoveFewMinutes(),
                KeepPairAndRoom(),
            ),
            filters=self.filters,
            context=Context(self.problem),
            series_ids=series_ids,
            registration_ids=asking,
            beat=beat,
        )
        self._seat_elsewhere(model, series_ids, competing)
        answer = model.solve(seconds, seed, stop)
        nothing_held = self._nothing_held(series_ids, competing)
        if TouchFewPeople.tier not in model.model.tiers:
            nothing_held[TouchFewPeople.tier - 1] = 0  # nobody is in any of these
        return self._read(answer, nothing_held)

    def _seat_elsewhere(
        self, repair: RepairModel, series_ids: frozenset[str], competing: Iterable[str]
    ) -> None:
        """Seats in the series that are out of the way: chairs are all that is counted
        of those, and everybody who was told of a seat wants one."""
        variables, engine = repair.model.variables, repair.model.engine_model
        chairs: dict[str, list[Any]] = defaultdict(list)
        given: list[Any] = []
        for name in sorted(competing):
            item = self.problem.registration_by_id[name]
            seats = [seat.literal for seat in variables.seats_of(name)]
            for series_id in sorted(self._choices[name] - series_ids):
                seat = engine.new_bool_var(f"elsewhere {name} {series_id}")
                chairs[series_id].append(item.seats * seat)
                seats.append(seat)
                given.append(seat)
            engine.add_at_most_one(seats)
        for series_id, taken in chairs.items():
            series = self.problem.series_by_id[series_id]
            engine.add(sum(taken) <= max(0, series.size_max - len(series.members)))
        if given:
            variables.add_cost(KeepSessionsAndSeats.id, -sum(given))

    def _nothing_held(
        self, series_ids: Collection[str], competing: Collection[str]
    ) -> list[int]:
        """What these series and registrations cost when none of them is held."""
        lost, touched = len(competing), 0
        for series, placement in told(self.problem):
            if series.id in series_ids:
                meetings = len(touched_meetings(placement, None))
                touched += meetings
                lost += len(series.members) + meetings * (series.id in self.somebody)
        people = len(people_touched(self.problem, Plan(self.problem.id)))
        return [lost, touched, people, 0, 0]

    @staticmethod
    def _read(answer: Answer, nothing_held: Sequence[int]) -> tuple[int, ...]:
        found: list[int] = []
        for tier, base in enumerate(nothing_held, start=1):
            if not answer.found or tier in answer.untried:
                break
            cost = answer.costs.get(tier, 0)
            least = math.ceil(answer.bounds.get(tier, cost) - NEARLY)
            found.append(max(0, base + least))
            if least < cost:
                break
        return tuple(found)
