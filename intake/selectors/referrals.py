"""Reads of referrals and of the times proposed for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from audit.actor import Actor
from audit.record import CARE, record_read
from courses.enums import (
    RUNNING_STATES,
    SEAT_HOLDING,
    EnrolmentState,
    RegistrationState,
)
from intake.enums import OPEN_REFERRALS, ProposalState, ReferralState
from intake.models import ProposedTime, Referral
from intake.services.proposals import CHOOSABLE, hash_of

GIVEN_UP = (EnrolmentState.WITHDRAWN, EnrolmentState.STOPPED)
ENDED = (RegistrationState.WITHDRAWN, RegistrationState.STOPPED)


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
        "resident__person__place", "organisation", "registration__offering"
    )
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    rows = list(found.order_by("target_date", "pk"))
    _log(actor, "referral.list", rows)
    return rows


def referrals_to_arrange(
    *, actor: Actor, organisation_ids: Iterable[int] | None
) -> list[Referral]:
    """Referrals that are not finished, soonest due first, without anybody's name.

    `organisation_ids` are those that keep the residents' data; None for all. One read
    and one log line.
    """
    found = Referral.objects.filter(state__in=OPEN_REFERRALS)
    if organisation_ids is not None:
        found = found.filter(resident__person__organisation__in=list(organisation_ids))
    rows = list(
        found.select_related("resident__person__place", "organisation")
        .defer("resident__person__call_name", "resident__person__contact_address")
        .prefetch_related(
            Prefetch(
                "times",
                queryset=ProposedTime.objects.filter(
                    state__in=[ProposalState.OPEN, ProposalState.CHOSEN]
                ),
            )
        )
        .order_by("target_date", "pk")
    )
    _log(actor, "referral.list", rows)
    return rows


def own_referrals(*, actor: Actor, user_id: int) -> list[Referral]:
    """What an account referred, newest first, with what came of it; one log line."""
    rows = list(
        Referral.objects.filter(referrer=user_id)
        .select_related("resident__person", "outcome")
        .order_by("-received_on", "-pk")
    )
    _log(actor, "referral.list", rows)
    return rows


def referral_of(*, actor: Actor, referral_id: int, user_id: int) -> Referral | None:
    """One referral, only if this account made it; a line in the log."""
    row = (
        Referral.objects.filter(pk=referral_id, referrer=user_id)
        .select_related("resident__person", "outcome", "organisation")
        .first()
    )
    if row is not None:
        _log(actor, "referral.read", [row])
    return row


def referral_by_id(*, actor: Actor, referral_id: int) -> Referral | None:
    """One referral with its resident, for a coordinator; a line in the log."""
    row = (
        Referral.objects.filter(pk=referral_id)
        .select_related(
            "resident__person__place",
            "resident__person__user",
            "organisation",
            "registration__offering",
        )
        .first()
    )
    if row is not None:
        _log(actor, "referral.read", [row])
    return row


def referral_row(*, referral_id: int) -> Referral:
    """One referral for the program itself; what is then done with it is logged."""
    return Referral.objects.select_related("registration__offering").get(pk=referral_id)


def open_referral_of(*, resident_id: int) -> Referral | None:
    """The resident's own referral with times to choose, or a conversation to come."""
    return (
        Referral.objects.filter(
            resident=resident_id,
            state__in=[*CHOOSABLE, ReferralState.PLANNED],
        )
        .select_related("resident__person", "registration__offering")
        .first()
    )


def referral_by_link(*, secret: str) -> Referral | None:
    """The referral that a link by mail is for; None when it lapsed or never was."""
    return (
        Referral.objects.filter(
            link_hash=hash_of(secret), link_expires_at__gt=timezone.now()
        )
        .select_related("resident__person", "registration__offering")
        .first()
    )


def referrals_to_propose(
    *, referral_ids: Iterable[int] | None = None
) -> list[Referral]:
    """Referrals that wait for times, longest first; ids only are shown to no one.

    With `referral_ids` these, whether times are open or not.
    """
    found = Referral.objects.filter(registration__isnull=False)
    if referral_ids is None:
        found = found.filter(state=ReferralState.REGISTERED)
    else:
        found = found.filter(state__in=CHOOSABLE, pk__in=list(referral_ids))
    return list(
        found.select_related("resident__person", "registration__offering").order_by(
            "target_date", "pk"
        )
    )


def _with_leaders() -> QuerySet[ProposedTime]:
    return ProposedTime.objects.select_related("room__centre__place").prefetch_related(
        "leaders"
    )


def open_times(*, referral_id: int) -> list[ProposedTime]:
    """The times a resident can choose from now, soonest first; two reads."""
    return list(
        _with_leaders()
        .filter(
            referral=referral_id,
            state=ProposalState.OPEN,
            period__startswith__gt=timezone.now(),
        )
        .order_by("period", "pk")
    )


def open_time(*, referral_id: int, time_id: int) -> ProposedTime | None:
    """One of them, if it is still proposed."""
    return (
        _with_leaders()
        .filter(referral=referral_id, pk=time_id, state=ProposalState.OPEN)
        .first()
    )


def chosen_time(*, referral_id: int) -> ProposedTime | None:
    """The time that was chosen."""
    return (
        _with_leaders().filter(referral=referral_id, state=ProposalState.CHOSEN).first()
    )


def times_seen(*, referral_id: int) -> frozenset[datetime]:
    """Starts of all times that were ever proposed for a referral."""
    found = ProposedTime.objects.filter(referral=referral_id)
    return frozenset(period.lower for period in found.values_list("period", flat=True))


def spoken_for(*, without_referrals: Iterable[int] = ()) -> list[ProposedTime]:
    """Times that are open to somebody else; their leaders are loaded. Two reads."""
    return list(
        ProposedTime.objects.filter(
            state=ProposalState.OPEN, period__startswith__gt=timezone.now()
        )
        .exclude(referral__in=list(without_referrals))
        .prefetch_related("leaders")
    )


def placed_otherwise() -> list[Referral]:
    """Referrals that wait for times, though the plan of a week gave them a seat."""
    return list(
        Referral.objects.filter(
            state__in=CHOOSABLE, registration__state=RegistrationState.PLACED
        ).order_by("pk")
    )


def ended_otherwise(*, resident_id: int | None = None) -> list[Referral]:
    """Referrals that are still open, though what they asked for was ended elsewhere: on
    the page of the registration, or with all that somebody asked who left. Of one
    resident, or of all.

    One of which the conversation was held by then is not among them: its outcome is
    still to come.
    """
    given_up = ProposedTime.objects.filter(
        referral=OuterRef("pk"),
        state=ProposalState.CHOSEN,
        series__enrolments__registration=OuterRef("registration"),
        series__enrolments__state__in=GIVEN_UP,
        series__enrolments__changed_at__lt=F("period__startswith"),
    )
    found = Referral.objects.filter(
        Q(state__in=CHOOSABLE) | Q(Exists(given_up), state=ReferralState.PLANNED),
        registration__state__in=ENDED,
    )
    if resident_id is not None:
        found = found.filter(resident=resident_id)
    return list(found.order_by("pk"))


def hours_given_up(*, moment: datetime) -> list[tuple[ProposedTime, datetime]]:
    """Chosen times that begin after a moment, of referrals that were closed, to which
    nobody comes any more though they stand in the agenda; and when each was given up.
    """
    this = ProposedTime.objects.filter(pk=OuterRef("pk"))
    given_up = this.filter(
        series__enrolments__registration=F("referral__registration"),
        series__enrolments__state__in=GIVEN_UP,
    ).order_by()
    rows = (
        ProposedTime.objects.filter(
            ~Exists(this.filter(series__enrolments__state__in=SEAT_HOLDING)),
            state=ProposalState.CHOSEN,
            period__startswith__gt=moment,
            referral__state=ReferralState.WITHDRAWN,
            series__state__in=RUNNING_STATES,
        )
        .annotate(
            given_up_at=Subquery(given_up.values("series__enrolments__changed_at")[:1])
        )
        .filter(given_up_at__isnull=False)
        .order_by("period", "pk")
    )
    return [(row, row.given_up_at) for row in rows]


def proposed_before(*, moment: datetime) -> list[tuple[Referral, datetime]]:
    """Referrals whose open times were all proposed before a moment, and when."""
    rows = (
        Referral.objects.filter(state=ReferralState.PROPOSED)
        .select_related("resident__person")
        .annotate(made=Max("times__made_at"))
        .filter(made__lte=moment)
        .order_by("pk")
    )
    return [(row, row.made) for row in rows]


def planned_referral_ids(*, person_id: int) -> list[int]:
    """Referrals of a person that have an appointment to come; ids only."""
    found = Referral.objects.filter(
        resident__person=person_id,
        state=ReferralState.PLANNED,
        times__state=ProposalState.CHOSEN,
        times__period__startswith__gt=timezone.now(),
    )
    return list(found.values_list("pk", flat=True))


def led_conversations(*, actor: Actor, facilitator_id: int) -> list[ProposedTime]:
    """A professional's conversations that are to come or wait for an outcome.

    With the referral and its resident; one line in the log.
    """
    found = list(
        _with_leaders()
        .filter(
            leaders=facilitator_id,
            state=ProposalState.CHOSEN,
            referral__state__in=[ReferralState.PLANNED, ReferralState.HELD],
        )
        .select_related("referral__resident__person", "room__centre__place")
        .order_by("period", "pk")
    )
    _log(actor, "referral.list", [one.referral for one in found if one.referral])
    return found


def _log(actor: Actor, code: str, rows: list[Referral]) -> None:
    record_read(
        actor=actor,
        subjects=[row.resident.person_id for row in rows],
        purpose=CARE,
        code=code,
        object_kind="referral",
        object_id=rows[0].pk if len(rows) == 1 else "",
    )
