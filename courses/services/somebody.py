"""Asking for a place for somebody a helper describes, or knows: once for each form.

Who is described may be known already. The helper never learns that: a group that this
person cannot join, for what only we know, is answered like a group that is full.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from audit.actor import Actor
from courses.enums import EnrolmentState
from courses.kinds import LevelOfCare
from courses.models import Enrolment, Registration, Series
from courses.services.enrol import EnrolResult
from courses.services.on_behalf import AnyOf, join_any_of
from courses.services.register import Choice, register
from courses.services.waiting import open_registration
from courses.suitability import of_the_series
from people import services as people
from people.enums import Role
from people.services.known import Described, Met, meet
from people.services.mandates import give_mandate

if TYPE_CHECKING:
    from people.models import Resident, User

Window = tuple[int, Any, Any]
TAKEN = (EnrolmentState.OFFERED, EnrolmentState.ENROLLED)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """Who is described, and what a helper knows of when and how this person can come.

    What is known of somebody already is not changed by it.
    """

    described: Described
    hours: Sequence[Window] = ()
    wishes: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def ask_for_somebody(
    *,
    actor: Actor,
    user: User,
    once: uuid.UUID,
    who: Somebody | Resident,
    series_list: Sequence[Series],
    seats: int = 1,
    next_group: bool = False,
) -> AnyOf:
    """Ask for any of these groups for a resident, or for who is described.

    The same form again, at once or later, gives what came of it and makes nothing.

    Raises
    ------
    django.core.exceptions.ValidationError
        If none of the groups can be joined; nothing is kept then.
    """
    _one_at_a_time(once)
    there = asked_before(user=user, once=once)
    if there is not None:
        return there
    met: Met | None = None
    if isinstance(who, Somebody):
        met = _meet(actor, user, who)
        resident = met.resident
    else:
        resident = who
    try:
        with transaction.atomic():
            done = join_any_of(
                resident=resident,
                series_list=series_list,
                actor=actor,
                made_by=user,
                seats=seats,
                next_group=next_group,
                once=once,
            )
    except ValidationError:
        closed = all(of_the_series(one, None) for one in series_list)
        if met is None or met.is_new or closed:
            raise
        return _quietly(met.resident, series_list, actor, user, seats, once)
    is_known = met is not None and not met.is_new
    return replace(done, refused={}) if is_known else done


def asked_before(*, user: User, once: uuid.UUID) -> AnyOf | None:
    """What came of this form when it was sent before; None when it was not."""
    found = Registration.objects.filter(made_by=user, once=once).first()
    if found is None:
        return None
    seat = (
        found.enrolments.filter(state=EnrolmentState.ENROLLED)
        .select_related("series__offering")
        .first()
    )
    return _as_answer(found, seat)


def _one_at_a_time(once: uuid.UUID) -> None:
    """Let two presses on one form follow each other; the lock goes with the act."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(once)]
        )


def _meet(actor: Actor, user: User, who: Somebody) -> Met:
    met = meet(actor=actor, described=who.described)
    if met.is_new and who.hours:
        people.set_weekly_hours(
            actor=actor, person=met.resident.person, hours=who.hours
        )
    if met.is_new and who.wishes:
        people.update_wishes(actor=actor, resident=met.resident, **who.wishes)
    if user.has_role(Role.CLIENT_SUPPORTER):
        give_mandate(actor=actor, resident=met.resident, supporter=user, in_person=True)
    return met


def _quietly(
    resident: Resident,
    series_list: Sequence[Series],
    actor: Actor,
    user: User,
    seats: int,
    once: uuid.UUID,
) -> AnyOf:
    """A seat or a wait that there is already; else a wait for another group."""
    seat = (
        Enrolment.objects.filter(
            resident=resident, series__in=series_list, state__in=TAKEN
        )
        .select_related("registration", "series__offering")
        .order_by("pk")
        .first()
    )
    if seat is not None:
        sure = seat if seat.state == EnrolmentState.ENROLLED else None
        return _as_answer(seat.registration, sure)
    waiting = (open_registration(resident, one) for one in series_list)
    found = next((one for one in waiting if one is not None), None)
    if found is None:
        offerings = list(dict.fromkeys(one.offering for one in series_list))
        levels = {one.policy.level_of_care or LevelOfCare.LIGHT for one in offerings}
        found = register(
            resident=resident,
            actor=actor,
            choices=[Choice(offering=one) for one in offerings],
            allowed_levels=sorted(levels),
            seats=seats,
            made_by=user,
            once=once,
        )
    return _as_answer(found, None)


def _as_answer(registration: Registration, seat: Enrolment | None) -> AnyOf:
    sure = (
        EnrolResult(registration=registration, enrolment=seat)
        if seat is not None
        else None
    )
    return AnyOf(registration=registration, seat=sure, refused={})
