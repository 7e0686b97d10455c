"""Proposed times of a referral or consultation: kept, chosen, declined or lapsed.

Who finds the times and takes room and professionals is publishing, which lies above;
here only what was proposed and answered is written down.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from courses.services import set_proposed
from intake.enums import ConsultationState, ProposalState, ReferralState
from intake.models import Consultation, ProposedTime, Referral
from intake.services.referrals import log_referral

if TYPE_CHECKING:
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

CHOOSABLE = (ReferralState.REGISTERED, ReferralState.PROPOSED)
"""States of a referral in which times may be proposed and chosen."""


def answer_days() -> int:
    """Days in which a resident can choose one of the times; a setting of the region."""
    return getattr(settings, "CONVERSATION_ANSWER_DAYS", 7)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A time to propose; `room_id` is None online."""

    period: DateTimeTZRange
    room_id: int | None
    facilitator_ids: tuple[int, ...]


def lock_referral(referral_id: int) -> Referral:
    """The referral, locked until the transaction ends."""
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("resident__person", "registration__offering", "organisation")
        .get(pk=referral_id)
    )


@transaction.atomic
def keep_times(
    *, actor: Actor, referral: Referral, slots: Sequence[Slot]
) -> list[ProposedTime]:
    """Propose these times to a resident, in place of what was open; [] if too late."""
    row = lock_referral(referral.pk)
    if row.state not in CHOOSABLE or row.registration_id is None or not slots:
        return []
    row.times.filter(state=ProposalState.OPEN).update(state=ProposalState.LAPSED)
    if row.state != ReferralState.PROPOSED and not set_proposed(
        actor=actor, registration_id=row.registration_id, proposed=True
    ):
        return []
    times = [_keep(slot, referral=row) for slot in slots]
    row.state = ReferralState.PROPOSED
    row.proposed_at = row.proposed_at or timezone.now()
    row.save(update_fields=["state", "proposed_at"])
    log_referral(actor, "referral.propose", "U", row)
    return times


def _keep(slot: Slot, **owner: Referral | Consultation) -> ProposedTime:
    made = ProposedTime.objects.create(
        period=slot.period, room_id=slot.room_id, **owner
    )
    made.leaders.set(slot.facilitator_ids)
    return made


@transaction.atomic
def keep_consultation_time(*, consultation: Consultation, slot: Slot) -> ProposedTime:
    """Propose a time to a professional, in place of what was open."""
    consultation.times.filter(state=ProposalState.OPEN).update(
        state=ProposalState.LAPSED
    )
    return _keep(slot, consultation=consultation)


def mark_chosen(
    *, actor: Actor, referral: Referral, time: ProposedTime, series_id: uuid.UUID
) -> None:
    """Write down which time was chosen; the others lapse. The caller has the lock."""
    _choose(time, series_id)
    referral.times.filter(state=ProposalState.OPEN).update(state=ProposalState.LAPSED)
    referral.state = ReferralState.PLANNED
    referral.chosen_at = timezone.now()
    referral.link_hash, referral.link_expires_at = "", None
    referral.save(update_fields=["state", "chosen_at", "link_hash", "link_expires_at"])
    log_referral(actor, "referral.choose", "U", referral)


@transaction.atomic
def adopt(
    *, actor: Actor, referral: Referral, slot: Slot, series_id: uuid.UUID
) -> ProposedTime | None:
    """The plan of a week held the conversation: write that down as the chosen time."""
    row = lock_referral(referral.pk)
    if row.state not in CHOOSABLE:
        return None
    time = _keep(slot, referral=row)
    mark_chosen(actor=actor, referral=row, time=time, series_id=series_id)
    return time


def mark_accepted(
    *, consultation: Consultation, time: ProposedTime, series_id: uuid.UUID
) -> None:
    """Write down that the professional accepted. The caller has the lock."""
    _choose(time, series_id)
    consultation.state = ConsultationState.PLANNED
    consultation.series_id = series_id
    consultation.save(update_fields=["state", "series"])


def _choose(time: ProposedTime, series_id: uuid.UUID) -> None:
    time.state, time.series_id = ProposalState.CHOSEN, series_id
    time.save(update_fields=["state", "series"])


@transaction.atomic
def lapse_time(*, time: ProposedTime) -> None:
    """Take back one time: it no longer fits."""
    ProposedTime.objects.filter(pk=time.pk, state=ProposalState.OPEN).update(
        state=ProposalState.LAPSED
    )


@transaction.atomic
def put_back(*, actor: Actor, referral: Referral, declined: bool) -> Referral:
    """Nothing is proposed or planned any more; the referral waits again.

    `declined` says that the resident could not at these times, so that they are not
    proposed again; otherwise they lapsed.
    """
    row = lock_referral(referral.pk)
    if row.state not in (*CHOOSABLE, ReferralState.PLANNED):
        return row
    row.times.filter(state__in=[ProposalState.OPEN, ProposalState.CHOSEN]).update(
        state=ProposalState.DECLINED if declined else ProposalState.LAPSED
    )
    if row.registration_id is not None:
        set_proposed(actor=actor, registration_id=row.registration_id, proposed=False)
    row.state, row.chosen_at = ReferralState.REGISTERED, None
    row.link_hash, row.link_expires_at = "", None
    row.save(update_fields=["state", "chosen_at", "link_hash", "link_expires_at"])
    log_referral(actor, "referral.put_back", "U", row)
    return row


def make_link(
    *, referral: Referral, now: datetime | None = None
) -> tuple[str, datetime]:
    """A secret of 128 bits by which to choose without an account, and until when.

    Kept as a hash only; a new one stops the one before it.
    """
    secret = secrets.token_urlsafe(16)
    until = (now or timezone.now()) + timedelta(days=answer_days())
    Referral.objects.filter(pk=referral.pk).update(
        link_hash=hash_of(secret), link_expires_at=until
    )
    return secret, until


def hash_of(secret: str) -> str:
    """How a secret is kept. It is random, so a plain hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()
