"""Choosing between plans of a period: one becomes the draft, the others hold nothing.

A plan that stands beside the draft holds no seats and no rooms. When it is chosen, the
draft before it goes with its seats, and the rows of today decide: a plan that no longer
fits what is so now is refused by name, and nothing has changed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.selectors import planning_registrations
from courses.selectors.coordinator import series_with_offering
from scheduling.adapters.store_plan import store_plan, wanted_seats
from scheduling.messages import rule_words
from scheduling.models import (
    PlanningRun,
    RunState,
    RunTask,
    Schedule,
    ScheduleState,
)
from scheduling.models.run import UNFINISHED
from scheduling.services.drafts import drop_drafts, judge_schedule
from scheduling.services.meanwhile import changed_in_run
from scheduling.services.shown import must_be_as_shown
from scheduling.solver import snapshot
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem

SHOWN = 5
NO_FILES: dict[str, Any] = {
    "problem": None,
    "plan": None,
    "incumbent": None,
    "told": None,
    "rows": {},
}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The draft that was made, and how many people of the plan no longer ask."""

    schedule: Schedule
    gone: int


@transaction.atomic
def choose_run(
    *,
    actor: Actor,
    run_id: int,
    drop_others: bool = False,
    shown: str | None = None,
) -> Chosen:
    """Make the plan of a run the draft of its period, in the place of the one before.

    Pressing twice is pressing once. ``drop_others``: the other plans of the period
    that stand beside it are thrown away. ``shown``: the draft that goes, as the page
    showed it (``shown.mark_of``).

    Raises ``ValidationError`` when the plan is not kept any more, a plan of the period
    is being made, the period was published after this plan was made, or the plan does
    not fit the rows of today; ``StaleDraft`` when the draft is not as shown.
    """
    run = PlanningRun.objects.filter(pk=run_id).first()
    if run is None or run.task != RunTask.PLAN or run.state in UNFINISHED:
        raise ValidationError(_("There is no plan of this run that can be chosen."))
    there = _locked_period(run)
    own = there.get(run.pk)
    run.refresh_from_db()
    if own is not None and own.state == ScheduleState.DRAFT:
        return Chosen(schedule=own, gone=0)
    _must_be_timely(run, own)
    drafts = (one for one in there.values() if one.state == ScheduleState.DRAFT)
    must_be_as_shown(draft=next(drafts, None), shown=shown)
    problem = snapshot.problem_from_dict(run.problem)
    plan = snapshot.plan_from_dict(run.plan, problem.horizon)
    drop_drafts(
        actor=actor,
        kind=run.kind,
        first_date=run.first_date,
        then=wanted_seats(plan, run.rows),
    )
    chosen = _store(actor, run, problem, plan)
    _must_fit(actor, chosen.schedule)
    PlanningRun.objects.filter(pk=run.pk).update(as_draft=True, found={})
    _log(actor, run, "run.choose", "U")
    if drop_others:
        for other in _beside(run):
            _drop(actor, other)
    return chosen


@transaction.atomic
def drop_run(*, actor: Actor, run_id: int) -> PlanningRun:
    """Throw the plan of a run away: its facts and plan are erased, the line stays.

    Raises ``ValidationError`` when it is being made, or is a draft or published.
    """
    run = PlanningRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or run.state in UNFINISHED:
        raise ValidationError(_("Stop this run first."))
    if Schedule.objects.filter(run=run).exclude(state=ScheduleState.ARCHIVED).exists():
        raise ValidationError(
            _("This plan is the draft, or is published. Throw the draft away there.")
        )
    _drop(actor, run)
    return run


