"""Two leaders who change places: what that would break and mean, judged together."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from scheduling.models import Schedule
from scheduling.services.boards import Board, board_of
from scheduling.services.moves import Move, Verdict, Wanted, judged, wanted_by
from scheduling.solver.plan import Placement
from scheduling.solver.repair.desk import with_leader

Led = tuple[UUID, int]
"""A session and the key of a facilitator who leads it."""


def judge_swap(*, actor: Actor, schedule: Schedule, one: Led, other: Led) -> Verdict:
    """Judge that two leaders take each other's session; nothing is written.

    Raises ``ValidationError`` as ``swap_wanted``.
    """
    keys = schedule.sessions.filter(session_id=one[0])
    series_id = keys.values_list("series_id", flat=True).first()
    board = board_of(actor=actor, schedule=schedule, series_id=series_id)
    return judged(board, swap_wanted(board, one, other))


def swap_wanted(board: Board, one: Led, other: Led) -> Wanted:
    """The placements that a swap asks for.

    Raises ``ValidationError`` for a session that is not in the schedule or is one of
    several of its group there, and for a leader who does not lead it.
    """
    if one[0] == other[0] or one[1] == other[1]:
        raise ValidationError(_("Choose another session, led by somebody else."))
    placements: list[Placement] = []
    sessions: dict[str, tuple[str, int]] = {}
    for (session, missing), (_session, name) in ((one, other), (other, one)):
        wanted = wanted_by(board, Move(session=session))
        if wanted.series:
            raise ValidationError(
                _("Swap leaders of sessions that stand alone in this schedule.")
            )
        (now,) = wanted.placements
        leaves, joins = (board.ident("facilitators", key) for key in (missing, name))
        if leaves is None or joins is None or leaves not in now.leader_ids:
            raise ValidationError(_("This leader does not lead that session."))
        placements.append(with_leader(now, leaves, joins))
        sessions |= wanted.sessions
    return Wanted(board.desk, tuple(placements), sessions, {})
