"""Sessions as a release writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from courses.services import SessionFacts

if TYPE_CHECKING:
    from courses.models import Session
    from scheduling.models import ScheduledSession


def facts_of(session: ScheduledSession) -> SessionFacts:
    """A session as its schedule has it."""
    return SessionFacts(
        id=session.session_id,
        number=session.number,
        period=session.period,
        room_id=session.room_id,
        online=session.online,
        leader_ids=tuple(row.facilitator_id for row in session.leader_rows.all()),
    )


def as_it_is(session: Session) -> SessionFacts:
    """A published session as it is."""
    return SessionFacts(
        id=session.pk,
        number=session.number,
        period=session.period,
        room_id=session.room_id,
        online=session.online,
        leader_ids=tuple(row.facilitator_id for row in session.session_leaders.all()),
    )
