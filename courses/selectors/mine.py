"""A resident's own registrations, seats and sessions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from audit.actor import Actor
from audit.record import OWN_DATA, record_read
from courses.enums import OPEN_STATES, SEAT_HOLDING, EnrolmentState
from courses.models import (
    Absence,
    Enrolment,
    Registration,
    RegistrationChoice,
    Session,
)


def registrations_of(
    *, actor: Actor, resident_id: int, purpose: str = OWN_DATA, all_states: bool = False
) -> list[Registration]:
    """A resident's registrations, newest first, with choices and seats.

    Only open ones unless `all_states`. Seats held by a draft are left out: they are
    no promise. Three reads and one log line.
    """
    choices = RegistrationChoice.objects.select_related(
        "offering", "series__offering", "session__series__offering"
    )
    seats = Enrolment.objects.exclude(
        state=EnrolmentState.HELD_BY_DRAFT
    ).select_related("series__offering", "series__room__centre")
    found = Registration.objects.filter(resident=resident_id)
    if not all_states:
        found = found.filter(state__in=OPEN_STATES)
    registrations = list(
        found.select_related("resident", "theme", "offering", "one_to_one_reason")
        .prefetch_related(
            Prefetch("choices", queryset=choices),
            Prefetch("enrolments", queryset=seats),
        )
        .order_by("-registered_at", "-pk")
    )
    _log(actor, purpose, "registration.read", resident_id)
    return registrations


def registration_of(
    *, actor: Actor, registration_id: int, resident_id: int, purpose: str = OWN_DATA
) -> Registration | None:
    """One registration, only if it is this resident's."""
    found = (
        Registration.objects.select_related("resident", "offering")
        .filter(pk=registration_id, resident=resident_id)
        .first()
    )
    _log(actor, purpose, "registration.read", resident_id)
    return found


def enrolments_of(
    *, actor: Actor, resident_id: int, purpose: str = OWN_DATA
) -> list[Enrolment]:
    """The seats a resident has or is offered now; draft-held ones are left out."""
    found = list(
        Enrolment.objects.filter(resident=resident_id, state__in=SEAT_HOLDING)
        .exclude(state=EnrolmentState.HELD_BY_DRAFT)
        .select_related("registration", "series__offering", "series__room__centre")
        .order_by("made_at", "pk")
    )
    _log(actor, purpose, "enrolment.read", resident_id)
    return found


def sessions_of(
    *,
    actor: Actor,
    resident_id: int,
    since: datetime | None = None,
    purpose: str = OWN_DATA,
) -> list[Session]:
    """The resident's sessions that end after `since` (now), cancelled ones too.

    `missed` says that the resident does not come to one.
    """
    absent = Absence.objects.filter(
        session=OuterRef("pk"), enrolment__resident=resident_id
    )
    found: list[Session] = list(
        Session.objects.filter(
            Q(period__endswith__gt=since or timezone.now()),
            series__enrolments__resident=resident_id,
            series__enrolments__state=EnrolmentState.ENROLLED,
        )
        .annotate(missed=Exists(absent))
        .select_related("series__offering", "room__centre__place")
        .order_by("period", "pk")
    )
    _log(actor, purpose, "agenda.read", resident_id)
    return found


def _log(actor: Actor, purpose: str, code: str, resident_id: int) -> None:
    from people.selectors import person_ids_of_residents

    record_read(
        actor=actor,
        subjects=person_ids_of_residents(resident_ids=[resident_id]),
        purpose=purpose,
        code=code,
        object_kind="registration",
    )
