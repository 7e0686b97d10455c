"""Writing the published agenda: series, sessions and who leads them.

A change that calendars must notice raises SEQUENCE and LAST-MODIFIED of the session;
a cancelled session stays. Bookings are guarded by the database; `bookings_deferred`
lets a release swap rooms, leaders and seats and judges the end result.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_event
from audit.rows import save_checked
from courses.enums import (
    RUNNING_STATES,
    SEAT_HOLDING,
    EnrolmentState,
    SeriesState,
    SessionState,
)
from courses.models import (
    Enrolment,
    Series,
    SeriesLeader,
    Session,
    SessionLeader,
)
from courses.seats import lock_series
from courses.services.closing import wait_for_next
from courses.services.promote import promote
from courses.services.told import offers_over

PROMISED = (EnrolmentState.ENROLLED, EnrolmentState.OFFERED)
BOOKINGS = (
    "courses_session_number_once",
    "courses_session_room_free",
    "courses_session_leader_free",
    "courses_enrolment_seat_free",
)
BOOKING_LOCK = 71_1001
"""Key of the advisory lock under which bookings are written."""


class DoubleBooking(Exception):
    """A room, a leader, or a seat would be used twice; `constraint` says which."""

    def __init__(self, constraint: str) -> None:
        super().__init__(f"refused by {constraint}")
        self.constraint = constraint


@contextmanager
def bookings_deferred() -> Iterator[None]:
    """Judge double use of rooms, leaders and seats at the end of the block.

    One block at a time: two that wrote the same hour would wait for each other's end
    when they are judged, and the database would break that off as a deadlock.

    Raises
    ------
    DoubleBooking
        At the end; everything written in the block is rolled back.
    """
    names = ", ".join(BOOKINGS)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BOOKING_LOCK])
                cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")
            yield
            with connection.cursor() as cursor:
                cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
    except IntegrityError as fault:
        diagnosis = getattr(fault.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None)
        if name in BOOKINGS:
            raise DoubleBooking(name) from fault
        raise


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """One session as it is to be published."""

    id: uuid.UUID
    number: int
    period: DateTimeTZRange
    room_id: int | None
    online: bool = False
    leader_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Sessions by what happened to them."""

    added: list[Session] = field(default_factory=list)
    changed: list[Session] = field(default_factory=list)
    cancelled: list[Session] = field(default_factory=list)


@transaction.atomic
def publish_series(
    *,
    series: Series,
    actor: Actor,
    weekday: int | None,
    start_time: time | None,
    first_date: date | None,
    room_id: int | None,
    leader_ids: Sequence[int],
    sessions: Sequence[SessionFacts],
    within: DateTimeTZRange | None = None,
) -> Changes:
    """Put a series and its sessions into the agenda, or change them to be so.

    Sessions are known by id. With `within`, published sessions of the series that
    start in that period and are not among `sessions` are cancelled. A larger room or
    fewer leaders make seats free: they are offered to who is first in turn.
    """
    series = lock_series(ids=[series.pk])[0]
    series.weekday, series.start_time = weekday, start_time
    series.first_date, series.room_id = first_date, room_id
    if series.state not in RUNNING_STATES:
        series.state = SeriesState.PUBLISHED
    save_checked(series)
    _set_series_leaders(series, leader_ids)
    changes = Changes()
    now = timezone.now()
    known = {one.pk: one for one in series.sessions.prefetch_related("session_leaders")}
    for facts in sessions:
        _publish_session(series, known.get(facts.id), facts, now, changes)
    if within is not None:
        wanted = {facts.id for facts in sessions}
        for one in known.values():
            if (
                one.pk not in wanted
                and one.state == SessionState.PUBLISHED
                and one.period.lower in within
            ):
                _cancel(one, now)
                changes.cancelled.append(one)
    _log(actor, "series.publish", "U", "series", series.pk, leader_ids)
    promote(series_ids=[series.pk], actor=actor)
    return changes


def _set_series_leaders(series: Series, leader_ids: Sequence[int]) -> None:
    SeriesLeader.objects.filter(series=series).exclude(
        facilitator__in=leader_ids
    ).delete()
    SeriesLeader.objects.bulk_create(
        [SeriesLeader(series=series, facilitator_id=pk) for pk in leader_ids],
        ignore_conflicts=True,
    )


def _publish_session(
    series: Series,
    known: Session | None,
    facts: SessionFacts,
    now: datetime,
    changes: Changes,
) -> None:
    if known is None:
        session = Session.objects.create(
            id=facts.id,
            series=series,
            number=facts.number,
            period=facts.period,
            room_id=facts.room_id,
            online=facts.online,
            created_at=now,
            last_modified=now,
        )
        _set_session_leaders(session, facts.leader_ids)
        changes.added.append(session)
        return
    before = (known.number, known.period, known.room_id, known.online, known.state)
    after = (
        facts.number,
        facts.period,
        facts.room_id,
        facts.online,
        SessionState.PUBLISHED,
    )
    led_by = {leader.facilitator_id for leader in known.session_leaders.all()}
    if before == after and led_by == set(facts.leader_ids):
        return
    if known.period != facts.period and known.original_period is None:
        known.original_period = known.period
    known.number, known.period, known.room_id, known.online, known.state = after
    _touch(known, now)
    _set_session_leaders(known, facts.leader_ids)
    changes.changed.append(known)


