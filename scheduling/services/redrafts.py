"""Drafts that begin from what is published: a way out that was chosen, or the week as
it is, to be changed by hand.

They stand on a run that is over: it keeps the facts, so that a repair can be answered
for and replayed like every other plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.selectors import planning_registrations
from courses.services import drop_held_seats
from scheduling.adapters.load_problem import Loaded, load_problem, week_dates
from scheduling.adapters.store_plan import Pair, store_plan, wanted_seats
from scheduling.messages import rule_words
from scheduling.models import (
    PlanningRun,
    Repair,
    RepairAlternative,
    RunKind,
    RunState,
    Schedule,
    ScheduleState,
)
from scheduling.services import clock
from scheduling.services.carried import carry_over
from scheduling.services.choosing import changed_groups
from scheduling.services.draft_locks import lock_held
from scheduling.services.drafts import (
    NEVER_ACCEPTED,
    about_rows,
    breach_key,
    judge_schedule,
)
from scheduling.services.new_groups import drop_halves
from scheduling.services.shown import must_be_as_shown
from scheduling.solver import snapshot, verify
from scheduling.solver.plan import Plan
from scheduling.solver.problem import PlanningProblem

if TYPE_CHECKING:
    from people.models import User


def load_week(*, actor: Actor, monday: date) -> Loaded:
    """The problem of a week as its rows stand now."""
    first, last = week_dates(monday)
    return load_problem(
        actor=actor,
        kind=RunKind.WEEK,
        first_date=first,
        last_date=last,
        now=clock.now(),
    )


def published_alone(problem: PlanningProblem) -> PlanningProblem:
    """The problem without series that were never published: a repair opens none."""
    told = {item.series_id for item in problem.published.placements}
    return replace(
        problem,
        series=tuple(item for item in problem.series if item.id in told),
        registrations=tuple(
            replace(
                item,
                choices=tuple(one for one in item.choices if one.series_id in told),
            )
            for item in problem.registrations
        ),
        series_order=tuple(pair for pair in problem.series_order if set(pair) <= told),
        pins=tuple(pin for pin in problem.pins if pin.series_id in told),
        seat_pins=tuple(
            pin for pin in problem.seat_pins if pin.series_id in (None, *told)
        ),
    )


def kept_run(
    *,
    actor: Actor,
    user: User | None,
    monday: date,
    problem: PlanningProblem,
    rows: dict[str, Any],
) -> PlanningRun:
    """A run that is over, with the facts that a draft is made from.

    When a group had changed is kept of the groups in ``problem`` alone.
    """
    first, last = week_dates(monday)
    there = {rows["series"][item.id] for item in problem.series}
    seen = {key: moment for key, moment in rows["seen"].items() if key in there}
    now = timezone.now()
    run = PlanningRun.objects.create(
        kind=RunKind.WEEK,
        first_date=first,
        last_date=last,
        state=RunState.DONE,
        asked_by=user,
        seconds=0,
        workers=1,
        problem=snapshot.problem_to_dict(problem),
        rows=rows | {"seen": seen},
        started_at=now,
        finished_at=now,
    )
    _log(actor, "run.start", "C", "run", run.pk)
    return run


@transaction.atomic
def choose_alternative(
    *, actor: Actor, repair: Repair, rank: int, shown: str | None = None
) -> Schedule:
    """Make one way out the draft of its week; another choice replaces it.

    Pressing twice is pressing once. ``shown``: the draft of another choice that goes,
    as the page showed it (``shown.mark_of``).

    Raises ``ValidationError`` when there is no such way, its facts were erased, it was
    released already, the week has a draft that is not of this repair, or the way does
    not fit the week of today any more; ``StaleDraft`` when the draft is not as shown.
    """
    repair = Repair.objects.select_for_update(of=("self",)).get(pk=repair.pk)
    chosen = repair.alternatives.filter(rank=rank).first()
    if chosen is None or chosen.plan is None or repair.run.problem is None:
        raise ValidationError(_("This way to repair is not kept any more."))
    run = repair.run
    going: Schedule | None = None
    others = Schedule.objects.select_for_update().filter(
        kind=run.kind, first_date=run.first_date
    )
    for one in others.exclude(state=ScheduleState.ARCHIVED):
        if one.run_id == run.pk and one.state == ScheduleState.DRAFT:
            if shown is not None and repair.chosen == rank and one.version == 0:
                return one
            must_be_as_shown(draft=one, shown=shown)
            going = one
        elif one.run_id == run.pk:
            raise ValidationError(_("This repair was published already."))
        elif one.state == ScheduleState.DRAFT:
            raise ValidationError(
                _("This week has another draft. Publish it or throw it away first.")
            )
    problem = snapshot.problem_from_dict(run.problem)
    plan = snapshot.plan_from_dict(chosen.plan, problem.horizon)
    if going is not None:
        _drop(actor, going, then=wanted_seats(plan, run.rows))
    if names := changed_groups(run=run):
        raise ValidationError(
            _(
                "Groups changed after these ways were found: %(names)s. Look for ways "
                "again."
            )
            % {"names": names}
        )
    schedule = _stored(actor, run, problem, plan)
    _must_seat(actor, run, plan, schedule)
    _must_fit(actor, chosen, problem, plan, schedule)
    repair.chosen = rank
    repair.save(update_fields=["chosen"])
    _log(actor, "repair.choose", "U", "repair", repair.pk)
    return schedule


def _must_seat(actor: Actor, run: PlanningRun, plan: Plan, schedule: Schedule) -> None:
    """Everybody who gets a seat by the way still waits, and the draft holds it."""
    names = run.rows["registrations"]
    keys = [int(names[one.registration_id]) for one in plan.allocations]
    if not keys:
        return
    waiting = planning_registrations(actor=actor, registration_ids=keys)
    if schedule.seats.count() < len(keys) or len(waiting) < len(keys):
        raise ValidationError(
            _(
                "A seat of this way was taken meanwhile, or is not waited for any "
                "more. Look for ways again."
            )
        )


def _must_fit(
    actor: Actor,
    chosen: RepairAlternative,
    problem: PlanningProblem,
    plan: Plan,
    schedule: Schedule,
) -> None:
    """What the way changes breaks nothing today that it did not break when it was
    found, and nothing is used twice. What else is the matter with the week, and a pin
    that had to give way, is asked about at the release as always."""
    changed = {change["series"] for change in chosen.means["changes"]}
    known = {
        breach_key(one.rule, about_rows(one, chosen.repair.run.rows), one.slot)
        for one in verify.violations(problem, plan)
    }
    judged = judge_schedule(actor=actor, schedule=schedule)
    broken = set()
    for one in judged.violations:
        about = about_rows(one, judged.rows)
        series = {key for kind, key in about if kind == "series"}
        key = breach_key(one.rule, about, one.slot)
        if one.rule == "pinned-placement" or key in known:
            continue
        if one.rule in NEVER_ACCEPTED or series & changed:
            broken.add(str(rule_words(one.rule).tag))
    if broken:
        raise ValidationError(
            _("This way does not fit any more: %(rules)s. Look for ways again.")
            % {"rules": ", ".join(sorted(broken))}
        )


def _drop(actor: Actor, draft: Schedule, *, then: Sequence[Pair]) -> None:
    """Drop a draft; the seats of the way that takes its place are held after it."""
    lock_held([draft], then=then)
    pairs = list(draft.seats.values_list("registration_id", "series_id"))
    drop_held_seats(pairs=pairs, actor=actor)
    _log(actor, "schedule.drop", "D", "schedule", draft.pk)
    drop_halves(actor=actor, schedule=draft)
    draft.delete()


def _stored(
    actor: Actor, run: PlanningRun, problem: PlanningProblem, plan: Plan
) -> Schedule:
    """The draft; a change decides on no seats but those that came free, so who waits
    is taken over from what is published."""
    schedule = store_plan(
        actor=actor,
        run=run,
        problem=problem,
        plan=replace(plan, unplaced=()),
        figures={},
    )
    carry_over(schedule=schedule, horizon=problem.horizon)
    return schedule


@transaction.atomic
def draft_of_published(*, actor: Actor, user: User | None, monday: date) -> Schedule:
    """A draft of a week as it is published now, to be changed by hand.

    Raises ``ValidationError`` when the week has a draft already.
    """
    drafts = Schedule.objects.select_for_update().filter(
        kind=RunKind.WEEK, first_date=monday, state=ScheduleState.DRAFT
    )
    if drafts.exists():
        raise ValidationError(
            _("This week has another draft. Publish it or throw it away first.")
        )
    loaded = load_week(actor=actor, monday=monday)
    problem = published_alone(loaded.problem)
    run = kept_run(
        actor=actor, user=user, monday=monday, problem=problem, rows=loaded.rows
    )
    return _stored(actor, run, problem, Plan(problem.id, problem.published.placements))


def _log(actor: Actor, code: str, action: str, kind: str, key: object) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=PLANNING,
        object_kind=kind,
        object_id=key,
    )
