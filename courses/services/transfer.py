"""Groups that are merged, split, stopped or taken online: what becomes of the people.

Nobody is lost. Who goes along keeps a seat; the seat in the former group stays in the
rows, with its attendance, as withdrawn. Who cannot waits again, with the old date.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import (
    PLACEABLE,
    SEAT_HOLDING,
    EnrolmentState,
    RegistrationState,
    SessionState,
)
from courses.log import log_registrations
from courses.models import Enrolment, Registration, Series
from courses.seats import lock_registrations, lock_series, with_seats
from courses.services.promote import promote_later


class NoSeatLeft(Exception):
    """A group has fewer free seats than people who were to go to it."""

    def __init__(self, series_id: uuid.UUID) -> None:
        super().__init__(f"series {series_id} has too few seats")
        self.series_id = series_id


@transaction.atomic
def transfer_seats(
    *, pairs: Sequence[tuple[int, uuid.UUID]], actor: Actor
) -> list[Enrolment]:
    """Let people go from their group to another: (enrolment id, series id) each.

    Whose seat was given up meanwhile is left alone, and so is who already has a seat
    in the other group. The seats that come free in the former groups are offered on.
    Returns the new seats.

    Raises
    ------
    NoSeatLeft
        If the other group has too few free seats, or does not take place any more;
        nothing has changed then.
    """
    seats = {
        one.pk: one
        for one in Enrolment.objects.filter(pk__in=[pk for pk, _series in pairs])
    }
    former = {one.series_id for one in seats.values()}
    targets = {series_id for _pk, series_id in pairs}
    rows = {one.pk: one for one in lock_series(ids=former | targets)}
    lock_registrations({one.registration_id for one in seats.values()})
    moving = _still_there(pairs)
    wanted: dict[uuid.UUID, int] = defaultdict(int)
    for seat, series_id in moving:
        wanted[series_id] += seat.seats
    counted = with_seats(Series.objects.filter(pk__in=wanted))
    free = {one.pk: one.seats_free for one in counted}
    for series_id, number in wanted.items():
        if rows[series_id].state not in PLACEABLE or free[series_id] < number:
            raise NoSeatLeft(series_id)
    now = timezone.now()
    Enrolment.objects.filter(pk__in=[seat.pk for seat, _series in moving]).update(
        state=EnrolmentState.WITHDRAWN, changed_at=now
    )
    made = Enrolment.objects.bulk_create(
        [
            Enrolment(
                registration_id=seat.registration_id,
                resident_id=seat.resident_id,
                series_id=series_id,
                seats=seat.seats,
                state=EnrolmentState.ENROLLED,
                made_at=now,
                changed_at=now,
            )
            for seat, series_id in moving
        ]
    )
    changed = Registration.objects.filter(
        pk__in=[seat.registration_id for seat, _series in moving]
    )
    changed.update(state=RegistrationState.PLACED)
    log_registrations(
        actor=actor,
        code="enrolment.transfer",
        action="U",
        purpose=PLANNING,
        registrations=changed.select_related("resident"),
    )
    promote_later(series_ids=former - targets, actor=actor)
    return made


def _still_there(
    pairs: Sequence[tuple[int, uuid.UUID]],
) -> list[tuple[Enrolment, uuid.UUID]]:
    """The seats that are still held and whose owner has none in the other group."""
    seats = Enrolment.objects.in_bulk([pk for pk, _series in pairs])
    owners = set(
        Enrolment.objects.filter(
            series__in={series_id for _pk, series_id in pairs}, state__in=SEAT_HOLDING
        ).values_list("resident_id", "series_id")
    )
    return [
        (seats[pk], series_id)
        for pk, series_id in sorted(pairs)
        if pk in seats
        and seats[pk].state == EnrolmentState.ENROLLED
        and (seats[pk].resident_id, series_id) not in owners
    ]


@transaction.atomic
def take_online(*, series: Series, after: datetime, actor: Actor) -> int:
    """Hold all sessions of a series online from a moment on; how many changed.

    The series has no room any more. Sessions that were online stay as they are.
    """
    (series,) = lock_series(ids=[series.pk])
    now = timezone.now()
    number = 0
    for session in series.sessions.filter(
        state=SessionState.PUBLISHED, online=False, period__startswith__gte=after
    ):
        session.room, session.online = None, True
        session.sequence += 1
        session.last_modified = now
        session.save()
        number += 1
    series.room = None
    series.save(update_fields=["room", "last_modified"])
    record_event(
        actor=actor,
        code="series.online",
        action="U",
        purpose=PLANNING,
        object_kind="series",
        object_id=series.pk,
    )
    return number
