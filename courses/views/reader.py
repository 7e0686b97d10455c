"""Who reads a page of the offer, and what he may see there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from audit.actor import Actor
from audit.record import OWN_DATA, record_event
from courses.cards import Own
from courses.enums import EnrolmentState, RegistrationState
from courses.models import Registration
from people.enums import Role
from people.selectors import resident_of

if TYPE_CHECKING:
    from people.models import Resident

HELPERS = frozenset(
    {Role.COORDINATOR.value, Role.REFERRER.value, Role.CLIENT_SUPPORTER.value}
)
"""Roles that may ask for a place for somebody else."""

OWN_SEATS = {
    EnrolmentState.ENROLLED: Own.SEAT,
    EnrolmentState.OFFERED: Own.OFFER,
}


def resident_behind(request: HttpRequest) -> Resident | None:
    """The reader's own resident row; None for a visitor and for staff."""
    user = request.user
    return resident_of(user=user) if user.is_authenticated else None


def refuse(request: HttpRequest, code: str, object_id: object = "") -> NoReturn:
    """Write the refusal down, and answer as if the page did not exist."""
    record_event(
        actor=Actor.of(request.user),
        code=code,
        action="R",
        purpose=OWN_DATA,
        object_kind="registration",
        object_id=object_id,
        result="refused",
    )
    raise Http404("not yours, or not there")


def for_residents(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the reader's own resident row; others do not find the page."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        resident = resident_behind(request)
        if resident is None:
            refuse(request, "own.page")
        return view(request, resident, **kwargs)

    return checked


def own_states(registrations: list[Registration]) -> dict[uuid.UUID, Own]:
    """What a resident has in each series, from `registrations_of`."""
    own: dict[uuid.UUID, Own] = {}
    for registration in registrations:
        if registration.state == RegistrationState.WAITING:
            for choice in registration.choices.all():
                if choice.series_id is not None:
                    own.setdefault(choice.series_id, Own.WAITING)
        for seat in registration.enrolments.all():
            if seat.state in OWN_SEATS:
                own[seat.series_id] = OWN_SEATS[EnrolmentState(seat.state)]
    return own
