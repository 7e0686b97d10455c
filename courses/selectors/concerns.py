"""Published sessions that cannot go on as they are, and why: for whoever plans.

Nothing is stored: what somebody mends is gone from here by itself. The planner sees
the same facts and frees such sessions with its next run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_read
from courses.enums import AssignmentState, SessionState
from courses.models import Assignment, Session, SessionLeader
from rooms.selectors import Hours, given_hours, opening_hours

ZONE = ZoneInfo("Europe/Amsterdam")


class Trouble(StrEnum):
    """Why a session cannot go on as it is."""

    BOOKED = "booked"  # the owner of the room uses it
    CLOSED = "closed"  # the centre is closed that day, or not open at that hour
    AWAY = "away"  # a leader is away
    DECLINED = "declined"  # a leader said no


@dataclass(frozen=True, kw_only=True)
class Concern:
    """One session and one trouble; the session has offering, room and centre.

    ``shut``: the days of the closure, where that is why the centre is closed.
    """

    session: Session
    trouble: Trouble
    shut: DateRange | None = None


def _coming(start: datetime, end: datetime) -> QuerySet[Session]:
    return (
        Session.objects.filter(
            state=SessionState.PUBLISHED,
            period__overlap=DateTimeTZRange(start, end),
            period__endswith__gt=timezone.now(),
        )
        .annotate(begins=F("period__startswith"))
        .annotate(day=TruncDate("begins", tzinfo=ZONE))
        .select_related("series__offering", "room__centre__place")
        .order_by("period", "pk")
    )


def displaced(
    *,
    room_ids: Iterable[int] | None = None,
    start: datetime,
    end: datetime,
) -> list[Session]:
    """Coming sessions in rooms that are booked by others then; one query."""
    found = _coming(start, end)
    if room_ids is not None:
        found = found.filter(room__in=list(room_ids))
    return list(found.filter(_booked()).distinct())


def _booked() -> Q:
    return Q(
        room__bookings__state="confirmed", room__bookings__period__overlap=F("period")
    )


def planned_at(*, room_id: int, period: DateTimeTZRange) -> list[Session]:
    """Coming sessions in a room that a booking in this period would displace."""
    return list(_coming(period.lower, period.upper).filter(room=room_id))


def closed_out(
    *, centre_ids: Iterable[int] | None = None, start: datetime, end: datetime
) -> list[Session]:
    """Coming sessions where the centre is closed, or not open at that hour.

    A fixed number of queries. Of the others only time and place are read: nearly all
    are fine. Each has ``shut_days``: those of a closure on that day, if there is one.
    """
    found = _coming(start, end).filter(room__isnull=False)
    if centre_ids is not None:
        found = found.filter(room__centre__in=list(centre_ids))
    where: list[tuple[Any, ...]] = list(
        found.order_by().values_list("pk", "period", "room_id", "room__centre_id")
    )
    usual = opening_hours(centre_ids={centre for *_rest, centre in where})
    given = given_hours(room_ids={room for _pk, _period, room, _centre in where})
    # A centre whose hours nobody wrote down yet is no trouble of its sessions.
    not_open = [
        pk
        for pk, period, room, centre in where
        if centre in usual
        and not open_then(period, [*usual[centre], *given.get(room, [])])
    ]
    shut = Q(room__centre__closures__days__contains=F("day"))
    wrong = found.filter(Q(pk__in=not_open) | shut).distinct()
    return list(wrong.annotate(shut_days=Subquery(_closures(start, end)[:1])))


def _closures(start: datetime, end: datetime) -> QuerySet[Session, Any]:
    """Days of the closures on the day of a session, of an outer query."""
    closed = _coming(start, end).filter(
        pk=OuterRef("pk"), room__centre__closures__days__contains=F("day")
    )
    days = "room__centre__closures__days"
    return closed.order_by("room__centre__closures").values(days)


def open_then(period: DateTimeTZRange, hours: Iterable[Hours]) -> bool:
    """Whether a period lies in one stretch of these hours."""
    start, end = period.lower.astimezone(ZONE), period.upper.astimezone(ZONE)
    return any(
        one.weekday == start.isoweekday()
        and one.start <= start.time()
        and end.time() <= one.end
        and (one.days is None or start.date() in one.days)
        for one in hours
    )


def concerns_between(
    *,
    actor: Actor,
    start: datetime,
    end: datetime,
    organisation_ids: Iterable[int] | None = None,
) -> list[Concern]:
    """Every trouble of coming sessions in the period; a fixed number of queries.

    `organisation_ids` are those of the offerings; None for the region.
    """

    def narrowed(sessions: QuerySet[Session]) -> QuerySet[Session]:
        if organisation_ids is None:
            return sessions
        return sessions.filter(
            series__offering__organisation__in=list(organisation_ids)
        )

    found = _coming(start, end)
    away = narrowed(
        found.filter(session_leaders__facilitator__leave__days__contains=F("day"))
    ).distinct()
    no = Assignment.objects.filter(
        Q(session__isnull=True) | Q(session=OuterRef("session")),
        facilitator=OuterRef("facilitator"),
        series=OuterRef("session__series"),
        state=AssignmentState.DECLINED,
    )
    refused = SessionLeader.objects.filter(Exists(no)).values("session")
    troubles: list[tuple[Trouble, Iterable[Session]]] = [
        (Trouble.BOOKED, narrowed(found.filter(_booked())).distinct()),
        (Trouble.CLOSED, _of(closed_out(start=start, end=end), organisation_ids)),
        (Trouble.AWAY, away),
        (Trouble.DECLINED, narrowed(found.filter(pk__in=refused))),
    ]
    concerns = [
        Concern(
            session=session,
            trouble=trouble,
            shut=getattr(session, "shut_days", None),
        )
        for trouble, sessions in troubles
        for session in sessions
    ]
    leaders = SessionLeader.objects.filter(
        session__in=[
            one.session.pk
            for one in concerns
            if one.trouble in (Trouble.AWAY, Trouble.DECLINED)
        ]
    )
    record_read(
        actor=actor,
        subjects=leaders.values_list("facilitator__person", flat=True),
        purpose=PLANNING,
        code="agenda.concerns",
        object_kind="session",
    )
    return sorted(
        concerns, key=lambda one: (one.session.period.lower, str(one.session.pk))
    )


def _of(sessions: list[Session], organisation_ids: Any) -> list[Session]:
    if organisation_ids is None:
        return sessions
    return [
        one
        for one in sessions
        if one.series.offering.organisation_id in organisation_ids
    ]


@dataclass(frozen=True, kw_only=True)
class Away:
    """A leader who is away on the day of a session, and the days written down."""

    facilitator_id: int
    first: date
    last: date


def leaders_away(*, session_ids: Iterable[Any]) -> dict[Any, Away]:
    """For each of these sessions one leader who is away then; one query, ids only."""
    rows = (
        SessionLeader.objects.filter(session__in=list(session_ids))
        .annotate(begins=F("session__period__startswith"))
        .annotate(day=TruncDate("begins", tzinfo=ZONE))
        .filter(facilitator__leave__days__contains=F("day"))
        .order_by("session", "facilitator", "facilitator__leave")
        .values_list("session_id", "facilitator_id", "facilitator__leave__days")
    )
    found: dict[Any, Away] = {}
    for session_id, facilitator_id, days in rows:
        last = days.upper - timedelta(days=1)
        away = Away(facilitator_id=facilitator_id, first=days.lower, last=last)
        found.setdefault(session_id, away)
    return found
