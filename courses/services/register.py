"""Writing down what a resident asks for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import Row, save_checked
from courses.enums import (
    OPEN_STATES,
    SEAT_HOLDING,
    EnrolmentState,
    RegistrationState,
)
from courses.kinds import LevelOfCare
from courses.log import log_registrations
from courses.models import (
    Enrolment,
    Offering,
    ReasonCode,
    Registration,
    RegistrationChoice,
    Series,
    Session,
    Theme,
)
from courses.seats import lock_registrations, lock_series
from courses.services.promote import for_two, promote, turns_move
from courses.services.told import offers_over

if TYPE_CHECKING:
    from people.models import Resident, User

DEFAULT_NORM_DAYS = 98
"""The Dutch norm from registration to help in mental care: 14 weeks (Treeknorm)."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing a resident would take; exactly one of the three is given."""

    offering: Offering | None = None
    series: Series | None = None
    session: Session | None = None

    def norm_days(self) -> int:
        """The longest fair wait for this choice, in days."""
        if self.offering is not None:
            return self.offering.norm_days
        series = self.series or (self.session.series if self.session else None)
        return series.offering.norm_days if series else DEFAULT_NORM_DAYS


def _save(row: Row) -> Row:
    row.save(force_insert=True)
    return row


@transaction.atomic
def register(
    *,
    resident: Resident,
    actor: Actor,
    theme: Theme | None = None,
    offering: Offering | None = None,
    choices: Sequence[Choice] = (),
    state: str = RegistrationState.WAITING,
    need_class: int = 3,
    allowed_levels: Sequence[int] = (LevelOfCare.LIGHT,),
    seats: int = 1,
    registered_at: datetime | None = None,
    norm_date: date | None = None,
    made_by: User | None = None,
    reference: str = "",
    once: uuid.UUID | None = None,
    checked: bool = True,
) -> Registration:
    """Write a registration with its choices, ranked as given.

    The norm date is the registration date plus the longest fair wait of the wish
    that is due first, unless `norm_date` says otherwise. `once` is the mark of the form
    that asked for it, one for each `made_by`. `checked` False leaves the
    checking to the database alone, for values that no person typed: a form's sentence
    for each fault costs twenty queries, and five hundred people may press at once.

    Raises
    ------
    django.core.exceptions.ValidationError
        Without any wish, or where a constraint says no; nothing is kept.
    """
    if theme is None and offering is None and not choices:
        raise ValidationError(_("Choose a theme, an offering or a group."))
    at = registered_at or timezone.now()
    waits = [choice.norm_days() for choice in choices]
    if offering is not None:
        waits.append(offering.norm_days)
    due = timezone.localdate(at) + timedelta(days=min(waits, default=DEFAULT_NORM_DAYS))
    save = save_checked if checked else _save
    registration = save(
        Registration(
            resident=resident,
            theme=theme,
            offering=offering,
            state=state,
            need_class=need_class,
            registered_at=at,
            norm_date=norm_date or due,
            allowed_levels=[int(level) for level in allowed_levels],
            seats=seats,
            made_by=made_by,
            reference=reference,
            once=once,
        )
    )
    for rank, choice in enumerate(choices, start=1):
        save(
            RegistrationChoice(
                registration=registration,
                rank=rank,
                offering=choice.offering,
                series=choice.series,
                session=choice.session,
            )
        )
    log_registrations(
        actor=actor,
        code="registration.create",
        action="C",
        registrations=[registration],
        object_id=registration.pk,
    )
    return registration


@transaction.atomic
def set_one_to_one_reason(
    *, registration: Registration, reason: ReasonCode | None, user: User, actor: Actor
) -> Registration:
    """Record why one-to-one is needed, by whom and when; None takes it away.

    A reason is written by a person. The level of care for one-to-one is allowed with
    it and taken away with it.
    """
    registration.one_to_one_reason = reason
    registration.reason_by = user if reason is not None else None
    registration.reason_at = timezone.now() if reason is not None else None
    levels = set(registration.allowed_levels) - {LevelOfCare.INDIVIDUAL_CARE.value}
    if reason is not None:
        levels.add(LevelOfCare.INDIVIDUAL_CARE.value)
    registration.allowed_levels = sorted(levels) or [LevelOfCare.LIGHT.value]
    save_checked(registration)
    log_registrations(
        actor=actor,
        code="registration.one_to_one_reason",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )
    return registration


@transaction.atomic
def set_group_first_aside(
    *, registration: Registration, aside: bool, user: User, actor: Actor
) -> Registration:
    """Set the preference for groups aside at once, or put it back.

    It changes nobody's place on a waiting list.
    """
    registration.group_first_set_aside_by = user if aside else None
    registration.group_first_set_aside_at = timezone.now() if aside else None
    save_checked(registration)
    log_registrations(
        actor=actor,
        code="registration.group_first",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )
    return registration


@transaction.atomic
def withdraw_registration(
    *, registration: Registration, actor: Actor, reason: str = ""
) -> Registration:
    """Stop asking: the registration and any seat it has are given up.

    Freed seats of published series are offered to who waits for them. `reason` is the
    code of one, where somebody else than the resident does it; it stands in the log.
    """
    lock_series(ids=registration.enrolments.values_list("series", flat=True))
    (locked,) = lock_registrations([registration.pk])
    if locked.state not in OPEN_STATES:
        raise ValidationError(_("This registration was already closed."))
    seats = list(registration.enrolments.filter(state__in=SEAT_HOLDING))
    Enrolment.objects.filter(pk__in=[seat.pk for seat in seats]).update(
        state=EnrolmentState.WITHDRAWN,
        changed_at=timezone.now(),
        offer_expires_at=None,
    )
    registration.state = RegistrationState.WITHDRAWN
    registration.save(update_fields=["state"])
    log_registrations(
        actor=actor,
        code=f"registration.withdraw.{reason}" if reason else "registration.withdraw",
        action="U",
        registrations=[registration],
        object_id=registration.pk,
    )
    offers_over(actor=actor, offers=seats)
    promote(series_ids={seat.series_id for seat in seats}, actor=actor)
    turns_move(registrations=for_two([locked]), actor=actor)
    return registration
