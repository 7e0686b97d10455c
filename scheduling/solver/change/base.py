"""What every change is, and what the kinds of it share.

``burden`` ranks changes that help equally: a small thing that one person can decide
comes before what costs an organisation money. It is an order, not a price.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, TypeVar

from scheduling.solver.faults import Fault, InvalidProblem
from scheduling.solver.horizon import Availability, WeeklyWindow
from scheduling.solver.problem import PlanningProblem

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Change:
    """Something that could be otherwise. ``kind`` is its word in files and rows."""

    kind: ClassVar[str] = ""

    @property
    def burden(self) -> int:
        """How much it asks of somebody, against the other kinds; at least 1."""
        raise NotImplementedError(f"{type(self).__name__} has no burden")

    @property
    def said(self) -> str:
        """All that it says, alike in every process: for an order among equals."""
        facts = (f"{one.name}={_told(getattr(self, one.name))}" for one in fields(self))
        return f"{type(self).__name__}({', '.join(facts)})"

    def apply(self, problem: PlanningProblem) -> PlanningProblem:
        """The problem with the change.

        Raises ``InvalidProblem`` when it names what the problem does not have.
        """
        raise NotImplementedError(f"{type(self).__name__} changes nothing")


def _told(value: object) -> str:
    """A set is written in another order in every process, unless it is sorted."""
    return repr(sorted(value)) if isinstance(value, frozenset) else repr(value)


def apply_all(problem: PlanningProblem, changes: Iterable[Change]) -> PlanningProblem:
    """The problem with all changes, one after the other; raises as ``apply``."""
    for change in changes:
        problem = change.apply(problem)
    return problem


def with_changed(
    things: Iterable[Thing], names: Collection[str], change: Callable[[Any], Any]
) -> tuple[Thing, ...]:
    """The things, with the named ones changed."""
    return tuple(
        change(one) if getattr(one, "id", None) in names else one for one in things
    )


def must_know(things: Collection[str], what: str, ident: str) -> None:
    if ident not in things:
        raise InvalidProblem(
            (Fault(f"{what} {ident}", "is not in the problem", f"name a {what} of it"),)
        )


def fresh(name: str, known: Collection[str]) -> str:
    """The name, or the name with a number when it is taken."""
    number, fresh = 1, name
    while fresh in known:
        number += 1
        fresh = f"{name}-{number}"
    return fresh


def wider(hours: Availability, weekday: int, start: int, end: int) -> Availability:
    """The hours with one more weekly stretch; what is blocked stays blocked."""
    window = WeeklyWindow(weekday, start, end)
    return replace(hours, weekly=(*hours.weekly, window))
