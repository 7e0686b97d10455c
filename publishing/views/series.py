"""The dates of one group as a calendar file: the public offer, nobody's agenda."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from courses import words
from courses.selectors import open_series
from publishing.entry import Entry


@require_safe
@conditional_page
def series_file(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:  # noqa: ARG001
    """The coming meetings of an open group as text/calendar."""
    series = open_series().filter(pk=series_id, offering__in_catalogue=True).first()
    if series is None or not series.coming_sessions:
        raise Http404("no such series, or one without dates")
    # icalendar takes a quarter of a second to load: only who asks for a file pays.
    from publishing.ical import calendar_bytes

    title = series.offering.title
    entries = [
        Entry(
            uid=str(session.pk),
            start=session.period.lower,
            end=session.period.upper,
            title=title,
            sequence=session.sequence,
            made_at=session.created_at,
            last_modified=session.last_modified,
            place=words.place(series),
        )
        for session in series.coming_sessions
    ]
    answer = HttpResponse(
        calendar_bytes(name=title, entries=entries),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="data.ics"'
    return answer
