"""Writing down what somebody told a helper: by telephone, at a desk, or in writing.

The same acts as on a resident's own page, done by the helper's account and logged as
such, with the way in which it was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.enums import (
    AmendReason,
    EnrolmentState,
    RegistrationState,
    ToldAct,
    ToldBy,
)
from courses.kinds import LevelOfCare
from courses.log import log_registrations
from courses.models import Enrolment, Registration, Session
from courses.seats import lock_one
from courses.services.changes import can_pause, pause, rejoin, say_absent
from courses.services.enrol import accept_offer, withdraw
from courses.services.register import withdraw_registration

if TYPE_CHECKING:
    from people.models import User

ENDING = (
    RegistrationState.WAITING,
    RegistrationState.INTEREST,
    RegistrationState.INTRODUCTION,
)


def seat_acts(seat: Enrolment) -> list[ToldAct]:
    """What can be told about a seat as it is now; its series' offering is loaded.

    Nothing about an exploratory conversation: its own page changes it.
    """
    if seat.series.offering.policy.level_of_care == LevelOfCare.INTAKE:
        return []
    if seat.state == EnrolmentState.OFFERED:
        return [ToldAct.ACCEPT, ToldAct.REFUSE]
    if seat.state != EnrolmentState.ENROLLED:
        return []
    pauses = [ToldAct.PAUSE] if can_pause(seat) else []
    return [ToldAct.ABSENT, *pauses, ToldAct.STOP]


def waiting_acts(registration: Registration) -> list[ToldAct]:
    """What can be told about waiting as it is now."""
    if registration.state not in ENDING:
        return []
    until = registration.paused_until
    paused = until is not None and until > timezone.localdate()
    back = [ToldAct.REJOIN] if paused else []
    return [*back, ToldAct.LEAVE]


def seat_of_message(key: str) -> int | None:
    """The seat that a message about an offer tells of, by the message's key."""
    found = re.fullmatch(r"offer-([0-9]{1,18})(-reminder)?", key)
    return int(found[1]) if found else None


@transaction.atomic
def act_on_seat(
    *,
    actor: Actor,
    user: User,
    enrolment: Enrolment,
    act: str,
    told_by: str,
    sessions: Iterable[Session] = (),
    until: date | None = None,
) -> None:
    """Do what the owner of a seat told: accept, refuse, miss dates, pause or stop.

    `sessions` are all that are missed; `until` is the end of a pause.

    Raises
    ------
    django.core.exceptions.ValidationError
        When the seat is not such (any more), or an act is refused; nothing is done.
    """
    lock_one(enrolment.series)
    seat = Enrolment.objects.select_related(
        "registration__resident", "series__offering"
    ).get(pk=enrolment.pk)
    if act not in seat_acts(seat):
        raise ValidationError(_changed(), code="changed")
    if act == ToldAct.ACCEPT:
        _accept(seat, actor)
    elif act == ToldAct.ABSENT:
        say_absent(enrolment=seat, sessions=sessions, actor=actor, user=user)
    elif act == ToldAct.PAUSE:
        if until is None:
            raise ValidationError(_("Choose how long this person pauses."))
        pause(enrolment=seat, until=until, actor=actor)
    else:
        first = seat.series.first_date
        begun = first is not None and first <= timezone.localdate()
        withdraw(enrolment=seat, actor=actor, stopped=begun)
    _note(actor, seat.registration, told_by)


def _accept(seat: Enrolment, actor: Actor) -> None:
    try:
        accept_offer(enrolment=seat, actor=actor)
    except ValidationError as lapsed:
        raise ValidationError(
            _("The time to answer is over. The place is no longer kept.")
        ) from lapsed


@transaction.atomic
def act_on_waiting(
    *, actor: Actor, registration: Registration, act: str, told_by: str
) -> None:
    """Do what somebody who waits told: come back from a pause, or wait no more.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it is not so (any more); nothing is done.
    """
    found = Registration.objects.select_related("resident").get(pk=registration.pk)
    if act not in waiting_acts(found):
        raise ValidationError(_changed(), code="changed")
    if act == ToldAct.REJOIN:
        rejoin(registration=found, actor=actor)
    else:
        withdraw_registration(
            registration=found, actor=actor, reason=AmendReason.ASKED.value
        )
    _note(actor, found, told_by)


def _note(actor: Actor, registration: Registration, told_by: str) -> None:
    log_registrations(
        actor=actor,
        code=f"registration.told.{ToldBy(told_by).value}",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )


def _changed() -> str:
    return _("This changed meanwhile. Look at how it is now.")
