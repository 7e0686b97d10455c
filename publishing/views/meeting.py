"""One meeting of a leader: where, with whom, who comes, and who was there.

Only who leads the meeting finds the page; names are those that people want to be called
by, and looking at them is logged.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from courses.services import (
    Sheet,
    SheetChanged,
    led_session,
    read_sheet,
    save_sheet,
    takes_attendance,
    undo_sheet,
)
from courses.words import clock
from publishing.services.trouble import ask_for_help
from publishing.views.access import for_facilitators, refuse

if TYPE_CHECKING:
    from courses.models import Session
    from people.models import Facilitator

KEPT_AFTER = timedelta(hours=12)
"""How long after the meeting a phone may keep the names."""
BY_SCRIPT = "gem"


def _own_session(
    request: HttpRequest, facilitator: Facilitator, session_id: uuid.UUID
) -> Session:
    session = led_session(facilitator=facilitator, session_id=session_id)
    if session is None:
        refuse(request, "attendance.read", session_id)
    return session


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def meeting(
    request: HttpRequest, facilitator: Facilitator, session_id: uuid.UUID
) -> HttpResponse:
    """The meeting with who comes; asking for a substitute."""
    session = _own_session(request, facilitator, session_id)
    actor = Actor.of(request.user)
    coming = session.state != "cancelled" and session.period.lower > timezone.now()
    if request.method == "POST":
        if request.POST.get("act") == "help" and coming:
            ask_for_help(actor=actor, session=session, facilitator=facilitator)
            messages.success(
                request,
                _("The coordinator has been told that you ask for a substitute."),
            )
        return redirect(request.path)
    sheet = read_sheet(actor=actor, session=session)
    context = {
        "session": session,
        "sheet": sheet,
        "seats": sum(line.seats for line in sheet.lines if not line.said_absent),
        "counts": takes_attendance(session),
        "together_with": ", ".join(
            leader.facilitator.person.group_name
            for leader in session.session_leaders.all()
            if leader.facilitator_id != facilitator.pk
        ),
        "coming": coming,
        "present": sum(any(line.there) for line in sheet.lines),
    }
    return render(request, "publishing/meeting_page.html", context)


# --- Who was there --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Box:
    """One box to tick: a part of the meeting, or all of it."""

    value: str
    label: str
    ticked: bool
    other: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A participant on the form; `differs` if a colleague noted something else."""

    key: int
    name: str
    said_absent: bool
    boxes: list[Box]
    differs: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def attendance(
    request: HttpRequest, facilitator: Facilitator, session_id: uuid.UUID
) -> HttpResponse:
    """The sheet: everybody there unless a tick is taken away; saved, or taken back.

    A script that sends it later asks for a bare answer: 204 when it is kept.
    """
    session = _own_session(request, facilitator, session_id)
    actor = Actor.of(request.user)
    by_script = request.headers.get("X-Requested-With") == BY_SCRIPT
    if request.method != "POST":
        sheet = read_sheet(actor=actor, session=session)
        return _form(request, sheet, rows=_rows(sheet, None, None))
    back = redirect("publishing:meeting", session_id=session.pk)
    if request.POST.get("act") == "undo":
        if undo_sheet(actor=actor, facilitator=facilitator, session=session):
            messages.success(request, _("The last change is taken back."))
        return back
    seen = read_sheet(actor=actor, session=session)
    marks, visitors, version = _posted(request, seen)
    try:
        save_sheet(
            actor=actor,
            facilitator=facilitator,
            session=session,
            version=version,
            marks=marks,
            visitors=visitors,
        )
    except SheetChanged as changed:
        rows = _rows(changed.sheet, marks, changed.sheet)
        return _form(
            request, changed.sheet, rows=rows, visitors=visitors, conflict=True,
            status=409,
        )  # fmt: skip
    except ValidationError as error:
        sheet = read_sheet(actor=actor, session=session, log=False)
        rows = _rows(sheet, marks, None)
        return _form(
            request, sheet, rows=rows, visitors=visitors, faults=error.messages,
            status=400,
        )  # fmt: skip
    if by_script:
        return HttpResponse(status=204)
    messages.success(request, _("Who was there is kept."))
    return back


def _whole(text: str, most: int = 10**9) -> int | None:
    good = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if good and int(text) <= most else None


def _posted(
    request: HttpRequest, sheet: Sheet
) -> tuple[dict[int, list[bool]], int | None, int]:
    """Ticks by enrolment, number of visitors, and the version that was seen."""
    ticked = set(request.POST.getlist("there"))
    marks = {
        key: [f"{key}:{block}" in ticked for block in range(sheet.blocks)]
        for word in request.POST.getlist("who")
        if (key := _whole(word)) is not None
    }
    text = request.POST.get("visitors", "").strip()
    number = _whole(text)
    # What is no number is refused as one that is too large.
    visitors = number if number is not None or not text else -1
    version = _whole(request.POST.get("version", ""))
    return marks, visitors, -1 if version is None else version


def _rows(
    sheet: Sheet, marks: dict[int, list[bool]] | None, other: Sheet | None
) -> list[Row]:
    names = _block_names(sheet)
    rows = []
    for line in sheet.lines:
        mine = line.there if marks is None else marks.get(line.enrolment_id, line.there)
        differs = other is not None and list(mine) != list(line.there)
        rows.append(
            Row(
                key=line.enrolment_id,
                name=line.name,
                said_absent=line.said_absent,
                differs=differs,
                boxes=[
                    Box(
                        value=f"{line.enrolment_id}:{number}",
                        label=names[number],
                        ticked=bool(number < len(mine) and mine[number]),
                        other=line.there[number] if differs else None,
                    )
                    for number in range(sheet.blocks)
                ],
            )
        )
    return rows


def _block_names(sheet: Sheet) -> list[str]:
    if sheet.blocks == 1:
        return [_("Was there")]
    minutes = sheet.session.series.offering.policy.attendance_block_minutes or 0
    start = sheet.session.period.lower
    return [
        clock(timezone.localtime(start + timedelta(minutes=minutes * number)).time())
        for number in range(sheet.blocks)
    ]


def _form(
    request: HttpRequest,
    sheet: Sheet,
    *,
    rows: list[Row],
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    session = sheet.session
    context = {
        "session": session,
        "sheet": sheet,
        "rows": rows,
        "counts": takes_attendance(session),
        "visitors": sheet.visitors,
        "until": _kept_until(session).isoformat(),
        "worker": reverse("publishing:attendance_worker"),
        "scope": reverse("publishing:my_agenda"),
        **more,
    }
    return render(request, "publishing/attendance.html", context, status=status)


def _kept_until(session: Session) -> datetime:
    return session.period.upper + KEPT_AFTER


@require_safe
@cache_control(no_cache=True)
def attendance_worker(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """The service worker: below the leader's pages, because it serves those alone."""
    path = Path(settings.BASE_DIR) / "static" / "js" / "attendance-worker.js"
    return HttpResponse(
        path.read_bytes(), content_type="text/javascript; charset=utf-8"
    )
