"""Taking and giving up a seat. Never over-booked, also when two press at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import save_checked
from courses.enums import SEAT_HOLDING, EnrolmentState, RegistrationState
from courses.kinds import LevelOfCare
from courses.log import log_apart, log_registrations
from courses.models import Enrolment, Registration, Series
from courses.seats import free_seats, lock_one, lock_registrations
from courses.selectors.waiting import seats_before, waiting_position
from courses.services.promote import (
    for_two,
    lock_turns,
    promote,
    promote_later,
    turns_move,
)
from courses.services.register import Choice, register
from courses.services.told import offers_over, tell_enrolled
from courses.services.waiting import (
    join_waiting_list,
    keep_waiting_elsewhere,
    open_registration,
)
from courses.suitability import objections, stays_away

ONLY_HELD = (EnrolmentState.HELD_BY_DRAFT, EnrolmentState.OFFERED)

if TYPE_CHECKING:
    from people.models import Resident, User


@dataclass(frozen=True, kw_only=True)
class EnrolResult:
    """A seat, or a place on the waiting list (1 is next in turn)."""

    registration: Registration
    enrolment: Enrolment | None = None
    waiting_position: int | None = None


@transaction.atomic
def enrol(
    *,
    series: Series,
    actor: Actor,
    registration: Registration | None = None,
    resident: Resident | None = None,
    seats: int | None = None,
    made_by: User | None = None,
    leaving: Enrolment | None = None,
) -> EnrolResult:
    """Give a resident a seat in a published series, or a place on its waiting list.

    The row of the series is locked first, so that the last seat goes to one person.
    Seats held by a draft, offered or enrolled are taken. Who waits for this series
    with an older right goes first. A seat held for, or offered to, this very
    resident is his to take. Who must be kept apart from somebody there waits, as for a
    full group, and is offered no seat as long as that is so. `seats` 2 is with a
    companion: two seats or none; None leaves it as the registration says. `leaving` is
    a seat given up for this one; its series, and who waits (`lock_turns`), is locked.

    Raises
    ------
    django.core.exceptions.ValidationError
        Whole sentences: why this resident cannot join, or that he already has a seat.
    ValueError
        If neither a registration nor a resident is given.
    """
    locked = lock_one(series)
    registration = registration or open_registration(resident, locked)
    person = registration.resident if registration is not None else resident
    if person is None:
        raise ValueError("give a registration or a resident")
    own = Enrolment.objects.filter(
        resident=person, series=locked, state__in=SEAT_HOLDING
    ).first()
    if own is not None:
        return _take_own(own, actor)
    refused = objections(
        resident_id=person.pk,
        series=locked,
        registration=registration,
        leaving=leaving.series_id if leaving is not None else None,
    )
    if refused:
        raise ValidationError(refused)
    is_new = registration is None
    free = free_seats(locked)
    if registration is not None and leaving is None and free > 0:
        lock_turns([locked], own=[registration.pk])
        registration.refresh_from_db()  # as it is now that it stays so
    registration = _with_seats(registration, person, locked, actor, seats, made_by)
    if free > 0 and stays_away(resident_id=person.pk, series=locked):
        free = 0  # for this person; nobody may read from an answer who is there
        log_apart(registration=registration)
    if free <= 0 and is_new:  # it waits already, and nothing can be offered on
        return EnrolResult(
            registration=registration,
            waiting_position=waiting_position(registration=registration, series=locked),
        )
    before = seats_before(registration=registration, series=locked)
    if free - before < registration.seats:
        waiting = join_waiting_list(
            series=locked, actor=actor, registration=registration
        )
        offer = waiting.enrolments.filter(
            series=locked, state=EnrolmentState.OFFERED
        ).first()
        if offer is not None:  # nobody before them could use the seat
            return _take_own(offer, actor)
        return EnrolResult(
            registration=waiting,
            waiting_position=waiting_position(registration=waiting, series=locked),
        )
    return _seat(registration, locked, actor)


def _with_seats(
    registration: Registration | None,
    resident: Resident,
    series: Series,
    actor: Actor,
    seats: int | None,
    made_by: User | None,
) -> Registration:
    """The registration, made now where there was none, for so many seats."""
    if registration is None:
        level = series.offering.policy.level_of_care or LevelOfCare.LIGHT
        return register(
            resident=resident,
            actor=actor,
            choices=[Choice(series=series)],
            allowed_levels=[level],
            seats=seats or 1,
            made_by=made_by,
            checked=False,
        )
    if seats is not None and seats != registration.seats:
        registration.seats = seats
        save_checked(registration)
    return registration


def _take_own(own: Enrolment, actor: Actor) -> EnrolResult:
    if own.state == EnrolmentState.ENROLLED:
        raise ValidationError(_("You already have a place in this group."))
    own.state = EnrolmentState.ENROLLED
    own.changed_at = timezone.now()
    own.offer_expires_at = None
    own.save(update_fields=["state", "changed_at", "offer_expires_at"])
    return _placed(own, actor, action="U")


def _seat(registration: Registration, series: Series, actor: Actor) -> EnrolResult:
    lock_registrations([registration.pk])
    # A seat elsewhere that is only held, by a draft or by an offer, gives way to the
    # person's own wish, and goes to the next in turn.
    held = registration.enrolments.filter(state__in=ONLY_HELD)
    offers = list(held)
    held.update(
        state=EnrolmentState.WITHDRAWN, changed_at=timezone.now(), offer_expires_at=None
    )
    offers_over(actor=actor, offers=offers)
    promote_later(series_ids={one.series_id for one in offers}, actor=actor)
    seat = save_checked(
        Enrolment(
            registration=registration,
            resident_id=registration.resident_id,
            series=series,
            seats=registration.seats,
            state=EnrolmentState.ENROLLED,
        )
    )
    return _placed(seat, actor, action="C")


def _placed(seat: Enrolment, actor: Actor, *, action: str) -> EnrolResult:
    registration = seat.registration
    registration.state = RegistrationState.PLACED
    registration.save(update_fields=["state"])
    log_registrations(
        actor=actor,
        code="enrolment.enrol",
        action=action,
        registrations=[registration],
        object_id=seat.pk,
    )
    offers_over(actor=actor, offers=[seat])
    turns_move(registrations=for_two([registration]), actor=actor)
    tell_enrolled(actor=actor, seat=seat)
    return EnrolResult(registration=registration, enrolment=seat)


@transaction.atomic
def accept_offer(*, enrolment: Enrolment, actor: Actor) -> EnrolResult:
    """Take an offered seat.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the offer has lapsed or was already answered.
    """
    lock_one(enrolment.series)
    offer = Enrolment.objects.select_related("registration__resident", "series").get(
        pk=enrolment.pk
    )
    lapsed = (
        offer.offer_expires_at is not None and offer.offer_expires_at <= timezone.now()
    )
    if offer.state != EnrolmentState.OFFERED or lapsed:
        raise ValidationError(
            _(
                "This place is no longer reserved for you. "
                "You can join the waiting list."
            )
        )
    return _take_own(offer, actor)


@transaction.atomic
def withdraw(*, enrolment: Enrolment, actor: Actor, stopped: bool = False) -> Enrolment:
    """Give up a seat; it is offered to the next in turn at once.

    `stopped` says that the resident had begun. A refused offer leaves the resident
    waiting for the other choices; a seat that was taken closes the registration.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the seat was already given up.
    """
    series = lock_one(enrolment.series)
    seat = Enrolment.objects.select_related("registration__resident").get(
        pk=enrolment.pk
    )
    if seat.state not in SEAT_HOLDING:
        raise ValidationError(_("This place was already given up."))
    was_taken = seat.state == EnrolmentState.ENROLLED
    stopped = stopped and was_taken  # who refuses an offer never began
    seat.state = EnrolmentState.STOPPED if stopped else EnrolmentState.WITHDRAWN
    seat.changed_at = timezone.now()
    seat.offer_expires_at = None
    seat.save(update_fields=["state", "changed_at", "offer_expires_at"])
    registration = seat.registration
    if was_taken:
        registration.state = (
            RegistrationState.STOPPED if stopped else RegistrationState.WITHDRAWN
        )
        registration.save(update_fields=["state"])
    else:
        keep_waiting_elsewhere(registration, series, actor)
    log_registrations(
        actor=actor,
        code="enrolment.withdraw",
        action="U",
        registrations=[registration],
        object_id=seat.pk,
    )
    offers_over(actor=actor, offers=[seat])
    promote(series_ids=[series.pk], actor=actor)
    return seat
