"""Changing the order of a waiting list by hand: always with a reason and a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import save_checked
from courses.enums import OPEN_STATES, RUNNING_STATES, SEAT_HOLDING, TurnReason
from courses.log import log_registrations
from courses.models import Enrolment, Registration, Series, TurnChange
from courses.seats import free_seats, lock_one, lock_registrations, seats_for
from courses.services.promote import for_two, make_offer, turns_move
from courses.services.told import tell_offers
from courses.suitability import objections

if TYPE_CHECKING:
    from people.models import User

BY_HAND = tuple(one for one in TurnReason if one != TurnReason.IMPORTED)
"""Reasons that a person may choose."""


@transaction.atomic
def change_need_class(
    *,
    registration: Registration,
    need_class: int,
    reason: str,
    user: User,
    actor: Actor,
) -> Registration:
    """Give a registration another need class (1 is most urgent), for a reason.

    The database writes the change down (`TurnChange`), as it does for every program.

    Raises
    ------
    django.core.exceptions.ValidationError
        Without a reason, for an unknown class, or when the registration is closed.
    """
    _check_reason(reason)
    (locked,) = lock_registrations([registration.pk])
    if locked.state not in OPEN_STATES:
        raise ValidationError(_("This registration was already closed."))
    if locked.need_class == need_class:
        return locked
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('gem.turn_reason', %s, true),"
            " set_config('gem.turn_by', %s, true)",
            [reason, str(user.pk)],
        )
        locked.need_class = need_class
        save_checked(locked)
        cursor.execute(
            "SELECT set_config('gem.turn_reason', '', true),"
            " set_config('gem.turn_by', '', true)"
        )
    log_registrations(
        actor=actor,
        code=f"registration.turn.{reason}",
        action="U",
        registrations=[locked],
        object_id=locked.pk,
    )
    turns_move(registrations=[locked], actor=actor)
    return locked


@transaction.atomic
def offer_out_of_turn(
    *,
    registration: Registration,
    series: Series,
    reason: str,
    user: User,
    actor: Actor,
) -> Enrolment:
    """Offer a free seat to somebody who is not first in turn, for a reason.

    Everybody else keeps the place there was. The seat must be free: nobody loses one.

    Raises
    ------
    django.core.exceptions.ValidationError
        Without a reason or a free seat, or when this person cannot have it.
    """
    _check_reason(reason)
    locked = lock_one(series)
    (person,) = lock_registrations([registration.pk])
    if locked.state not in RUNNING_STATES or person.state not in OPEN_STATES:
        raise ValidationError(_("This registration or group was already closed."))
    if person.enrolments.filter(state__in=SEAT_HOLDING).exists():
        raise ValidationError(_("This registration already has a seat."))
    refused = objections(
        resident_id=person.resident_id,
        series=locked,
        registration=person,
        for_planner=True,
    )
    if refused:
        raise ValidationError(refused)
    needs = seats_for(person, locked)
    if free_seats(locked) < needs:
        raise ValidationError(_("There is no free seat in this group now."))
    offer = make_offer(person, locked, needs, timezone.now())
    TurnChange.objects.create(
        registration=person, series=locked, reason=reason, changed_by=user
    )
    log_registrations(
        actor=actor,
        code=f"enrolment.out_of_turn.{reason}",
        action="C",
        registrations=[person],
        object_id=offer.pk,
    )
    tell_offers(actor=actor, offers=[offer])
    turns_move(registrations=for_two([person]), actor=actor)
    return offer


def _check_reason(reason: str) -> None:
    if reason not in BY_HAND:
        raise ValidationError(_("Choose a reason from the list."))
