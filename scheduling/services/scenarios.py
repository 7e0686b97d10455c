"""Scenarios beside a plan: two runs, or a run and the same week with other facts.

For the coordinator's pages: everything here is numbers and keys of rows. Reading the
files of a run is logged for all who are in them. What solves, takes its seconds: call
it from a worker or a command.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.selectors.coordinator import reasons_for_one_to_one
from scheduling.adapters.ways import stored_change
from scheduling.models import PlanningRun
from scheduling.services.files import read_files
from scheduling.solver import snapshot
from scheduling.solver.change import Change
from scheduling.solver.compare import Comparison, Figures, figures
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem

if TYPE_CHECKING:
    from scheduling.solver.explain.bottlenecks import Bottleneck


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Two plans beside each other, by keys of rows.

    ``gained`` and ``lost`` are registrations with a seat in one of them only;
    ``opened``, ``closed`` and ``moved`` keys of series. ``one_to_one`` says how many
    seats for one person carry each reason, before and after. ``possible``: False when
    pins contradict the changes, which are then named in ``contradiction``.
    """

    before: Figures
    after: Figures
    gained: frozenset[int]
    lost: frozenset[int]
    opened: frozenset[str]
    closed: frozenset[str]
    moved: frozenset[str]
    one_to_one: tuple[dict[str, int], dict[str, int]]
    possible: bool = True
    contradiction: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What one more room or leader would bring; ``change`` as ``adapters.ways`` has it.

    ``seats`` more people with a seat, ``opens`` keys of series that are then held;
    ``proven``: exact for the part that was freed.
    """

    change: dict[str, Any]
    seats: int
    opens: tuple[str, ...]
    proven: bool


def compare_runs(*, actor: Actor, run: PlanningRun, other: PlanningRun) -> Scenario:
    """Two runs that made a plan, side by side; two log lines and two reads.

    Raises ``ValidationError`` when the files of one are gone.
    """
    problem, plan = _facts(actor, run)
    other_problem, other_plan = _facts(actor, other)
    seats, others = _seated(plan, run.rows), _seated(other_plan, other.rows)
    held, then = _held(plan, run.rows), _held(other_plan, other.rows)
    before, after = figures(problem, plan), figures(other_problem, other_plan)
    return Scenario(
        before=before,
        after=after,
        gained=frozenset(others - seats),
        lost=frozenset(seats - others),
        opened=frozenset(then.keys() - held.keys()),
        closed=frozenset(held.keys() - then.keys()),
        moved=frozenset(
            key for key in held.keys() & then.keys() if held[key] != then[key]
        ),
        one_to_one=(
            _reasons(before, run.rows),
            _reasons(after, other.rows),
        ),
    )


def try_changes(
    *,
    actor: Actor,
    run: PlanningRun,
    changes: Iterable[Change],
    seconds: float = 20.0,
    workers: int = 1,
) -> Scenario:
    """The week of a run with these changes, solved beside the plan of the run.

    ``changes`` name ids of the run (see ``run.rows``). Each side gets ``seconds``.
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
        changes,
        SolveSettings(seconds=seconds, workers=workers, seed=run.seed),
    )
    return _scenario(
        found.comparison, run.rows, found.after if not found.possible else None
    )


def bottlenecks_of(
    *, actor: Actor, run: PlanningRun, seconds: float = 40.0
) -> tuple[Lack, ...]:
    """What the week of a run lacks most, best first; raises as ``compare_runs``."""
    from scheduling.solver.explain.bottlenecks import bottlenecks

    problem, plan = _facts(actor, run)
    return tuple(
        _lack(problem, run.rows, one)
        for one in bottlenecks(problem, plan, seconds=seconds)
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
    found: Comparison, rows: Mapping[str, Any], impossible: Plan | None
) -> Scenario:
    people, series = rows["registrations"], rows["series"]

    def keys(idents: Iterable[str]) -> frozenset[str]:
        return frozenset(series.get(ident, ident) for ident in idents)

    return Scenario(
        before=found.before,
        after=found.after,
        gained=frozenset(int(people[ident]) for ident in found.gained),
        lost=frozenset(int(people[ident]) for ident in found.lost),
        opened=keys(found.opened),
        closed=keys(found.closed),
        moved=keys(found.moved),
        one_to_one=(_reasons(found.before, rows), _reasons(found.after, rows)),
        possible=impossible is None,
        contradiction=() if impossible is None else impossible.contradiction,
    )


def _lack(problem: PlanningProblem, rows: Mapping[str, Any], one: Bottleneck) -> Lack:
    return Lack(
        change=stored_change(problem, rows, one.change),
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


def _reasons(found: Figures, rows: Mapping[str, Any]) -> dict[str, int]:
    keys = [int(rows["registrations"][ident]) for ident in found.one_to_one]
    return reasons_for_one_to_one(registration_ids=keys) if keys else {}
