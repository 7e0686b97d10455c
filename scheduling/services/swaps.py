"""Two leaders who change places: what that would break and mean, judged together."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from scheduling.models import Schedule
from scheduling.services.boards import Board, board_of
from scheduling.services.moves import Verdict, Wanted, judged, wanted_of_one
from scheduling.services.past import must_be_to_come
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

    Of a running group the session that was chosen changes alone; a group that is new
    in the schedule keeps the same leaders, so there all its sessions change.

    Raises ``ValidationError`` for a session that is not in the schedule or has begun,
    a leader who does not lead it, and one who leads the other one already: so it is
    for two sessions of one new group.
    """
    if one[0] == other[0] or one[1] == other[1]:
        raise ValidationError(_("Choose another session, led by somebody else."))
    placements: list[Placement] = []
    sessions: dict[str, tuple[str, int]] = {}
    series: dict[str, str] = {}
    desk = board.desk
    for (session, missing), (_session, name) in ((one, other), (other, one)):
        must_be_to_come(session=session)
        wanted = wanted_of_one(board, session)
        (now,) = wanted.placements
        leaves, joins = (board.ident("facilitators", key) for key in (missing, name))
        if leaves is None or joins is None or leaves not in now.leader_ids:
            raise ValidationError(_("This leader does not lead that session."))
        if joins in now.leader_ids:
            raise ValidationError(
                _("One of these two leads both sessions already. Choose another.")
            )
        placements.append(with_leader(now, leaves, joins))
        sessions |= wanted.sessions
        series |= wanted.series
        desk, board = wanted.desk, _apart(board, wanted)
    return Wanted(desk, tuple(placements), sessions, series)


def _apart(board: Board, wanted: Wanted) -> Board:
    """The board with a session on its own, so that the next is taken out of the rest;
    nobody leads anything else yet."""
    return replace(
        board,
        desk=wanted.desk,
        rows={**board.rows, "series": {**board.rows["series"], **wanted.series}},
        sessions={**board.sessions, **wanted.sessions},
    )
