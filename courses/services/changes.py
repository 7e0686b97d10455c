"""Small changes by a participant: a date missed, another group, a pause, and back.

Each is a sentence of one's own and asks no reason. Nobody loses the place in turn by a
pause: the registration keeps its date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.enums import EnrolmentState, RegistrationState, SessionState
from courses.log import log_registrations
from courses.models import (
    Absence,
    Enrolment,
    Registration,
    RegistrationChoice,
    Series,
    Session,
)
from courses.seats import lock_series
from courses.services.enrol import EnrolResult, enrol, withdraw
from courses.services.promote import (
    for_two,
    lock_turns,
    promote,
    series_waited_for,
    turns_move,
)
from courses.services.waiting import open_registration

if TYPE_CHECKING:
    from people.models import User

LONGEST_PAUSE = timedelta(weeks=26)


@transaction.atomic
def say_absent(
    *,
    enrolment: Enrolment,
    sessions: Iterable[Session],
    actor: Actor,
    user: User | None = None,
) -> list[Absence]:
    """Write down exactly these coming sessions as missed; others are taken back.

    Saying the same twice changes nothing. Sessions that are over keep what was said.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the seat is not taken, or a session is past, cancelled or of another group.
    """
    seat = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(
        pk=enrolment.pk
    )
    if seat.state != EnrolmentState.ENROLLED:
        raise ValidationError(_("You have no place in this group now."))
    coming = Session.objects.filter(
        series=seat.series_id,
        state=SessionState.PUBLISHED,
        period__endswith__gt=timezone.now(),
    )
    wanted = {session.pk for session in sessions}
    known = set(coming.values_list("pk", flat=True))
    if wanted - known:
        raise ValidationError(_("This meeting is over, or it was cancelled."))
    own = Absence.objects.filter(enrolment=seat, session__in=known)
    own.exclude(session__in=wanted).delete()
    there = set(own.values_list("session_id", flat=True))
    made = Absence.objects.bulk_create(
        Absence(enrolment=seat, session_id=pk, said_by=user) for pk in wanted - there
    )
    log_registrations(
        actor=actor,
        code="absence.say",
        action="U",
        registrations=[seat.registration],
        object_id=seat.pk,
    )
    return made


@transaction.atomic
def swap(*, enrolment: Enrolment, series: Series, actor: Actor) -> EnrolResult:
    """Go to another group of the same offering; the old seat is kept until one is had.

    With a seat free there, both change in one moment. Without, the resident waits for
    the other group beside the seat there is.

    Raises
    ------
    django.core.exceptions.ValidationError
        Whole sentences: why not. Nothing has changed then.
    """
    if series.pk == enrolment.series_id:
        raise ValidationError(_("You already have a place in this group."))
    if series.offering_id != enrolment.series.offering_id:
        raise ValidationError(_("Choose another group of the same course."))
    both = lock_series(ids=[enrolment.series_id, series.pk])
    seat = Enrolment.objects.select_related("registration__resident", "series").get(
        pk=enrolment.pk
    )
    if seat.state != EnrolmentState.ENROLLED:
        raise ValidationError(_("You have no place in this group now."))
    asked = open_registration(seat.resident, series)
    lock_turns(both, own=[asked.pk] if asked is not None else [])
    result = enrol(
        series=series,
        resident=seat.resident,
        actor=actor,
        seats=seat.seats,
        leaving=seat,
    )
    if result.enrolment is not None:
        withdraw(enrolment=seat, actor=actor)
    return result


@transaction.atomic
def pause(*, enrolment: Enrolment, until: date, actor: Actor) -> Registration:
    """Leave an open group for some time: the seat goes on, the place in turn stays.

    Raises
    ------
    django.core.exceptions.ValidationError
        If the group takes nobody in later on, or the day is not within half a year.
    """
    check_pause(until)
    seat = Enrolment.objects.select_related("series__offering").get(pk=enrolment.pk)
    if not can_pause(seat):
        raise ValidationError(
            _("You cannot come back later in this group. Say which dates you miss.")
        )
    seat = withdraw(enrolment=seat, actor=actor)
    registration = seat.registration
    last = registration.choices.aggregate(last=Max("rank"))["last"] or 0
    RegistrationChoice.objects.get_or_create(
        registration=registration,
        series_id=seat.series_id,
        offering=None,
        session=None,
        defaults={"rank": last + 1},
    )
    registration.state = RegistrationState.WAITING
    registration.paused_until = until
    registration.save(update_fields=["state", "paused_until"])
    _log_pause(registration, actor, "registration.pause")
    return registration


@transaction.atomic
def pause_waiting(
    *, registration: Registration, until: date, actor: Actor
) -> Registration:
    """Be offered nothing until a day; the place in turn stays."""
    check_pause(until)
    locked = _locked(registration)
    if locked.state != RegistrationState.WAITING:
        raise ValidationError(_("You are not on this waiting list now."))
    locked.paused_until = until
    locked.save(update_fields=["paused_until"])
    _log_pause(locked, actor, "registration.pause")
    turns_move(registrations=for_two([locked]), actor=actor)
    return locked


@transaction.atomic
def rejoin(*, registration: Registration, actor: Actor) -> Registration:
    """End a pause today: whoever is first in turn is offered a seat that is free."""
    wanted = series_waited_for(registration=registration)
    # Series before registrations, as everywhere; and all of those in order of turn.
    lock_turns(lock_series(ids=wanted), own=[registration.pk])
    locked = _locked(registration)
    if locked.state != RegistrationState.WAITING or locked.paused_until is None:
        raise ValidationError(_("There is no pause to end."))
    locked.paused_until = None
    locked.save(update_fields=["paused_until"])
    _log_pause(locked, actor, "registration.rejoin")
    promote(series_ids=wanted, actor=actor)
    locked.refresh_from_db()
    return locked


def end_pause(*, actor: Actor, registration_id: int) -> None:
    """Let somebody wait as before; when the pause was over already nothing happens."""
    row = Registration.objects.get(pk=registration_id)
    if row.state == RegistrationState.WAITING and row.paused_until is not None:
        rejoin(registration=row, actor=actor)


def end_pauses(*, actor: Actor, today: date | None = None) -> int:
    """Let everybody back whose pause is over; returns how many came back."""
    day = today or timezone.localdate()
    over = Registration.objects.filter(
        state=RegistrationState.WAITING, paused_until__lte=day
    ).order_by("need_class", "registered_at", "pk")
    number = 0
    for registration in over:
        rejoin(registration=registration, actor=actor)
        number += 1
    return number


def can_pause(seat: Enrolment) -> bool:
    """Whether people come and go in this group, so that one can come back."""
    offering = seat.series.offering
    return (
        offering.closed_after_session is None and offering.session_minutes is not None
    )


def check_pause(until: date) -> None:
    """Refuse a pause that is over already, or longer than half a year.

    Raises
    ------
    django.core.exceptions.ValidationError
        Naming the first and the last day that can be chosen.
    """
    first = timezone.localdate() + timedelta(days=1)
    last = first + LONGEST_PAUSE
    if not first <= until <= last:
        raise ValidationError(
            _("Choose a day from %(first)s to %(last)s.")
            % {"first": f"{first:%d-%m-%Y}", "last": f"{last:%d-%m-%Y}"}
        )


def _locked(registration: Registration) -> Registration:
    return (
        Registration.objects.select_for_update(of=("self",), no_key=True)
        .select_related("resident")
        .get(pk=registration.pk)
    )


def _log_pause(registration: Registration, actor: Actor, code: str) -> None:
    log_registrations(
        actor=actor,
        code=code,
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )
