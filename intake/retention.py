"""How long intake keeps what: referrals, wishes to talk, questions of helpers."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.actor import Actor
from intake.enums import ConsultationState, ReferralState, TalkState
from intake.models import Consultation, Referral, TalkRequest
from people.services.retention import Counts, RetentionKind, Terms, add_kind


def _referrals(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    where, who = "organisation", "resident__person"
    advised = terms.past("advised_at", organisation=where, person=who)
    stopped = terms.past("received_on", organisation=where, person=who, day=True)
    advised &= Q(state=ReferralState.ADVISED)
    stopped &= Q(state=ReferralState.WITHDRAWN)
    return Referral.objects.filter(advised | stopped).delete()[1]


def _talks(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    past = terms.past("closed_at", person="resident__person")
    closed = (TalkState.DONE, TalkState.WITHDRAWN)
    return TalkRequest.objects.filter(past, state__in=closed).delete()[1]


def _consultations(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    past = terms.past("wished_days__endswith", organisation="organisation", day=True)
    closed = (ConsultationState.HELD, ConsultationState.WITHDRAWN)
    return Consultation.objects.filter(past, state__in=closed).delete()[1]


def add_kinds() -> None:
    """Called when the app starts."""
    for kind in (
        RetentionKind(
            key="referrals",
            title=_("Referrals that are finished"),
            counts_from=_("the advice; or the referral, when it was withdrawn"),
            why=_("The advice is with the referrer, in the file of the GP."),
            days=365,
            expire=_referrals,
            per_organisation=True,
            order=5,
        ),
        RetentionKind(
            key="talks",
            title=_("Wishes to talk that are closed"),
            counts_from=_("the day on which it was arranged or withdrawn"),
            why=_("Of no use after that year."),
            days=365,
            expire=_talks,
            order=6,
        ),
        RetentionKind(
            key="consultations",
            title=_("Questions of helpers that are closed"),
            counts_from=_("the last of the wished days"),
            why=_("No resident is in them; the figures of a year need them."),
            days=365,
            expire=_consultations,
            per_organisation=True,
            order=7,
        ),
    ):
        add_kind(kind)
