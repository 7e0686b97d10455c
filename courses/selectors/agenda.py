"""Sessions by period, for the week's pages."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from audit.actor import Actor
from audit.record import AGENDA, record_read
from courses.enums import SeriesState, SessionState
from courses.models import Series, Session, SessionLeader


def _with_parts(sessions: QuerySet[Session]) -> QuerySet[Session]:
    return sessions.select_related("series__offering", "room__centre__place")


def sessions_between(
    *,
    actor: Actor,
    start: datetime,
    end: datetime,
    room_ids: Iterable[int] | None = None,
    centre_ids: Iterable[int] | None = None,
    facilitator_ids: Iterable[int] | None = None,
    organisation_ids: Iterable[int] | None = None,
    purpose: str = AGENDA,
) -> list[Session]:
    """Sessions (cancelled ones too) that overlap the period, with room and leaders.

    The filters narrow the answer; left out they do not. `organisation_ids` are those
    of the offering. Each session has `session_leaders`, each with facilitator and
    person. Two reads, and one log line naming the leaders.
    """
    found = Session.objects.filter(period__overlap=DateTimeTZRange(start, end))
    if room_ids is not None:
        found = found.filter(room__in=room_ids)
    if centre_ids is not None:
        found = found.filter(room__centre__in=centre_ids)
    if organisation_ids is not None:
        found = found.filter(series__offering__organisation__in=organisation_ids)
    if facilitator_ids is not None:
        led = SessionLeader.objects.filter(facilitator__in=facilitator_ids)
        found = found.filter(pk__in=led.values("session"))
    leaders = SessionLeader.objects.select_related("facilitator__person")
    sessions = list(
        _with_parts(found)
        .prefetch_related(Prefetch("session_leaders", queryset=leaders))
        .order_by("period", "pk")
    )
    record_read(
        actor=actor,
        subjects=[
            leader.facilitator.person_id
            for session in sessions
            for leader in session.session_leaders.all()
        ],
        purpose=purpose,
        code="agenda.read",
        object_kind="session",
    )
    return sessions


def session_by_id(*, actor: Actor, session_id: uuid.UUID) -> Session | None:
    """One session with room and leaders; logged like the week it is part of."""
    leaders = SessionLeader.objects.select_related("facilitator__person")
    session = (
        _with_parts(Session.objects.filter(pk=session_id))
        .prefetch_related(Prefetch("session_leaders", queryset=leaders))
        .first()
    )
    if session is not None:
        record_read(
            actor=actor,
            subjects=[
                leader.facilitator.person_id for leader in session.session_leaders.all()
            ],
            purpose=AGENDA,
            code="agenda.read",
            object_kind="session",
            object_id=session.pk,
        )
    return session


def sessions_of_series(
    *, series_ids: Iterable[uuid.UUID] | None = None
) -> QuerySet[Session]:
    """The sessions of some series, or of all, in order; shows no person."""
    found = Session.objects.order_by("series_id", "period", "pk")
    return found if series_ids is None else found.filter(series__in=list(series_ids))


def session_shapes(
    *, session_ids: Iterable[uuid.UUID | str]
) -> dict[uuid.UUID, tuple[int, timedelta]]:
    """Number in its series and length of each of these sessions; shows no person."""
    found = Session.objects.filter(pk__in=list(session_ids))
    return {
        key: (number, period.upper - period.lower)
        for key, number, period in found.values_list("pk", "number", "period")
    }


def agenda_changed_at(
    *,
    series_ids: Iterable[uuid.UUID | str],
    start: datetime,
    end: datetime,
    session_ids: Iterable[uuid.UUID] = (),
) -> dict[uuid.UUID, datetime]:
    """When each series, or a session of it that starts in the period, last changed.

    Cancelled sessions count too, and so do those of ``session_ids``, wherever they went
    since. One query; shows no person.
    """
    found = _with_changes(series_ids, start, end, session_ids)
    return {
        key: max(changed, session_changed or changed)
        for key, changed, session_changed in found.values_list(
            "pk", "last_modified", "session_changed"
        )
    }


def sessions_changed_at(
    *,
    series_ids: Iterable[uuid.UUID | str],
    start: datetime,
    end: datetime,
    session_ids: Iterable[uuid.UUID] = (),
) -> dict[uuid.UUID, tuple[str, datetime | None]]:
    """State of each series, and when a session of it last changed: one that starts in
    the period, or is among ``session_ids``. One query; shows no person."""
    found = _with_changes(series_ids, start, end, session_ids)
    return {
        key: (state, changed)
        for key, state, changed in found.values_list("pk", "state", "session_changed")
    }


def _with_changes(
    series_ids: Iterable[uuid.UUID | str],
    start: datetime,
    end: datetime,
    session_ids: Iterable[uuid.UUID],
) -> QuerySet[Any]:
    """The series with ``session_changed``, when a session of each last changed."""
    then = Q(
        sessions__period__startswith__gte=start, sessions__period__startswith__lt=end
    ) | Q(sessions__in=list(session_ids))
    return Series.objects.filter(pk__in=list(series_ids)).annotate(
        session_changed=Max("sessions__last_modified", filter=then)
    )


def last_starts(
    *,
    series_ids: Collection[uuid.UUID],
    session_ids: Collection[uuid.UUID],
    start: datetime,
    end: datetime,
) -> dict[uuid.UUID, datetime]:
    """When the last session begins of each of these series: of those that begin in the
    period, and of those named, wherever they went. Cancelled ones count too; a series
    without any is left out. One query; shows no person."""
    found = Session.objects.filter(
        Q(period__startswith__gte=start, period__startswith__lt=end)
        | Q(pk__in=list(session_ids)),
        series__in=list(series_ids),
    )
    rows = found.order_by().values("series_id").annotate(last=Max("period__startswith"))
    return dict(rows.values_list("series_id", "last"))


def meeting_outside(
    *, series_ids: Iterable[uuid.UUID], start: datetime, end: datetime
) -> set[uuid.UUID]:
    """Those of these series that have a session before or after a period; one query.

    Cancelled sessions do not count.
    """
    found = Session.objects.filter(
        Q(period__startswith__lt=start) | Q(period__startswith__gte=end),
        series__in=list(series_ids),
        state=SessionState.PUBLISHED,
    )
    return set(found.order_by().values_list("series_id", flat=True).distinct())


def meeting_within(
    *, series_ids: Iterable[uuid.UUID], start: datetime, end: datetime
) -> set[uuid.UUID]:
    """Those of these series with a session that takes place and begins in a period;
    one query, shows no person."""
    found = Session.objects.filter(
        period__startswith__gte=start,
        period__startswith__lt=end,
        series__in=list(series_ids),
        state=SessionState.PUBLISHED,
    )
    return set(found.order_by().values_list("series_id", flat=True).distinct())


def cancelled_series(
    *, series_ids: Iterable[uuid.UUID], period: DateTimeTZRange
) -> dict[uuid.UUID, bool]:
    """Series of these that are cancelled, and whether each lies in a period as a whole:
    it has sessions, and all of them begin in it. One query; shows no person."""
    inside = Q(
        sessions__period__startswith__gte=period.lower,
        sessions__period__startswith__lt=period.upper,
    )
    found = Series.objects.filter(
        pk__in=list(series_ids), state=SeriesState.CANCELLED
    ).annotate(number=Count("sessions"), within=Count("sessions", filter=inside))
    return {
        key: 0 < number == within
        for key, number, within in found.values_list("pk", "number", "within")
    }


def first_made_after(
    *, series_ids: Collection[uuid.UUID], moment: datetime | None
) -> set[uuid.UUID]:
    """Series of these whose every session was made after a moment; one without any
    is none of them. One query, or none; shows no person."""
    if moment is None or not series_ids:
        return set()
    found = Series.objects.filter(pk__in=list(series_ids)).annotate(
        first=Min("sessions__created_at")
    )
    return set(found.filter(first__gt=moment).order_by().values_list("pk", flat=True))


def has_sessions(*, series_id: uuid.UUID) -> bool:
    """Whether any session of a series takes place, or took place."""
    return Session.objects.filter(
        series=series_id, state=SessionState.PUBLISHED
    ).exists()


def sessions_by_id(*, session_ids: Iterable[uuid.UUID]) -> list[Session]:
    """These sessions in order of time, cancelled ones too; shows no person."""
    return list(
        Session.objects.filter(pk__in=list(session_ids)).order_by("period", "pk")
    )
