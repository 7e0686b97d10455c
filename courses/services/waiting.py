"""Being on a waiting list: joining it, an offer that lapses, a turn that is changed.

The order is need class, then time of registration. Whether someone wishes a group
or set that aside plays no part in it. Who gets a seat is decided in `promote`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.enums import EnrolmentState, RegistrationState
from courses.kinds import LevelOfCare
from courses.log import log_registrations
from courses.models import Enrolment, Registration, RegistrationChoice, Series
from courses.seats import free_seats, lock_one, lock_registrations, lock_series
from courses.selectors.waiting import REFUSED
from courses.services.promote import (
    lock_turns,
    promote,
    promote_later,
    series_waited_for,
)
from courses.services.register import Choice, register
from courses.services.told import remind_of_offers, tell_lapsed
from courses.suitability import objections

if TYPE_CHECKING:
    from people.models import Resident

REMIND_BEFORE = timedelta(hours=24)
"""How long before an offer lapses its owner is reminded."""
NOT_YET_WAITING = (RegistrationState.INTEREST, RegistrationState.INTRODUCTION)


@transaction.atomic
def join_waiting_list(
    *,
    series: Series,
    actor: Actor,
    registration: Registration | None = None,
    resident: Resident | None = None,
) -> Registration:
    """Put a resident on the waiting list of a series; joining twice changes nothing.

    An open registration keeps its date, so that nobody loses a place by adding a
    choice. If a seat is free after all, it is offered at once.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the resident could never have a seat there, or already has one.
    """
    locked = lock_one(series)
    registration = registration or open_registration(resident, locked)
    person = registration.resident if registration is not None else resident
    if person is None:
        raise ValueError("give a registration or a resident")
    refused = objections(
        resident_id=person.pk, series=locked, registration=registration, waits=True
    )
    if refused:
        raise ValidationError(refused)
    if Enrolment.objects.filter(
        resident=person, series=locked, state__in=["offered", "enrolled"]
    ).exists():
        raise ValidationError(_("You already have a place in this group."))
    if registration is None:
        level = locked.offering.policy.level_of_care or LevelOfCare.LIGHT
        registration = register(
            resident=person,
            actor=actor,
            choices=[Choice(series=locked)],
            allowed_levels=[level],
        )
    else:
        if free_seats(locked) > 0:
            lock_turns([locked], own=[registration.pk])
        _add_choice(registration, locked, actor)
        (mine,) = lock_registrations([registration.pk])
        if mine.state in NOT_YET_WAITING:
            mine.state = RegistrationState.WAITING
            mine.save(update_fields=["state"])
    promote(series_ids=[locked.pk], actor=actor)
    registration.refresh_from_db()
    return registration


@transaction.atomic
def wait_in_order(
    *, registration: Registration, ranked: Sequence[Series], actor: Actor
) -> Registration:
    """Wait for each of these groups, best first; what cannot be joined is left out.

    Ranks are given among these alone: what was asked before keeps its rank. A seat
    that is free in one of them is offered at once, in this order.
    """
    rows = {one.pk: one for one in lock_series(ids=[one.pk for one in ranked])}
    lock_turns(list(rows.values()), own=[registration.pk])
    (mine,) = lock_registrations([registration.pk])
    seated = set(
        Enrolment.objects.filter(
            resident=mine.resident_id,
            series__in=rows,
            state__in=[EnrolmentState.OFFERED, EnrolmentState.ENROLLED],
        ).values_list("series_id", flat=True)
    )
    wanted = [
        pk
        for pk in dict.fromkeys(one.pk for one in ranked)
        if pk not in seated
        and not objections(
            resident_id=mine.resident_id,
            series=rows[pk],
            registration=mine,
            waits=True,
        )
    ]
    for pk in wanted:
        _add_choice(mine, rows[pk], actor)
    _rank(mine, wanted, actor)
    promote(series_ids=wanted, actor=actor)
    mine.refresh_from_db()
    return mine


def _rank(
    registration: Registration, series_ids: Sequence[uuid.UUID], actor: Actor
) -> None:
    """Put the choices for these series in this order, within the ranks they have."""
    chosen = registration.choices.filter(series__in=series_ids)
    rows = {one.series_id: one for one in chosen}
    before = {pk: one.rank for pk, one in rows.items()}
    for rank, pk in zip(sorted(before.values()), series_ids, strict=True):
        rows[pk].rank = rank
    if before == {pk: one.rank for pk, one in rows.items()}:
        return
    RegistrationChoice.objects.bulk_update(rows.values(), ["rank"])
    log_registrations(
        actor=actor,
        code="registration.choice",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )


def open_registration(resident: Resident | None, series: Series) -> Registration | None:
    """The resident's own open registration for this series or its offering.

    Also one whose offer here lapsed or was refused: who wants it after all keeps the
    old date.
    """
    if resident is None:
        return None
    mine = Registration.objects.select_related("resident").filter(
        resident=resident,
        state__in=[
            RegistrationState.INTEREST,
            RegistrationState.INTRODUCTION,
            RegistrationState.WAITING,
            RegistrationState.OFFERED,
        ],
    )
    for wish in (
        {"choices__series": series},
        {"choices__offering": series.offering_id},
        {"offering": series.offering_id},
    ):
        found = mine.filter(**wish).order_by("registered_at", "pk").first()
        if found is not None:
            return found
    refused = Enrolment.objects.filter(REFUSED, series=series)
    return mine.filter(enrolments__in=refused).order_by("registered_at").first()


def _add_choice(registration: Registration, series: Series, actor: Actor) -> None:
    last = registration.choices.aggregate(last=Max("rank"))["last"] or 0
    _choice, made = RegistrationChoice.objects.get_or_create(
        registration=registration,
        series=series,
        offering=None,
        session=None,
        defaults={"rank": last + 1},
    )
    if made:
        log_registrations(
            actor=actor,
            code="registration.choice",
            action="U",
            registrations=[registration],
            object_id=registration.pk,
        )


def lapse_offers(*, actor: Actor, now: datetime | None = None) -> int:
    """Take back offers whose time is over, and offer the seats to the next in turn.

    The resident is told, and waits on with the old date, without the choice that was
    let go. One transaction for each offer. Returns how many offers lapsed.
    """
    at = now or timezone.now()
    late = Enrolment.objects.filter(
        state=EnrolmentState.OFFERED, offer_expires_at__lte=at
    ).order_by("series_id", "pk")
    return sum(_lapse(offer, actor, at) for offer in late.select_related("series"))


@transaction.atomic
def _lapse(late: Enrolment, actor: Actor, at: datetime) -> bool:
    series = lock_one(late.series)
    offer = Enrolment.objects.select_related("registration__resident").get(pk=late.pk)
    if offer.state != EnrolmentState.OFFERED:
        return False  # answered at the last moment
    offer.state, offer.changed_at = EnrolmentState.WITHDRAWN, at
    offer.save(update_fields=["state", "changed_at"])
    keep_waiting_elsewhere(offer.registration, series, actor)
    log_registrations(
        actor=actor,
        code="enrolment.lapse",
        action="U",
        registrations=[offer.registration],
        object_id=offer.pk,
    )
    tell_lapsed(actor=actor, offers=[offer])
    promote(series_ids=[series.pk], actor=actor, now=at)
    return True


def remind_offers(*, actor: Actor, now: datetime | None = None) -> int:
    """Remind who has not answered and has a day left; once for each offer.

    Offers that were held for less than a day and a half get none. Returns how many.
    """
    at = now or timezone.now()
    soon = Enrolment.objects.filter(
        state=EnrolmentState.OFFERED,
        offer_expires_at__gt=at,
        offer_expires_at__lte=at + REMIND_BEFORE,
    )
    offers = [
        one
        for one in soon.order_by("pk")
        if one.offer_expires_at is not None
        and one.offered_at is not None
        and one.offer_expires_at - one.offered_at >= REMIND_BEFORE * 3 / 2
    ]
    remind_of_offers(actor=actor, offers=offers)
    return len(offers)


def keep_waiting_elsewhere(
    registration: Registration, series: Series, actor: Actor
) -> None:
    """Drop the choice for this series; wait on for the rest, or be interested again.

    A seat that is free in another group of the same wish is offered after this.
    """
    registration.choices.filter(series=series).delete()
    has_more = (
        registration.offering_id is not None
        or registration.theme_id is not None
        or registration.choices.exists()
    )
    registration.state = (
        RegistrationState.WAITING if has_more else RegistrationState.INTEREST
    )
    registration.save(update_fields=["state"])
    if has_more:
        others = series_waited_for(registration=registration)
        promote_later(series_ids=set(others) - {series.pk}, actor=actor)
