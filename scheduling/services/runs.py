"""Runs: asked for by a person, done by a worker, ended once."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from scheduling.adapters.load_problem import load_problem
from scheduling.adapters.store_plan import store_plan, wanted_seats
from scheduling.adapters.ways import ways_told
from scheduling.models import (
    MayMove,
    PlanningRun,
    RunKind,
    RunState,
    RunTask,
    Schedule,
    ScheduleState,
)
from scheduling.models.run import UNFINISHED
from scheduling.services import clock
from scheduling.services.conversations import prepare_conversations
from scheduling.services.drafts import drop_drafts, seats_of_drafts, touched_since
from scheduling.services.exploring import explore
from scheduling.services.figures import compared_figures
from scheduling.services.files import in_rows
from scheduling.services.lease import LeaseLost, claim, end, stop_asked, write
from scheduling.services.movable import freed_by
from scheduling.services.shown import holds_work, must_be_as_shown
from scheduling.services.ways_out import look_for_ways
from scheduling.services.wishes import checked, region_importance, weights_of
from scheduling.solver import snapshot, verify
from scheduling.solver.plan import Plan, SolveStatus
from scheduling.solver.problem import InvalidProblem, PlanningProblem

if TYPE_CHECKING:
    from people.models import User
    from scheduling.solver.explain import Told
    from scheduling.solver.solve import ProgressEvent

logger = logging.getLogger(__name__)

MOST_SECONDS = 3600
MOST_WORKERS = 64
PROGRESS_POINTS = 400
SHOWN_FAULTS = 50
BEAT_SECONDS = 1.0
INCUMBENT_SECONDS = 5.0
OF_WHICH = (MayMove.GROUPS, MayMove.CENTRES, MayMove.KINDS)
LEAST_SECONDS = 5
"""What a run that was taken over gets at least, however little was left of its time."""


@transaction.atomic
def start_run(
    *,
    actor: Actor,
    user: User | None,
    kind: RunKind | str,
    first_date: date,
    last_date: date,
    seconds: int = 60,
    workers: int = 2,
    seed: int = 1,
    as_draft: bool = True,
    may_move: MayMove | str = MayMove.NOTHING,
    may_move_of: Sequence[object] = (),
    importance: Mapping[str, str] | None = None,
    shown: str = "",
) -> PlanningRun:
    """Ask for a run; a worker starts it once the transaction has ended.

    ``as_draft``: what it makes becomes the draft of the period; otherwise it stands
    beside it and holds no seats. ``importance``: by wish "less", "usual" or "more",
    the region's own when left out. ``shown``: the draft of the period that goes, as the
    page showed it (``shown.mark_of``).

    Raises ``ValidationError`` when one for the same period is not finished, or the
    settings make no sense; ``StaleDraft`` when a draft that somebody changed by hand,
    or that is a way out somebody chose, would go and is not as shown. What changes
    later keeps it (``_as_draft``).
    """
    if not 1 <= seconds <= MOST_SECONDS:
        raise ValidationError(
            _("Give a number of seconds from 1 to %(most)d.") % {"most": MOST_SECONDS}
        )
    if not 1 <= workers <= MOST_WORKERS:
        raise ValidationError(
            _("Give a number of processes from 1 to %(most)d.") % {"most": MOST_WORKERS}
        )
    if may_move in OF_WHICH and not may_move_of:
        raise ValidationError(_("Choose what may move, or let nothing move."))
    busy = PlanningRun.objects.select_for_update().filter(
        task=RunTask.PLAN, kind=kind, first_date=first_date, state__in=UNFINISHED
    )
    if busy.exists():
        raise ValidationError(
            _("A plan for this period is already being made. Wait for it, or stop it.")
        )
    if as_draft:
        _work_must_be_seen(kind, first_date, shown)
    said = checked(region_importance() if importance is None else importance)
    run = PlanningRun(
        as_draft=as_draft,
        may_move=may_move,
        may_move_of=[str(key) for key in may_move_of] if may_move in OF_WHICH else [],
        importance=said,
        weights=weights_of(said),
        kind=kind,
        first_date=first_date,
        last_date=last_date,
        asked_by=user,
        seconds=seconds,
        workers=workers,
        seed=seed,
    )
    run.full_clean()
    run.save(force_insert=True)
    _log(actor, run, "run.start", "C")
    return run


def _work_must_be_seen(kind: RunKind | str, first_date: date, shown: str) -> None:
    """Nobody's work in a draft goes unseen; locks the draft."""
    draft = (
        Schedule.objects.select_for_update()
        .filter(kind=kind, first_date=first_date, state=ScheduleState.DRAFT)
        .first()
    )
    if draft is not None and holds_work(draft):
        must_be_as_shown(draft=draft, shown=shown)


