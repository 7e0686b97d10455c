"""What a check is, what it finds, and the view of the problem that checks share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from scheduling.solver.plan import Allocation
from scheduling.solver.problem import PlanningProblem, Registration, Series
from scheduling.solver.reach import Reach


class Severity(StrEnum):
    """``error``: something cannot be planned as it stands. ``warning``: it probably
    will not turn out as meant. ``note``: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


About = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: ``about`` pairs (kind, id) name what to mend first.

    Kinds are those of ``Violation``, and place, role and district. ``facts`` are
    numbers by name.
    """

    check: str
    severity: Severity
    about: About
    facts: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        things = ", ".join(f"{kind} {ident}" for kind, ident in self.about)
        numbers = "".join(f", {name} {value}" for name, value in self.facts)
        return f"{self.severity.value} {self.check}: {things}{numbers}"


@dataclass(frozen=True, slots=True)
class Fits:
    """How a registration's choices fare: of a kind that suits, then also at a time
    that suits, then also within reach. ``misfits`` says why the others do not suit.
    """

    misfits: tuple[tuple[str, ...], ...]
    suiting: tuple[Series, ...]
    timely: tuple[Series, ...]
    reachable: tuple[Series, ...]


class Examination(Reach):
    """One problem under examination; what several checks ask is found once."""

    def __init__(self, problem: PlanningProblem) -> None:
        super().__init__(problem)
        self.new_series = tuple(
            series for series in problem.series if series.id not in self.fixed
        )
        self.waiting = tuple(
            item
            for item in problem.registrations
            if item.id not in {one.registration_id for one in self.seated}
        )

    @cached_property
    def seated(self) -> tuple[Allocation, ...]:
        """Published seats that may not change."""
        published = self.problem.published
        return tuple(
            item
            for item in published.allocations
            if item.registration_id not in published.freed_registrations
            and item.series_id not in published.freed_series
        )

    @cached_property
    def fits(self) -> dict[str, Fits]:
        """For every waiting registration how its choices fare."""
        return {item.id: self._fits(item) for item in self.waiting}

    def _fits(self, registration: Registration) -> Fits:
        problem = self.problem
        person = problem.person_by_id[registration.person_id]
        misfits, suiting = [], []
        for choice in registration.choices:
            series = problem.series_by_id[choice.series_id]
            wrong = self.misfits(registration, person, series)
            misfits.append(wrong)
            if not wrong:
                suiting.append(series)
        timely = [item for item in suiting if self.meets(person, item, far=True)]
        reachable = [item for item in timely if self.meets(person, item)]
        return Fits(tuple(misfits), tuple(suiting), tuple(timely), tuple(reachable))

    @cached_property
    def seats_taken(self) -> dict[str, tuple[tuple[str, int], ...]]:
        """Person and seats of all that is taken for certain in each series: members
        (one seat each), and seats that stay."""
        found = {
            series.id: [(ident, 1) for ident in series.members]
            for series in self.problem.series
        }
        for item in self.seated:
            registration = self.problem.registration_by_id[item.registration_id]
            found[item.series_id].append((registration.person_id, registration.seats))
        return {key: tuple(seats) for key, seats in found.items()}

    @cached_property
    def sitting(self) -> dict[str, tuple[str, ...]]:
        """Persons in each series for certain."""
        return {
            key: tuple(dict.fromkeys(ident for ident, _ in seats))
            for key, seats in self.seats_taken.items()
        }

    @cached_property
    def led_by(self) -> dict[str, tuple[Series, ...]]:
        """Series that each facilitator may lead."""
        led: dict[str, list[Series]] = {
            lead.id: [] for lead in self.problem.facilitators
        }
        for series in self.problem.series:
            able = {lead.id: None for need in self.leaders(series) for lead in need}
            for ident in able:
                led[ident].append(series)
        return {ident: tuple(series) for ident, series in led.items()}

    @cached_property
    def interested(self) -> dict[str, int]:
        """Seats asked for in each series by registrations that could take them."""
        seats = {series.id: 0 for series in self.problem.series}
        for item in self.waiting:
            for series in self.fits[item.id].reachable:
                seats[series.id] += item.seats
        return seats


class Check:
    """One question to the facts that needs no plan. The docstring is the answer that
    is bad news, as a coordinator would say it."""

    id: ClassVar[str]
    severity: ClassVar[Severity]

    def findings(self, facts: Examination) -> Iterator[Finding]:
        raise NotImplementedError(f"{type(self).__name__} asks nothing")

    def found(self, *about: tuple[str, str], **numbers: int) -> Finding:
        return Finding(self.id, self.severity, about, tuple(numbers.items()))
