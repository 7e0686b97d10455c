"""What a helper may see of somebody, to write down what this person told.

A coordinator: who is kept by an organisation that he coordinates. A client supporter:
only what he asked for himself, as long as the mandate runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q
from django.utils import timezone

from audit.actor import Actor
from audit.record import CARE, record_read
from courses.enums import OPEN_STATES, EnrolmentState, SessionState
from courses.models import (
    Absence,
    Enrolment,
    Registration,
    RegistrationChoice,
    Session,
)
from people.enums import Role
from people.services.mandates import helped_ids

if TYPE_CHECKING:
    from people.models import User

SHOWN = (EnrolmentState.OFFERED, EnrolmentState.ENROLLED)


def seat_for_helper(*, actor: Actor, user: User, enrolment_id: int) -> Enrolment | None:
    """A seat of somebody whom this account helps, in any state; None for others."""
    found = (
        Enrolment.objects.filter(_helped_by(user, "registration__"))
        .select_related(
            "registration__resident",
            "series__offering",
            "series__room__centre__place",
        )
        .filter(pk=enrolment_id)
        .first()
    )
    _log(actor, "enrolment.read", [found.registration] if found else [], enrolment_id)
    return found


def registration_for_helper(
    *, actor: Actor, user: User, registration_id: int
) -> Registration | None:
    """A registration of somebody whom this account helps; None for others."""
    found = (
        Registration.objects.filter(_helped_by(user, ""))
        .select_related("resident", "offering", "theme")
        .filter(pk=registration_id)
        .first()
    )
    _log(actor, "registration.read", [found] if found else [], registration_id)
    return found


def arranged_by(*, actor: Actor, supporter: User) -> list[Registration]:
    """What a supporter asked under mandates that run, newest first; one log line.

    Loaded: person, wishes, and the seats that are offered or taken.
    """
    choices = RegistrationChoice.objects.select_related("offering", "series__offering")
    seats = Enrolment.objects.filter(state__in=SHOWN).select_related("series__offering")
    found = list(
        Registration.objects.filter(
            made_by=supporter,
            resident__in=helped_ids(supporter=supporter),
            state__in=OPEN_STATES,
        )
        .select_related("resident__person", "offering", "theme")
        .prefetch_related(
            Prefetch("choices", queryset=choices),
            Prefetch("enrolments", queryset=seats),
        )
        .order_by("-registered_at", "-pk")
    )
    _log(actor, "registration.list", found)
    return found


def coming_dates(*, seat: Enrolment) -> list[tuple[Session, bool]]:
    """The coming sessions of a seat's group, and whether each is missed."""
    missed = set(
        Absence.objects.filter(enrolment=seat).values_list("session_id", flat=True)
    )
    coming = Session.objects.filter(
        series=seat.series_id,
        state=SessionState.PUBLISHED,
        period__endswith__gt=timezone.now(),
    ).order_by("period", "pk")
    return [(one, one.pk in missed) for one in coming]


def _helped_by(user: User, at: str) -> Q:
    """Registrations, or rows that have one `at`, of people whom the account helps."""
    scope = user.organisations_for(Role.COORDINATOR)
    if scope is None:
        return Q()
    found = Q(**{f"{at}resident__person__organisation__in": scope})
    if user.has_role(Role.CLIENT_SUPPORTER):
        found |= Q(
            **{
                f"{at}made_by": user,
                f"{at}resident__in": helped_ids(supporter=user),
            }
        )
    return found


def _log(
    actor: Actor, code: str, found: list[Registration], object_id: object = ""
) -> None:
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in found],
        purpose=CARE,
        code=code,
        object_kind="registration",
        object_id=object_id,
    )
