"""A reminder the day before, for everybody with a seat who can be reached."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from audit.actor import Actor
from courses.enums import EnrolmentState, SessionState
from courses.models import Absence, Enrolment, Session
from courses.services.told import TOMORROW, own_page
from messaging.enums import MessageKind
from messaging.services import letter, queue_letters
from people.selectors import persons_by_resident

REACHED = frozenset({"email", "sms"})


def remind_of_sessions(*, actor: Actor, now: datetime | None = None) -> int:
    """Put a reminder of each session of tomorrow in the outbox; returns how many.

    Once for each session and person, however often it is asked; not for who said not
    to come, nor for who is reached by telephone or post. It names the time and no
    more. A fixed number of queries.
    """
    today = timezone.localtime(now or timezone.now()).date()
    start, end = (
        timezone.make_aware(datetime.combine(today + timedelta(days=days), time()))
        for days in (1, 2)
    )
    starts = {
        pk: (series_id, period.lower)
        for pk, series_id, period in Session.objects.filter(
            state=SessionState.PUBLISHED,
            period__startswith__gte=start,
            period__startswith__lt=end,
        ).values_list("pk", "series_id", "period")
    }
    seats = Enrolment.objects.filter(
        state=EnrolmentState.ENROLLED,
        series__in={series_id for series_id, _at in starts.values()},
    ).values_list("pk", "series_id", "resident_id")
    by_series: dict[object, list[tuple[int, int]]] = {}
    for seat_id, series_id, resident_id in seats.order_by("pk"):
        by_series.setdefault(series_id, []).append((seat_id, resident_id))
    missed = set(
        Absence.objects.filter(session__in=starts).values_list(
            "enrolment_id", "session_id"
        )
    )
    coming = [
        (session_id, at, resident_id)
        for session_id, (series_id, at) in starts.items()
        for seat_id, resident_id in by_series.get(series_id, ())
        if (seat_id, session_id) not in missed
    ]
    if not coming:
        return 0
    persons = persons_by_resident(
        actor=actor, resident_ids={resident for *_session, resident in coming}
    )
    letters = [
        letter(
            TOMORROW,
            recipient=persons[resident_id],
            key=f"reminder-{session_id}-{persons[resident_id].pk}",
            values={"start": at},
            kind=MessageKind.REMINDER,
            link=own_page(),
            review=False,
        )
        for session_id, at, resident_id in coming
        if persons[resident_id].contact_channel in REACHED
    ]
    return len(queue_letters(actor=actor, letters=letters))
