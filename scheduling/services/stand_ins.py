"""Who could lead one session in the place of one of its leaders, judged by the rules.

For a coordinator on a draft, and for the leader who looks for a colleague on what is
published. Asked with keys of rows and answered with keys of rows; nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from scheduling.services.boards import Board, board_of, board_of_published
from scheduling.services.moves import Move, series_of_move, wanted_of_one

if TYPE_CHECKING:
    from scheduling.models import Schedule
    from scheduling.solver.repair.desk import Substitute


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """A facilitator who could lead a session, breaking no rule.

    ``travel_minutes`` from their base; ``week_minutes`` of leading and ``evenings`` in
    that week, with this session.
    """

    facilitator_id: int
    travel_minutes: int
    week_minutes: int
    evenings: int


def substitutes(
    *, actor: Actor, schedule: Schedule, session: UUID, missing: int
) -> tuple[StandIn, ...]:
    """Who could lead one session in the place of one of its leaders, the best first.

    ``missing``: key of the facilitator who cannot come. Raises ``ValidationError`` when
    the session is not in the schedule or that facilitator does not lead it.
    """
    move = Move(session=session)
    series = series_of_move(schedule, move)
    board = board_of(actor=actor, schedule=schedule, series_id=series)
    return _able(board, session, missing)


def substitutes_published(
    *, actor: Actor, day: date, session: UUID, missing: int
) -> tuple[StandIn, ...]:
    """The same for a session as it is in the agenda, in the week of ``day``.

    The week is read anew. Raises as ``substitutes``, and ``InvalidProblem`` when the
    facts of that week contradict each other.
    """
    monday = date.fromordinal(day.toordinal() - day.weekday())
    board = board_of_published(actor=actor, monday=monday)
    return _able(board, session, missing)


def _able(board: Board, session: UUID, missing: int) -> tuple[StandIn, ...]:
    wanted = wanted_of_one(board, session)
    (placement,) = wanted.placements
    lead_id = board.ident("facilitators", missing)
    if lead_id is None or lead_id not in placement.leader_ids:
        raise ValidationError(_("This leader does not lead that session."))
    found = wanted.desk.substitutes(placement.series_id, lead_id)
    return tuple(_stand_in(board, one) for one in found)


def _stand_in(board: Board, one: Substitute) -> StandIn:
    return StandIn(
        facilitator_id=board.key("facilitators", one.facilitator_id),
        travel_minutes=one.travel_minutes,
        week_minutes=one.week_minutes,
        evenings=one.evenings,
    )
