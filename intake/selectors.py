"""Reads of referrals and consultations."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from audit.actor import Actor
from audit.record import CARE, record_read
from intake.enums import ConsultationState, ReferralState
from intake.models import Consultation, Referral
from intake.waits import conversation_waits as conversation_waits


def referrals(
    *,
    actor: Actor,
    states: Iterable[str] = (ReferralState.RECEIVED, ReferralState.REGISTERED),
    organisation_ids: Iterable[int] | None = None,
) -> list[Referral]:
    """Referrals in these states, longest waiting first; one read and one log line.

    `organisation_ids` are those of the referrers; None for the whole region.
    """
    found = Referral.objects.filter(state__in=list(states)).select_related(
        "resident__person", "organisation", "registration"
    )
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    rows = list(found.order_by("target_date", "pk"))
    record_read(
        actor=actor,
        subjects=[referral.resident.person_id for referral in rows],
        purpose=CARE,
        code="referral.list",
        object_kind="referral",
    )
    return rows


def open_consultations() -> QuerySet[Consultation]:
    """Consultations that are still to be planned; no resident is in them."""
    return Consultation.objects.filter(state=ConsultationState.ASKED).select_related(
        "organisation"
    )
