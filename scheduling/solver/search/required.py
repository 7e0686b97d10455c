"""What must be so: pinned series and seats first, and which pins contradict each other.

All else is optional to place, so whether the pins can hold is a question about the
pinned series and those who chose them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from scheduling.solver.candidates import Filters
from scheduling.solver.context import Context
from scheduling.solver.plan import SolveStatus
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint, Objective
from scheduling.solver.search.fixed import fixed_context
from scheduling.solver.search.incumbent import Change
from scheduling.solver.search.part import Effort, Part, Watch

TO_RAISE = 2.0
"""Seconds, or units of work, for making the most of what the pins ask for."""

TO_NAME = 20.0
"""The same for naming contradicting pins after they are known to contradict."""


@dataclass(frozen=True)
class Required:
    """The required part: how its solve ended, what became of it, or why it cannot."""

    status: SolveStatus
    change: Change | None = None
    contradiction: tuple[str, ...] = ()


def pinned_series(problem: PlanningProblem) -> frozenset[str]:
    """Free series that some pin or pinned seat asks to be held."""
    asked = {pin.series_id for pin in problem.pins if not pin.closed}
    asked.update(pin.series_id for pin in problem.seat_pins if pin.series_id)
    return frozenset(asked.difference(problem.kept_placements))


def people_of(problem: PlanningProblem, series_ids: Iterable[str]) -> frozenset[str]:
    """Who may sit there, and everybody whose seat is pinned."""
    found = {pin.registration_id for pin in problem.seat_pins}
    for series_id in series_ids:
        found.update(item.id for item in problem.registrations_by_series[series_id])
    for one, other in problem.keep_together:
        if one in found or other in found:
            found |= {one, other}
    return frozenset(found.difference(problem.kept_seats))


def require(
    problem: PlanningProblem,
    filters: Filters,
    constraints: tuple[Constraint, ...],
    objectives: tuple[Objective, ...],
    context: Context,
    effort: Effort,
    watch: Watch,
    stopped: Callable[[], bool],
) -> Required:
    """Place what the pins ask for, or name pins that contradict each other.

    ``effort`` is for placing them at all; what comes after it is counted in the same
    way, so that with units of work the answer is the same on every machine.
    """
    series_ids = pinned_series(problem)
    people = people_of(problem, series_ids)
    part = Part(filters, constraints, (), context, series_ids, people, watch=watch)
    found = part.satisfy(effort)
    if found.status is SolveStatus.INFEASIBLE:
        return Required(
            SolveStatus.INFEASIBLE,
            contradiction=contradiction(problem, constraints, effort, watch, stopped),
        )
    if found.change is None:
        return Required(found.status)
    better = Part(
        filters, constraints, objectives, context, series_ids, people, watch=watch
    ).raise_first(effort.of(TO_RAISE), 1)
    return Required(SolveStatus.FEASIBLE, better.change or found.change)


def contradiction(
    problem: PlanningProblem,
    constraints: tuple[Constraint, ...],
    effort: Effort,
    watch: Watch,
    stopped: Callable[[], bool],
) -> tuple[str, ...]:
    """Ids of pins that cannot all hold; without any one of them the others can.

    Deletion filter (Chinneck and Dravnieks, 1991): each pin is left out in turn, for
    good when the rest still cannot hold. A pin whose turn ran out stays named; turns
    are counted as ``effort`` is.
    """
    pins = [pin.id for pin in problem.pins] + [pin.id for pin in problem.seat_pins]
    kept = list(pins)
    share = effort.of(TO_NAME / max(1, len(pins)))
    for name in pins:
        if stopped():
            break
        rest = [one for one in kept if one != name]
        if not _can_hold(problem, constraints, frozenset(rest), share, watch):
            kept = rest
    return tuple(kept)


def _can_hold(
    problem: PlanningProblem,
    constraints: tuple[Constraint, ...],
    names: frozenset[str],
    effort: Effort,
    watch: Watch,
) -> bool:
    """Whether these pins can hold together; also true when it could not be told."""
    trial = replace(
        problem,
        pins=tuple(pin for pin in problem.pins if pin.id in names),
        seat_pins=tuple(pin for pin in problem.seat_pins if pin.id in names),
    )
    series_ids = pinned_series(trial)
    part = Part(
        Filters(trial, constraints),
        constraints,
        (),
        fixed_context(trial),
        series_ids,
        people_of(trial, series_ids),
        watch=watch,
    )
    return part.satisfy(effort).status is not SolveStatus.INFEASIBLE
