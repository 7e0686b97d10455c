"""Scenarios beside a plan: two runs, or a run and the same week with other facts.

For the coordinator's pages: everything here is numbers and keys of rows. Reading the
files of a run is logged for all who are in them. What solves, takes its seconds: call
it from a worker or a command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from scheduling.adapters.ways import stored_change
from scheduling.models import PlanningRun
from scheduling.services.figures import compared_figures
from scheduling.services.files import read_files, read_together
from scheduling.solver import snapshot
from scheduling.solver.change import Change
from scheduling.solver.change.file import change_to_dict
from scheduling.solver.horizon import Horizon
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem

if TYPE_CHECKING:
    from scheduling.solver.explain.bottlenecks import Bottleneck
    from scheduling.solver.solve import ProgressEvent
    from scheduling.solver.what_if import WhatIf


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A plan as it is and with other facts, by keys of rows.

    ``before`` and ``after`` as ``figures.compared_figures`` has them. ``gained`` and
    ``lost`` are registrations with a seat in one of them only; ``opened``, ``closed``
    and ``moved`` keys of series. ``contradiction`` names pins that contradict the
    changes; then there is nothing to compare with.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    gained: frozenset[int]
    lost: frozenset[int]
    opened: frozenset[str]
    closed: frozenset[str]
    moved: frozenset[str]
    contradiction: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """No pins contradict the changes."""
        return not self.contradiction


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What one more room or leader would bring; ``change`` as ``adapters.ways`` has it,
    and in ``file`` as a file of changes has it, to try it.

    ``seats`` more people with a seat, ``opens`` keys of series that are then held;
    ``proven``: exact for the part that was freed.
    """

    change: dict[str, Any]
    file: dict[str, Any]
    seats: int
    opens: tuple[str, ...]
    proven: bool


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What another run's plan does otherwise than the first; seats by number alone."""

    run_id: int
    gained: int
    lost: int
    opened: frozenset[str]
    closed: frozenset[str]
    moved: frozenset[str]


def differences_of(*, actor: Actor, run_ids: Sequence[int]) -> list[Difference]:
    """Each run's plan against that of the first, as far as both are still kept.

    One query and one line in the access log, however many runs.
    """
    runs = PlanningRun.objects.filter(pk__in=list(run_ids), plan__isnull=False).only(
        "plan", "rows", "first_date", "last_date"
    )
    kept = {run.pk: run for run in runs}
    read_together(actor=actor, runs=kept.values())
    first = kept.get(run_ids[0])
    if first is None:
        return []
    plan = _plan_of(first)
    seats, held = _seated(plan, first.rows), _held(plan, first.rows)
    found = []
    for pk in run_ids[1:]:
        if pk not in kept:
            continue
        other = kept[pk]
        other_plan = _plan_of(other)
        others, then = _seated(other_plan, other.rows), _held(other_plan, other.rows)
        both = held.keys() & then.keys()
        found.append(
            Difference(
                run_id=pk,
                gained=len(others - seats),
                lost=len(seats - others),
                opened=frozenset(then.keys() - held.keys()),
                closed=frozenset(held.keys() - then.keys()),
                moved=frozenset(key for key in both if held[key] != then[key]),
            )
        )
    return found


def _plan_of(run: PlanningRun) -> Plan:
    """The plan of a run that is kept, without reading the facts it was made from."""
    days = (run.last_date - run.first_date).days + 1
    return snapshot.plan_from_dict(run.plan, Horizon(run.first_date, days))


