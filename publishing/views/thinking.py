"""A mental-health professional is asked for half an hour, and says yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.actor import Actor
from intake.selectors import consultations_for, was_asked
from publishing.services import thinking
from publishing.views.access import for_facilitators, refuse

if TYPE_CHECKING:
    from people.models import Facilitator


@require_safe
@for_facilitators
def asked(request: HttpRequest, facilitator: Facilitator) -> HttpResponse:
    """What is asked of the reader, and what he or she accepted."""
    rows = consultations_for(facilitator_id=facilitator.pk)
    return render(request, "publishing/asked.html", {"rows": rows})


@require_POST
@for_facilitators
def answer(
    request: HttpRequest, facilitator: Facilitator, time_id: int
) -> HttpResponse:
    """Yes or no to one question; pressed twice it is answered once."""
    if not was_asked(time_id=time_id, facilitator_id=facilitator.pk):
        refuse(request, "consultation.answer", time_id)
    actor = Actor.of(request.user)
    try:
        if request.POST.get("act") == "yes":
            thinking.accept(actor=actor, facilitator=facilitator, time_id=time_id)
            messages.success(request, _("It is in your agenda."))
        elif thinking.say_no(actor=actor, facilitator=facilitator, time_id=time_id):
            messages.success(request, _("Thank you. Somebody else is asked."))
        else:
            messages.info(request, _("This question is no longer open."))
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    return redirect("publishing:asked")
