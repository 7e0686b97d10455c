"""A run: how it goes (live), stopping it, what came of it, and choosing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from audit.actor import Actor
from scheduling import words
from scheduling.enums import RunKind, RunState, RunTask, ScheduleState
from scheduling.forms import week_words
from scheduling.messages import FaultWords, doing_sentence, fault_words
from scheduling.selectors import (
    drafts_of_periods,
    is_unfinished,
    pin_rows,
    run_by_id,
    schedule_of_run,
    standing_beside,
)
from scheduling.services.access import planners_only, reach_of, region_planners_only
from scheduling.services.choosing import choose_run, drop_run
from scheduling.services.edits import StaleDraft
from scheduling.services.runs import ask_to_stop
from scheduling.services.shown import mark_of
from scheduling.views.asked import asked_in_words
from scheduling.views.facts import facts_of_figures
from scheduling.weeks import Week

TONES = {
    RunState.QUEUED: "info",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.CANCELLED: "warn",
    RunState.FAILED: "bad",
}
PAGES = {
    RunTask.PLAN: "scheduling:run",
    RunTask.WHAT_IF: "scheduling:tried",
    RunTask.REPAIR: "scheduling:looking",
}
"""Where each run is followed; what a plan lacks is a part of the page of that plan."""


@require_safe
@planners_only
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """A run as it goes. While it works the page asks its own address every second.

    Asked by htmx it answers with the part that changes; when the run has ended that
    part no longer asks, so the polling stops.
    """
    context = _run_context(run_id)
    context["may_plan"] = reach_of(request.user).whole_region
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    template = "scheduling/_run.html" if asked_by_htmx else "scheduling/run.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@region_planners_only
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop a run; it keeps the best plan it has."""
    found = run_by_id(run_id=run_id)
    if found is None:
        raise Http404("no such run")
    ask_to_stop(actor=Actor.of(request.user), run=found)
    if found.task == RunTask.LACKS and found.based_on_id:
        return redirect("scheduling:what-if", run_id=found.based_on_id)
    return redirect(PAGES.get(RunTask(found.task), PAGES[RunTask.PLAN]), run_id=run_id)


@require_POST
@region_planners_only
def choose(request: HttpRequest, run_id: int) -> HttpResponse:
    """Make the plan of a run the draft of its period; the draft before it goes.

    A plan that no longer fits is refused with words on its own page; a draft that a
    colleague changed meanwhile stays, and the changes are told (409).
    """
    if run_by_id(run_id=run_id) is None:
        raise Http404("no such run")
    drop_others = bool(request.POST.get("anders_weg"))
    try:
        chosen = choose_run(
            actor=Actor.of(request.user),
            run_id=run_id,
            drop_others=drop_others,
            shown=request.POST.get("draft", ""),
        )
    except StaleDraft as stale:
        context = _run_context(run_id) | {
            "may_plan": True,
            "stale": True,
            "since": [words.edit_words(one) for one in stale.edits],
            "drop_others": drop_others,
        }
        return render(request, "scheduling/run.html", context, status=409)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("scheduling:run", run_id=run_id)
    messages.success(request, _("This plan is the draft now. It holds its seats."))
    if chosen.gone:
        told = ngettext(
            "%(number)s person of this plan no longer asks, and has no seat in it.",
            "%(number)s people of this plan no longer ask, and have no seat in it.",
            chosen.gone,
        )
        messages.warning(request, told % {"number": words.number(chosen.gone)})
    return redirect("scheduling:run", run_id=run_id)


@require_POST
@region_planners_only
def throw_away(request: HttpRequest, run_id: int) -> HttpResponse:
    """Throw away a plan that stands beside the draft."""
    if run_by_id(run_id=run_id) is None:
        raise Http404("no such run")
    try:
        drop_run(actor=Actor.of(request.user), run_id=run_id)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("scheduling:run", run_id=run_id)
    messages.success(request, _("The plan is thrown away. No seat changed."))
    return redirect("scheduling:run-new")


def _run_context(run_id: int) -> dict[str, Any]:
    found = run_by_id(run_id=run_id)
    if found is None or found.task != RunTask.PLAN:
        raise Http404("no such run")
    state = RunState(found.state)
    schedule = schedule_of_run(run=found)
    busy = is_unfinished(found)
    beside = schedule is None and bool(found.figures)
    return {
        "run": found,
        "busy": busy,
        "waiting_for_worker": state is RunState.QUEUED,
        "failed": state is RunState.FAILED,
        "cancelled": state is RunState.CANCELLED,
        "title": title_of(found),
        "state": (state_words(found), TONES[state]),
        "doing": doing_sentence(found.doing) if busy else "",
        "facts": _live_facts(found),
        "points": found.progress,
        "fault": fault_of(found) if state is RunState.FAILED else None,
        "schedule": schedule,
        "is_draft": schedule is not None and schedule.state == ScheduleState.DRAFT,
        "beside": beside,
        **(
            goes_of(found, drafts_of_periods(periods=[period_of(found)]))
            if beside
            else {}
        ),
        "kept_beside": bool(found.found.get("kept_beside")),
        "others": [] if busy else standing_beside(run=found, limit=3),
        "asked": asked_in_words(found),
        "figures": facts_of_figures(schedule.figures if schedule else found.figures),
        "left_out": found.unplaced or 0,
        "week_link": _week_link(found, schedule),
        "announce": _announcement(found, busy=busy, schedule=schedule),
    }