def _locked_period(run: PlanningRun) -> dict[int | None, Schedule]:
    """The schedules of the run's period by run, locked until the transaction ends."""
    # Runs of one period are locked in one order, so that of two choices one waits.
    same = PlanningRun.objects.filter(kind=run.kind, first_date=run.first_date)
    list(same.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    schedules = Schedule.objects.select_for_update().filter(
        kind=run.kind, first_date=run.first_date
    )
    return {one.run_id: one for one in schedules.order_by("pk")}


def _must_be_timely(run: PlanningRun, own: Schedule | None) -> None:
    if own is not None:
        raise ValidationError(
            _("This plan was published already. Make the plan again.")
        )
    if run.problem is None or run.plan is None:
        raise ValidationError(
            _("The facts of this plan are no longer kept. Make the plan again.")
        )
    same = {"kind": run.kind, "first_date": run.first_date}
    if PlanningRun.objects.filter(
        task=RunTask.PLAN, as_draft=True, state__in=UNFINISHED, **same
    ).exists():
        raise ValidationError(
            _("A plan for this period is already being made. Wait for it, or stop it.")
        )
    if Schedule.objects.filter(
        state=ScheduleState.PUBLISHED, published_at__gt=run.asked_at, **same
    ).exists():
        raise ValidationError(
            _("This period was published after this plan was made. Make it again.")
        )
    _must_be_as_seen(run)


def _must_be_as_seen(run: PlanningRun) -> None:
    """No series of the plan is gone, or changed since the plan was made."""
    names = changed_groups(run=run)
    if names:
        raise ValidationError(
            _("Groups changed after this plan was made: %(names)s. Make it again.")
            % {"names": names}
        )


def changed_groups(*, run: PlanningRun) -> str:
    """Groups in the facts of a run that are gone, or changed in the agenda since: their
    names, a few at most, and nothing when all are as they were, or have been held.
    Three queries at most.
    """
    changed = changed_in_run(run=run)
    if not changed:
        return ""
    rows = series_with_offering(series_ids=changed)
    names = sorted({row.offering.title for row in rows.values()})
    return _some(names) or _("groups that are gone")


def _store(
    actor: Actor, run: PlanningRun, problem: PlanningProblem, plan: Plan
) -> Chosen:
    asking, gone = _who_still_ask(actor, run, problem, plan)
    schedule = store_plan(
        actor=actor,
        run=run,
        problem=problem,
        plan=asking,
        figures=run.figures,
        told=run.told,
    )
    return Chosen(schedule=schedule, gone=gone)


def _who_still_ask(
    actor: Actor, run: PlanningRun, problem: PlanningProblem, plan: Plan
) -> tuple[Plan, int]:
    """The plan for those who still wait; how many had a seat in it and do not."""
    keys = {
        item.id: int(run.rows["registrations"][item.id])
        for item in problem.registrations
    }
    rows = planning_registrations(actor=actor, registration_ids=list(keys.values()))
    waiting = {row.pk for row in rows}
    still = {ident for ident, key in keys.items() if key in waiting}
    kept = tuple(one for one in plan.allocations if one.registration_id in still)
    unplaced = tuple(one for one in plan.unplaced if one.registration_id in still)
    gone = len(plan.allocations) - len(kept)
    # What was for nobody else (a conversation) is not held for nobody.
    lost = {one.series_id for one in plan.allocations if one not in kept}
    wanted = {one.series_id for one in kept}
    wanted |= {one.series_id for one in problem.published.placements}
    wanted |= {item.id for item in problem.series if item.members}
    placements = tuple(
        one
        for one in plan.placements
        if one.series_id not in lost or one.series_id in wanted
    )
    asking = replace(plan, placements=placements, allocations=kept, unplaced=unplaced)
    return asking, gone


def _must_fit(actor: Actor, schedule: Schedule) -> None:
    """The rows of today bear the draft: nothing is stored that breaks a rule."""
    broken = judge_schedule(actor=actor, schedule=schedule).violations
    if broken:
        tags = sorted({str(rule_words(one.rule).tag) for one in broken})
        raise ValidationError(
            _("This plan does not fit any more: %(rules)s. Make it again.")
            % {"rules": _some(tags)}
        )


def _some(names: Collection[str]) -> str:
    shown = list(names)[:SHOWN]
    return ", ".join([*shown, "…"] if len(names) > SHOWN else shown)


def _beside(run: PlanningRun) -> list[PlanningRun]:
    """Plans of the same period that stand beside its draft."""
    others = PlanningRun.objects.filter(
        task=RunTask.PLAN,
        kind=run.kind,
        first_date=run.first_date,
        state__in=[RunState.DONE, RunState.CANCELLED],
        plan__isnull=False,
        schedules=None,
        repair=None,
    )
    return list(others.exclude(pk=run.pk))


def _drop(actor: Actor, run: PlanningRun) -> None:
    PlanningRun.objects.filter(pk=run.pk).update(**NO_FILES, figures={}, found={})
    _log(actor, run, "run.drop", "D")


def _log(actor: Actor, run: PlanningRun, code: str, action: str) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=PLANNING,
        object_kind="run",
        object_id=run.pk,
    )
