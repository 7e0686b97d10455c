"""Sessions for the feeds: plain values, because calendar programs ask without end."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from audit.actor import Actor
from audit.record import AGENDA, record_read
from courses.enums import EnrolmentState
from courses.models import Session, SessionLeader


class FeedSession(NamedTuple):
    """One session as a feed needs it; `room` is empty where it is online."""

    id: UUID
    number: int
    period: DateTimeTZRange
    sequence: int
    state: str
    created_at: datetime
    last_modified: datetime
    title: str
    room: str | None
    centre: str | None
    address: str | None


COLUMNS = (
    "pk",
    "number",
    "period",
    "sequence",
    "state",
    "created_at",
    "last_modified",
    "series__offering__title_nl",
    "room__name",
    "room__centre__name",
    "room__centre__address",
)


def feed_sessions(
    *,
    actor: Actor,
    since: datetime,
    until: datetime,
    leader_person_id: int | None = None,
    resident_person_id: int | None = None,
    room_id: int | None = None,
    centre_id: int | None = None,
) -> list[FeedSession]:
    """Sessions for one feed, cancelled ones too: one read and one log insert.

    Exactly one of the four owners is given. A resident gets the sessions of the
    series in which he has a seat. No names are loaded; titles are Dutch.

    Raises
    ------
    ValueError
        If not exactly one owner is given.
    """
    owners = [leader_person_id, resident_person_id, room_id, centre_id]
    if sum(owner is not None for owner in owners) != 1:
        raise ValueError("give exactly one owner of the feed")
    found = Session.objects.filter(period__overlap=DateTimeTZRange(since, until))
    subjects: list[int] = []
    if leader_person_id is not None:
        subjects = [leader_person_id]
        led = SessionLeader.objects.filter(facilitator__person=leader_person_id)
        found = found.filter(pk__in=led.values("session"))
    elif resident_person_id is not None:
        subjects = [resident_person_id]
        found = found.filter(
            # What is over stays in the agenda as long as other past sessions.
            series__enrolments__state__in=[
                EnrolmentState.ENROLLED,
                EnrolmentState.COMPLETED,
            ],
            series__enrolments__resident__person=resident_person_id,
        )
    elif room_id is not None:
        found = found.filter(room=room_id)
    else:
        found = found.filter(room__centre=centre_id)
    sessions = [
        FeedSession(*row)
        for row in found.order_by("period", "pk").values_list(*COLUMNS)
    ]
    record_read(
        actor=actor,
        subjects=subjects,
        purpose=AGENDA,
        code="feed.fetch",
        object_kind="feed",
    )
    return sessions
