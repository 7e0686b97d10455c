"""A centre's own rules: opening hours, closures, bookings, requests and agendas.

What the centre decides counts at once, also over meetings that are planned already; the
page says which these are, and the coordinator is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.rows import StaleRow
from courses.selectors import planned_at
from publishing.forms import AddressForm, BookingForm, DaysForm, FileForm, HoursForm
from publishing.services.bookings import import_agenda, read_agenda, tell_answer
from publishing.services.trouble import after_bookings, after_hours
from publishing.views.access import for_managers, own_centre, refuse
from rooms.selectors import rooms_of
from rooms.selectors.kept import (
    closures_of,
    coming_bookings,
    hours_of,
    sources_of,
)
from rooms.services import add_closure, remove_closure, set_opening_hours
from rooms.services.requests import answer_request, book_own, cancel_booking
from rooms.services.sources import add_address, stop_source

if TYPE_CHECKING:
    from courses.models import Session
    from rooms.models import Centre, Room, RoomBooking

BAD_REQUEST, CONFLICT = 400, 409


def _pages(page: str, centre: Centre, **more: Any) -> dict[str, Any]:
    return {"centre": centre, "page": page, **more}


def told(request: HttpRequest, sessions: list[Session]) -> None:
    """Say which number of planned meetings is in the way now, and what happens."""
    if sessions:
        words = ngettext(
            "%(number)s planned meeting is in the way. The coordinator has been told.",
            "%(number)s planned meetings are in the way. The coordinator has been "
            "told.",
            len(sessions),
        )
        messages.warning(request, words % {"number": len(sessions)})


# --- Opening hours and closures -------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def hours(request: HttpRequest, own: list[Centre], code: str) -> HttpResponse:
    """When a centre can be used, and the days on which it is closed."""
    return hours_page(request, own_centre(request, own, code))


def hours_page(request: HttpRequest, centre: Centre, *, back: str = "") -> HttpResponse:
    """The hours and closures of a centre that the reader may change.

    With `back` a coordinator looks: the way back, in place of the manager's own pages.
    """
    form = HoursForm(hours=hours_of(centre_id=centre.pk))
    days = DaysForm()
    status, newer = 200, None
    if request.method == "POST":
        status, act = BAD_REQUEST, request.POST.get("act")
        if act == "reopen":
            return _reopen(request, centre)
        if act == "close":
            days = DaysForm(request.POST)
            if days.is_valid() and _close(request, centre, days):
                return redirect(request.path)
        else:
            form = HoursForm(request.POST)
            try:
                if form.is_valid() and _open(request, centre, form):
                    return redirect(request.path)
            except StaleRow as stale:
                status, newer = CONFLICT, form.against(stale.facts)
    closures = closures_of(centre_id=centre.pk, since=timezone.localdate())
    context = _pages(
        "hours", centre, form=form, days=days, closures=closures, back=back
    )
    context |= {"stale": newer is not None, "newer": newer}
    return render(request, "publishing/centre_hours.html", context, status=status)


def _open(request: HttpRequest, centre: Centre, form: HoursForm) -> bool:
    actor = Actor.of(request.user)
    try:
        set_opening_hours(
            actor=actor,
            centre=centre,
            hours=form.hours,
            version=form.cleaned_data["version"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The opening hours are kept."))
    told(request, after_hours(actor=actor, centre_id=centre.pk))
    return True


def _close(request: HttpRequest, centre: Centre, days: DaysForm) -> bool:
    actor, data = Actor.of(request.user), days.cleaned_data
    if data["last"] < timezone.localdate():
        days.add_error("last", _("These days are over. Choose days to come."))
        return False
    try:
        add_closure(actor=actor, centre=centre, first=data["first"], last=data["last"])
    except ValidationError as error:
        days.add_error(None, error)
        return False
    messages.success(request, _("The centre is closed on those days."))
    told(request, after_hours(actor=actor, centre_id=centre.pk))
    return True


def _reopen(request: HttpRequest, centre: Centre) -> HttpResponse:
    key = request.POST.get("closure", "")
    closures = closures_of(centre_id=centre.pk, since=timezone.localdate())
    closure = next((one for one in closures if str(one.pk) == key), None)
    if closure is None:
        refuse(request, "centre.closure", key)
    remove_closure(actor=Actor.of(request.user), closure=closure)
    messages.success(request, _("The centre is open again on those days."))
    return redirect(request.path)


# --- Bookings and requests ------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def bookings(request: HttpRequest, own: list[Centre], code: str) -> HttpResponse:
    """Requests to answer, and bookings of the centre itself, which go first."""
    centre = own_centre(request, own, code)
    rooms = rooms_of(centre_ids=[centre.pk])
    form = BookingForm(rooms=rooms, with_centre=False)
    displaced: list[Session] = []
    asking: RoomBooking | None = None
    status = 200
    coming = coming_bookings(centre_ids=[centre.pk], now=timezone.now())
    if request.method == "POST":
        act = request.POST.get("act")
        if act == "book":
            form = BookingForm(request.POST, rooms=rooms, with_centre=False)
            done, displaced = _book(request, centre, form)
        else:
            asking = next(
                (one for one in coming if str(one.pk) == request.POST.get("booking")),
                None,
            )
            if asking is None:
                refuse(request, "booking.update", request.POST.get("booking", ""))
            done, displaced = _answer(request, asking, act or "")
        if done:
            return redirect(request.path)
        status = CONFLICT if displaced else BAD_REQUEST
    context = _pages(
        "bookings",
        centre,
        form=form,
        displaced=displaced,
        asking=asking,
        requests=[one for one in coming if one.state == "requested"],
        bookings=[one for one in coming if one.state == "confirmed"],
    )
    return render(request, "publishing/centre_bookings.html", context, status=status)


def _in_the_way(request: HttpRequest, room_id: int, period: Any) -> list[Session]:
    """Meetings that would have to go, unless the reader said to know of them."""
    if request.POST.get("sure"):
        return []
    return planned_at(room_id=room_id, period=period)


def _book(
    request: HttpRequest, centre: Centre, form: BookingForm
) -> tuple[bool, list[Session]]:
    if not form.is_valid():
        return False, []
    room: Room = form.cleaned_data["room"]
    displaced = _in_the_way(request, room.pk, form.period)
    if displaced:
        return False, displaced
    actor = Actor.of(request.user)
    try:
        book_own(
            actor=actor,
            room=room,
            period=form.period,
            booked_by=centre.organisation,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False, []
    messages.success(request, _("The room is booked."))
    told(request, _now_displaced(actor, room.pk, form.period))
    return True, []


def _now_displaced(actor: Actor, room_id: int, period: Any) -> list[Session]:
    found = after_bookings(actor=actor, room_ids=[room_id])
    return [
        one
        for one in found
        if one.period.lower < period.upper and period.lower < one.period.upper
    ]


def _answer(
    request: HttpRequest, booking: RoomBooking, act: str
) -> tuple[bool, list[Session]]:
    actor = Actor.of(request.user)
    approved = act == "approve"
    if approved:
        displaced = _in_the_way(request, booking.room_id, booking.period)
        if displaced:
            return False, displaced
    try:
        if act == "cancel":
            cancel_booking(actor=actor, booking=booking)
            messages.success(request, _("The booking is cancelled."))
        elif act in ("approve", "refuse"):
            answer_request(actor=actor, booking=booking, approved=approved)
            messages.success(
                request,
                _("The room is given.") if approved else _("The request is refused."),
            )
        else:
            return False, []
    except ValidationError as error:
        for words in error.messages:
            messages.error(request, words)
        return True, []
    tell_answer(actor=actor, booking=booking)
    if approved:
        told(request, _now_displaced(actor, booking.room_id, booking.period))
    return True, []


# --- The centre's own agenda ----------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def sources(request: HttpRequest, own: list[Centre], code: str) -> HttpResponse:
    """Agendas of rooms: an address that is read each hour, or a file."""
    centre = own_centre(request, own, code)
    rooms = rooms_of(centre_ids=[centre.pk])
    address = AddressForm(rooms=rooms, auto_id="address_%s")
    file = FileForm(rooms=rooms, auto_id="file_%s")
    status = 200
    if request.method == "POST":
        act = request.POST.get("act")
        done = False
        if act == "file":
            file = FileForm(request.POST, request.FILES, rooms=rooms, auto_id="file_%s")
            done = _checked(file, lambda: _import(request, file))
        elif act == "address":
            address = AddressForm(request.POST, rooms=rooms, auto_id="address_%s")
            done = _checked(address, lambda: _connect(request, address))
        else:
            done = _change_source(request, centre, act or "")
        if done:
            return redirect(request.path)
        status = BAD_REQUEST
    context = _pages(
        "sources",
        centre,
        address=address,
        file=file,
        sources=sources_of(centre_id=centre.pk),
        has_rooms=rooms.exists(),
    )
    return render(request, "publishing/centre_sources.html", context, status=status)


def _checked(form: Any, act: Callable[[], None]) -> bool:
    if not form.is_valid():
        return False
    try:
        act()
    except ValidationError as error:
        name = "file" if "file" in form.fields else "address"
        form.add_error(name, error)
        return False
    return True


def _import(request: HttpRequest, form: FileForm) -> None:
    data = form.cleaned_data
    reading = import_agenda(
        actor=Actor.of(request.user), room=data["room"], data=data["file"].read()
    )
    _said(request, reading.added)
    told(request, _displaced_in(request, data["room"]))


def _connect(request: HttpRequest, form: AddressForm) -> None:
    data = form.cleaned_data
    actor = Actor.of(request.user)
    source = add_address(actor=actor, room=data["room"], address=data["address"])
    _read(request, source.pk)


def _read(request: HttpRequest, source_id: int) -> None:
    reading = read_agenda(actor=Actor.of(request.user), source_id=source_id)
    if reading is None:
        return
    if reading.source.problem:
        messages.error(request, reading.source.get_problem_display())
        return
    _said(request, reading.added)
    if reading.added:
        told(request, _displaced_in(request, reading.source.room))


def _displaced_in(request: HttpRequest, room: Room) -> list[Session]:
    return after_bookings(actor=Actor.of(request.user), room_ids=[room.pk])


def _said(request: HttpRequest, number: int) -> None:
    words = ngettext(
        "The agenda is read: %(number)s new time in which the room is taken.",
        "The agenda is read: %(number)s new times in which the room is taken.",
        number,
    )
    messages.success(request, words % {"number": number})


def _change_source(request: HttpRequest, centre: Centre, act: str) -> bool:
    key = request.POST.get("source", "")
    found = sources_of(centre_id=centre.pk)
    source = next((one for one in found if str(one.pk) == key), None)
    if source is None:
        refuse(request, "source.update", key)
    if act == "stop":
        stop_source(actor=Actor.of(request.user), source=source)
        messages.success(request, _("The agenda is stopped. Its times are free again."))
    elif act == "read" and source.kind == "address":
        _read(request, source.pk)
    else:
        return False
    return True
