"""Asking for a room of somebody else: for leaders and coordinators."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from people.enums import Role
from people.selectors import person_of
from publishing.forms import BookingForm
from publishing.services.bookings import tell_request
from publishing.views.access import refuse
from rooms.selectors import rooms_of
from rooms.selectors.kept import requests_by
from rooms.services.requests import HOLD_DAYS, cancel_booking, request_room

ASKERS = (Role.COORDINATOR, Role.FACILITATOR)
SHOWN = timedelta(days=30)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask_room(request: HttpRequest) -> HttpResponse:
    """Ask a centre for a room, and see what it answered."""
    assert request.user.is_authenticated  # noqa: S101 (for the type checker)
    if not request.user.has_role(*ASKERS):
        refuse(request, "booking.request")
    person = person_of(user=request.user)
    if person is None:
        refuse(request, "booking.request")
    rooms = rooms_of()
    own = requests_by(person_id=person.pk, since=timezone.now() - SHOWN)
    form = BookingForm(rooms=rooms, with_centre=True)
    status = 200
    actor = Actor.of(request.user)
    if request.method == "POST" and request.POST.get("act") == "cancel":
        key = request.POST.get("booking", "")
        booking = next((one for one in own if str(one.pk) == key), None)
        if booking is None:
            refuse(request, "booking.cancel", key)
        cancel_booking(actor=actor, booking=booking)
        messages.success(request, _("Your request is taken back."))
        return redirect(request.path)
    if request.method == "POST":
        form = BookingForm(request.POST, rooms=rooms, with_centre=True)
        status = 400
        if form.is_valid():
            try:
                booking = request_room(
                    actor=actor,
                    room=form.cleaned_data["room"],
                    period=form.period,
                    requested_by=person,
                    booked_by=person.organisation,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                tell_request(actor=actor, booking=booking)
                messages.success(
                    request,
                    _(
                        "Your request is sent. The room is held for you until the "
                        "owner answers."
                    ),
                )
                return redirect(request.path)
    context = {"form": form, "own": own, "hold_days": HOLD_DAYS}
    return render(request, "publishing/ask_room.html", context, status=status)
