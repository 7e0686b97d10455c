"""One more wish of a registration, or one less, written by who helps; and a repeat.

The registration keeps its date: nobody loses a place in turn by a wish more or less.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from audit.rows import save_checked
from courses.enums import OPEN_STATES, RegistrationState, SeriesState
from courses.kinds import LevelOfCare, WayIn
from courses.log import log_registrations
from courses.models import (
    Offering,
    Registration,
    RegistrationChoice,
    Series,
    SeriesWindow,
)
from courses.seats import lock_registrations
from courses.services.catalogue import create_series

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import time

COPIED = (
    "offering",
    "centre",
    "earliest_start",
    "latest_end",
    "sessions_count",
    "size_min",
    "size_max",
)


@transaction.atomic
def add_wish(
    *,
    actor: Actor,
    registration_id: int,
    series: Series | None = None,
    offering: Offering | None = None,
    allow: bool = False,
) -> int | None:
    """Let a registration also ask for a series or an offering, as its last choice.

    The key of the choice; ``None`` when it was among them already. ``allow``: help of
    this offering is allowed with it, where that is free for everybody.

    Raises
    ------
    django.core.exceptions.ValidationError
        When the registration was closed; with ``allow``, when it needs a referral that
        this person does not have.
    """
    registration = open_one(registration_id)
    allowed = allow and offering is not None and _allow(registration, offering)
    there = registration.choices.filter(series=series, offering=offering, session=None)
    if there.exists():
        if allowed:
            _log(actor, registration)
        return None
    last = registration.choices.aggregate(last=Max("rank"))["last"] or 0
    choice = save_checked(
        RegistrationChoice(
            registration=registration, rank=last + 1, series=series, offering=offering
        )
    )
    if registration.state == RegistrationState.INTEREST:
        registration.state = RegistrationState.WAITING
        registration.save(update_fields=["state"])
    _log(actor, registration)
    return int(choice.pk)


def _allow(registration: Registration, offering: Offering) -> bool:
    """Whether help was allowed that was not before."""
    levels = with_level(set(registration.allowed_levels), offering)
    if levels == set(registration.allowed_levels):
        return False
    registration.allowed_levels = sorted(levels)
    registration.save(update_fields=["allowed_levels"])
    return True


def with_level(levels: set[int], offering: Offering) -> set[int]:
    """These levels of care with that of an offering, if it is free for everybody.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it needs a referral, and its level is not among them.
    """
    level = (offering.policy.level_of_care or LevelOfCare.LIGHT).value
    if level not in levels and offering.policy.way_in != WayIn.FREE:
        raise ValidationError(
            _("“%(title)s” needs a referral, which this person does not have.")
            % {"title": offering.title},
            code="referral",
        )
    return levels | {level}


@transaction.atomic
def drop_wishes(
    *, actor: Actor, registration_id: int, choice_ids: Iterable[int]
) -> int:
    """Take choices of a registration back; how many there were."""
    registration = open_one(registration_id)
    gone, _rows = registration.choices.filter(pk__in=list(choice_ids)).delete()
    _log(actor, registration)
    return int(gone)


def open_one(registration_id: int) -> Registration:
    """The registration, locked, with its resident; refused when it was closed."""
    (registration,) = lock_registrations([registration_id])
    if registration.state not in OPEN_STATES:
        raise ValidationError(_("This registration was already closed."))
    return registration


@transaction.atomic
def repeat_series(*, actor: Actor, series: Series) -> Series:
    """Plan a series once more beside itself, for the same people.

    Who chose exactly this series and still waits also chooses the new one; who asked
    for the offering does so already.
    """
    facts: dict[str, Any] = {name: getattr(series, name) for name in COPIED}
    hours = [(one.weekday, one.start, one.end) for one in series.windows.all()]
    again = create_series(actor=actor, windows=hours, **facts)
    waiting = Registration.objects.filter(
        choices__series=series, state=RegistrationState.WAITING
    )
    # At one go and in order of turn, as all do who lock several: then one by one.
    for one in lock_registrations(waiting.order_by().values_list("pk", flat=True)):
        if one.state == RegistrationState.WAITING:
            add_wish(actor=actor, registration_id=one.pk, series=again)
    return again


@transaction.atomic
def drop_repeat(*, actor: Actor, series_id: uuid.UUID) -> None:
    """Take a series away that was never published and in which nobody has a seat.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it was published, or a seat in it is held.
    """
    series = Series.objects.select_for_update(of=("self",)).get(pk=series_id)
    planned = series.state in (SeriesState.PLANNED, SeriesState.PROPOSED)
    if not planned or series.enrolments.exists():
        raise ValidationError(
            _("This group is in use by now. Cancel it in the week instead.")
        )
    series.delete()
    record_event(
        actor=actor,
        code="series.delete",
        action="D",
        purpose=PLANNING,
        object_kind="series",
        object_id=series_id,
    )


def _log(actor: Actor, registration: Registration) -> None:
    log_registrations(
        actor=actor,
        code="registration.choice",
        action="U",
        registrations=[registration],
        purpose=PLANNING,
        object_id=registration.pk,
    )


@transaction.atomic
def add_series_hours(
    *, actor: Actor, series: Series, hours: Iterable[tuple[int, time, time]]
) -> None:
    """Let a series also be held in these weekly hours (ISO weekday, from, until).

    Raises ``ValidationError`` when an end does not come after its start.
    """
    for weekday, start, end in hours:
        save_checked(SeriesWindow(series=series, weekday=weekday, start=start, end=end))
    record_event(
        actor=actor,
        code="series.hours",
        action="U",
        purpose=PLANNING,
        object_kind="series",
        object_id=series.pk,
    )


@transaction.atomic
def drop_wish_for(*, actor: Actor, registration_id: int, series: Series) -> int:
    """Take the wish for one series back: of its choices, and its offering's."""
    registration = open_one(registration_id)
    gone, _rows = registration.choices.filter(
        Q(series=series) | Q(offering=series.offering_id)
    ).delete()
    _log(actor, registration)
    return int(gone)


def staff_of(series: Series) -> list[tuple[list[str], int | None]]:
    """For each need of a series: the roles of which one will do, and the training."""
    needs = series.offering.staff_needs.all()
    own = [(list(need.roles), need.qualification_id) for need in needs]
    policy = [(list(need.roles), None) for need in series.offering.policy.staff]
    return own or [(roles, None) for roles, _none in policy]
