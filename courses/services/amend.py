"""A coordinator changes what somebody asks and can do: for a reason, never blindly.

The place in turn stays: neither the day of asking nor the norm date changes here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import save_checked
from courses.enums import OPEN_STATES, SEAT_HOLDING, TO_CHANGE, TO_END
from courses.log import log_registrations
from courses.models import (
    Offering,
    Registration,
    RegistrationChoice,
    Theme,
)
from courses.seats import lock_registrations
from courses.services.promote import promote_later, series_waited_for
from courses.services.register import Choice, withdraw_registration
from courses.services.wishes import with_level
from people.services import set_weekly_hours, update_wishes
from people.services.half_days import Hours

if TYPE_CHECKING:
    from people.models import Resident

WISHES = (
    "travel_limit_minutes",
    "travel_mode",
    "pace_per_week",
    "pace_per_day",
    "format_wishes",
    "preferred_half_days",
    "access_needs",
    "with_companion",
)
"""Fields of a resident that a coordinator changes together with a registration."""


class StaleRegistration(Exception):
    """It was changed after the page was opened; nothing was done."""


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What a registration is to be. `hours` None leaves the weekly hours as they are.

    `choices` are ranked; one session that was chosen stays, after them.
    """

    theme: Theme | None
    offering: Offering | None
    choices: Sequence[Choice]
    seats: int
    wishes: Mapping[str, Any]
    hours: Sequence[Hours] | None = None


def version_of(registration: Registration) -> str:
    """What a page was made from, in short; another version: something changed.

    SHA-256 (FIPS 180-4) of the facts that `amend` may change, its first 16 digits.
    """
    resident = registration.resident
    facts = [
        registration.state,
        registration.theme_id,
        registration.offering_id,
        registration.seats,
        [
            (one.rank, one.offering_id, one.series_id, one.session_id)
            for one in registration.choices.all()
        ],
        [getattr(resident, name) for name in WISHES],
        sorted(
            (one.weekday, one.start, one.end) for one in resident.person.windows.all()
        ),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


@transaction.atomic
def amend(
    *,
    registration: Registration,
    version: str,
    amendment: Amendment,
    reason: str,
    actor: Actor,
) -> Registration:
    """Change wishes, ranking, seats, hours and limits, for a reason that is logged.

    Raises
    ------
    StaleRegistration
        When it is not in this version any more.
    django.core.exceptions.ValidationError
        Without a reason or a wish, when it is closed, for a group that needs a
        referral, or for other seats than are held.
    """
    if reason not in TO_CHANGE:
        raise ValidationError(_("Choose a reason from the list."))
    locked = _locked(registration, version)
    if not (amendment.theme or amendment.offering or amendment.choices):
        raise ValidationError(_("Choose a theme, an offering or a group."))
    if locked.seats != amendment.seats and _has_seat(locked):
        raise ValidationError(
            _("This person has a seat. End it first, then change the number of seats."),
            code="seated",
        )
    locked.allowed_levels = _levels(locked, amendment)
    locked.theme, locked.offering = amendment.theme, amendment.offering
    locked.seats = amendment.seats
    save_checked(locked)
    _rank(locked, amendment.choices)
    _set_wishes(locked.resident, amendment, actor)
    log_registrations(
        actor=actor,
        code=f"registration.amend.{reason}",
        action="U",
        registrations=[locked],
        object_id=locked.pk,
    )
    # Other hours or wishes may make a seat fit that is free now.
    promote_later(series_ids=series_waited_for(registration=locked), actor=actor)
    return locked


@transaction.atomic
def end_registration(
    *, registration: Registration, version: str, reason: str, actor: Actor
) -> Registration:
    """End an asking for somebody, for a reason that is logged; its seats come free.

    Raises
    ------
    StaleRegistration
        When it is not in this version any more.
    django.core.exceptions.ValidationError
        Without a reason, or when it was closed already.
    """
    if reason not in TO_END:
        raise ValidationError(_("Choose a reason from the list."))
    # Not locked here: `withdraw_registration` locks the series first, as all do.
    if version_of(_fresh(registration)) != version:
        raise StaleRegistration
    return withdraw_registration(registration=registration, actor=actor, reason=reason)


def _fresh(registration: Registration) -> Registration:
    return Registration.objects.select_related("resident__person").get(
        pk=registration.pk
    )


def _locked(registration: Registration, version: str) -> Registration:
    (locked,) = lock_registrations([registration.pk])
    # Their wishes and hours are asked of the same person: one at a time.
    type(locked.resident).objects.select_for_update(no_key=True).get(
        pk=locked.resident_id
    )
    locked = _fresh(registration)
    if version_of(locked) != version:
        raise StaleRegistration
    if locked.state not in OPEN_STATES:
        raise ValidationError(_("This registration was already closed."), code="closed")
    return locked


def _has_seat(registration: Registration) -> bool:
    return registration.enrolments.filter(state__in=SEAT_HOLDING).exists()


def _levels(registration: Registration, amendment: Amendment) -> list[int]:
    """The levels allowed, with those of free groups that are asked for now."""
    asked = [amendment.offering, *(_offering_of(one) for one in amendment.choices)]
    levels = set(registration.allowed_levels)
    for offering in filter(None, asked):
        levels = with_level(levels, offering)
    return sorted(levels)


def _offering_of(choice: Choice) -> Offering | None:
    return choice.offering or (choice.series.offering if choice.series else None)


def _rank(registration: Registration, choices: Sequence[Choice]) -> None:
    """Write the choices anew in this order; chosen sessions keep theirs, at the end."""
    sessions = [
        Choice(session=one.session)
        for one in registration.choices.filter(session__isnull=False).select_related(
            "session"
        )
    ]
    registration.choices.all().delete()
    for rank, one in enumerate([*dict.fromkeys(choices), *sessions], start=1):
        save_checked(
            RegistrationChoice(
                registration=registration,
                rank=rank,
                offering=one.offering,
                series=one.series,
                session=one.session,
            )
        )


def _set_wishes(resident: Resident, amendment: Amendment, actor: Actor) -> None:
    different = {
        name: value
        for name, value in amendment.wishes.items()
        if getattr(resident, name) != value
    }
    if different:
        update_wishes(actor=actor, resident=resident, **different)
    if amendment.hours is not None:
        set_weekly_hours(actor=actor, person=resident.person, hours=amendment.hours)
