"""What somebody is asked so that a seat, or a group, becomes possible: yes or no.

For a resident or a leader, on an own page. No is as easy as yes, and costs nothing.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.record import OWN_DATA, record_event, record_read
from people.selectors import person_of
from scheduling.help_words import question_sentences
from scheduling.models import StepState
from scheduling.selectors.left_out import words_of_ways
from scheduling.selectors.steps import offering_words, step_asked_of
from scheduling.services.helping import answer_step

REFUSED = 409


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question(request: HttpRequest, step_id: int) -> HttpResponse:
    """One question asked of the reader; another's is not found, and logged."""
    user: Any = request.user
    actor = Actor.of(user)
    person = person_of(user=user)
    step = (
        step_asked_of(step_id=step_id, person_id=person.pk)
        if person is not None
        else None
    )
    if person is None or step is None:
        record_event(
            actor=actor,
            code="help.question",
            action="R",
            purpose=OWN_DATA,
            object_kind="help",
            object_id=step_id,
            result="refused",
        )
        raise Http404("not yours, or not there")
    leads = step.registration is None or (
        step.registration.resident.person_id != person.pk
    )
    back = reverse("publishing:my_agenda") if leads else reverse("courses:mine")
    status = 200
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        agreed = request.POST["answer"] == "yes"
        try:
            answer_step(actor=actor, step=step, agreed=agreed)
        except ValidationError as refused:
            status = REFUSED
            for sentence in refused.messages:
                messages.error(request, sentence)
            step.refresh_from_db()
        else:
            messages.success(request, _said(agreed))
            return redirect(back)
    elif request.method == "POST":
        status = REFUSED
        messages.error(request, _("Say yes or no."))
    record_read(
        actor=actor,
        subjects=[person.pk],
        purpose=OWN_DATA,
        code="help.question",
        object_kind="help",
        object_id=step.pk,
    )
    titles, _places = words_of_ways([{"changes": step.changes}])
    context = {
        "step": step,
        "leads": leads,
        "back": back,
        "open": step.state == StepState.ASKED,
        "lines": question_sentences(
            step.changes, titles | offering_words(step.changes)
        ),
    }
    return render(request, "scheduling/question.html", context, status=status)


def _said(agreed: bool) -> str:
    if agreed:
        return _("Thank you. We noted your yes. A next plan uses it.")
    return _("Thank you. We noted your no. Nothing changes.")
