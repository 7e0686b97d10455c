"""Writing referrals: how they come in, and how they become a registration."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actor import Actor
from audit.record import CARE, record_event
from audit.rows import save_checked
from courses import services as courses
from courses.enums import OPEN_STATES
from courses.kinds import LevelOfCare, OfferingKind, policy_of
from intake.enums import OPEN_REFERRALS, ReferralState
from intake.models import Referral
from people.services.known import remove_double, resident_for

if TYPE_CHECKING:
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
    target_date: date | None = None,
    **more: Any,
) -> Referral:
    """Write down a referral to an exploratory conversation.

    Without `target_date` it is due after as many days as the kind's policy has;
    `more` are other fields of Referral.

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
            target_date=target_date or received_on + timedelta(days=target_days()),
            **more,
        )
    )
    log_referral(actor, "referral.create", "C", referral)
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
        made_by=referral.referrer,
        norm_date=referral.target_date,
    )
    referral.registration = registration
    referral.state = ReferralState.REGISTERED
    save_checked(referral)
    log_referral(actor, "referral.register", "U", referral)
    return referral


def log_referral(actor: Actor, code: str, action: str, referral: Referral) -> None:
    """One line for an act on a referral; its resident is the subject."""
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=CARE,
        subjects=[referral.resident.person_id],
        object_kind="referral",
        object_id=referral.pk,
    )


@transaction.atomic
def close_referral(*, actor: Actor, referral: Referral) -> bool:
    """The resident does not want it any more; whether it was still open.

    What it asked for is withdrawn too. Take an appointment out of the agenda first.
    """
    row = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if row.state not in OPEN_REFERRALS:
        return False
    row.times.filter(state="open").update(state="lapsed")
    if row.registration is not None and row.registration.state in OPEN_STATES:
        courses.withdraw_registration(registration=row.registration, actor=actor)
    row.state = ReferralState.WITHDRAWN
    row.link_hash, row.link_expires_at = "", None
    row.save(update_fields=["state", "link_hash", "link_expires_at"])
    log_referral(actor, "referral.withdraw", "U", row)
    return True


@transaction.atomic
def standing_referral(*, actor: Actor, resident: Resident) -> Referral | None:
    """The referral that a resident still waits by, or of which the outcome is to come;
    one that was ended by itself is closed now."""
    from intake.selectors.referrals import ended_otherwise  # imports this module

    for ended in ended_otherwise(resident_id=resident.pk):
        close_referral(actor=actor, referral=ended)
    return Referral.objects.filter(resident=resident, state__in=OPEN_REFERRALS).first()


@transaction.atomic
def not_the_same(*, actor: Actor, referral: Referral) -> None:
    """A coordinator asked: it is somebody else than who it looks like."""
    Referral.objects.filter(pk=referral.pk).update(looks_like=None)
    log_referral(actor, "referral.two_persons", "U", referral)


@transaction.atomic
def same_person(*, actor: Actor, referral: Referral) -> Referral:
    """A coordinator asked: it is one person. The row the form added is taken away.

    The older row keeps its details. Where that one has an open referral already, that
    is the one that stays.

    Raises
    ------
    django.core.exceptions.ValidationError
        When there is an appointment already: that is taken out first.
    """
    row = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    known, doubled = row.looks_like, row.resident.person
    if known is None:
        return row
    if row.state not in {*OPEN_REFERRALS} - {ReferralState.PLANNED, ReferralState.HELD}:
        raise ValidationError(_("Take the appointment off first."))
    resident = resident_for(actor=actor, person=known)
    other = standing_referral(actor=actor, resident=resident)
    if other is not None and other.pk != row.pk:
        close_referral(actor=actor, referral=row)
    elif row.registration is not None:
        courses.hand_over(registration=row.registration, resident=resident, actor=actor)
    Referral.objects.filter(pk=row.pk).update(resident=resident, looks_like=None)
    remove_double(actor=actor, person=doubled)
    log_referral(actor, "referral.one_person", "U", other or row)
    return other or row
