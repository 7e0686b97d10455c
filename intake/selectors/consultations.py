"""Reads of consultations and of the times asked of professionals; no resident."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from intake.enums import ConsultationState, ProposalState
from intake.models import Consultation, ProposedTime

NOT_OVER = (ProposalState.OPEN, ProposalState.CHOSEN)


def open_consultations() -> QuerySet[Consultation]:
    """Consultations that are still to be planned; no resident is in them."""
    return Consultation.objects.filter(state=ConsultationState.ASKED).select_related(
        "organisation"
    )


def asked_consultations() -> list[Consultation]:
    """Those for which no professional is being asked at this moment, oldest first."""
    return list(
        open_consultations()
        .exclude(times__state=ProposalState.OPEN)
        .select_related("asked_by")
        .order_by("asked_at", "pk")
    )


def lock_consultation(*, consultation_id: int) -> Consultation:
    """The consultation, locked until the transaction ends."""
    return (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("series__offering", "asked_by", "organisation")
        .get(pk=consultation_id)
    )


def consultation_declined_by(*, consultation_id: int) -> frozenset[int]:
    """Ids of the facilitators who could not."""
    row = Consultation.objects.get(pk=consultation_id)
    return frozenset(row.declined_by.values_list("pk", flat=True))


def own_consultations(*, user_id: int) -> list[Consultation]:
    """What an account asked, newest first, with the times; two reads."""
    return list(
        Consultation.objects.filter(asked_by=user_id)
        .prefetch_related("times")
        .order_by("-asked_at", "-pk")
    )


def own_consultation(*, consultation_id: int, user_id: int) -> Consultation | None:
    """One, only if this account asked it."""
    return Consultation.objects.filter(pk=consultation_id, asked_by=user_id).first()


def _asked_of(facilitator_id: int) -> QuerySet[ProposedTime]:
    return ProposedTime.objects.filter(
        consultation__isnull=False, leaders=facilitator_id, state__in=NOT_OVER
    ).select_related("consultation__organisation", "room__centre__place")


def consultations_for(*, facilitator_id: int) -> list[ProposedTime]:
    """Times asked of a professional, and those accepted, that are still to come."""
    return list(
        _asked_of(facilitator_id)
        .filter(period__endswith__gt=timezone.now())
        .order_by("period", "pk")
    )


def was_asked(*, time_id: int, facilitator_id: int) -> bool:
    """Whether a time was ever asked of this professional, answered or not."""
    return ProposedTime.objects.filter(
        pk=time_id, consultation__isnull=False, leaders=facilitator_id
    ).exists()


def open_consultation_time(*, time_id: int, facilitator_id: int) -> ProposedTime | None:
    """One of them, if it is asked of this professional."""
    return _asked_of(facilitator_id).filter(pk=time_id).first()
