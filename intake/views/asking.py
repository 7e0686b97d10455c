"""A helper asks to think along; a resident asks for a talk with one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from procrastinate.contrib.django import app

from audit.actor import Actor
from intake.enums import TalkState
from intake.forms import ConsultationForm, TalkForm
from intake.selectors import (
    is_in_reach,
    open_talk_of,
    open_talks,
    own_consultation,
    own_consultations,
)
from intake.services import ask_consultation, withdraw_consultation
from intake.services.refer import PROPOSE
from intake.services.talks import ask_talk, close_talk
from intake.views.access import (
    HELPERS,
    for_residents,
    for_roles,
    own_organisations,
    refuse,
)
from people.enums import Role

if TYPE_CHECKING:
    from people.models import Resident


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*HELPERS)
def think_along(request: HttpRequest) -> HttpResponse:
    """Ask a mental-health professional for half an hour, and what was asked before."""
    user: Any = request.user
    own = own_organisations(user, *HELPERS)
    if not own:
        return render(request, "intake/no_organisation.html", status=403)
    form = ConsultationForm(request.POST or None, organisations=own)
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        ask_consultation(
            actor=Actor.of(user),
            asked_by=user,
            organisation=form.organisations[form.cleaned_data["organisation"]],
            topic=form.cleaned_data["topic"],
            wished_days=DateRange(today, today + form.days),
            once=form.cleaned_data["once"],
        )
        app.configure_task(PROPOSE, queue="care").defer(timestamp=0)
        messages.success(request, _("We look for a time. You get a message."))
        return redirect("intake:think_along")
    context = {"form": form, "rows": own_consultations(user_id=user.pk)}
    status = 422 if request.method == "POST" else 200
    return render(request, "intake/think_along.html", context, status=status)


@require_POST
@for_roles(*HELPERS)
def stop_thinking(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """Take a question back that nobody accepted yet."""
    user: Any = request.user
    row = own_consultation(consultation_id=consultation_id, user_id=user.pk)
    if row is None:
        refuse(request, "consultation.withdraw", consultation_id)
    if withdraw_consultation(actor=Actor.of(user), consultation=row):
        messages.success(request, _("Your question is taken back."))
    else:
        messages.info(request, _("This question is no longer open."))
    return redirect("intake:think_along")


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def talk(request: HttpRequest, resident: Resident) -> HttpResponse:
    """Ask for a talk with one person, see that it was asked, or take it back."""
    actor = Actor.of(request.user)
    open_one = open_talk_of(resident_id=resident.pk)
    if request.method == "POST" and request.POST.get("act") == "stop":
        if open_one is not None:
            close_talk(actor=actor, talk_id=open_one.pk, state=TalkState.WITHDRAWN)
        messages.success(request, _("You do not ask for a talk any more."))
        return redirect("intake:talk")
    form = TalkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask_talk(actor=actor, resident=resident, way=form.cleaned_data["way"])
        return redirect("intake:talk")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "open": open_one}
    return render(request, "intake/talk.html", context, status=status)


@require_safe
@for_roles(Role.COORDINATOR)
def talks(request: HttpRequest) -> HttpResponse:
    """Who asks for a talk, to call or write to; those of the reader's organisations."""
    user: Any = request.user
    rows = open_talks(
        actor=Actor.of(user), organisation_ids=user.organisations_for(Role.COORDINATOR)
    )
    return render(request, "intake/talks.html", {"rows": rows})


@require_POST
@for_roles(Role.COORDINATOR)
def talk_done(request: HttpRequest, talk_id: int) -> HttpResponse:
    """The talk was arranged."""
    user: Any = request.user
    scope = user.organisations_for(Role.COORDINATOR)
    if not is_in_reach(talk_id=talk_id, organisation_ids=scope):
        refuse(request, "talk.close", talk_id)
    close_talk(actor=Actor.of(user), talk_id=talk_id, state=TalkState.DONE, user=user)
    messages.success(request, _("This talk is arranged."))
    return redirect("intake:talks")
