"""Reads of the access log. Reading the log is itself logged."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from audit.actor import Actor
from audit.models import AuditEvent
from audit.record import OVERSIGHT, record_read


def events_about(
    *,
    actor: Actor,
    person_id: object,
    since: datetime | None = None,
    until: datetime | None = None,
    purpose: str = OVERSIGHT,
) -> QuerySet[AuditEvent]:
    """Who saw or changed this person's data, newest first ("who looked?").

    `since` is included, `until` is not. The reading of the log is written down
    first, so that it shows in the answer too.
    """
    record_read(
        actor=actor,
        subjects=[person_id],
        purpose=purpose,
        code="log.read",
        object_kind="access log",
    )
    events = AuditEvent.objects.filter(subject_ids__contains=[str(person_id)])
    if since is not None:
        events = events.filter(at__gte=since)
    if until is not None:
        events = events.filter(at__lt=until)
    return events
