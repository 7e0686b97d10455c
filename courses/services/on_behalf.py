"""Asking for a place for somebody else: by telephone, at a desk, or with a mandate.

Who helps sees what came of what he asked, and nothing else of the resident. A client
supporter does it under a mandate, which the resident sees and ends.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import save_checked
from courses.kinds import LevelOfCare, WayIn
from courses.models import Registration, RegistrationChoice, Series
from courses.seats import free_seats, lock_series
from courses.selectors.waiting import seats_before
from courses.services.enrol import EnrolResult, enrol
from courses.services.promote import lock_turns
from courses.services.register import Choice, register
from courses.services.waiting import join_waiting_list, open_registration
from courses.suitability import objections

if TYPE_CHECKING:
    from people.models import Resident, User

MOST_CHOICES = 3


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    """What came of asking for any of several groups."""

    registration: Registration
    seat: EnrolResult | None
    refused: dict[Series, list[str]]


@transaction.atomic
def join_any_of(
    *,
    resident: Resident,
    series_list: Sequence[Series],
    actor: Actor,
    made_by: User | None = None,
    seats: int = 1,
    next_group: bool = False,
    once: uuid.UUID | None = None,
) -> AnyOf:
    """A place in the first of these groups that has one, else a wait for all of them.

    Ranked as given. `next_group` also asks for a later group of the same offerings.
    A group that cannot be joined is left out and named with its reason. Who waits for
    one of them already goes on with that registration, and its place in turn.

    Raises
    ------
    django.core.exceptions.ValidationError
        If none of them can be joined, or there are none or too many.
    """
    ranked = list(dict.fromkeys(series_list))
    if not 0 < len(ranked) <= MOST_CHOICES:
        raise ValidationError(
            _("Choose one to %(most)s groups.") % {"most": MOST_CHOICES}
        )
    locked = {one.pk: one for one in lock_series(ids=[one.pk for one in ranked])}
    refused = {
        one: objections(resident_id=resident.pk, series=locked[one.pk], waits=True)
        for one in ranked
    }
    possible = [locked[one.pk] for one in ranked if not refused[one]]
    if not possible:
        raise ValidationError([why for reasons in refused.values() for why in reasons])
    lock_turns(possible)
    registration = _waiting_already(resident, possible, seats, next_group)
    if registration is None:
        registration = _register(
            resident, possible, actor, made_by, seats, next_group, once
        )
    seat = None
    for series in possible:
        free = free_seats(series)
        before = seats_before(registration=registration, series=series)
        clashes = objections(
            resident_id=resident.pk,
            series=series,
            registration=registration,
            for_planner=True,  # then it waits, and the page says no more than that
        )
        if seats <= free - before and not clashes:
            seat = enrol(series=series, registration=registration, actor=actor)
            break
    else:
        for series in possible:
            join_waiting_list(series=series, registration=registration, actor=actor)
    registration.refresh_from_db()
    return AnyOf(
        registration=registration,
        seat=seat if seat is not None and seat.enrolment is not None else None,
        refused={one: why for one, why in refused.items() if why},
    )


def _register(
    resident: Resident,
    possible: Sequence[Series],
    actor: Actor,
    made_by: User | None,
    seats: int,
    next_group: bool,
    once: uuid.UUID | None,
) -> Registration:
    offerings = list(dict.fromkeys(one.offering for one in possible))
    later = offerings if next_group else []
    levels = {one.policy.level_of_care or LevelOfCare.LIGHT for one in offerings}
    return register(
        resident=resident,
        actor=actor,
        choices=[
            *(Choice(series=one) for one in possible),
            *(Choice(offering=one) for one in later),
        ],
        allowed_levels=sorted(levels),
        seats=seats,
        made_by=made_by,
        once=once,
    )


def _waiting_already(
    resident: Resident, possible: Sequence[Series], seats: int, next_group: bool
) -> Registration | None:
    """The open registration for the first of these groups that has one, brought up.

    A seat that was asked for somebody who comes along stays asked for.
    """
    found = (open_registration(resident, one) for one in possible)
    registration = next((one for one in found if one is not None), None)
    if registration is None:
        return None
    if registration.seats < seats:
        registration.seats = seats
        save_checked(registration)
    for one in {series.offering_id for series in possible} if next_group else ():
        last = registration.choices.aggregate(last=Max("rank"))["last"] or 0
        RegistrationChoice.objects.get_or_create(
            registration=registration,
            offering_id=one,
            series=None,
            session=None,
            defaults={"rank": last + 1},
        )
    return registration


def is_free(series: Series) -> bool:
    """Whether one may ask for it without a referral."""
    return series.offering.policy.way_in == WayIn.FREE
