"""What a leader was asked, for the own page."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.enums import SessionState
from courses.models import Assignment, Series, Session

MOST_SHOWN = 40


def assignments_of(*, facilitator_id: int) -> list[Assignment]:
    """What a leader was asked that is still to come, open ones first; two queries.

    Each has `coming`, its coming sessions in order. It is the reader's own.
    """
    rows = list(
        Assignment.objects.filter(
            facilitator=facilitator_id,
            series__sessions__session_leaders__facilitator=facilitator_id,
        )
        .select_related("series__offering")
        .distinct()
        .order_by("-asked_at", "pk")[:MOST_SHOWN]
    )
    coming = _coming(facilitator_id, rows)
    for row in rows:
        row.coming = [
            one
            for one in coming
            if one.series_id == row.series_id and row.session_id in (None, one.pk)
        ]
    kept = [row for row in rows if row.coming]
    return sorted(kept, key=lambda row: (row.state != "asked", row.coming[0].period))


def series_led_by(*, facilitator_id: int) -> QuerySet[Series]:
    """Groups that a leader leads, or led before and is to lead again; no person."""
    leads = Q(series_leaders__facilitator=facilitator_id)
    return Series.objects.filter(leads | Q(preferred_leaders=facilitator_id))


def sessions_asked(*, assignment: Assignment) -> list[Session]:
    """The coming sessions that a leader is asked for; no person in it."""
    found = _coming(assignment.facilitator_id, [assignment])
    return [one for one in found if assignment.session_id in (None, one.pk)]


def _coming(facilitator_id: int, rows: list[Assignment]) -> list[Session]:
    return list(
        Session.objects.filter(
            series__in={row.series_id for row in rows},
            state=SessionState.PUBLISHED,
            session_leaders__facilitator=facilitator_id,
            period__startswith__gt=timezone.now(),
        )
        .select_related("room__centre__place", "series__offering")
        .order_by("period", "pk")
    )
