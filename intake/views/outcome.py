"""The two professionals of a conversation fill in what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from courses.selectors import catalogue_offerings, reason_codes
from intake.forms import OutcomeForm
from intake.models import Referral
from intake.selectors import (
    chosen_time,
    led_conversations,
    referral_by_id,
)
from intake.services.outcome import record_outcome
from intake.views.access import for_roles, refuse
from people.enums import Role
from people.selectors import facilitator_of

if TYPE_CHECKING:
    from people.models import Facilitator


def _leader(request: HttpRequest) -> Facilitator:
    found = facilitator_of(user=request.user)  # type: ignore[arg-type]
    if found is None:
        refuse(request, "own.page")
    return found


@require_safe
@for_roles(Role.FACILITATOR)
def conversations(request: HttpRequest) -> HttpResponse:
    """The conversations the reader has, or had and that wait for an outcome."""
    leader = _leader(request)
    rows = led_conversations(actor=Actor.of(request.user), facilitator_id=leader.pk)
    return render(request, "intake/conversations.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.FACILITATOR)
def outcome(request: HttpRequest, referral_id: int) -> HttpResponse:
    """The form of one conversation; only for its two professionals."""
    leader = _leader(request)
    time = chosen_time(referral_id=referral_id)
    if time is None or leader not in time.leaders.all():
        refuse(request, "referral.advise", referral_id)
    actor = Actor.of(request.user)
    referral = referral_by_id(actor=actor, referral_id=referral_id)
    if referral is None:
        refuse(request, "referral.advise", referral_id)
    form = OutcomeForm(
        request.POST or None,
        offerings=[
            one for one in catalogue_offerings() if one.policy.takes_registrations
        ],
        reasons=reason_codes(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, referral, form)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("intake:conversations")
    context = {
        "form": form,
        "referral": referral,
        "time": time,
        "others": [one for one in time.leaders.all() if one != leader],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "intake/outcome.html", context, status=status)


def _keep(request: HttpRequest, referral: Referral, form: OutcomeForm) -> None:
    data = form.cleaned_data
    record_outcome(
        actor=Actor.of(request.user),
        user=request.user,  # type: ignore[arg-type]
        referral_id=referral.pk,
        advice=data["advice"],
        offerings=[form.by_pk[pk] for pk in data["offerings"]],
        reason=form.reasons.get(data["reason"]),
    )
    messages.success(request, _("The outcome is kept. The referrer gets a message."))
