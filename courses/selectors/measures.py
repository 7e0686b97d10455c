"""What the figures of the region are made of: dates, kinds and places; no person.

Each row is one seat, one wish or one session with where it belongs, so that the
figures can be cut by municipality. Whoever calls logs that figures were read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from courses.enums import EnrolmentState, RegistrationState, SessionState
from courses.models import (
    Enrolment,
    ReasonCode,
    Registration,
    Session,
    SessionLeader,
)

GIVEN = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.STOPPED)
"""Seats that somebody has or had."""
HOME = "resident__person__place__municipality"


@dataclass(frozen=True, kw_only=True)
class SeatGiven:
    """A seat given to a resident: when asked, given, due and first met.

    `first_meeting` is None for a module without sessions; `reason` is the code that
    was written where this is one-to-one care; `resident` tells residents apart.
    """

    resident: int
    municipality: str
    kind: str
    format: str
    reason: str
    asked: date
    given: date
    due: date
    first_meeting: date | None


@dataclass(frozen=True, kw_only=True)
class StillWaiting:
    """A wish without a seat: since when, and by which day a seat was due."""

    municipality: str
    asked: date
    due: date


@dataclass(frozen=True, kw_only=True)
class SessionHeld:
    """A session that was not cancelled, in a room or online (`room` None)."""

    room: int | None
    kind: str
    format: str
    start: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class SessionLed:
    """A leader's share in a session that was not cancelled."""

    facilitator: int
    start: datetime
    minutes: int


def seats_given(*, start: datetime, end: datetime) -> list[SeatGiven]:
    """Seats given in a period to somebody who asked for them; one query."""
    first_meeting = (
        Session.objects.filter(
            series=OuterRef("series"),
            state=SessionState.PUBLISHED,
            period__startswith__gte=OuterRef("made_at"),
        )
        .order_by("period")
        .values(begin=Lower("period"))[:1]
    )
    rows = (
        Enrolment.objects.filter(state__in=GIVEN, made_at__gte=start, made_at__lt=end)
        .order_by("made_at", "pk")
        .values_list(
            "resident_id",
            F(HOME),
            "series__offering__kind",
            "series__offering__format",
            "registration__one_to_one_reason",
            "registration__registered_at",
            "made_at",
            "registration__norm_date",
            Subquery(first_meeting),
        )
    )
    return [
        SeatGiven(
            resident=resident,
            municipality=town or "",
            kind=kind,
            format=form,
            reason=reason or "",
            asked=_day(asked),
            given=_day(given),
            due=due,
            first_meeting=_day(met) if met else None,
        )
        for resident, town, kind, form, reason, asked, given, due, met in rows
    ]


def still_waiting() -> list[StillWaiting]:
    """Wishes that have no seat now, not those of who paused; one query."""
    today = timezone.localdate()
    rows = (
        Registration.objects.filter(
            state__in=(RegistrationState.WAITING, RegistrationState.OFFERED)
        )
        .exclude(paused_until__gt=today)
        .order_by("pk")
        .values_list(F(HOME), "registered_at", "norm_date")
    )
    return [
        StillWaiting(municipality=town or "", asked=_day(asked), due=due)
        for town, asked, due in rows
    ]


def sessions_held(*, start: datetime, end: datetime) -> list[SessionHeld]:
    """Sessions that begin in a period; one query."""
    rows = _begun(start, end).values_list(
        "room_id", "series__offering__kind", "online", "period"
    )
    return [
        SessionHeld(
            room=room,
            kind=kind,
            format="online" if online else "in_person",
            start=period.lower,
            minutes=_minutes(period),
        )
        for room, kind, online, period in rows
    ]


def sessions_led(*, start: datetime, end: datetime) -> list[SessionLed]:
    """Each leader's share in the sessions that begin in a period; one query."""
    rows = (
        SessionLeader.objects.filter(session__in=_begun(start, end))
        .order_by("session", "facilitator")
        .values_list("facilitator_id", "session__period")
    )
    return [
        SessionLed(facilitator=who, start=period.lower, minutes=_minutes(period))
        for who, period in rows
    ]


def first_meetings(*, registration_ids: Iterable[int]) -> dict[int, date]:
    """The day of the first meeting of these registrations' seats; one query."""
    rows = (
        Enrolment.objects.filter(
            registration__in=list(registration_ids),
            state__in=GIVEN,
            series__sessions__state=SessionState.PUBLISHED,
        )
        .order_by("series__sessions__period")
        .values_list("registration_id", Lower("series__sessions__period"))
    )
    found: dict[int, date] = {}
    for registration, moment in rows:
        found.setdefault(registration, _day(moment))
    return found


def reason_names() -> dict[str, str]:
    """Every reason for one-to-one in words, by code; one query."""
    return {one.code: str(one) for one in ReasonCode.objects.all()}


def _begun(start: datetime, end: datetime) -> QuerySet[Session]:
    return Session.objects.filter(
        state=SessionState.PUBLISHED,
        period__startswith__gte=start,
        period__startswith__lt=end,
    )


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _minutes(period: DateTimeTZRange) -> int:
    return round((period.upper - period.lower).total_seconds() / 60)
