"""What came of a conversation: one form, by the two professionals and the resident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import save_checked
from courses.services import ask_once, finish_conversation
from intake.enums import ReferralState
from intake.models import Outcome, Referral
from intake.services.letters import tell_referrer
from intake.services.proposals import lock_referral
from intake.services.referrals import log_referral

if TYPE_CHECKING:
    from courses.models import Offering, ReasonCode, Registration
    from people.models import User


@transaction.atomic
def record_outcome(
    *,
    actor: Actor,
    user: User,
    referral_id: int,
    advice: Sequence[str],
    offerings: Sequence[Offering] = (),
    reason: ReasonCode | None = None,
) -> Outcome:
    """Write the advice down, ask for what was agreed, and tell the referrer.

    The same form again gives the outcome that is there.

    Raises
    ------
    django.core.exceptions.ValidationError
        Before the conversation has begun, or for one-to-one care without its reason.
    """
    referral = lock_referral(referral_id)
    there = Outcome.objects.filter(referral=referral).first()
    if there is not None:
        return there
    chosen = referral.times.filter(state="chosen").first()
    if chosen is None or chosen.period.lower > timezone.now():
        raise ValidationError(_("This conversation has not been held yet."))
    outcome = save_checked(
        Outcome(referral=referral, advice=list(dict.fromkeys(advice)), filled_by=user)
    )
    asked = [
        _ask(actor, user, referral.resident, one, reason)
        for one in dict.fromkeys(offerings)
    ]
    outcome.registrations.set(asked)
    if referral.registration_id is not None:
        finish_conversation(actor=actor, registration_id=referral.registration_id)
    referral.state = ReferralState.ADVISED
    referral.held_on = timezone.localdate(chosen.period.lower)
    referral.advised_at = timezone.now()
    referral.save(update_fields=["state", "held_on", "advised_at"])
    log_referral(actor, "referral.advise", "U", referral)
    tell_referrer(actor=actor, referral=referral, what="advice")
    return outcome


def _ask(
    actor: Actor,
    user: User,
    resident: object,
    offering: Offering,
    reason: ReasonCode | None,
) -> Registration:
    needs_reason = offering.policy.needs_reason_code
    if needs_reason and reason is None:
        raise ValidationError(
            _("Choose why a group does not fit now: one-to-one care asks for a reason.")
        )
    return ask_once(
        actor=actor,
        user=user,
        resident=resident,  # type: ignore[arg-type]
        offering=offering,
        reason=reason if needs_reason else None,
    )


@transaction.atomic
def mark_held(*, actor: Actor, now: datetime | None = None) -> int:
    """Conversations whose time is over were held; how many were marked now."""
    over = Referral.objects.select_for_update(of=("self",)).filter(
        state=ReferralState.PLANNED,
        times__state="chosen",
        times__period__endswith__lte=now or timezone.now(),
    )
    rows = list(over.select_related("resident"))
    for row in rows:
        chosen = row.times.get(state="chosen")
        row.state = ReferralState.HELD
        row.held_on = timezone.localdate(chosen.period.lower)
        row.save(update_fields=["state", "held_on"])
        log_referral(actor, "referral.held", "U", row)
    return len(rows)
