"""Waiting lists that move by themselves: a seat that comes free is offered in turn.

The order is need class, then time of registration. Whether someone wishes a group
or set that aside plays no part in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.enums import (
    RUNNING_STATES,
    SEAT_HOLDING,
    EnrolmentState,
    RegistrationState,
)
from courses.kinds import LevelOfCare
from courses.log import log_registrations
from courses.models import Enrolment, Registration, RegistrationChoice, Series
from courses.seats import free_seats, lock_one
from courses.selectors.waiting import waiting_queue
from courses.services.register import Choice, register
from courses.suitability import fits_unasked, objections

if TYPE_CHECKING:
    from people.models import Resident


def offer_days() -> int:
    """Days an offered seat stays reserved; a setting of the region."""
    return getattr(settings, "OFFER_DAYS", 3)


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
        _add_choice(registration, locked, actor)
    offer_free_seats(series=locked, actor=actor)
    registration.refresh_from_db()
    return registration


def open_registration(resident: Resident | None, series: Series) -> Registration | None:
    """The resident's own open registration for this series or its offering."""
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
    return None


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


@transaction.atomic
def offer_free_seats(
    *, series: Series, actor: Actor, now: datetime | None = None
) -> list[Enrolment]:
    """Offer free seats of a published series to who waits longest in turn.

    Who needs two seats while one is left keeps the turn: nobody is passed over.
    Someone whom this group does not suit is skipped without losing a place elsewhere.
    """
    at = now or timezone.now()
    locked = lock_one(series)
    if locked.state not in RUNNING_STATES:
        return []
    free = free_seats(locked)
    offers: list[Enrolment] = []
    if free <= 0:
        return offers
    for registration in waiting_queue(series=locked).select_related("resident"):
        if free < registration.seats:
            break
        if not _could_take(registration, locked):
            continue
        offers.append(_offer(registration, locked, at))
        free -= registration.seats
    if offers:
        log_registrations(
            actor=actor,
            code="enrolment.offer",
            action="C",
            registrations=[offer.registration for offer in offers],
            object_id=locked.pk,
        )
    return offers


def _could_take(registration: Registration, series: Series) -> bool:
    if registration.enrolments.filter(state__in=SEAT_HOLDING).exists():
        return False
    resident_id = registration.resident_id
    if objections(resident_id=resident_id, series=series, registration=registration):
        return False
    return registration.choices.filter(series=series).exists() or fits_unasked(
        resident_id=resident_id, series=series
    )


def _offer(registration: Registration, series: Series, at: datetime) -> Enrolment:
    registration.state = RegistrationState.OFFERED
    registration.save(update_fields=["state"])
    return Enrolment.objects.create(
        registration=registration,
        resident_id=registration.resident_id,
        series=series,
        seats=registration.seats,
        state=EnrolmentState.OFFERED,
        made_at=at,
        changed_at=at,
        offer_expires_at=at + timedelta(days=offer_days()),
    )


@transaction.atomic
def lapse_offers(*, actor: Actor, now: datetime | None = None) -> int:
    """Take back offers whose time is over, and offer the seats to the next in turn.

    The resident waits on with the old date, without the choice that was let go.
    Returns how many offers lapsed.
    """
    at = now or timezone.now()
    late = list(
        Enrolment.objects.select_related("series", "registration__resident")
        .filter(state=EnrolmentState.OFFERED, offer_expires_at__lte=at)
        .order_by("series_id", "pk")
    )
    for offer in late:
        lock_one(offer.series)
        taken_back = Enrolment.objects.filter(
            pk=offer.pk, state=EnrolmentState.OFFERED
        ).update(state=EnrolmentState.WITHDRAWN, changed_at=at)
        if not taken_back:
            continue
        keep_waiting_elsewhere(offer.registration, offer.series)
    if late:
        log_registrations(
            actor=actor,
            code="enrolment.lapse",
            action="U",
            registrations=[offer.registration for offer in late],
        )
    for series in {offer.series_id: offer.series for offer in late}.values():
        offer_free_seats(series=series, actor=actor, now=at)
    return len(late)


def keep_waiting_elsewhere(registration: Registration, series: Series) -> None:
    """Drop the choice for this series; wait on for the rest, or be interested again."""
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
