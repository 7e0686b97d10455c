"""Making a plan: what to plan, what may move, what weighs, and what was made before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actor import Actor
from scheduling import words
from scheduling.enums import Importance, RunKind, RunState, RunTask, ScheduleState
from scheduling.plan_forms import BESIDE, WEEKS_AHEAD, TermRunForm, WeekRunForm
from scheduling.selectors import (
    Standing,
    drafts_of_periods,
    figures_now,
    latest_standings,
    unfinished_runs,
)
from scheduling.services.access import planners_only, reach_of, region_planners_only
from scheduling.services.asking import ask_for_run
from scheduling.services.edits import StaleDraft
from scheduling.services.movable import groups_to_choose
from scheduling.services.shown import mark_of
from scheduling.services.wishes import (
    Weighed,
    keep_region_importance,
    region_importance,
    weighed,
)
from scheduling.views.runs import TONES, gap_of, state_words, title_of
from scheduling.weeks import Week
from scheduling.wish_words import wish_words

Form = WeekRunForm | TermRunForm


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def new(request: HttpRequest) -> HttpResponse:
    """Choose a week or a term and start; the page of the run follows.

    Who plans for one organisation sees what was planned, and may not start (403).
    """
    return _page(request, weighing=False)


@require_POST
@region_planners_only
def weigh(request: HttpRequest) -> HttpResponse:
    """What the words for the wishes come to; nothing is started.

    The same page with everything still filled in; asked by htmx, that part alone.
    """
    return _page(request, weighing=True)


def _page(request: HttpRequest, *, weighing: bool) -> HttpResponse:
    whole = reach_of(request.user).whole_region
    if request.method == "POST" and not whole:
        raise PermissionDenied("a plan is made for the whole region")
    data = request.POST if request.method == "POST" else None
    form, is_term = _form(request, data)
    preview, busy, status = None, None, 200
    since: list[str] | None = None
    if data is not None and not form.is_valid():
        status = 422
    elif data is not None and weighing:
        preview = _preview(form, is_term=is_term)
    elif data is not None:
        try:
            run_id, busy = _start(request, form, is_term=is_term)
        except StaleDraft as stale:
            run_id, status = None, 409
            since = [words.edit_words(one) for one in stale.edits]
        else:
            status = 422
        if run_id is not None:
            return redirect("scheduling:run", run_id=run_id)
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    if preview is not None and asked_by_htmx:
        return render(request, "scheduling/_weighed.html", {"preview": preview})
    lines = [line_of(one) for one in latest_standings()]
    context = {
        "may_plan": whole,
        "form": form,
        "is_term": is_term,
        "switch": _switch(is_term=is_term),
        "tiers": [(tier_words(tier), fields) for tier, fields in form.tiers],
        "weighs_otherwise": bool(form.region),
        "preview": preview,
        "busy": busy,
        "goes": _goes(form, is_term=is_term),
        "since": since,
        "runs": lines,
        "comparable": sum(one["kept"] for one in lines) > 1,
    }
    return render(request, "scheduling/run_new.html", context, status=status)


def _form(request: HttpRequest, data: Any) -> tuple[Form, bool]:
    asked = (data or {}).get("kind") or request.GET.get("soort", "")
    is_term = asked == RunKind.TERM
    today = timezone.localdate()
    start = Week.of(today)
    until = start.plus(WEEKS_AHEAD).sunday
    choices: dict[str, Any] = {
        "movable": groups_to_choose(start.monday, until),
        "importance": region_importance(),
    }
    if is_term:
        monday = {"first_date": start.plus(1).monday}
        return TermRunForm(data, initial=monday, auto_id="term_%s", **choices), True
    week = _week_asked(request) or start.plus(1)
    return (
        WeekRunForm(
            data,
            today=today,
            initial={"week": str(week)},
            auto_id="week_%s",
            **choices,
        ),
        False,
    )


def _goes(form: Form, *, is_term: bool) -> dict[str, Any] | None:
    """The draft with somebody's work that goes by making this plan; one query.

    That is changes by hand, or a way out that was chosen. A form that asks for nothing
    yet lets the plan stand beside such a draft.
    """
    name = "first_date" if is_term else "week"
    said = (form.cleaned_data if form.is_bound else form.initial).get(name)
    if not said:
        return None
    first = said if is_term else Week.read(said).monday
    period = (RunKind.TERM if is_term else RunKind.WEEK, first)
    draft: Any = drafts_of_periods(periods=[period]).get(period)
    if draft is None or not (draft.version or draft.mends):
        return None
    if (draft.changes or draft.mends) and not form.is_bound:
        form.initial["after"] = BESIDE
    return {
        "title": title_of(draft),
        "mark": mark_of(draft),
        "changes": draft.changes,
        "mends": draft.mends,
    }


def _week_asked(request: HttpRequest) -> Week | None:
    try:
        return Week.read(request.GET.get("week", ""))
    except ValueError:
        return None


def _switch(*, is_term: bool) -> list[tuple[str, str, bool]]:
    address = reverse("scheduling:run-new")
    return [
        (_("One week"), address, not is_term),
        (_("New series of a term"), f"{address}?soort={RunKind.TERM.value}", is_term),
    ]


def _start(
    request: HttpRequest, form: Form, *, is_term: bool
) -> tuple[int | None, Any]:
    """The number of the run, or what stands in the way (said on the form).

    Raises ``StaleDraft`` for changes by hand that the page did not show.
    """
    first, last = form.dates
    actor = Actor.of(request.user)
    kind = RunKind.TERM if is_term else RunKind.WEEK
    try:
        run = ask_for_run(
            actor=actor,
            user=request.user,  # type: ignore[arg-type]
            kind=kind,
            first_date=first,
            last_date=last,
            shown=request.POST.get("draft", ""),
            **form.options,
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        plans = (one for one in unfinished_runs() if one.task == RunTask.PLAN)
        period = (kind, first)
        same = (one for one in plans if (one.kind, one.first_date) == period)
        return None, next(same, None)
    if form.cleaned_data.get("keep_importance"):
        keep_region_importance(
            actor=actor,
            user=request.user,  # type: ignore[arg-type]
            importance=form.importance,
        )
    return run.pk, None


def _preview(form: Form, *, is_term: bool) -> dict[str, Any]:
    """What the plan that there is costs by wish, weighed as usual and as asked."""
    first: date = form.dates[0]
    kind = RunKind.TERM if is_term else RunKind.WEEK
    source, figures = figures_now(kind=kind, first_date=first)
    rows = weighed(figures.get("costs", {}), form.importance) if source else []
    tiers: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        tiers.setdefault(row.tier, []).append(_weighed_line(row))
    return {
        "source": _sources().get(source, ""),
        "tiers": [(tier_words(tier), lines) for tier, lines in tiers.items()],
    }


def _weighed_line(row: Weighed) -> dict[str, Any]:
    def share(value: float | None) -> str:
        return words.DASH if value is None else words.percent(value)

    return {
        "tag": wish_words(row.wish).tag,
        "counted": wish_words(row.wish).counted,
        "importance": Importance(row.importance).label,
        "otherwise": row.importance != Importance.USUAL,
        "cost": words.number(row.cost),
        "now": share(row.now),
        "then": share(row.then),
        "dominates": row.dominates,
    }


def _sources() -> dict[str, str]:
    return {
        "draft": _("the draft of this period"),
        "published": _("what is published of this period"),
        "run": _("the newest plan of this period"),
    }


def tier_words(tier: int) -> str:
    """What a tier is about, in words."""
    return {
        2: _("The lightest help that suits"),
        3: _("What people were told, and are used to"),
        4: _("Comfort and fairness"),
    }[tier]


def line_of(one: Standing) -> dict[str, Any]:
    """One run in the list of plans."""
    run, state = one.run, standing_words(one)
    gap = gap_of(run.value, run.bound)
    return {
        "run": run,
        "title": title_of(run),
        "state": state[0],
        "tone": state[1],
        "kept": one.kept,
        "asked": words.moment_in_text(timezone.localtime(run.asked_at)),
        "gap": words.DASH if gap is None else words.percent(gap, 1),
        "seated": words.DASH if run.placed is None else words.number(run.placed),
    }


def standing_words(one: Standing) -> tuple[str, str]:
    """What became of a plan, with the tone of its pill."""
    if one.schedule is not None:
        return {
            ScheduleState.DRAFT: (_("Draft"), "draft"),
            ScheduleState.PUBLISHED: (_("Published"), "ok"),
            ScheduleState.ARCHIVED: (_("Was published before"), "plain"),
        }[ScheduleState(one.schedule.state)]
    if one.beside:
        return _("Stands beside the draft"), "info"
    if one.run.placed is not None:
        return _("Thrown away, or replaced"), "plain"
    return state_words(one.run), TONES[RunState(one.run.state)]
