"""Will you lead this? Answered on the own page, or by the link of a mail.

Looking never answers: some mail programs open every link. Whoever has the link sees
when and where, and not what it is about; that is behind the sign-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from courses.enums import DeclineReason
from courses.selectors import assignments_of, sessions_asked
from courses.services import answer_assignment, answer_by_link, assignment_by_link
from publishing.services.trouble import tell_sessions
from publishing.views.access import for_facilitators, refuse

if TYPE_CHECKING:
    from courses.models import Assignment, Session
    from people.models import Facilitator

YES, NO = "yes", "no"
GONE = 410


def _tell_refusal(
    actor: Actor, assignment: Assignment, sessions: list[Session]
) -> None:
    """The coordinator looks for somebody else, beginning with the first date."""
    if assignment.state == "declined":
        why = f"declined-{assignment.pk}"
        tell_sessions(actor=actor, sessions=sessions[:1], why=why)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def assignment(
    request: HttpRequest, facilitator: Facilitator, assignment_id: int
) -> HttpResponse:
    """One asking with all that belongs to it; an answer may be changed."""
    own = assignments_of(facilitator_id=facilitator.pk)
    found = next((one for one in own if one.pk == assignment_id), None)
    if found is None:
        refuse(request, "assignment.read", assignment_id)
    context: dict[str, Any] = {
        "assignment": found,
        "sessions": found.coming,
        "reasons": DeclineReason.choices,
        "signed_in": True,
    }
    if request.method != "POST":
        return render(request, "publishing/assignment.html", context)
    actor = Actor.of(request.user)
    try:
        row = answer_assignment(
            actor=actor,
            assignment=found,
            accepted=request.POST.get("answer") == YES,
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as error:
        context["faults"] = error.messages
        return render(request, "publishing/assignment.html", context, status=400)
    _tell_refusal(actor, row, found.coming)
    messages.success(
        request,
        _("Thank you. You lead this.")
        if row.state == "accepted"
        else _("Thank you for telling. The coordinator looks for somebody else."),
    )
    return redirect("publishing:my_agenda")


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a mail; the same words for any link that is over."""
    found = assignment_by_link(token=token)
    if found is None:
        return _bare(request, {"over": True}, status=GONE)
    sessions = sessions_asked(assignment=found)
    context: dict[str, Any] = {
        "assignment": found,
        "sessions": sessions,
        "reasons": DeclineReason.choices,
    }
    if request.method != "POST":
        return _bare(request, context)
    try:
        row = answer_by_link(
            token=token,
            accepted=request.POST.get("answer") == YES,
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as error:
        return _bare(request, context | {"faults": error.messages}, status=400)
    if row is None:  # another press was first
        return _bare(request, {"over": True}, status=GONE)
    actor = Actor(user_id=f"link:{row.pk}", role="link")
    _tell_refusal(actor, row, sessions)
    return _bare(request, {"done": row.state})


def _bare(
    request: HttpRequest, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    response = render(request, "publishing/assignment.html", context, status=status)
    add_never_cache_headers(response)
    return response
