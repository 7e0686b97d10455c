"""Attendance as a CSV file: of a leader's own meetings, or of a whole group."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterable
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from audit.admin_base import as_cell
from courses.selectors import series_by_id
from courses.services import led_session
from courses.services.attendance_file import Part, attendance_parts
from people.enums import Role
from publishing.views.access import for_facilitators, refuse

if TYPE_CHECKING:
    from people.models import Facilitator


@require_safe
@for_facilitators
def own_attendance(
    request: HttpRequest, facilitator: Facilitator, session_id: uuid.UUID
) -> HttpResponse:
    """The meetings of this group that the reader leads; names to be called by."""
    session = led_session(facilitator=facilitator, session_id=session_id)
    if session is None:
        refuse(request, "attendance.export", session_id)
    parts = attendance_parts(
        actor=Actor.of(request.user), series_id=session.series_id, led_by=facilitator
    )
    return _file(parts, with_reference=False)


@require_safe
@login_required
def group_attendance(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """A whole group, with references in the source, for who coordinates it."""
    user: Any = request.user
    series = series_by_id(series_id=series_id)
    scope = user.organisations_for(Role.COORDINATOR)
    allowed = series is not None and (
        scope is None or series.offering.organisation_id in scope
    )
    if not (user.has_role(Role.COORDINATOR) and allowed):
        refuse(request, "attendance.export", series_id)
    parts = attendance_parts(actor=Actor.of(user), series_id=series_id)
    return _file(parts, with_reference=True)


def _file(parts: Iterable[Part], *, with_reference: bool) -> HttpResponse:
    """Separated by semicolons, with the mark by which spreadsheets know UTF-8."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    reference = [_("Reference")] if with_reference else []
    writer.writerow(
        [_("Date"), _("From"), _("To"), _("Meeting"), _("Name"), *reference,
         _("Places"), _("Said not to come"), _("There")]
    )  # fmt: skip
    words = {True: _("yes"), False: _("no"), None: _("not noted")}
    for one in parts:
        start, end = timezone.localtime(one.start), timezone.localtime(one.end)
        line = [
            start.date().isoformat(),
            f"{start:%H:%M}",
            f"{end:%H:%M}",
            one.session.number,
            one.name,
            *([one.reference] if with_reference else []),
            one.seats,
            words[one.said_absent],
            words[one.there],
        ]
        writer.writerow([as_cell(cell) for cell in line])
    response = HttpResponse(
        text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    # No title: the name of a file shows in the downloads of a shared computer.
    response["Content-Disposition"] = 'attachment; filename="aanwezigheid.csv"'
    response["Cache-Control"] = "no-store"
    return response
