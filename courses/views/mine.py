""" "Mijn afspraken": a resident's meetings, places and waiting lists, and leaving."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from audit.actor import Actor
from courses import words
from courses.enums import EnrolmentState
from courses.kinds import LevelOfCare
from courses.models import Enrolment, Series, Session
from courses.selectors import (
    enrolments_of,
    registration_of,
    registrations_of,
    sessions_of,
)
from courses.services import accept_offer, withdraw, withdraw_registration
from courses.services.own_page import cards_for
from courses.views.reader import for_residents, refuse
from courses.views.waits import ASKING, waits_of

if TYPE_CHECKING:
    from people.models import Resident

SOON = timedelta(weeks=4)


@dataclass(frozen=True, kw_only=True)
class Day:
    """The meetings of one day."""

    date: date
    sessions: list[Session]


def days(sessions: list[Session]) -> list[Day]:
    """Meetings by the Amsterdam day on which they begin, in order."""
    return [
        Day(date=on, sessions=list(there))
        for on, there in groupby(sessions, key=words.session_day)
    ]


@require_safe
@for_residents
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    """What is next, where there is a place, and where one still waits."""
    actor = Actor.of(request.user)
    sessions = sessions_of(actor=actor, resident_id=resident.pk)
    registrations = registrations_of(actor=actor, resident_id=resident.pk)
    limit = timezone.now() + SOON
    seats = [seat for one in registrations for seat in one.enrolments.all()]
    taken = [
        one
        for one in seats
        if one.state == EnrolmentState.ENROLLED and not _is_way_in(one)
    ]
    coming = {session.series_id for session in sessions}
    context = {
        "soon": days([one for one in sessions if one.period.lower < limit]),
        "later": days([one for one in sessions if one.period.lower >= limit]),
        "offers": [one for one in seats if one.state == EnrolmentState.OFFERED],
        "seats": [(one, _is_over(one.series, coming)) for one in taken],
        "waiting": waits_of(registrations),
        "cards": cards_for(resident),
    }
    return render(request, "courses/mine.html", context)


def _is_way_in(seat: Enrolment) -> bool:
    """An exploratory conversation: its own page changes it, and the agenda shows it."""
    return seat.series.offering.policy.level_of_care == LevelOfCare.INTAKE


def _is_over(series: Series, coming: set[uuid.UUID]) -> bool:
    """Whether a series with meetings has none to come."""
    return series.offering.session_minutes is not None and series.pk not in coming


def _own_seat(
    request: HttpRequest, resident: Resident, enrolment_id: int, code: str
) -> Enrolment:
    seats = enrolments_of(actor=Actor.of(request.user), resident_id=resident.pk)
    found = next((seat for seat in seats if seat.pk == enrolment_id), None)
    if found is None:
        refuse(request, code, enrolment_id)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def leave(request: HttpRequest, resident: Resident, enrolment_id: int) -> HttpResponse:
    """Give up a place, or refuse an offered one; asks once more first (GET)."""
    seat = _own_seat(request, resident, enrolment_id, "enrolment.withdraw")
    if _is_way_in(seat):
        return redirect("publishing:own_times")
    offered = seat.state == EnrolmentState.OFFERED
    if request.method != "POST":
        context = {
            "seat": seat,
            "offered": offered,
            "when": words.usual_time(seat.series),
            "place": words.place(seat.series),
        }
        return render(request, "courses/leave.html", context)
    first = seat.series.first_date
    begun = not offered and first is not None and first <= timezone.localdate()
    try:
        withdraw(enrolment=seat, actor=Actor.of(request.user), stopped=begun)
    except ValidationError as refused:  # two presses at once
        messages.info(request, refused.messages[0])
    else:
        messages.success(
            request,
            _("You gave up your place in “%(title)s”. Someone else can have it now.")
            % {"title": seat.series.offering.title},
        )
    return redirect("courses:mine")


@require_POST
@for_residents
def accept(request: HttpRequest, resident: Resident, enrolment_id: int) -> HttpResponse:
    """Take a place that was offered from the waiting list."""
    seat = _own_seat(request, resident, enrolment_id, "enrolment.accept")
    if seat.state == EnrolmentState.OFFERED:
        try:
            accept_offer(enrolment=seat, actor=Actor.of(request.user))
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
            return redirect("courses:mine")
    return redirect("courses:joined", series_id=seat.series_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def stop_waiting(
    request: HttpRequest, resident: Resident, registration_id: int
) -> HttpResponse:
    """Leave the waiting list; asks once more first (GET)."""
    actor = Actor.of(request.user)
    found = registration_of(
        actor=actor, registration_id=registration_id, resident_id=resident.pk
    )
    if found is None:
        refuse(request, "registration.withdraw", registration_id)
    if found.state not in ASKING:
        # Closed by now; or a place, which is given up by `leave` in as many words.
        messages.info(request, _("You are not on this waiting list now."))
        return redirect("courses:mine")
    if request.method != "POST":
        waiting = [
            one
            for one in waits_of(registrations_of(actor=actor, resident_id=resident.pk))
            if one.registration.pk == found.pk
        ]
        return render(
            request,
            "courses/stop_waiting.html",
            {"registration": found, "waiting": waiting},
        )
    try:
        withdraw_registration(registration=found, actor=actor)
    except ValidationError as refused:  # two presses at the same moment
        messages.info(request, refused.messages[0])
    else:
        messages.success(request, _("You are no longer on this waiting list."))
    return redirect("courses:mine")
