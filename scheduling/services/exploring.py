"""What if, and what the week lacks: asked for from a page, worked out by a worker.

Both begin from a plan that is kept, hold no seats and can never become a draft: the
facts they stand on do not exist (yet). Only numbers and keys of series are kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from scheduling.adapters.changes import changes_of
from scheduling.models import PlanningRun, RunState, RunTask
from scheduling.models.run import UNFINISHED
from scheduling.services.jobs import hand_to_worker
from scheduling.services.lease import end, stop_asked, write
from scheduling.services.scenarios import Scenario, bottlenecks_of, try_changes

if TYPE_CHECKING:
    from people.models import User
    from scheduling.solver.solve import ProgressEvent

POINTS = 400
EVERY = 1.0
"""Seconds between two signs of life of a worker that looks for what lacks."""


class Stopped(Exception):
    """A person asked to stop, and what was found so far says nothing yet."""


@transaction.atomic
def ask_to_explore(
    *,
    actor: Actor,
    user: User | None,
    based_on: int,
    task: RunTask | str,
    changes: Sequence[Mapping[str, Any]] = (),
    seconds: int = 60,
) -> PlanningRun:
    """Ask what other facts would bring (``changes``, see ``adapters.changes``), or
    what the plan lacks most; a worker works it out.

    Raises ``ValidationError`` when the plan is not kept any more, or the same is being
    worked out now.
    """
    base = (
        PlanningRun.objects.select_for_update(no_key=True)
        .filter(pk=based_on, task=RunTask.PLAN, plan__isnull=False)
        .defer("problem", "plan", "told", "rows", "incumbent", "progress")
        .first()
    )
    if base is None:
        raise ValidationError(
            _("The facts of this plan are no longer kept. Make the plan again.")
        )
    if PlanningRun.objects.filter(
        based_on=base, task=task, changes=list(changes), state__in=UNFINISHED
    ).exists():
        raise ValidationError(_("This is being worked out already."))
    run = PlanningRun(
        task=task,
        as_draft=False,
        based_on=base,
        changes=list(changes),
        kind=base.kind,
        first_date=base.first_date,
        last_date=base.last_date,
        asked_by=user,
        seconds=seconds,
        workers=base.workers,
        seed=base.seed,
    )
    run.full_clean()
    run.save(force_insert=True)
    record_event(
        actor=actor,
        code="run.explore",
        action="C",
        purpose=PLANNING,
        object_kind="run",
        object_id=run.pk,
    )
    hand_to_worker(run)
    return run


def explore(*, actor: Actor, run: PlanningRun) -> None:
    """Work out what was asked and end the run; for a worker that has its lease.

    Raises ``LeaseLost``, ``InvalidProblem`` when a change names what is not there, and
    ``ValidationError`` when the plan it is based on is not kept any more.
    """
    base = run.based_on
    if base is None:
        raise ValidationError("the plan is gone")
    write(run=run, doing="facts")
    try:
        if run.task == RunTask.WHAT_IF:
            _what_if(actor, run, base)
        else:
            _lacks(actor, run, base)
    except Stopped:
        end(run=run, state=RunState.CANCELLED)


def _what_if(actor: Actor, run: PlanningRun, base: PlanningRun) -> None:
    teller = _Teller(run)
    found = try_changes(
        actor=actor,
        run=base,
        changes=lambda problem: changes_of(problem, base.rows, run.changes),
        seconds=run.seconds / 2,
        workers=run.workers,
        progress=teller.tell,
        should_stop=lambda: teller.stopped,
    )
    if teller.stopped:
        raise Stopped
    if not found.possible:
        end(run=run, state=RunState.FAILED, fault=", ".join(found.contradiction))
        return
    end(
        run=run,
        state=RunState.DONE,
        figures=found.after,
        found=_as_json(found),
        placed=found.after["seated"],
        unplaced=found.after["unseated"],
    )


def _as_json(found: Scenario) -> dict[str, Any]:
    return {
        "before": found.before,
        "gained": len(found.gained),
        "lost": len(found.lost),
        "opened": sorted(found.opened),
        "closed": sorted(found.closed),
        "moved": sorted(found.moved),
    }


def _lacks(actor: Actor, run: PlanningRun, base: PlanningRun) -> None:
    beat = _beat(run)
    found = bottlenecks_of(actor=actor, run=base, seconds=run.seconds, beat=beat)
    if stop_asked(run=run):
        raise Stopped
    end(
        run=run,
        state=RunState.DONE,
        found={"lacks": [asdict(one) for one in found]},
    )


def _beat(run: PlanningRun) -> Callable[[], None]:
    """Keeps the lease and hears a stop, at most once in ``EVERY`` seconds."""
    told = float("-inf")

    def beat() -> None:
        nonlocal told
        if time.monotonic() - told < EVERY:
            return
        told = time.monotonic()
        write(run=run, doing="lacks")
        if stop_asked(run=run):
            raise Stopped

    return beat


class _Teller:
    """Writes how far the two solves are: half of the time each."""

    def __init__(self, run: PlanningRun) -> None:
        self.run, self.stopped = run, False
        self.course: list[list[float | int | None]] = []

    def tell(self, number: int, event: ProgressEvent) -> None:
        """Write the event; raises ``LeaseLost`` when another worker has the run."""
        seconds = number * self.run.seconds / 2 + event.seconds
        if number:
            # The course is of the week with other facts: that is what is asked.
            self.course.append([round(event.seconds, 1), event.value, event.bound])
            if len(self.course) > POINTS:
                del self.course[1:-1:2]
        write(
            run=self.run,
            doing=event.doing[:40] if number else "as-it-is",
            spent_seconds=min(seconds, self.run.seconds),
            value=event.value,
            bound=event.bound,
            placed=event.placed,
            unplaced=event.unplaced,
            progress=self.course,
        )
        self.stopped = self.stopped or stop_asked(run=self.run)
