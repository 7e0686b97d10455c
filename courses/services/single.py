"""Conversations for one person: proposed, held, and what is asked for after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from courses.enums import OPEN_STATES, EnrolmentState, RegistrationState
from courses.kinds import LevelOfCare
from courses.log import log_registrations
from courses.models import Offering, ReasonCode, Registration
from courses.services.register import Choice, register, set_one_to_one_reason

if TYPE_CHECKING:
    from people.models import Resident, User


@transaction.atomic
def set_proposed(*, actor: Actor, registration_id: int, proposed: bool) -> bool:
    """Mark that times are proposed, or that it waits again; whether that changed it.

    Only who waits is proposed something: a registration that has a seat, or was
    closed meanwhile, stays as it is.
    """
    before = RegistrationState.WAITING if proposed else RegistrationState.OFFERED
    after = RegistrationState.OFFERED if proposed else RegistrationState.WAITING
    registration = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("resident")
        .filter(pk=registration_id, state=before)
        .first()
    )
    if registration is None:
        return False
    registration.state = after
    registration.save(update_fields=["state"])
    log_registrations(
        actor=actor,
        code="registration.propose" if proposed else "registration.wait",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )
    return True


@transaction.atomic
def finish_conversation(*, actor: Actor, registration_id: int) -> None:
    """The conversation was held: its seat and what asked for it are completed."""
    registration = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("resident")
        .get(pk=registration_id)
    )
    registration.enrolments.filter(state=EnrolmentState.ENROLLED).update(
        state=EnrolmentState.COMPLETED, changed_at=timezone.now()
    )
    registration.state = RegistrationState.FINISHED
    registration.save(update_fields=["state"])
    log_registrations(
        actor=actor,
        code="registration.finish",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )


@transaction.atomic
def ask_once(
    *,
    actor: Actor,
    user: User,
    resident: Resident,
    offering: Offering,
    reason: ReasonCode | None = None,
) -> Registration:
    """Ask for an offering on somebody's behalf, with the level of care it has.

    Who already asks for it keeps that registration and its date. `reason` is why a
    group does not fit, for one-to-one care.
    """
    registration = Registration.objects.filter(
        resident=resident, state__in=OPEN_STATES, choices__offering=offering
    ).first()
    level = offering.policy.level_of_care
    if registration is None:
        registration = register(
            actor=actor,
            resident=resident,
            choices=[Choice(offering=offering)],
            allowed_levels=sorted({LevelOfCare.LIGHT, level or LevelOfCare.LIGHT}),
            made_by=user,
        )
    if reason is not None:
        set_one_to_one_reason(
            registration=registration, reason=reason, user=user, actor=actor
        )
    return registration


@transaction.atomic
def hand_over(
    *, actor: Actor, registration: Registration, resident: Resident
) -> Registration:
    """Two rows were one person: what one asked for is the other's, with its date.

    Only for what has no seat; a seat stays with who has it.
    """
    if registration.enrolments.exists():
        raise ValueError("a registration with a seat is not handed over")
    registration.resident = resident
    registration.save(update_fields=["resident"])
    log_registrations(
        actor=actor,
        code="registration.hand_over",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )
    return registration
