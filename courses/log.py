"""One way to log what happened to a registration or a seat."""

from __future__ import annotations

from collections.abc import Iterable

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
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
