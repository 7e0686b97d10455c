"""Taking part: what happens before, the press itself, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from audit.actor import Actor
from courses.cards import Act, Card, Own, card, cards
from courses.enums import RUNNING_STATES, EnrolmentState
from courses.kinds import WayIn
from courses.models import Enrolment, Registration, Series
from courses.near import journey_from
from courses.selectors import catalogue_offerings, open_series, registrations_of
from courses.selectors.queue import own_positions, queues
from courses.services import enrol
from courses.services.ask import ask_for_offering
from courses.services.changes import can_pause
from courses.services.waiting import open_registration, wait_in_order
from courses.suitability import cautions, objections
from courses.views.changing import own_pause
from courses.views.reader import for_residents, own_states, refuse, resident_behind

if TYPE_CHECKING:
    from people.models import Resident

MOST_ALSO = 6
"""Other groups one can wait for at once."""
NUMBERS = tuple(str(number) for number in range(1, MOST_ALSO + 2))
"""Which comes first, second and so on, of the group itself and the others."""


def _is_open(series_id: uuid.UUID) -> Series:
    """A series that can be joined, without what a page shows of it; or no page."""
    found = (
        Series.objects.select_related("offering")
        .filter(pk=series_id, state__in=RUNNING_STATES, offering__in_catalogue=True)
        .first()
    )
    if found is None:
        raise Http404("no such series")
    return found


def _series(series_id: uuid.UUID) -> Series:
    """A series that is open now, or no page."""
    found = open_series().filter(pk=series_id, offering__in_catalogue=True).first()
    if found is None:
        raise Http404("no such series")
    return found


def _own_card(request: HttpRequest, series: Series, resident: Resident) -> Card:
    mine = registrations_of(actor=Actor.of(request.user), resident_id=resident.pk)
    home, room = resident.person.place, series.room
    journey = None
    if home is not None and room is not None:
        journey = journey_from(home, to=[room.centre.place], mode=resident.travel_mode)
    return card(
        series,
        queue=queues(series_ids=[series.pk])[series.pk],
        own=own_states(mine).get(series.pk, Own.NOTHING),
        journey=journey,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """What taking part means (GET), and doing it (POST).

    A visitor reads how to get an account; nothing of him is kept. A press that
    comes twice ends on the same page as the first.
    """
    resident = resident_behind(request)
    if request.method == "POST":
        series = _is_open(series_id)
        if not request.user.is_authenticated:
            return redirect("courses:join", series_id=series_id)
        if resident is None:
            refuse(request, "enrolment.enrol", series_id)
        return _enrol(request, series, resident)
    series = _series(series_id)
    if resident is None:
        return _how_to_start(request, series)
    return _before(request, series, resident)


def _how_to_start(request: HttpRequest, series: Series) -> HttpResponse:
    here = reverse("courses:join", kwargs={"series_id": series.pk})
    shown = card(series, queue=queues(series_ids=[series.pk])[series.pk])
    context = {
        "card": shown,
        "login_url": f"{reverse(settings.LOGIN_URL)}?next={here}",
        "contact_email": settings.GEM_CONTACT_EMAIL,
        "by_mail_url": (
            reverse("courses:join_by_mail", args=[series.pk])
            if series.offering.policy.way_in == WayIn.FREE
            else ""
        ),
    }
    return render(request, "courses/how_to_start.html", context)


def _before(request: HttpRequest, series: Series, resident: Resident) -> HttpResponse:
    shown = _own_card(request, series, resident)
    if shown.own in {Own.SEAT, Own.WAITING}:
        return redirect("courses:joined", series_id=series.pk)
    reasons: list[str] = []
    if shown.own is not Own.OFFER:
        reasons = objections(
            resident_id=resident.pk,
            series=series,
            registration=open_registration(resident, series),
        )
    warned = cautions(resident_id=resident.pk, series=series) if not reasons else []
    return _page(request, shown, reasons, cautions=warned)


def _page(
    request: HttpRequest,
    shown: Card,
    reasons: list[str],
    status: int = 200,
    cautions: Sequence[str] = (),
) -> HttpResponse:
    also = _also(shown) if shown.act is Act.WAIT and not reasons else []
    context: dict[str, Any] = {
        "card": shown,
        "reasons": reasons,
        "cautions": cautions,
        "also": also,
        "numbers": range(1, len(also) + 2),
        "may_ask": shown.act is Act.LATER,
        "contact_email": settings.GEM_CONTACT_EMAIL,
    }
    return render(request, "courses/join.html", context, status=status)


def _also(shown: Card) -> list[Card]:
    """Other full groups of the offering, to wait for any of them."""
    others = list(
        open_series(offering_id=shown.offering.pk).exclude(pk=shown.series.pk)
    )
    waiting = queues(series_ids=[one.pk for one in others])
    found = cards(others, queues=waiting)
    return [one for one in found if one.act in {Act.WAIT, Act.JOIN}][:MOST_ALSO]


def _enrol(request: HttpRequest, series: Series, resident: Resident) -> HttpResponse:
    actor = Actor.of(request.user)
    two = 2 if request.POST.get("companion") else None
    try:
        result = enrol(series=series, resident=resident, actor=actor, seats=two)
        if result.enrolment is None:
            _wait_for_more(request, series, result.registration, actor)
    except ValidationError as refused:
        series = _series(series.pk)
        shown = _own_card(request, series, resident)
        if shown.own in {Own.SEAT, Own.WAITING}:  # pressed twice
            return redirect("courses:joined", series_id=series.pk)
        return _page(request, shown, refused.messages, status=409)
    if result.enrolment is None and request.POST.get("expects") == "seat":
        messages.warning(
            request,
            _("We cannot give you a place at once. You are on the waiting list now."),
        )
    return redirect("courses:joined", series_id=series.pk)


def _wait_for_more(
    request: HttpRequest, series: Series, registration: Registration, actor: Actor
) -> None:
    """Wait for the other groups that were ticked too, in the order of their numbers."""
    wanted = request.POST.getlist("also")[:MOST_ALSO]
    if not wanted:
        return
    others = open_series(offering_id=series.offering_id).exclude(pk=series.pk)
    ticked = [one for one in others if str(one.pk) in wanted]
    ranked = sorted([series, *ticked], key=lambda one: _number(request, one))
    wait_in_order(registration=registration, ranked=ranked, actor=actor)


def _number(request: HttpRequest, series: Series) -> int:
    """The number that was given to a group; without one it comes after the others."""
    text = request.POST.get(f"rank-{series.pk}", "")
    return int(text) if text in NUMBERS else len(NUMBERS)


@require_safe
@for_residents
def joined(
    request: HttpRequest, resident: Resident, series_id: uuid.UUID
) -> HttpResponse:
    """What came of it: a place, or a number on the waiting list."""
    actor = Actor.of(request.user)
    mine = registrations_of(actor=actor, resident_id=resident.pk)
    own = own_states(mine).get(series_id, Own.NOTHING)
    series = open_series().filter(pk=series_id).first()
    if own is Own.NOTHING:
        refuse(request, "enrolment.read", series_id)
    if series is None:
        raise Http404("this series is over")
    places = own_positions(registration_ids=[one.pk for one in mine])
    position = next((n for (_one, at), n in places.items() if at == series_id), None)
    seat = _seat(mine, series_id)
    context = {
        "card": card(series, own=own),
        "position": position,
        "seat": seat,
        "can_pause": seat is not None and can_pause(seat),
        "paused": own_pause(mine, series_id),
        "missed": _missed(seat),
    }
    return render(request, "courses/joined.html", context)


def _missed(seat: Enrolment | None) -> set[uuid.UUID]:
    """The dates of a seat on which its owner does not come."""
    if seat is None:
        return set()
    return set(seat.absences.values_list("session_id", flat=True))


def _seat(mine: list[Registration], series_id: uuid.UUID) -> Enrolment | None:
    seats = (seat for one in mine for seat in one.enrolments.all())
    holding = (EnrolmentState.ENROLLED, EnrolmentState.OFFERED)
    return next(
        (s for s in seats if s.series_id == series_id and s.state in holding), None
    )


@require_POST
@for_residents
def ask(request: HttpRequest, resident: Resident, code: str) -> HttpResponse:
    """Wait for the next group of an offering."""
    offering = catalogue_offerings().filter(code=code).first()
    if offering is None:
        raise Http404("no such offering")
    try:
        ask_for_offering(
            resident=resident, offering=offering, actor=Actor.of(request.user)
        )
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)
        return redirect("courses:offering", code=code)
    messages.success(
        request,
        _("We noted that you want this. As soon as there is a place, you see it here."),
    )
    return redirect("courses:mine")