def _set_session_leaders(session: Session, leader_ids: Sequence[int]) -> None:
    SessionLeader.objects.filter(session=session).exclude(
        facilitator__in=leader_ids
    ).delete()
    held = set(session.session_leaders.values_list("facilitator_id", flat=True))
    SessionLeader.objects.bulk_create(
        [
            SessionLeader(
                session=session,
                facilitator_id=pk,
                period=session.period,
                state=session.state,
            )
            for pk in leader_ids
            if pk not in held
        ]
    )


def _touch(session: Session, now: datetime) -> None:
    session.sequence += 1
    session.last_modified = now
    session.save()


def _cancel(session: Session, now: datetime) -> None:
    session.state = SessionState.CANCELLED
    _touch(session, now)


def _log(
    actor: Actor,
    code: str,
    action: str,
    kind: str,
    object_id: object,
    leader_ids: Sequence[int],
) -> None:
    from people.selectors import person_ids_of_facilitators

    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=PLANNING,
        subjects=person_ids_of_facilitators(facilitator_ids=leader_ids),
        object_kind=kind,
        object_id=object_id,
    )


def _leaders_of(session: Session) -> list[int]:
    return list(session.session_leaders.values_list("facilitator_id", flat=True))


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update(no_key=True).get(pk=session.pk)


@transaction.atomic
def move_session(
    *, session: Session, period: DateTimeTZRange, room_id: int | None, actor: Actor
) -> Session:
    """Move one session to another time or room.

    Raises
    ------
    django.core.exceptions.ValidationError
        When the room, or one of the leaders, is taken in that period.
    """
    session = _locked(session)
    if session.period != period and session.original_period is None:
        session.original_period = session.period
    session.period, session.room_id = period, room_id
    session.sequence += 1
    session.last_modified = timezone.now()
    session.full_clean()
    for leader in session.session_leaders.all():
        leader.session = session
        leader.full_clean()
    session.save()
    _log(actor, "session.move", "U", "session", session.pk, _leaders_of(session))
    return session


@transaction.atomic
def cancel_session(*, session: Session, actor: Actor) -> Session:
    """Cancel one session; it stays in calendars as cancelled."""
    session = _locked(session)
    if session.state == SessionState.PUBLISHED:
        _cancel(session, timezone.now())
        _log(actor, "session.cancel", "U", "session", session.pk, _leaders_of(session))
    return session


@transaction.atomic
def replace_leaders(
    *, session: Session, facilitator_ids: Sequence[int], actor: Actor
) -> Session:
    """Let others lead one session.

    Raises
    ------
    django.core.exceptions.ValidationError
        When one of them already leads another session in that period.
    """
    session = _locked(session)
    before = _leaders_of(session)
    for pk in set(facilitator_ids) - set(before):
        SessionLeader(session=session, facilitator_id=pk).full_clean()
    _set_session_leaders(session, facilitator_ids)
    _touch(session, timezone.now())
    concerned = list(dict.fromkeys([*before, *facilitator_ids]))
    _log(actor, "session.leaders", "U", "session", session.pk, concerned)
    return session


@transaction.atomic
def cancel_series(*, series: Series, actor: Actor) -> Changes:
    """Cancel a series: its coming sessions, and its seats.

    Who had a seat, or waited for one, waits for the next series of the offering, with
    the old registration date. A seat that only a draft held changes nothing.
    """
    series = lock_series(ids=[series.pk])[0]
    now = timezone.now()
    changes = Changes()
    for session in series.sessions.filter(
        state=SessionState.PUBLISHED, period__startswith__gt=now
    ):
        _cancel(session, now)
        changes.cancelled.append(session)
    seats = list(series.enrolments.filter(state__in=SEAT_HOLDING))
    Enrolment.objects.filter(pk__in=[seat.pk for seat in seats]).update(
        state=EnrolmentState.WITHDRAWN, changed_at=now, offer_expires_at=None
    )
    # Nobody refused what was offered: it may be offered again, should the group return.
    series.enrolments.filter(pk__in=[seat.pk for seat in seats]).exclude(
        offered_at=None
    ).update(offered_at=None)
    offers_over(actor=actor, offers=seats)
    lost = [seat.registration_id for seat in seats if seat.state in PROMISED]
    series.state = SeriesState.CANCELLED
    series.save(update_fields=["state", "last_modified"])
    leaders = list(series.leaders.values_list("pk", flat=True))
    _log(actor, "series.cancel", "U", "series", series.pk, leaders)
    wait_for_next(series=series, actor=actor, also=lost)
    return changes
