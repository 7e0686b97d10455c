"""Making a plan: what to plan, how it goes (live), stopping, and what came of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from audit.actor import Actor
from scheduling import words
from scheduling.enums import RunKind, RunState, ScheduleState
from scheduling.forms import TermRunForm, WeekRunForm, week_words
from scheduling.messages import FaultWords, doing_sentence, fault_words
from scheduling.selectors import (
    is_unfinished,
    latest_runs,
    pin_rows,
    run_by_id,
    schedule_of_run,
    unfinished_runs,
)
from scheduling.services.access import planners_only, reach_of, region_planners_only
from scheduling.services.asking import ask_for_run
from scheduling.services.runs import ask_to_stop
from scheduling.views.facts import facts_of_figures
from scheduling.weeks import Week

TONES = {
    RunState.QUEUED: "info",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.CANCELLED: "warn",
    RunState.FAILED: "bad",
}


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def new(request: HttpRequest) -> HttpResponse:
    """Choose a week or a term and start; the page of the run follows.

    Who plans for one organisation sees what was planned, and may not start (403).
    """
    whole = reach_of(request.user).whole_region
    if request.method == "POST" and not whole:
        raise PermissionDenied("a plan is made for the whole region")
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    is_term = data is not None and data.get("kind") == RunKind.TERM
    asked = _week_asked(request) or Week.of(today).plus(1)
    week_form = WeekRunForm(
        None if is_term else data,
        today=today,
        initial={"week": str(asked)},
        prefix=None,
        auto_id="week_%s",
    )
    monday = {"first_date": Week.of(today).plus(1).monday}
    term_form = TermRunForm(
        data if is_term else None, initial=monday, auto_id="term_%s"
    )
    form: WeekRunForm | TermRunForm = term_form if is_term else week_form
    busy = None
    if data is not None and form.is_valid():
        first, last = form.dates
        try:
            run = ask_for_run(
                actor=Actor.of(request.user),
                user=request.user,  # type: ignore[arg-type]
                kind=RunKind.TERM if is_term else RunKind.WEEK,
                first_date=first,
                last_date=last,
                seconds=form.cleaned_data["seconds"],
            )
            return redirect("scheduling:run", run_id=run.pk)
        except ValidationError as error:
            form.add_error(None, error.messages)
            busy = next(
                (one for one in unfinished_runs() if one.first_date == first), None
            )
    runs = [_line(one) for one in latest_runs()]
    context = {
        "may_plan": whole,
        "comparable": [one for one in runs if one["run"].placed is not None],
        "week_form": week_form,
        "term_form": term_form,
        "busy": busy,
        "runs": runs,
    }
    status = 422 if data is not None else 200
    return render(request, "scheduling/run_new.html", context, status=status)


def _week_asked(request: HttpRequest) -> Week | None:
    try:
        return Week.read(request.GET.get("week", ""))
    except ValueError:
        return None


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
    return redirect("scheduling:run", run_id=run_id)


def _run_context(run_id: int) -> dict[str, Any]:
    found = run_by_id(run_id=run_id)
    if found is None:
        raise Http404("no such run")
    state = RunState(found.state)
    schedule = schedule_of_run(run=found)
    busy = is_unfinished(found)
    return {
        "run": found,
        "busy": busy,
        "waiting_for_worker": state is RunState.QUEUED,
        "failed": state is RunState.FAILED,
        "cancelled": state is RunState.CANCELLED,
        "title": title_of(found),
        "state": (_state_words(found), TONES[state]),
        "doing": doing_sentence(found.doing) if busy else "",
        "facts": _live_facts(found),
        "points": found.progress,
        "fault": _fault(found) if state is RunState.FAILED else None,
        "schedule": schedule,
        "is_draft": schedule is not None and schedule.state == ScheduleState.DRAFT,
        "figures": facts_of_figures(schedule.figures) if schedule else [],
        "left_out": found.unplaced or 0,
        "week_link": _week_link(found, schedule),
        "announce": _announcement(found, busy=busy, schedule=schedule),
    }


def title_of(run: Any) -> str:
    """What a run plans, in words."""
    if run.kind == RunKind.WEEK:
        return week_words(Week.of(run.first_date))
    return _("New series: %(days)s") % {
        "days": words.days_between(run.first_date, run.last_date)
    }


def _state_words(run: Any) -> str:
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


def _fault(run: Any) -> FaultWords:
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
        return f"{_state_words(run)}."
    if schedule is None:
        return _("The run has ended without a plan.")
    return _("The plan is ready. %(placed)s people have a seat.") % {
        "placed": run.placed
    }


def _line(run: Any) -> dict[str, Any]:
    return {
        "run": run,
        "title": title_of(run),
        "state": _state_words(run),
        "tone": TONES[RunState(run.state)],
        "asked": words.moment_in_text(timezone.localtime(run.asked_at)),
        "gap": gap_of(run.value, run.bound),
        "gap_words": words.percent(gap_of(run.value, run.bound) or 0, 1),
    }
