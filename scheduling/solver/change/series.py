"""Changes of series, of what was pinned, and of what wishes weigh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scheduling.solver.change.base import Change, fresh, must_know, with_changed
from scheduling.solver.problem import PlanningProblem


@dataclass(frozen=True)
class MoreSeats(Change):
    """A group takes some people more than it was made for."""

    kind = "more-seats"
    series_id: str
    seats: int = 1

    @property
    def burden(self) -> int:
        return 2 + self.seats

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        must_know(problem.series_by_id, "series", self.series_id)
        found = with_changed(
            problem.series,
            {self.series_id},
            lambda one: replace(one, size_max=one.size_max + self.seats),
        )
        return replace(problem, series=found)


@dataclass(frozen=True)
class SmallerStart(Change):
    """A group starts with some people fewer than it was made for."""

    kind = "smaller-start"
    series_id: str
    seats: int = 1

    @property
    def burden(self) -> int:
        return 2 + self.seats

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        must_know(problem.series_by_id, "series", self.series_id)
        found = with_changed(
            problem.series,
            {self.series_id},
            lambda one: replace(one, size_min=max(0, one.size_min - self.seats)),
        )
        return replace(problem, series=found)


@dataclass(frozen=True)
class Repeat(Change):
    """A series is offered once more, to the same people, beside the one there is."""

    kind = "repeat"
    series_id: str

    @property
    def burden(self) -> int:
        return 5

    @property
    def new_id(self) -> str:
        return f"{self.series_id}-again"

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        must_know(problem.series_by_id, "series", self.series_id)
        again = replace(
            problem.series_by_id[self.series_id],
            id=fresh(self.new_id, problem.series_by_id),
            members=(),
            meetings_held=0,
            held_weight=0,
            continuity=None,
        )
        askings = tuple(
            replace(
                item,
                choices=(
                    *item.choices,
                    *(
                        replace(one, series_id=again.id)
                        for one in item.choices
                        if one.series_id == self.series_id
                    ),
                ),
            )
            for item in problem.registrations
        )
        return replace(problem, series=(*problem.series, again), registrations=askings)


@dataclass(frozen=True)
class OtherWeights(Change):
    """Wishes weigh otherwise; those that are not named stay as they are."""

    kind = "weights"
    weights: Mapping[str, int] = field(default_factory=dict)

    @property
    def burden(self) -> int:
        return 1

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        return replace(problem, weights={**problem.weights, **self.weights})


@dataclass(frozen=True)
class Unpin(Change):
    """Something that a coordinator pinned is free again."""

    kind = "unpin"
    pin_id: str

    @property
    def burden(self) -> int:
        return 3

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        names = {one.id for one in problem.pins}
        names.update(one.id for one in problem.seat_pins)
        must_know(names, "pin", self.pin_id)
        return replace(
            problem,
            pins=tuple(one for one in problem.pins if one.id != self.pin_id),
            seat_pins=tuple(one for one in problem.seat_pins if one.id != self.pin_id),
        )