def ask_to_stop(*, actor: Actor, run: PlanningRun) -> None:
    """Ask a run to stop; it keeps the best plan it has. Waiting ones end at once."""
    waiting = PlanningRun.objects.filter(pk=run.pk, state=RunState.QUEUED)
    if not waiting.update(state=RunState.CANCELLED, cancel_asked=True):
        PlanningRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            cancel_asked=True
        )
    _log(actor, run, "run.stop", "U")


def perform_run(*, run_id: int) -> Schedule | None:
    """Do a run, or take it over from a worker that died; the draft, if it made one.

    Everything a run writes is guarded by its fence; the draft and the end of the run
    are one transaction, so there is never half a draft and never two.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}"
    run = claim(run_id=run_id, owner=owner)
    if run is None:
        return None
    actor = Actor.system("planning")
    try:
        if run.task != RunTask.PLAN:
            work = look_for_ways if run.task == RunTask.REPAIR else explore
            work(actor=actor, run=run)
            return None
        problem = _problem_of(actor, run)
        plan = _solve(run, problem)
        return _finish(actor, run, problem, plan)
    except LeaseLost:
        logger.warning("run %s was taken over by another worker", run_id)
        return None
    except ValidationError:
        _fail(run, "facts-gone")
        return None
    except InvalidProblem as error:
        faults = "\n".join(str(fault) for fault in error.faults[:SHOWN_FAULTS])
        _fail(run, in_rows(faults, run.rows))
        return None
    except Exception:
        logger.exception("run %s failed", run_id)
        _fail(run, "error")
        raise


def _problem_of(actor: Actor, run: PlanningRun) -> PlanningProblem:
    """The run's own snapshot; made by the first worker that has the run."""
    if run.problem is not None:
        return snapshot.problem_from_dict(run.problem)
    write(run=run, doing="facts")
    prepare_conversations(actor=actor)
    loaded = load_problem(
        actor=actor,
        kind=run.kind,
        first_date=run.first_date,
        last_date=run.last_date,
        free_series=freed_by(run),
        # The draft of this period keeps them until the plan takes its place.
        without_seats=seats_of_drafts(kind=run.kind, first_date=run.first_date),
        now=clock.now(),
    )
    problem = replace(loaded.problem, weights=run.weights)
    run.problem = snapshot.problem_to_dict(problem)
    run.rows = loaded.rows
    write(run=run, problem=run.problem, rows=run.rows)
    return problem


def _solve(run: PlanningRun, problem: PlanningProblem) -> Plan:
    """Solve in what is left of the run's time, from the best plan it already has."""
    # The engine takes most of a second to load; only a worker needs it.
    from scheduling.solver.solve import SolveSettings, solve

    start = None
    if run.incumbent is not None:
        start = snapshot.plan_from_dict(run.incumbent, problem.horizon)
    seconds = max(LEAST_SECONDS, run.seconds - run.spent_seconds)
    teller = _Teller(run, problem, before=max(0.0, run.seconds - seconds))
    return solve(
        problem,
        SolveSettings(
            seconds=min(seconds, run.seconds), workers=run.workers, seed=run.seed
        ),
        progress=teller.tell,
        should_stop=lambda: teller.stopped,
        start=start,
    )


