"""Ways to mend a week are being looked for: how far it is, and then on to them.

Most are found within a second: the page then goes on by itself, so that nobody has to
press anything to get to what was asked for.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from scheduling import words
from scheduling.enums import RunState
from scheduling.messages import doing_sentence
from scheduling.models import PlanningRun, Repair, RepairKind
from scheduling.selectors import is_unfinished, run_by_id
from scheduling.selectors.repairs import repairs_found
from scheduling.services.access import coordinates_region, region_planners_only
from scheduling.services.happenings import Question
from scheduling.views.happened import (
    again_fields,
    is_repair,
    kind_words,
    not_kept,
    repair_line,
    title_of,
)
from scheduling.views.runs import TONES, fault_of, state_words


@require_safe
@region_planners_only
def looking(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far it is; the page asks its own address twice a second while it works.

    When ways were found, or none are needed, it leads there: by itself, or without
    script when the page is asked for again.
    """
    run = run_by_id(run_id=run_id)
    if run is None or not is_repair(run):
        raise Http404("no such run")
    if not run.changes:
        return not_kept(request)
    repairs = repairs_found(run=run)
    by_htmx = request.headers.get("HX-Request") == "true"
    if run.state == RunState.DONE or (run.state == RunState.CANCELLED and repairs):
        if by_htmx:  # may ask twice, and what there is to say is said once
            return HttpResponseClientRedirect(request.path)
        return redirect(_answer(request, run, repairs))
    template = "scheduling/_looking.html" if by_htmx else "scheduling/looking.html"
    by_person = coordinates_region(request.user)
    response = render(request, template, _context(run, repairs, by_person=by_person))
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, run: PlanningRun, repairs: list[Repair]) -> str:
    """Where the answer is, with what there is to say of it."""
    if run.state == RunState.CANCELLED:
        messages.warning(request, _stopped(run))
    if not repairs:
        return _nothing(request, run)
    if len(repairs) > 1:
        told = ngettext(
            "%(number)s week is touched: choose for each.",
            "%(number)s weeks are touched: choose for each.",
            len(repairs),
        )
        messages.info(request, told % {"number": len(repairs)})
    return reverse("scheduling:repair", args=[repairs[0].pk])


def _nothing(request: HttpRequest, run: PlanningRun) -> str:
    """Where to go on when no way is needed, or there is none, with what is said."""
    question, cares = Question.of(run), coordinates_region(request.user)
    if question.kind is RepairKind.RESIDENT_JOINED:
        messages.warning(request, no_seat(time_up=run.found.get("time_up", False)))
        page = reverse("scheduling:registration", args=[question.about])
        return page if cares else reverse("scheduling:week")
    if question.kind is RepairKind.RESIDENT_LEFT:
        messages.success(
            request, _("All that this person asked is ended. No session changes by it.")
        )
        free = reverse("scheduling:came-free", args=[question.about])
        return free if cares else reverse("scheduling:week")
    if question.kind is RepairKind.ROOM_TAKEN:
        messages.success(
            request,
            _("No published session is in that room when it is taken or shut."),
        )
        return reverse("scheduling:week")
    messages.success(
        request, _("It is written down. No published session is touched by it.")
    )
    return reverse("scheduling:week")


def no_seat(*, time_up: bool) -> str:
    """That there is no seat, or that none was found in the time there was."""
    if time_up:
        return _(
            "No seat was found in the time there was; perhaps there is one. Look "
            "again when it is less busy, or make the plan of a week again."
        )
    return _(
        "No group that is published in that week has a free seat that suits this "
        "person, or others come first. Make the plan of a week again: it looks at "
        "everything, and says what would help."
    )


def _stopped(run: PlanningRun) -> str:
    told = _("You stopped looking. These are the best ways that were found by then.")
    left = len(Question.of(run).weeks) - len(run.found.get("weeks", ()))
    if left > 0:
        told += " " + ngettext(
            "%(number)s week was not looked at.",
            "%(number)s weeks were not looked at.",
            left,
        ) % {"number": left}
    return told


def _context(
    run: PlanningRun, repairs: list[Repair], *, by_person: bool
) -> dict[str, Any]:
    question, busy = Question.of(run), is_unfinished(run)
    again = again_fields(question, after=run.pk, by_person=by_person)
    state = RunState(run.state)
    return {
        "run": run,
        "page_title": kind_words(question.kind),
        "title": title_of(question.kind, question.about, by_person=by_person),
        "days": words.days_between(question.first, question.last),
        "busy": busy,
        "state": (_state(run), TONES[state]),
        "doing": doing_sentence(run.doing) if run.doing else "",
        "looked": len(run.found.get("weeks", ())),
        "weeks": len(question.weeks),
        "repairs": [repair_line(one, by_person=by_person) for one in repairs],
        "fault": fault_of(run) if state is RunState.FAILED else None,
        "again": again,
        "back": again["action"]
        if again
        else reverse("scheduling:report", args=["ziek"]),
        "announce": f"{_state(run)}.",
    }


def _state(run: PlanningRun) -> str:
    """How far it is, in words that speak of ways and not of a plan."""
    if run.state == RunState.RUNNING and run.cancel_asked:
        return _("Stopping: the best ways so far are kept")
    return state_words(run)
