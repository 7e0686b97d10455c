"""Putting groups and seats back as they were before a release changed them.

Who comes back has the very seat he had, with its attendance; the one he leaves for it
stays in the rows as withdrawn. What came free is offered on afterwards.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import EnrolmentState, RegistrationState
from courses.log import log_registrations
from courses.models import Enrolment, Registration, RegistrationChoice, Series
from courses.seats import lock_registrations, lock_series
from courses.selectors.standing import Choice
from courses.services.promote import promote_later
from courses.services.told import offers_over

ONLY_HELD = (EnrolmentState.HELD_BY_DRAFT, EnrolmentState.OFFERED)


@transaction.atomic
def put_group_back(
    *,
    series_id: uuid.UUID,
    state: str,
    room_id: int | None,
    sessions: Mapping[uuid.UUID, Mapping[str, Any]],
    actor: Actor,
) -> Series:
    """Give a series a state and a room again, and sessions theirs.

    ``sessions``: by id their ``state``, ``room`` and ``online``; others stay as they
    are. Double use of a room or leader is refused by the database.
    """
    (series,) = lock_series(ids=[series_id])
    now = timezone.now()
    for session in series.sessions.filter(pk__in=list(sessions)):
        wanted = sessions[session.pk]
        session.state, session.online = wanted["state"], wanted["online"]
        session.room_id = wanted["room"]
        session.sequence += 1
        session.last_modified = now
        session.save()
    series.state, series.room_id = state, room_id
    series.save(update_fields=["state", "room", "last_modified"])
    record_event(
        actor=actor,
        code="series.reopen",
        action="U",
        purpose=PLANNING,
        object_kind="series",
        object_id=series.pk,
    )
    promote_later(series_ids=[series.pk], actor=actor)
    return series


@transaction.atomic
def put_seats_back(
    *, pairs: Sequence[tuple[int, int | None]], actor: Actor
) -> list[Enrolment]:
    """Let people have former seats again: (enrolment, the one he leaves for it) each.

    A seat elsewhere that is only held, by a draft or by an offer, gives way. More seats
    than a group has are refused by the database. Returns the seats.
    """
    seats = list(
        Enrolment.objects.filter(pk__in=[pk for pk, _left in pairs]).order_by("pk")
    )
    lock_registrations([seat.registration_id for seat in seats])
    now = timezone.now()
    left = Enrolment.objects.filter(
        pk__in=[pk for _pk, pk in pairs if pk is not None],
        state=EnrolmentState.ENROLLED,
    )
    former = set(left.values_list("series_id", flat=True))
    left.update(state=EnrolmentState.WITHDRAWN, changed_at=now)
    held = Enrolment.objects.filter(
        registration__in=[seat.registration_id for seat in seats], state__in=ONLY_HELD
    )
    offers = list(held)
    held.update(state=EnrolmentState.WITHDRAWN, changed_at=now, offer_expires_at=None)
    offers_over(actor=actor, offers=offers)
    Enrolment.objects.filter(pk__in=[seat.pk for seat in seats]).update(
        state=EnrolmentState.ENROLLED, changed_at=now, offer_expires_at=None
    )
    placed = Registration.objects.filter(
        pk__in=[seat.registration_id for seat in seats]
    )
    placed.update(state=RegistrationState.PLACED)
    log_registrations(
        actor=actor,
        code="enrolment.return",
        action="U",
        purpose=PLANNING,
        registrations=placed.select_related("resident"),
    )
    came_free = former | {one.series_id for one in offers}
    promote_later(series_ids=came_free, actor=actor)
    return seats


@transaction.atomic
def put_choices_back(*, choices: Mapping[int, Iterable[Choice]], actor: Actor) -> None:
    """Write what these registrations chose as it was; their day and class stay."""
    if not choices:
        return
    rows = lock_registrations(choices)
    RegistrationChoice.objects.filter(registration__in=list(choices)).delete()
    RegistrationChoice.objects.bulk_create(
        RegistrationChoice(
            registration_id=registration,
            rank=rank,
            offering_id=offering,
            series_id=series,
            session_id=session,
        )
        for registration, chosen in choices.items()
        for rank, offering, series, session in chosen
    )
    log_registrations(
        actor=actor,
        code="registration.choice",
        action="U",
        purpose=PLANNING,
        registrations=rows,
    )
