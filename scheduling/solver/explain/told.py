"""Everything that is said beside one plan: reasons, and the ways that would help."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.explain.reasons import Explainer, beaten
from scheduling.solver.explain.ways import Way, Ways
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.rule import Constraint


@dataclass(frozen=True)
class Told:
    """A plan with its reasons, and ways that were tried.

    ``of_series`` by series that is not held, ``of_choice`` by registration and series,
    ``elsewhere`` by registration: other series with a seat. ``asked_engine``: questions
    that neither counting nor the judges could answer.
    """

    plan: Plan
    of_series: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    of_choice: dict[tuple[str, str], tuple[Way, ...]] = field(default_factory=dict)
    elsewhere: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    asked_engine: int = 0


def tell(
    problem: PlanningProblem,
    plan: Plan,
    *,
    registration_ids: Iterable[str] | None = None,
    constraints: Sequence[Constraint] = CONSTRAINTS,
    beat: Callable[[], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Told:
    """Reasons as ``explain`` gives them, and the cheapest ways beside each.

    ``registration_ids``: only these, and no series. ``beat`` and ``should_stop`` as
    for ``explain``; once told to stop, no more ways are looked for.
    """
    wanted = None if registration_ids is None else frozenset(registration_ids)

    def work(stop: Callable[[], bool] | None) -> Told:
        explainer = Explainer(problem, plan, constraints, None, stop)
        return told_by(explainer, wanted)

    return beaten(work, beat, should_stop)


def told_by(explainer: Explainer, wanted: frozenset[str] | None = None) -> Told:
    """What ``tell`` says, in this thread; ``wanted`` as its ``registration_ids``."""
    problem = explainer.problem
    explained = explainer.explain(wanted)
    ways = Ways(explainer)
    waiting = [
        item for item in explainer.waiting if wanted is None or item.id in wanted
    ]
    of_choice = {
        (item.id, choice.series_id): found
        for item in waiting
        for choice in item.choices
        if (found := ways.of_choice(item, problem.series_by_id[choice.series_id]))
    }
    of_series = {
        series.id: found
        for series in (explainer.unheld if wanted is None else ())
        if (found := ways.of_series(series))
    }
    elsewhere = {item.id: found for item in waiting if (found := ways.elsewhere(item))}
    return Told(explained, of_series, of_choice, elsewhere, explainer.asked_engine)
