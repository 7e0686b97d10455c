"""The only way to write to the access log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from audit.actor import Actor, current_scene
from audit.models import Action, AuditEvent, Result

PLANNING = "planning"
CARE = "care"
ADMINISTRATION = "administration"
OWN_DATA = "own data"
OVERSIGHT = "oversight"
AGENDA = "agenda"


def record_event(
    *,
    actor: Actor,
    code: str,
    action: Action | str,
    purpose: str,
    subjects: Iterable[object] = (),
    object_kind: str = "",
    object_id: object = "",
    where: str | None = None,
    result: Result | str = Result.SUCCESS,
    emergency: bool = False,
) -> AuditEvent:
    """Write one line of the access log, with one insert.

    `subjects` are the ids of the persons concerned; the same person is named once.
    `where` is the view or command, taken from the current scene when not given.

    Raises
    ------
    ValueError
        For an unknown action or an empty purpose: the log would be useless.
    """
    if not purpose:
        raise ValueError(f"log entry {code!r} needs a purpose")
    here = current_scene()
    return AuditEvent.objects.create(
        event_code=code,
        action=Action(action),
        actor_id=actor.user_id,
        actor_role=actor.role[:120],
        actor_organisation=actor.organisation[:120],
        responsible_id=actor.responsible_id or actor.user_id,
        responsible_role=(actor.responsible_role or actor.role)[:120],
        object_kind=object_kind,
        # May come from an address that someone made up: it must not stop the log.
        object_id=str(object_id).replace("\x00", "")[:64],
        subject_ids=list(dict.fromkeys(str(subject) for subject in subjects)),
        purpose=purpose,
        where=(here.where if where is None else where)[:120],
        result=Result(result),
        emergency=emergency,
        trace_id=here.trace_id,
    )


def record_read(
    *,
    actor: Actor,
    subjects: Iterable[object],
    purpose: str,
    code: str = "person.read",
    object_kind: str = "person",
    object_id: object = "",
    where: str | None = None,
    emergency: bool = False,
) -> AuditEvent:
    """Write that data of these persons were read: one insert, however many persons."""
    return record_event(
        actor=actor,
        code=code,
        action=Action.READ,
        purpose=purpose,
        subjects=subjects,
        object_kind=object_kind,
        object_id=object_id,
        where=where,
        emergency=emergency,
    )


def erase_lines(*, before: datetime) -> int:
    """Erase lines of before a moment; how many. The caller logs that it did.

    The database refuses it for lines that are less than five years old.
    """
    return AuditEvent.objects.filter(at__lt=before).delete()[0]