def period_of(run: Any) -> tuple[str, date]:
    """The period of a run, as ``drafts_of_periods`` has it."""
    return run.kind, run.first_date


def goes_of(run: Any, drafts: Mapping[tuple[str, date], Any]) -> dict[str, Any]:
    """The draft that goes when this run is chosen: its mark, and the work in it."""
    draft = drafts.get(period_of(run))
    return {
        "draft_mark": mark_of(draft),
        "draft_changes": draft.changes if draft is not None else 0,
        "draft_mends": draft is not None and draft.mends,
    }


def title_of(run: Any) -> str:
    """What a run plans, in words."""
    if run.kind == RunKind.WEEK:
        return week_words(Week.of(run.first_date))
    return _("New series: %(days)s") % {
        "days": words.days_between(run.first_date, run.last_date)
    }


def state_words(run: Any) -> str:
    """How far a run is, in words."""
    if run.state == RunState.RUNNING and run.cancel_asked:
        return _("Stopping: the best plan so far is kept")
    return {
        RunState.QUEUED: _("Waiting for a worker"),
        RunState.RUNNING: _("At work"),
        RunState.DONE: _("Ready"),
        RunState.CANCELLED: _("Stopped"),
        RunState.FAILED: _("Failed"),
    }[RunState(run.state)]


def _live_facts(run: Any) -> list[tuple[str, str, str, float | None]]:
    """Cards (value, label, of, percent) while a run works."""
    cards = []
    if run.placed is not None and run.unplaced is not None:
        asking = run.placed + run.unplaced
        cards.append(
            (
                words.number(run.placed),
                ngettext("person has a seat", "people have a seat", run.placed),
                _("of %(all)s") % {"all": words.number(asking)},
                100 * run.placed / asking if asking else None,
            )
        )
    gap = gap_of(run.value, run.bound)
    if gap is not None:
        label = _("at most, and proven, away from the best plan")
        cards.append((words.percent(gap, 1), label, "", None))
    if run.started_at is not None:
        spent = min(run.spent_seconds, run.seconds)
        label = _("seconds of %(all)s") % {"all": words.number(run.seconds)}
        share = 100 * spent / run.seconds
        cards.append((words.number(spent), label, "", share))
    return cards


def gap_of(value: int | None, bound: float | None) -> float | None:
    """(bound - value) / bound of tier 1, at least 0; ``None`` while one is unknown."""
    if value is None or bound is None:
        return None
    return max(0.0, (bound - value) / bound) if bound else 0.0


def fault_of(run: Any) -> FaultWords:
    """Why a run failed, with the names of what it names."""
    series_pins, seat_pins = pin_rows(idents=run.fault.split(", "))
    names = dict.fromkeys(run.fault.split(", "), _("something that is free by now"))
    for pin in series_pins:
        title = pin.series.offering.title
        if pin.closed:
            names[f"pin{pin.pk}"] = _("%(title)s: not held") % {"title": title}
            continue
        parts = [words.moment_in_text(timezone.localtime(pin.first_start))] * bool(
            pin.first_start
        )
        parts += [pin.room.name] if pin.room else []
        parts += [_("fixed leaders")] if pin.facilitators else []
        names[f"pin{pin.pk}"] = f"{title}: {', '.join(parts) or _('is held')}"
    for seat in seat_pins:
        who = _("Resident %(number)s") % {"number": seat.registration.resident_id}
        where = seat.series.offering.title if seat.series else _("no seat")
        names[f"seat{seat.pk}"] = f"{who}: {where}"
    return fault_words(run.fault, names)


def _week_link(run: Any, schedule: Any) -> str:
    href = reverse("scheduling:week", args=[Week.of(run.first_date)])
    draft = schedule is not None and schedule.state == ScheduleState.DRAFT
    return f"{href}?versie={schedule.pk}" if draft else href


def _announcement(run: Any, *, busy: bool, schedule: Any) -> str:
    """What a screen reader is told: a change of state, never each number."""
    if busy:
        return f"{state_words(run)}."
    if schedule is None and not run.figures:
        return _("The run has ended without a plan.")
    return _("The plan is ready. %(placed)s people have a seat.") % {
        "placed": run.placed
    }
