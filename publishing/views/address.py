"""Addresses for calendar programs: made, shown once, replaced, stopped.

A new address is shown in the answer to the press that made it, and nowhere else: it
is kept in no session and no message. That answer is marked as not to be stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.selectors import last_fetch, last_fetches
from publishing.models import FeedKind, FeedToken
from publishing.selectors import (
    address_of_centre,
    address_of_person,
    addresses_of_rooms,
)
from publishing.services.feeds import make_address, withdraw_address
from publishing.views.access import (
    for_facilitators,
    for_managers,
    for_residents,
    own_centre,
    refuse,
)
from rooms.selectors import rooms_of

if TYPE_CHECKING:
    from people.models import Facilitator, Resident
    from rooms.models import Centre, Room

MAKE, STOP = "make", "stop"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A fresh address, as a web address and as one that calendar programs open."""

    url: str
    webcal: str
    of: str = ""


def _shown(request: HttpRequest, token: str, of: str = "") -> Shown:
    url = request.build_absolute_uri(reverse("publishing:feed", args=[token]))
    return Shown(url=url, webcal=f"webcal://{url.partition('://')[2]}", of=of)


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    response = render(request, template, context)
    add_never_cache_headers(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def facilitator_address(request: HttpRequest, facilitator: Facilitator) -> HttpResponse:
    """The address of a leader's own agenda."""
    return _of_person(request, FeedKind.FACILITATOR, facilitator.person_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def resident_address(request: HttpRequest, resident: Resident) -> HttpResponse:
    """The address of a resident's own agenda."""
    return _of_person(request, FeedKind.RESIDENT, resident.person_id)


def _of_person(request: HttpRequest, kind: FeedKind, person_id: int) -> HttpResponse:
    actor = Actor.of(request.user)
    address = address_of_person(kind=kind, person_id=person_id)
    shown = None
    if request.method == "POST" and request.POST.get("act") == MAKE:
        address, token = make_address(
            actor=actor,
            kind=kind,
            person_id=person_id,
            made_by_id=request.user.pk,
            shows_details=kind == FeedKind.RESIDENT and "details" in request.POST,
        )
        shown = _shown(request, token)
    elif request.method == "POST":
        if address is not None and request.POST.get("act") == STOP:
            withdraw_address(actor=actor, address=address)
            messages.success(request, _("The address no longer works."))
        return redirect(request.path)
    context = {
        "resident": kind == FeedKind.RESIDENT,
        "address": address,
        "shown": shown,
        "last": last_fetch(feed_id=address.pk) if address is not None else None,
    }
    return _answer(request, "publishing/address.html", context)


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A centre or a room with the address of its agenda, if there is one."""

    key: str
    name: str
    address: FeedToken | None
    last: datetime | None


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def centre_addresses(
    request: HttpRequest, own: list[Centre], code: str
) -> HttpResponse:
    """The addresses of a centre's agenda, and of each of its rooms."""
    centre = own_centre(request, own, code)
    rooms = list(rooms_of(centre_ids=[centre.pk]))
    shown = None
    if request.method == "POST":
        shown = _change(request, centre, rooms)
        if shown is None:
            return redirect(request.path)
    context = {"centre": centre, "owners": _owners(centre, rooms), "shown": shown}
    return _answer(request, "publishing/centre_addresses.html", context)


def _owners(centre: Centre, rooms: list[Room]) -> list[Owner]:
    of_rooms = addresses_of_rooms(room_ids=[room.pk for room in rooms])
    known = {"centre": address_of_centre(centre_id=centre.pk)}
    known |= {str(room.pk): of_rooms.get(room.pk) for room in rooms}
    names = {"centre": _("All rooms together")}
    names |= {str(room.pk): room.name for room in rooms}
    ids = [address.pk for address in known.values() if address is not None]
    fetched = last_fetches(feed_ids=ids)
    return [
        Owner(
            key=key,
            name=names[key],
            address=address,
            last=fetched.get(str(address.pk)) if address is not None else None,
        )
        for key, address in known.items()
    ]


def _change(request: HttpRequest, centre: Centre, rooms: list[Room]) -> Shown | None:
    """Make or stop one address; the fresh one, or None when there is none to show."""
    key = request.POST.get("owner", "")
    room = next((one for one in rooms if str(one.pk) == key), None)
    if room is None and key != "centre":
        refuse(request, "feed.make", key)
    actor = Actor.of(request.user)
    if request.POST.get("act") == MAKE:
        owner: dict[str, Any] = (
            {"kind": FeedKind.CENTRE, "centre_id": centre.pk}
            if room is None
            else {"kind": FeedKind.ROOM, "room_id": room.pk}
        )
        _row, token = make_address(actor=actor, made_by_id=request.user.pk, **owner)
        return _shown(request, token, of=centre.name if room is None else room.name)
    address = (
        address_of_centre(centre_id=centre.pk)
        if room is None
        else addresses_of_rooms(room_ids=[room.pk]).get(room.pk)
    )
    if address is not None and request.POST.get("act") == STOP:
        withdraw_address(actor=actor, address=address)
        messages.success(request, _("The address no longer works."))
    return None
