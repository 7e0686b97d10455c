"""Who was there, for coordinators: numbers by group and week, and lists to ask for.

Numbers first; the names of one session come on a press that is logged.
"""

from __future__ import annotations

import csv
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
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
PER_PAGE, AT_FIRST = 50, 10
"""Groups or lists on a page, and lists to ask for above the groups."""
ALL_LISTS = "lijsten"


class Group(NamedTuple):
    """What a group held in these weeks, and which share of its people came."""

    share: float | None
    title: str
    held: list[Presence]


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """A group with a cell for each week: its sessions, as far as there were any."""

    title: str
    when: str
    weeks: tuple[tuple[str, list[tuple[str, str]]], ...]
    """The week in words, and of each session its numbers and its page."""


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


@gzip_page
@require_safe
@planners_only
def overview(request: HttpRequest) -> HttpResponse:
    """Numbers by group and week, and the lists that nobody filled in; a page at a time.

    `?toon=lijsten` shows those lists alone, for there may be as many as sessions.
    """
    number, weeks = _asked(request)
    found = _found(request, weeks)
    late = timezone.now() - ASK_AFTER
    missing = [one for one in found if one.missing and one.session.period.upper < late]
    lists = request.GET.get("toon") == ALL_LISTS
    only = {"toon": ALL_LISTS} if lists else {}
    things: Sequence[Any] = missing if lists else _groups(found)
    page: Page[Any] = Paginator(things, PER_PAGE).get_page(request.GET.get("page"))
    above = missing[:AT_FIRST] if page.number == 1 else []
    context = {
        "page": page,
        "only_lists": lists,
        "missing": len(missing),
        "asked": [_to_ask(one) for one in (page if lists else above)],
        "all_lists": f"?{urlencode({'weken': number, 'toon': ALL_LISTS})}",
        "all_groups": f"?{urlencode({'weken': number})}",
        "rows": [] if lists else [_row(one, weeks) for one in page],
        "heads": [week.number for week in weeks],
        "spans": [
            (
                _("%(count)s weeks") % {"count": one},
                f"?{urlencode({'weken': one, **only})}",
                one == number,
            )
            for one in WEEKS
        ],
        "export": f"{reverse('scheduling:attendance-file')}?weken={number}",
    }
    return render(request, "scheduling/attendance.html", context)


def _to_ask(one: Presence) -> dict[str, Any]:
    return {
        "title": one.session.series.offering.title,
        "when": _when(one),
        "unknown": one.unknown,
        "href": reverse("scheduling:session", args=[one.session.pk]),
    }


def _groups(found: Iterable[Presence]) -> list[Group]:
    """Where fewest come stands first: that is what somebody has to look at."""
    by_series: dict[uuid.UUID, list[Presence]] = defaultdict(list)
    for one in found:
        by_series[one.session.series_id].append(one)
    groups = []
    for those in by_series.values():
        noted = sum(one.present + one.absent for one in those)
        share = sum(one.present for one in those) / noted if noted else None
        groups.append(Group(share, those[0].session.series.offering.title, those))
    return sorted(
        groups, key=lambda one: (one.share is None, one.share or 0.0, one.title)
    )


def _row(group: Group, weeks: list[Week]) -> GroupRow:
    by_week: dict[Week, list[tuple[str, str]]] = defaultdict(list)
    for one in group.held:
        day = timezone.localdate(one.session.period.lower)
        href = reverse("scheduling:session-attendance", args=[one.session.pk])
        by_week[Week.of(day)].append((_came(one), href))
    return GroupRow(
        title=group.title,
        when=offer_words.usual_time(group.held[0].session.series),
        weeks=tuple(
            (_("Week %(number)s") % {"number": week.number}, by_week[week])
            for week in weeks
        ),
    )


def _came(one: Presence) -> str:
    """7/8, how many visitors there were, or a question mark."""
    if one.missing:
        return "?"
    if one.visitors is not None and not one.expected:
        return str(one.visitors)
    return f"{one.present}/{one.expected}"


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
