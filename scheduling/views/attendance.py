"""Who was there, for coordinators: numbers by group and week, and lists to ask for.

Numbers first; the names of one session come on a press that is logged.
"""

from __future__ import annotations

import csv
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from audit.admin_base import as_cell
from audit.record import OVERSIGHT, record_event
from courses import words as offer_words
from courses.selectors.presence import Presence, presences
from courses.services import read_sheet
from scheduling import words
from scheduling.services.access import (
    as_coordinator,
    care_reach,
    planners_only,
    reach_of,
)
from scheduling.weeks import Week

WEEKS = (4, 8, 13)
ASK_AFTER = timedelta(days=1)
"""A list is asked for when it was not filled in by the next day."""


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """A group with a cell for each week: its sessions, as far as there were any."""

    title: str
    when: str
    weeks: tuple[tuple[str, tuple[Presence, ...]], ...]
    share: float | None


def _asked(request: HttpRequest) -> tuple[int, list[Week]]:
    """How many weeks back were asked for, and these weeks up to this one."""
    text = request.GET.get("weken", "")
    number = next((one for one in WEEKS if str(one) == text), WEEKS[0])
    now = Week.of(timezone.localdate())
    return number, [now.plus(step) for step in range(1 - number, 1)]


def _found(request: HttpRequest, weeks: list[Week]) -> list[Presence]:
    reach = reach_of(request.user)
    return presences(
        start=weeks[0].start,
        end=min(timezone.now(), weeks[-1].end),
        organisation_ids=reach.organisations,
    )


@require_safe
@planners_only
def overview(request: HttpRequest) -> HttpResponse:
    """Numbers by group and week, and the lists that nobody filled in."""
    number, weeks = _asked(request)
    found = _found(request, weeks)
    late = timezone.now() - ASK_AFTER
    context = {
        "rows": _rows(found, weeks),
        "heads": [week.number for week in weeks],
        "missing": [
            {
                "title": one.session.series.offering.title,
                "when": _when(one),
                "unknown": one.unknown,
                "href": reverse("scheduling:session", args=[one.session.pk]),
            }
            for one in found
            if one.missing and one.session.period.upper < late
        ],
        "spans": [
            (_("%(count)s weeks") % {"count": one}, f"?weken={one}", one == number)
            for one in WEEKS
        ],
        "export": f"{reverse('scheduling:attendance-file')}?weken={number}",
    }
    return render(request, "scheduling/attendance.html", context)


def _rows(found: Iterable[Presence], weeks: list[Week]) -> list[GroupRow]:
    by_series: dict[uuid.UUID, list[Presence]] = defaultdict(list)
    for one in found:
        by_series[one.session.series_id].append(one)
    rows = []
    for those in by_series.values():
        series = those[0].session.series
        by_week: dict[Week, list[Presence]] = defaultdict(list)
        for one in those:
            by_week[Week.of(timezone.localdate(one.session.period.lower))].append(one)
        noted = sum(one.present + one.absent for one in those)
        rows.append(
            GroupRow(
                title=series.offering.title,
                when=offer_words.usual_time(series),
                weeks=tuple(
                    (_("Week %(number)s") % {"number": week.number}, (*by_week[week],))
                    for week in weeks
                ),
                share=sum(one.present for one in those) / noted if noted else None,
            )
        )
    # Where fewest come stands first: that is what somebody has to look at.
    return sorted(
        rows, key=lambda one: (one.share is None, one.share or 0.0, one.title)
    )


def _when(one: Presence) -> str:
    return words.moment_in_text(timezone.localtime(one.session.period.lower))


@require_safe
@planners_only
def session_attendance(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """One session: numbers; its names for coordinators, on a press that is logged."""
    named = request.GET.get("namen") == "1"
    reach = as_coordinator(request) if named else reach_of(request.user)
    now = timezone.now()
    found = presences(
        start=now - timedelta(days=3660),
        end=now,
        organisation_ids=reach.organisations,
        session_id=session_id,
    )
    if not found:
        raise Http404("no such session that is over")
    (one,) = found
    sheet = None
    if named:
        sheet = read_sheet(actor=Actor.of(request.user), session=one.session)
    context = {
        "one": one,
        "title": one.session.series.offering.title,
        "when": _when(one),
        "named": named,
        "may_name": care_reach(request.user).has(
            one.session.series.offering.organisation_id
        ),
        "people": [
            (line.name, _there(line.there, noted=sheet.saved)) for line in sheet.lines
        ]
        if sheet is not None
        else [],
    }
    return render(request, "scheduling/session_attendance.html", context)


def _there(there: tuple[bool, ...], *, noted: bool) -> str:
    if not noted:
        return _("not noted")
    if all(there):
        return _("was there")
    return _("was there for a part") if any(there) else _("was not there")


@require_safe
@planners_only
def attendance_file(request: HttpRequest) -> HttpResponse:
    """The numbers as CSV, a line for each session; taking them along is logged."""
    _number, weeks = _asked(request)
    record_event(
        actor=Actor.of(request.user),
        code="attendance.export",
        action="E",
        purpose=OVERSIGHT,
        object_kind="attendance",
        object_id=f"{weeks[0]}_{weeks[-1]}",
    )
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        [_("Group"), _("Week"), _("Day"), _("Time"), _("Were there"),
         _("Were not there"), _("Not noted"), _("Visitors")]
    )  # fmt: skip
    for one in _found(request, weeks):
        writer.writerow([as_cell(cell) for cell in _cells(one)])
    answer = HttpResponse(
        text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    name = f"gem-aanwezigheid-{weeks[0]}-{weeks[-1]}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _cells(one: Presence) -> list[Any]:
    start = timezone.localtime(one.session.period.lower)
    end = timezone.localtime(one.session.period.upper)
    return [
        one.session.series.offering.title,
        str(Week.of(start.date())),
        start.date().isoformat(),
        words.span(start, end),
        one.present,
        one.absent,
        one.unknown,
        "" if one.visitors is None else one.visitors,
    ]
