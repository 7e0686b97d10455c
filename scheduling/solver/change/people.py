"""Changes of what somebody who takes part asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scheduling.solver.change.base import Change, must_know, wider, with_changed
from scheduling.solver.problem import Choice, Person, PlanningProblem


@dataclass(frozen=True)
class Travel(Change):
    """A person travels some minutes further than was said."""

    kind = "travel"
    person_id: str
    minutes: int

    @property
    def burden(self) -> int:
        return 1 + self.minutes // 10

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        must_know(problem.person_by_id, "person", self.person_id)
        limit = problem.person_by_id[self.person_id].travel_limit_minutes
        found = with_changed(
            problem.persons,
            {self.person_id},
            lambda one: replace(
                one,
                travel_limit_minutes=None if limit is None else limit + self.minutes,
            ),
        )
        return replace(problem, persons=found)


@dataclass(frozen=True)
class Pace(Change):
    """A person takes part in some meetings a week, or a day, more than was said."""

    kind = "pace"
    person_id: str
    per_week: int = 1
    per_day: int = 0

    @property
    def burden(self) -> int:
        return 2 + self.per_week + self.per_day

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        def faster(one: Person) -> Person:
            week, day = one.sessions_per_week, one.sessions_per_day
            return replace(
                one,
                sessions_per_week=None if week is None else week + self.per_week,
                sessions_per_day=None if day is None else day + self.per_day,
            )

        must_know(problem.person_by_id, "person", self.person_id)
        return replace(
            problem, persons=with_changed(problem.persons, {self.person_id}, faster)
        )


@dataclass(frozen=True)
class HalfDay(Change):
    """A person can also come in one more stretch of a weekday."""

    kind = "half-day"
    person_id: str
    weekday: int
    start: int
    end: int

    @property
    def burden(self) -> int:
        return 2

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        must_know(problem.person_by_id, "person", self.person_id)
        found = with_changed(
            problem.persons,
            {self.person_id},
            lambda one: replace(
                one,
                availability=wider(
                    one.availability, self.weekday, self.start, self.end
                ),
            ),
        )
        return replace(problem, persons=found)


@dataclass(frozen=True)
class OtherChoice(Change):
    """A registration would take one more series, as its last choice."""

    kind = "choice"
    registration_id: str
    series_id: str

    @property
    def burden(self) -> int:
        return 1

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        must_know(problem.registration_by_id, "registration", self.registration_id)
        must_know(problem.series_by_id, "series", self.series_id)
        found = with_changed(
            problem.registrations,
            {self.registration_id},
            lambda one: replace(
                one,
                choices=(
                    *one.choices,
                    Choice(self.series_id, 1 + max_rank(one.choices)),
                ),
            ),
        )
        return replace(problem, registrations=found)


def max_rank(choices: Iterable[Choice]) -> int:
    return max((one.rank for one in choices), default=0)
