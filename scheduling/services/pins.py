"""What a coordinator keeps as it is: groups that the next run does not decide on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from scheduling.models import Schedule, SeriesPin
from scheduling.services.edits import locked_draft

if TYPE_CHECKING:
    from people.models import User


@transaction.atomic
def pin_session(
    *,
    actor: Actor,
    user: User,
    schedule: Schedule,
    session: UUID,
    version: int,
    time: bool = True,
    room: bool = True,
    leaders: bool = True,
) -> SeriesPin:
    """Fix a series for the next run as this session is: its time, room and leaders, or
    some of them. Replaces an earlier pin of the series. Raises as ``apply_move``."""
    schedule = locked_draft(schedule, version)
    row = schedule.sessions.filter(session_id=session).first()
    if row is None:
        raise ValidationError(_("This session is not in the schedule any more."))
    first = schedule.sessions.filter(series_id=row.series_id).order_by("period")[0]
    pin, _made = SeriesPin.objects.update_or_create(
        series_id=row.series_id,
        defaults={
            "first_start": first.period.lower if time else None,
            "room_id": row.room_id if room else None,
            "facilitators": sorted(
                row.leader_rows.values_list("facilitator_id", flat=True)
            )
            if leaders
            else [],
            "closed": False,
            "made_by": user,
            "made_at": timezone.now(),
        },
    )
    _log_pin(actor, pin.series_id, "pin.set")
    return pin


@transaction.atomic
def unpin_series(
    *,
    actor: Actor,
    series_id: UUID,
    schedule: Schedule | None = None,
    version: int = 0,
) -> bool:
    """Let the next run decide again; whether there was a pin.

    ``schedule``: the draft in which it was seen, at this version; raises as
    ``pin_session`` when it is not that any more.
    """
    if schedule is not None:
        locked_draft(schedule, version)
    count, _rows = SeriesPin.objects.filter(series_id=series_id).delete()
    if count:
        _log_pin(actor, series_id, "pin.drop")
    return bool(count)


def _log_pin(actor: Actor, series_id: UUID, code: str) -> None:
    record_event(
        actor=actor,
        code=code,
        action="U",
        purpose=PLANNING,
        object_kind="series",
        object_id=series_id,
    )
