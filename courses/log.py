"""One way to log what happened to a registration or a seat."""

from __future__ import annotations

from collections.abc import Iterable

from audit.actor import Actor
from audit.record import ADMINISTRATION, PLANNING, record_event
from courses.models import Registration


def log_registrations(
    *,
    actor: Actor,
    code: str,
    action: str,
    registrations: Iterable[Registration],
    purpose: str = ADMINISTRATION,
    object_id: object = "",
) -> None:
    """One line for an act on registrations; the residents' persons are the subjects.

    The registrations must have their resident loaded.
    """
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=purpose,
        subjects=[one.resident.person_id for one in registrations],
        object_kind="registration",
        object_id=object_id,
    )


def log_apart(*, registration: Registration) -> None:
    """A free seat was not given, because two people must be kept apart.

    By the program and without a subject: the list that a resident reads of who looked
    must not tell it. Who plans sees it on the page of the registration.
    """
    record_event(
        actor=Actor.system("courses.apart"),
        code="enrolment.apart",
        action="R",
        purpose=PLANNING,
        object_kind="registration",
        object_id=registration.pk,
    )
