"""Reads of the access log. Reading the log is itself logged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, Exists, Func, Max, OuterRef, QuerySet
from django.db.models.functions import Cast

from audit.actor import Actor
from audit.models import Action, AuditEvent, Result
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


def acts_on(
    *, person_id: object, object_kind: str, object_id: object
) -> QuerySet[AuditEvent]:
    """What was done to one object of this person, oldest first; looking is left out.

    For a page that shows the object and logs that; no address or account is told.
    """
    return AuditEvent.objects.filter(
        subject_ids__contains=[str(person_id)],
        object_kind=object_kind,
        object_id=str(object_id),
        action__in=[Action.CREATE, Action.UPDATE, Action.DELETE],
        result=Result.SUCCESS,
    ).order_by("at", "pk")


def lines_for_copy(*, person_id: object, most: int) -> QuerySet[AuditEvent]:
    """The newest lines about a person, for a copy of all; whoever makes it logs."""
    events = AuditEvent.objects.filter(subject_ids__contains=[str(person_id)])
    return events.order_by("-at", "-pk")[:most]


def last_fetches(*, feed_ids: Iterable[object]) -> dict[str, datetime]:
    """When each feed was last fetched, by its id as text; one query, no person."""
    actors = {Actor.feed(pk).user_id: str(pk) for pk in feed_ids}
    rows = (
        AuditEvent.objects.filter(actor_id__in=actors)
        .order_by()
        .values_list("actor_id")
        .annotate(last=Max("at"))
    )
    return {actors[actor_id]: last for actor_id, last in rows}


def last_fetch(*, feed_id: object) -> datetime | None:
    """When a calendar program last fetched this feed; None if it never did."""
    return last_fetches(feed_ids=[feed_id]).get(str(feed_id))


def heard_of(*, person_column: str, since: datetime) -> Exists:
    """A condition for rows of others: the log has a line about that person since.

    `person_column` is the column of those rows that holds the person's id.
    """
    person = Cast(OuterRef(person_column), CharField())
    return Exists(
        AuditEvent.objects.filter(
            at__gte=since,
            subject_ids__contains=Func(person, template="ARRAY[%(expressions)s]"),
        )
    )
