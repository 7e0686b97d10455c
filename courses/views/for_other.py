"""A helper writes down what somebody told: about an offer, a place, or waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from courses import words
from courses.enums import EnrolmentState, ToldAct
from courses.forms_told import ToldForm
from courses.models import Registration
from courses.selectors.for_other import (
    arranged_by,
    coming_dates,
    registration_for_helper,
    seat_for_helper,
)
from courses.services.for_other import (
    act_on_seat,
    act_on_waiting,
    seat_acts,
    waiting_acts,
)
from courses.views.helpers import for_helpers
from courses.views.reader import refuse
from people.enums import Role

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True, kw_only=True)
class Arranged:
    """One thing that a supporter asked for somebody, and how it stands."""

    name: str
    title: str
    when: str
    state: str
    tone: str
    address: str


def arranged(*, user: User) -> list[Arranged]:
    """What a client supporter arranged, newest first; empty for other helpers."""
    if not user.has_role(Role.CLIENT_SUPPORTER):
        return []
    found = arranged_by(actor=Actor.of(user), supporter=user)
    return [line for one in found for line in _lines(one)]


def _lines(one: Registration) -> list[Arranged]:
    name = one.resident.person.call_name
    seats = [
        Arranged(
            name=name,
            title=seat.series.offering.title,
            when=words.usual_time(seat.series),
            state=str(seat.get_state_display()).capitalize(),
            tone="ok" if seat.state == EnrolmentState.ENROLLED else "info",
            address=reverse("courses:seat_for_somebody", args=[seat.pk]),
        )
        for seat in one.enrolments.all()
        if seat_acts(seat)
    ]
    if seats or not waiting_acts(one):
        return seats
    return [
        Arranged(
            name=name,
            title=", ".join(_titles(one)) or _("Nothing is asked now"),
            when="",
            state=str(one.get_state_display()).capitalize(),
            tone="warn",
            address=reverse("courses:wait_for_somebody", args=[one.pk]),
        )
    ]


def _titles(one: Registration) -> list[str]:
    """What is waited for, each title once."""
    found = [str(one.theme)] if one.theme is not None else []
    found += [one.offering.title] if one.offering is not None else []
    for choice in one.choices.all():
        series = choice.series
        offering = choice.offering or (series.offering if series is not None else None)
        found += [offering.title] if offering is not None else []
    return list(dict.fromkeys(found))


@require_http_methods(["GET", "HEAD", "POST"])
@for_helpers
def seat_for_somebody(
    request: HttpRequest, user: User, enrolment_id: int
) -> HttpResponse:
    """What somebody said about an offered place, or one that he or she has."""
    actor = Actor.of(user)
    seat = seat_for_helper(actor=actor, user=user, enrolment_id=enrolment_id)
    if seat is None:
        refuse(request, "enrolment.told", enrolment_id)
    acts = seat_acts(seat)
    back = _back(user, seat.registration_id)
    if not acts:
        return _over(request, back)
    dates = coming_dates(seat=seat) if ToldAct.ABSENT in acts else []
    if not dates:
        acts = [one for one in acts if one != ToldAct.ABSENT]
    form, status = _asked(request, acts, dates)
    if request.method == "POST" and status == 200:
        try:
            act_on_seat(
                actor=actor,
                user=user,
                enrolment=seat,
                act=form.cleaned_data["act"],
                told_by=form.cleaned_data["how"],
                sessions=form.missed,
                until=form.until,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            status = 409
        else:
            return _done(request, back)
    context = {
        "form": form,
        "back": back,
        "title": seat.series.offering.title,
        "when": words.usual_time(seat.series),
        "place": words.place(seat.series),
        "until": seat.offer_expires_at,
        "changed": status == 409,
    }
    return render(request, "courses/told.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_helpers
def wait_for_somebody(
    request: HttpRequest, user: User, registration_id: int
) -> HttpResponse:
    """What somebody said about waiting: back from a pause, or no more."""
    actor = Actor.of(user)
    found = registration_for_helper(
        actor=actor, user=user, registration_id=registration_id
    )
    if found is None:
        refuse(request, "registration.told", registration_id)
    acts = waiting_acts(found)
    back = _back(user, found.pk)
    if not acts:
        return _over(request, back)
    form, status = _asked(request, acts, [])
    if request.method == "POST" and status == 200:
        try:
            act_on_waiting(
                actor=actor,
                registration=found,
                act=form.cleaned_data["act"],
                told_by=form.cleaned_data["how"],
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            status = 409
        else:
            return _done(request, back)
    context = {
        "form": form,
        "back": back,
        "title": ", ".join(_titles(found)),
        "paused": found.paused_until if ToldAct.REJOIN in acts else None,
        "changed": status == 409,
    }
    return render(request, "courses/told.html", context, status=status)


def _asked(
    request: HttpRequest, acts: list[ToldAct], dates: list[Any]
) -> tuple[ToldForm, int]:
    """The form and its status: 409 with a fresh form for what was possible before."""
    if request.method != "POST":
        return ToldForm(acts=acts, dates=dates), 200
    act = request.POST.get("act", "")
    if act in ToldAct.values and act not in acts:
        return ToldForm(acts=acts, dates=dates), 409
    form = ToldForm(request.POST, acts=acts, dates=dates)
    return form, 200 if form.is_valid() else 400


def _back(user: User, registration_id: int) -> str:
    if user.has_role(Role.COORDINATOR):
        return reverse("scheduling:registration", args=[registration_id])
    return reverse("courses:for_somebody")


def _over(request: HttpRequest, back: str) -> HttpResponse:
    messages.info(request, _("This was written down already, or it is over."))
    return redirect(back)


def _done(request: HttpRequest, back: str) -> HttpResponse:
    messages.success(request, _("It is written down."))
    return redirect(back)
