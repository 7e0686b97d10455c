"""Seats that a draft plan holds until it is released or dropped."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING
from courses.enums import SEAT_HOLDING, EnrolmentState, RegistrationState
from courses.log import log_registrations
from courses.models import Enrolment, Registration, Series
from courses.seats import lock_registrations, lock_series, seats_for, with_seats
from courses.selectors.elsewhere import Elsewhere
from courses.services.promote import for_two, promote, turns_move

Pair = tuple[int, uuid.UUID]
"""Registration id and series id."""


@dataclass(frozen=True, kw_only=True)
class HeldSeats:
    """What `hold_seats` could hold, and which pairs it could not, with a rule id."""

    held: list[Enrolment] = field(default_factory=list)
    refused: list[tuple[int, uuid.UUID, str]] = field(default_factory=list)


@transaction.atomic
def hold_seats(
    *,
    pairs: Sequence[Pair],
    actor: Actor,
    judged: DateTimeTZRange | None = None,
) -> HeldSeats:
    """Hold a seat for each (registration id, series id), as far as they are free.

    A pair that already has this very seat is held by it. Others are refused with
    `one-seat-per-registration` (a seat elsewhere), `group-size` (no seat free) or
    `resident-conflict` (elsewhere at the hour of a meeting to come; `judged` is the
    period whose meetings the plan has judged). A fixed number of queries, however many
    pairs. The registrations are locked, so that no offer is made to them at the same
    moment.
    """
    result = HeldSeats()
    by_series = sorted(pairs, key=lambda pair: (str(pair[1]), pair[0]))
    series_ids = list(dict.fromkeys(series_id for _registration, series_id in pairs))
    lock_series(ids=series_ids)
    counted = list(
        with_seats(Series.objects.filter(pk__in=series_ids)).select_related("offering")
    )
    free = {one.pk: one.seats_free for one in counted}
    by_id = {one.pk: one for one in counted}
    registrations = {
        one.pk: one for one in lock_registrations([one for one, _series in pairs])
    }
    active = Enrolment.objects.filter(
        state__in=SEAT_HOLDING, resident__registrations__in=registrations
    ).distinct()
    by_registration = {seat.registration_id: seat for seat in active}
    by_resident = {(seat.resident_id, seat.series_id) for seat in active}
    elsewhere = Elsewhere(
        resident_ids=[one.resident_id for one in registrations.values()],
        series_ids=series_ids,
        judged=judged,
    )
    for registration_id, series_id in by_series:
        registration = registrations[registration_id]
        seats = seats_for(registration, by_id[series_id])
        own = by_registration.get(registration_id)
        if own is not None and own.series_id == series_id:
            result.held.append(own)
        elif own is not None or (registration.resident_id, series_id) in by_resident:
            result.refused.append(
                (registration_id, series_id, "one-seat-per-registration")
            )
        elif free[series_id] < seats:
            result.refused.append((registration_id, series_id, "group-size"))
        elif elsewhere.clash(registration.resident_id, series_id) is not None:
            result.refused.append((registration_id, series_id, "resident-conflict"))
        else:
            free[series_id] -= seats
            by_resident.add((registration.resident_id, series_id))
            elsewhere.take(registration.resident_id, series_id)
            seat = Enrolment(
                registration=registration,
                resident_id=registration.resident_id,
                series_id=series_id,
                seats=seats,
                state=EnrolmentState.HELD_BY_DRAFT,
            )
            by_registration[registration_id] = seat
            result.held.append(seat)
    made = [seat for seat in result.held if seat.pk is None]
    Enrolment.objects.bulk_create(made)
    turns_move(registrations=for_two(seat.registration for seat in made), actor=actor)
    log_registrations(
        actor=actor,
        code="enrolment.hold",
        action="C",
        purpose=PLANNING,
        registrations=registrations.values(),
    )
    return result


def _held(pairs: Iterable[Pair]) -> list[Enrolment]:
    """The draft-held seats among the pairs, locked, in a fixed order."""
    wanted = set(pairs)
    seats = (
        Enrolment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("registration__resident")
        .filter(
            state=EnrolmentState.HELD_BY_DRAFT,
            registration__in=[registration for registration, _series in wanted],
        )
        .order_by("pk")
    )
    return [seat for seat in seats if (seat.registration_id, seat.series_id) in wanted]


@transaction.atomic
def confirm_held_seats(*, pairs: Sequence[Pair], actor: Actor) -> list[Enrolment]:
    """Turn held seats into enrolments (a release); others in `pairs` are left alone.

    Returns the seats that were confirmed now.
    """
    seats = _held(pairs)
    Enrolment.objects.filter(pk__in=[seat.pk for seat in seats]).update(
        state=EnrolmentState.ENROLLED, changed_at=timezone.now()
    )
    Registration.objects.filter(pk__in=[seat.registration_id for seat in seats]).update(
        state=RegistrationState.PLACED
    )
    log_registrations(
        actor=actor,
        code="enrolment.enrol",
        action="U",
        purpose=PLANNING,
        registrations=[seat.registration for seat in seats],
    )
    return seats


@transaction.atomic
def drop_held_seats(
    *, pairs: Sequence[Pair], actor: Actor, offered: bool = True
) -> int:
    """Let held seats go (a draft is dropped); returns how many were let go.

    Those of published series are offered to who is first in turn, in one transaction;
    not `offered` when a new plan is about to give them out, so that it can.
    """
    seats = _held(pairs)
    Enrolment.objects.filter(pk__in=[seat.pk for seat in seats]).update(
        state=EnrolmentState.WITHDRAWN, changed_at=timezone.now()
    )
    log_registrations(
        actor=actor,
        code="enrolment.drop",
        action="U",
        purpose=PLANNING,
        registrations=[seat.registration for seat in seats],
    )
    if offered:
        promote(series_ids={seat.series_id for seat in seats}, actor=actor)
        # They wait again, and something may have come free for them meanwhile.
        turns_move(registrations=[seat.registration for seat in seats], actor=actor)
    return len(seats)
