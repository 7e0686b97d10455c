"""The form of a GP or social worker: a referral that waits for a conversation."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from audit.actor import Actor
from audit.record import CARE, record_event
from courses.selectors import conversation_offering
from intake.models import Referral
from intake.services.referrals import (
    NOT_FOR_CRISIS,
    receive_referral,
    register_referral,
    standing_referral,
)
from people.services.known import Described, meet
from people.services.verification import verified_organisations

if TYPE_CHECKING:
    from people.models import Organisation, Place, User

NOT_VERIFIED = _(
    "You cannot refer yet: somebody first makes sure that you are a GP or social "
    "worker."
)
PROPOSE = "publishing.propose_times"
"""The task that looks for times; publishing, which may plan, performs it."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the form asks; nothing about health, and no citizen service number."""

    call_name: str
    birth_year: int
    place: Place
    contact_channel: str
    contact_address: str
    with_relative: bool
    once: uuid.UUID


@transaction.atomic
def refer(
    *,
    actor: Actor,
    referrer: User,
    organisation: Organisation,
    asked: Asked,
    urgent: bool = False,
) -> Referral:
    """Refer a resident, known or new, to an exploratory conversation.

    The same form again, and a second referral of somebody who has an open one, give
    the referral that is there. One of which was ended what it asked for is closed
    first: this is asked anew. When the region has no such conversation on offer the
    referral waits for the coordinator.

    Raises
    ------
    django.core.exceptions.ValidationError
        For an urgent one, with the fixed text, and for an account that nobody checked
        for this organisation (or too long ago); nothing of it is kept.
    """
    if urgent:
        raise ValidationError(NOT_FOR_CRISIS, code="urgent")
    if organisation.pk not in verified_organisations(user=referrer):
        raise ValidationError(NOT_VERIFIED, code="not-verified")
    there = Referral.objects.filter(once=asked.once, referrer=referrer).first()
    if there is not None:
        return there
    offering = conversation_offering()
    met = meet(
        actor=actor,
        described=Described(
            call_name=asked.call_name,
            birth_year=asked.birth_year,
            contact_channel=asked.contact_channel,
            contact_address=asked.contact_address,
            place=asked.place,
            organisation=offering.organisation if offering is not None else None,
        ),
    )
    open_one = standing_referral(actor=actor, resident=met.resident)
    if open_one is not None:
        _log_again(actor, open_one)
        return open_one
    today = timezone.localdate()
    referral = receive_referral(
        actor=actor,
        resident=met.resident,
        organisation=organisation,
        received_on=today,
        referrer=referrer,
        target_date=(
            today + timedelta(days=offering.norm_days) if offering is not None else None
        ),
        once=asked.once,
        with_relative=asked.with_relative,
        looks_like=met.looks_like,
    )
    if offering is not None:
        register_referral(actor=actor, referral=referral, offering=offering)
        app.configure_task(PROPOSE, queue="care").defer(timestamp=0)
    return referral


def _log_again(actor: Actor, referral: Referral) -> None:
    record_event(
        actor=actor,
        code="referral.again",
        action="E",
        purpose=CARE,
        subjects=[referral.resident.person_id],
        object_kind="referral",
        object_id=referral.pk,
    )
