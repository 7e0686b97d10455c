"""The published week as one iCal file, for whoever plans."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import SessionState
from courses.selectors import sessions_between
from publishing.entry import Entry
from scheduling.services.access import planners_only, reach_of
from scheduling.weeks import Week


@require_safe
@planners_only
def week_calendar(request: HttpRequest, week_text: str) -> HttpResponse:
    """Every published and cancelled session of a week, with title and place.

    A file to take along once; who wants to stay up to date takes a feed.
    """
    # icalendar takes a quarter of a second to load: only who asks for a file pays.
    from publishing.ical import calendar_bytes

    week = Week.read_or_now(week_text)
    if str(week) != week_text:
        raise Http404("no such week")
    actor = Actor.of(request.user)
    sessions = sessions_between(
        actor=actor,
        start=week.start,
        end=week.end,
        organisation_ids=reach_of(request.user).organisations,
        purpose=PLANNING,
    )
    record_event(
        actor=actor,
        code="week.export",
        action="E",
        purpose=PLANNING,
        object_kind="week",
        object_id=week,
    )
    entries = [
        Entry(
            uid=str(one.pk),
            start=one.period.lower,
            end=one.period.upper,
            title=one.series.offering.title,
            sequence=one.sequence,
            made_at=one.created_at,
            last_modified=one.last_modified,
            cancelled=one.state == SessionState.CANCELLED,
            place=f"{one.room.name}, {one.room.centre.name}" if one.room else "Online",
        )
        for one in sessions
    ]
    body = calendar_bytes(name=f"GEM {week}", entries=entries)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="gem-{week}.ics"'
    response["Cache-Control"] = "no-store"
    return response
