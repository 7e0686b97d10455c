"""Missing a date, going to another group, a pause, and coming back."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actor import Actor
from courses.cards import Act, cards
from courses.enums import EnrolmentState
from courses.models import Enrolment
from courses.selectors import enrolments_of, open_series, registration_of
from courses.selectors.queue import queues
from courses.services.changes import (
    LONGEST_PAUSE,
    can_pause,
    pause,
    rejoin,
    say_absent,
    swap,
)
from courses.views.reader import for_residents, refuse

if TYPE_CHECKING:
    from people.models import Resident

AHEAD = 26
"""Dates that are asked about: half a year of a weekly group."""
MANY = 12


def _taken(
    request: HttpRequest, resident: Resident, enrolment_id: int, code: str
) -> Enrolment:
    """The reader's own seat; anything else is not there, and that is logged."""
    seats = enrolments_of(actor=Actor.of(request.user), resident_id=resident.pk)
    found = next((seat for seat in seats if seat.pk == enrolment_id), None)
    if found is None or found.state != EnrolmentState.ENROLLED:
        refuse(request, code, enrolment_id)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def absent(request: HttpRequest, resident: Resident, enrolment_id: int) -> HttpResponse:
    """Say which coming dates one misses; no reason is asked."""
    seat = _taken(request, resident, enrolment_id, "absence.say")
    series = open_series().filter(pk=seat.series_id).first()
    coming = series.coming_sessions[:AHEAD] if series is not None else []
    if request.method == "POST":
        wanted = set(request.POST.getlist("session"))
        try:
            say_absent(
                enrolment=seat,
                sessions=[one for one in coming if str(one.pk) in wanted],
                actor=Actor.of(request.user),
                user=resident.person.user,
            )
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
        else:
            messages.success(request, _("We noted which dates you cannot come."))
        return redirect("courses:joined", series_id=seat.series_id)
    missed = set(seat.absences.values_list("session_id", flat=True))
    context = {
        "seat": seat,
        "dates": [(one, one.pk in missed) for one in coming],
    }
    return render(request, "courses/absent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def swap_group(
    request: HttpRequest, resident: Resident, enrolment_id: int
) -> HttpResponse:
    """Go to another group of the same course."""
    seat = _taken(request, resident, enrolment_id, "enrolment.swap")
    others = list(
        open_series(offering_id=seat.series.offering_id).exclude(pk=seat.series_id)
    )
    waiting = queues(series_ids=[one.pk for one in others])
    shown = [one for one in cards(others, queues=waiting) if one.act is not Act.LATER]
    if request.method != "POST":
        context = {"seat": seat, "cards": shown[:MANY]}
        return render(request, "courses/swap.html", context)
    wanted = request.POST.get("series", "")
    series = next((one.series for one in shown if str(one.series.pk) == wanted), None)
    if series is None:
        messages.error(request, _("Choose a group from the list."))
        return redirect("courses:swap", enrolment_id=enrolment_id)
    try:
        result = swap(enrolment=seat, series=series, actor=Actor.of(request.user))
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return redirect("courses:swap", enrolment_id=enrolment_id)
    if result.enrolment is None:
        messages.info(
            request,
            _("You keep your place. You are also on the waiting list of this group."),
        )
    return redirect("courses:joined", series_id=series.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def pause_seat(
    request: HttpRequest, resident: Resident, enrolment_id: int
) -> HttpResponse:
    """Stop for some weeks; the place in turn stays."""
    seat = _taken(request, resident, enrolment_id, "registration.pause")
    today = timezone.localdate()
    context: dict[str, Any] = {
        "seat": seat,
        "can_pause": can_pause(seat),
        "weeks": [2, 4, 8, 12, 26],
        "last": today + LONGEST_PAUSE,
    }
    if request.method == "POST":
        try:
            until = _day(request.POST.get("weeks", ""), today)
            pause(enrolment=seat, until=until, actor=Actor.of(request.user))
        except ValidationError as refused:
            context["wrong"] = refused.messages
            return render(request, "courses/pause.html", context, status=400)
        messages.success(request, _("You paused. You can come back at any time."))
        return redirect("courses:mine")
    return render(request, "courses/pause.html", context)


def _day(weeks: str, today: date) -> date:
    if not (weeks.isascii() and weeks.isdigit() and len(weeks) <= 2):
        raise ValidationError(_("Choose how long you want to pause."))
    return today + timedelta(weeks=int(weeks))


@require_POST
@for_residents
def come_back(
    request: HttpRequest, resident: Resident, registration_id: int
) -> HttpResponse:
    """End a pause today."""
    actor = Actor.of(request.user)
    found = registration_of(
        actor=actor, registration_id=registration_id, resident_id=resident.pk
    )
    if found is None:
        refuse(request, "registration.rejoin", registration_id)
    try:
        rejoin(registration=found, actor=actor)
    except ValidationError as refused:
        messages.info(request, refused.messages[0])
    else:
        messages.success(request, _("You are back. You see here what comes next."))
    return redirect("courses:mine")


def own_pause(registrations: Any, series_id: uuid.UUID) -> Any:
    """The paused registration for a series, if there is one."""
    return next(
        (
            one
            for one in registrations
            if one.paused_until is not None
            and one.paused_until > timezone.localdate()
            and any(choice.series_id == series_id for choice in one.choices.all())
        ),
        None,
    )