def try_changes(
    *,
    actor: Actor,
    run: PlanningRun,
    changes: Iterable[Change] | Callable[[PlanningProblem], Iterable[Change]],
    seconds: float = 20.0,
    workers: int = 1,
    should_stop: Callable[[], bool] | None = None,
    progress: Callable[[int, ProgressEvent], None] | None = None,
) -> Scenario:
    """The week of a run with these changes, solved beside the plan of the run.

    ``changes`` name ids of the run (see ``run.rows``), or make them from its problem.
    Each side gets ``seconds``; ``progress`` and ``should_stop`` as ``what_if`` has.
    Raises ``InvalidProblem`` when a change names what is not there, and
    ``ValidationError`` when the files of the run are gone.
    """
    # The engine takes most of a second to load; a page must not.
    from scheduling.solver.solve import SolveSettings
    from scheduling.solver.what_if import what_if

    problem, plan = _facts(actor, run)
    found = what_if(
        problem,
        plan,
        changes(problem) if callable(changes) else changes,
        SolveSettings(seconds=seconds, workers=workers, seed=run.seed),
        should_stop=should_stop,
        progress=progress,
    )
    return _scenario(problem, found, run.rows)


def bottlenecks_of(
    *,
    actor: Actor,
    run: PlanningRun,
    seconds: float = 40.0,
    beat: Callable[[], None] | None = None,
) -> tuple[Lack, ...]:
    """What the week of a run lacks most, best first; raises as ``try_changes``.

    ``beat`` is called many times a second; what it raises ends the work.
    """
    from scheduling.solver.explain.bottlenecks import bottlenecks

    problem, plan = _facts(actor, run)
    return tuple(
        _lack(problem, run.rows, one)
        for one in bottlenecks(problem, plan, seconds=seconds, beat=beat)
    )


def _facts(actor: Actor, run: PlanningRun) -> tuple[PlanningProblem, Plan]:
    files = read_files(actor=actor, run=run)
    if files["problem"] is None or files["plan"] is None:
        raise ValidationError(
            _("The facts of this plan are no longer kept. Make the plan again.")
        )
    problem = snapshot.problem_from_dict(files["problem"])
    return problem, snapshot.plan_from_dict(files["plan"], problem.horizon)


def _scenario(
    problem: PlanningProblem, found: WhatIf, rows: Mapping[str, Any]
) -> Scenario:
    people, series = rows["registrations"], rows["series"]
    told = found.comparison

    def keys(idents: Iterable[str]) -> frozenset[str]:
        return frozenset(series.get(ident, ident) for ident in idents)

    return Scenario(
        before=compared_figures(problem, found.before, rows),
        after=compared_figures(found.problem, found.after, rows),
        gained=frozenset(int(people[ident]) for ident in told.gained),
        lost=frozenset(int(people[ident]) for ident in told.lost),
        opened=keys(told.opened),
        closed=keys(told.closed),
        moved=keys(told.moved),
        contradiction=() if found.possible else found.after.contradiction,
    )


def _lack(problem: PlanningProblem, rows: Mapping[str, Any], one: Bottleneck) -> Lack:
    return Lack(
        change=stored_change(problem, rows, one.change),
        file=change_to_dict(one.change),
        seats=one.seats,
        opens=tuple(rows["series"].get(ident, ident) for ident in one.opens),
        proven=one.proven,
    )


def _seated(plan: Plan, rows: Mapping[str, Any]) -> set[int]:
    held, names = plan.placement_of, rows["registrations"]
    return {
        int(names[one.registration_id])
        for one in plan.allocations
        if one.series_id in held
    }


def _held(plan: Plan, rows: Mapping[str, Any]) -> dict[str, frozenset[object]]:
    """When, where and with whom each series is held, in keys of rows."""
    rooms, leads = rows["rooms"], rows["facilitators"]
    found: dict[str, set[object]] = {}
    for placement in plan.placements:
        meetings = found.setdefault(rows["series"][placement.series_id], set())
        for one in placement.meetings:
            team = frozenset(leads[name] for name in one.facilitator_ids)
            meetings.add((one.slot, rooms.get(one.room_id or ""), team))
        meetings.update(leads[name] for name in placement.coach_ids)
    return {key: frozenset(meetings) for key, meetings in found.items()}
