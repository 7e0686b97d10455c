"""Who was there, to take along: for the file of who treats, and for an own account.

One line for each participant, meeting and part of it (half an hour where the kind asks
it). Only what was noted counts as there or not; the rest says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from audit.actor import Actor
from audit.record import CARE, record_event
from courses.enums import EnrolmentState, SessionState
from courses.models import Absence, AttendanceSheet, Enrolment, Session
from courses.services.attendance import blocks_of, fitted

if TYPE_CHECKING:
    from uuid import UUID

    from people.models import Facilitator

HELD = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One participant in one part of a meeting; `there` is None if nobody noted it."""

    session: Session
    start: datetime
    end: datetime
    name: str
    reference: str
    seats: int
    said_absent: bool
    there: bool | None


def attendance_parts(
    *, actor: Actor, series_id: UUID, led_by: Facilitator | None = None
) -> list[Part]:
    """All that was noted of a series, in order of time; five queries, one log line.

    `led_by` keeps to the meetings that this facilitator leads. Who left the group stays
    on the meetings of which something was noted.
    """
    found = Session.objects.filter(series=series_id, state=SessionState.PUBLISHED)
    if led_by is not None:
        found = found.filter(session_leaders__facilitator=led_by)
    sessions = list(found.select_related("series__offering").order_by("period"))
    sheets = {
        one.session_id: {row.enrolment_id: row.there for row in one.rows.all()}
        for one in AttendanceSheet.objects.filter(
            session__in=sessions, saved_at__isnull=False
        ).prefetch_related("rows")
    }
    absent = set(
        Absence.objects.filter(session__in=sessions).values_list(
            "enrolment_id", "session_id"
        )
    )
    noted = {key for rows in sheets.values() for key in rows}
    seats = list(
        Enrolment.objects.filter(Q(state__in=HELD) | Q(pk__in=noted), series=series_id)
        .select_related("resident__person")
        .order_by("resident__person__call_name", "pk")
    )
    record_event(
        actor=actor,
        code="attendance.export",
        action="E",
        purpose=CARE,
        subjects=[one.resident.person_id for one in seats],
        object_kind="series",
        object_id=series_id,
    )
    return [
        part
        for session in sessions
        for seat in seats
        if seat.state in HELD or seat.pk in sheets.get(session.pk, {})
        for part in _parts(
            session,
            seat,
            sheets.get(session.pk, {}).get(seat.pk),
            said_absent=(seat.pk, session.pk) in absent,
        )
    ]


def _parts(
    session: Session,
    seat: Enrolment,
    there: list[bool] | None,
    *,
    said_absent: bool,
) -> Iterable[Part]:
    blocks = blocks_of(session)
    marks: list[bool | None] = [None] * blocks
    if there:
        marks = [*fitted(tuple(there), blocks)]
    length = session.series.offering.policy.attendance_block_minutes
    step = timedelta(minutes=length) if length else None
    for number, mark in enumerate(marks):
        start = session.period.lower + (number * step if step else timedelta())
        end = min(start + step, session.period.upper) if step else session.period.upper
        yield Part(
            session=session,
            start=start,
            end=end,
            name=seat.resident.person.group_name,
            reference=seat.resident.person.reference,
            seats=seat.seats,
            said_absent=said_absent,
            there=mark,
        )
