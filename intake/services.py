"""Writing referrals and consultations; a referral becomes a registration."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actor import Actor
from audit.record import CARE, record_event
from audit.rows import save_checked
from courses import services as courses
from courses.kinds import LevelOfCare, OfferingKind, policy_of
from intake.enums import ConsultationState, ReferralState
from intake.models import Consultation, Referral

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.backends.postgresql.psycopg_any import DateRange

    from courses.models import Offering
    from people.models import Organisation, Resident, User

NOT_FOR_CRISIS = gettext_lazy(
    "This is not for a crisis. Call the GP or the out-of-hours GP service. "
    "In danger of life: 112. Thoughts of suicide: 113 or 0800-0113, free of charge."
)


def target_days() -> int:
    """Days within which an exploratory conversation is due, by its policy."""
    return policy_of(OfferingKind.EXPLORATORY_CONVERSATION).norm_days


@transaction.atomic
def receive_referral(
    *,
    actor: Actor,
    resident: Resident,
    organisation: Organisation,
    received_on: date,
    referrer: User | None = None,
    urgent: bool = False,
) -> Referral:
    """Write down a referral to an exploratory conversation.

    Raises
    ------
    django.core.exceptions.ValidationError
        For an urgent one, with the fixed text: a crisis is never planned here, and
        nothing of it is kept.
    """
    if urgent:
        raise ValidationError(NOT_FOR_CRISIS, code="urgent")
    referral = save_checked(
        Referral(
            resident=resident,
            organisation=organisation,
            referrer=referrer,
            received_on=received_on,
            target_date=received_on + timedelta(days=target_days()),
        )
    )
    _log(actor, "referral.create", "C", referral)
    return referral


@transaction.atomic
def register_referral(
    *, actor: Actor, referral: Referral, offering: Offering, need_class: int = 3
) -> Referral:
    """Turn a referral into a registration for an exploratory conversation.

    The norm date of the registration is the target date of the referral.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the referral already has one, or the offering is something else.
    """
    if referral.registration_id is not None:
        raise ValidationError(_("This referral is already waiting for a conversation."))
    if offering.policy.level_of_care != LevelOfCare.INTAKE:
        raise ValidationError(
            _("Choose an offering that is an exploratory conversation.")
        )
    registration = courses.register(
        resident=referral.resident,
        actor=actor,
        offering=offering,
        choices=[courses.Choice(offering=offering)],
        need_class=need_class,
        allowed_levels=[LevelOfCare.INTAKE],
        norm_date=referral.target_date,
    )
    referral.registration = registration
    referral.state = ReferralState.REGISTERED
    save_checked(referral)
    _log(actor, "referral.register", "U", referral)
    return referral


@transaction.atomic
def ask_consultation(
    *,
    actor: Actor,
    asked_by: User,
    organisation: Organisation,
    topic: str,
    wished_days: DateRange,
    series_id: UUID | None = None,
) -> Consultation:
    """Write down that a helper asks to think along; no resident is named.

    `series_id` is the series it is planned as, where there is one already.
    """
    consultation = save_checked(
        Consultation(
            asked_by=asked_by,
            organisation=organisation,
            topic=topic,
            wished_days=wished_days,
            series_id=series_id,
            state=(
                ConsultationState.ASKED
                if series_id is None
                else ConsultationState.PLANNED
            ),
        )
    )
    record_event(
        actor=actor,
        code="consultation.create",
        action="C",
        purpose=CARE,
        object_kind="consultation",
        object_id=consultation.pk,
    )
    return consultation


def _log(actor: Actor, code: str, action: str, referral: Referral) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=CARE,
        subjects=[referral.resident.person_id],
        object_kind="referral",
        object_id=referral.pk,
    )