class _Teller:
    """Writes how far a run is, and every few seconds the best plan it has.

    ``before``: seconds that an earlier worker spent on the run.
    """

    def __init__(
        self, run: PlanningRun, problem: PlanningProblem, *, before: float
    ) -> None:
        self.run, self.problem, self.before = run, problem, before
        self.stopped = False
        self.course: list[list[float | int | None]] = list(run.progress)
        self._kept_at = float("-inf")

    def tell(self, event: ProgressEvent) -> None:
        """Write the event; raises ``LeaseLost`` when another worker has the run."""
        seconds = self.before + event.seconds
        self.course.append([round(seconds, 1), event.value, event.bound])
        if len(self.course) > PROGRESS_POINTS:
            del self.course[1:-1:2]
        best: dict[str, object] = {}
        if event.best and event.seconds - self._kept_at >= INCUMBENT_SECONDS:
            self._kept_at = event.seconds
            plan = event.best()
            best = {"incumbent": snapshot.plan_to_dict(plan, self.problem.horizon)}
        write(
            run=self.run,
            doing=event.doing[:40],
            spent_seconds=seconds,
            value=event.value,
            bound=event.bound,
            placed=event.placed,
            unplaced=event.unplaced,
            progress=self.course,
            **best,
        )
        self.stopped = stop_asked(run=self.run)


def _finish(
    actor: Actor, run: PlanningRun, problem: PlanningProblem, plan: Plan
) -> Schedule | None:
    if plan.status in (SolveStatus.INFEASIBLE, SolveStatus.UNKNOWN):
        _fail(run, ", ".join(plan.contradiction) or "no-plan")
        return None
    told = _explained(run, problem, plan)
    plan = told.plan
    broken = verify.violations(problem, plan)
    if broken:
        raise RuntimeError(f"run {run.pk}: the planner broke {broken[0]}")
    kept = {
        "told": ways_told(problem, run.rows, told),
        "figures": compared_figures(problem, plan, run.rows),
    }
    with transaction.atomic():
        PlanningRun.objects.select_for_update().get(pk=run.pk)
        schedule = _as_draft(actor, run, problem, plan, kept) if run.as_draft else None
        end(
            run=run,
            state=RunState.CANCELLED if stop_asked(run=run) else RunState.DONE,
            plan=snapshot.plan_to_dict(plan, problem.horizon),
            incumbent=None,
            as_draft=schedule is not None,
            found={"kept_beside": True} if run.as_draft and not schedule else {},
            placed=len(plan.allocations),
            unplaced=len(plan.unplaced),
            **kept,
        )
        _log(actor, run, "run.finish", "U")
    return schedule


def _as_draft(
    actor: Actor,
    run: PlanningRun,
    problem: PlanningProblem,
    plan: Plan,
    kept: dict[str, Any],
) -> Schedule | None:
    """The plan in the place of the draft; ``None`` when somebody worked on that draft
    after this run was asked for: nobody's work is thrown away unasked. The work before
    that was seen by who asked (``start_run``)."""
    if touched_since(kind=run.kind, first_date=run.first_date, moment=run.asked_at):
        return None
    drop_drafts(
        actor=actor,
        kind=run.kind,
        first_date=run.first_date,
        then=wanted_seats(plan, run.rows),
    )
    return store_plan(
        actor=actor,
        run=run,
        problem=problem,
        plan=plan,
        figures=kept["figures"],
        told=kept["told"],
    )


def _explained(run: PlanningRun, problem: PlanningProblem, plan: Plan) -> Told:
    from scheduling.solver.explain import tell

    written = time.monotonic()

    def beat() -> None:
        nonlocal written
        if time.monotonic() - written >= BEAT_SECONDS:
            written = time.monotonic()
            write(run=run)

    write(run=run, doing="reasons")
    return tell(problem, plan, beat=beat, should_stop=lambda: stop_asked(run=run))


def _fail(run: PlanningRun, fault: str) -> None:
    try:
        end(run=run, state=RunState.FAILED, fault=fault)
    except LeaseLost:
        logger.warning("run %s was taken over by another worker", run.pk)


def _log(actor: Actor, run: PlanningRun, code: str, action: str) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=PLANNING,
        object_kind="run",
        object_id=run.pk,
    )
