"""What a move by hand would break and mean, and what could be done instead.

Asked with keys of rows and answered with keys of rows; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from scheduling.models import Schedule
from scheduling.services import clock
from scheduling.services.boards import Board, board_of, spot_of
from scheduling.services.drafts import NEVER_ACCEPTED, about_rows, breach_key
from scheduling.services.lent import BOOKED
from scheduling.services.past import must_be_to_come
from scheduling.solver.plan import Meeting, Placement, Violation
from scheduling.solver.problem import Format, PlanningProblem, Series
from scheduling.solver.repair.desk import Desk, Option
from scheduling.solver.repair.parts import loosened, split

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Move:
    """A session as it should be; what is ``None`` stays as it is.

    ``online`` takes the room away. ``whole_series``: all its sessions in the schedule
    move by as much, and get the same room and leaders.
    """

    session: UUID
    start: datetime | None = None
    room_id: int | None = None
    online: bool = False
    leader_ids: tuple[int, ...] | None = None
    whole_series: bool = False


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A broken rule; ``about`` pairs kinds and keys of rows.

    ``key`` names it in a form: who accepts it sends it back. ``slot`` of the schedule
    where it happens. ``known``: it was so before the move, then and as much. ``never``:
    a double use, which nobody can accept.
    """

    key: str
    rule: str
    about: tuple[tuple[str, str], ...]
    slot: int | None = None
    facts: tuple[tuple[str, int], ...] = ()
    known: bool = False
    never: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A lawful way to hold the session, nearest to what was asked first.

    ``people`` have to be elsewhere or at another time than the schedule says now,
    ``minutes`` it moves; ``joins`` and ``leaves`` are facilitators, with the minutes of
    travel of who joins and how many evenings of leading there are more.
    ``only_leaders``: time and place stay, so ``people`` are leaders alone.
    """

    start: datetime
    room_id: int | None
    leader_ids: tuple[int, ...]
    people: int
    minutes: int
    joins: tuple[int, ...]
    leaves: tuple[int, ...]
    travel_minutes: int
    evenings: int
    only_leaders: bool = False


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a move breaks and means. ``version`` of the schedule it was judged at.

    ``only_leaders``: every time and place stays, so ``people`` are leaders alone.
    ``sessions``: keys of those of the schedule that it changes.
    """

    version: int
    breaches: tuple[Breach, ...]
    people: int
    minutes: int
    choices: tuple[Choice, ...] = ()
    only_leaders: bool = False
    sessions: frozenset[str] = frozenset()

    @property
    def new(self) -> tuple[Breach, ...]:
        """What the move breaks that was not broken before."""
        return tuple(one for one in self.breaches if not one.known)


@dataclass(frozen=True)
class Wanted:
    """Placements that are asked for, on a desk at which they can be judged.

    ``sessions``: for each session that changes its series and slot afterwards;
    ``series``: rows of series that were taken apart; ``before``: the desk as it was,
    when another is needed to judge a series that goes online or into a room.
    """

    desk: Desk
    placements: tuple[Placement, ...]
    sessions: Mapping[str, tuple[str, int]]
    series: Mapping[str, str]
    before: Desk | None = None


def judge_move(*, actor: Actor, schedule: Schedule, move: Move) -> Verdict:
    """Judge a move in any schedule, with up to five lawful ways near to it.

    Three queries when its board is kept. Raises ``ValidationError`` for a
    session that is not in the schedule or has begun, a time off the grid, outside its
    period or gone by, a room or leader that is not in use, and one session of a new
    series alone.
    """
    board = board_of(
        actor=actor, schedule=schedule, series_id=series_of_move(schedule, move)
    )
    wanted = wanted_by(board, move)
    choices = [
        choice_of(board, wanted.desk, one)
        for one in wanted.desk.options(wanted.placements[0])
    ]
    to_come = tuple(one for one in choices if one.start > clock.now())
    return replace(judged(board, wanted), choices=to_come)


def series_of_move(schedule: Schedule, move: Move) -> object:
    """Key of the series whose session is moved; ``None`` when it is not there."""
    rows = schedule.sessions.filter(session_id=move.session)
    return rows.values_list("series_id", flat=True).first()


def judged(board: Board, wanted: Wanted) -> Verdict:
    """What is wanted, judged together."""
    desk = wanted.desk
    now = [
        desk.plan.placement_of[item.series_id]
        for item in wanted.placements
        if item.series_id in desk.plan.placement_of
    ]
    known = set((wanted.before or desk).judge(*now))
    rows = {**board.rows, "series": {**board.rows["series"], **wanted.series}}
    told = [desk.option(item) for item in wanted.placements]
    return Verdict(
        version=board.version,
        breaches=tuple(
            _breach(one, rows, known=one in known)
            for one in desk.judge(*wanted.placements)
        ),
        people=sum(item.people for item in told),
        minutes=sum(item.minutes for item in told),
        only_leaders=all(_stays(desk, item) for item in wanted.placements),
        sessions=frozenset(wanted.sessions),
    )


def _stays(desk: Desk, placement: Placement) -> bool:
    """Whether a series keeps all its times and rooms, whoever leads it."""
    now = desk.plan.placement_of.get(placement.series_id)
    return now is not None and _spots(now) == _spots(placement)


def _spots(placement: Placement) -> list[tuple[int, str | None]]:
    return [(one.slot, one.room_id) for one in sorted(placement.meetings)]


def _breach(violation: Violation, rows: dict[str, object], *, known: bool) -> Breach:
    about = tuple((kind, key) for kind, key in about_rows(violation, rows))
    return Breach(
        key=breach_key(violation.rule, about, violation.slot, violation.facts),
        rule=violation.rule,
        about=about,
        slot=violation.slot,
        facts=violation.facts,
        known=known,
        never=violation.rule in NEVER_ACCEPTED
        or (violation.rule == BOOKED and not known),
    )


def choice_of(board: Board, desk: Desk, option: Option) -> Choice:
    """A lawful placement of a desk in keys of rows, by its first meeting."""
    first = min(option.placement.meetings)
    return Choice(
        start=board.problem.horizon.moment(first.slot),
        room_id=None if first.room_id is None else board.key("rooms", first.room_id),
        leader_ids=_keys(board, first.facilitator_ids),
        people=option.people,
        minutes=option.minutes,
        joins=_keys(board, option.joins),
        leaves=_keys(board, option.leaves),
        travel_minutes=option.travel_minutes,
        evenings=option.evenings,
        only_leaders=_stays(desk, option.placement),
    )


def _keys(board: Board, idents: Iterable[str]) -> tuple[int, ...]:
    return tuple(board.key("facilitators", ident) for ident in idents)


# From rows to a placement. ------------------------------------------------------------
def wanted_by(board: Board, move: Move) -> Wanted:
    """The placement a move asks for."""
    ident, slot = _spot(board, move.session)
    must_be_to_come(session=move.session)
    now = board.desk.plan.placement_of[ident]
    if len(now.meetings) == 1 or move.whole_series:
        return _wanted_whole(board, move, ident, slot)
    if ident not in board.rows["sessions"]:
        raise ValidationError(
            _(
                "A new series keeps its weekday, time, room and leaders. Move the "
                "whole series."
            )
        )
    return _wanted_alone(board, move, ident, slot)


def _spot(board: Board, session: UUID) -> tuple[str, int]:
    spot = spot_of(board, session)
    if spot is None:
        raise ValidationError(_("This session is not in the schedule any more."))
    return spot


def wanted_of_one(board: Board, session: UUID) -> Wanted:
    """A session as it is now, on a desk at which it can be judged apart."""
    move = Move(session=session)
    ident, slot = _spot(board, session)
    alone = len(board.desk.plan.placement_of[ident].meetings) == 1
    if ident in board.rows["sessions"] and not alone:
        return _wanted_alone(board, move, ident, slot)
    return _wanted_whole(board, move, ident, slot)


def _wanted_whole(board: Board, move: Move, ident: str, slot: int) -> Wanted:
    now = board.desk.plan.placement_of[ident]
    step = _slot(board, move, slot) - slot
    placement = Placement(
        ident,
        tuple(
            _meeting(board, move, replace(item, slot=item.slot + step))
            for item in now.meetings
        ),
    )
    keys = {
        key: (ident, at + step)
        for key, (name, at) in board.sessions.items()
        if name == ident
    }
    desk = _desk(board.desk, move, ident)
    return Wanted(desk, (placement,), keys, {}, before=board.desk)


def _wanted_alone(board: Board, move: Move, ident: str, slot: int) -> Wanted:
    """One date of a running group: taken out of it, as the loader does."""
    problem = board.problem
    told = [one for one in problem.published.placements if one.series_id != ident] + [
        board.desk.plan.placement_of[ident]
    ]
    problem = replace(
        problem, published=replace(problem.published, placements=tuple(told))
    )
    problem, ((part, _at),) = split(problem, ident, [slot])
    problem = loosened(problem, part)
    problem = replace(
        problem,
        published=replace(
            problem.published,
            freed_series=problem.published.freed_series | {part},
        ),
    )
    parts = {item.series_id: item for item in problem.published.placements}
    placements = {
        **board.desk.plan.placement_of,
        ident: parts[ident],
        part: parts[part],
    }
    plan = replace(board.desk.plan, placements=tuple(placements.values()))
    alone = Desk(problem, plan)
    new = _slot(board, move, slot)
    meeting = _meeting(board, move, replace(parts[part].meetings[0], slot=new))
    return Wanted(
        _desk(alone, move, part),
        (Placement(part, (meeting,)),),
        {str(move.session): (part, new)},
        {part: board.rows["series"][ident]},
        before=alone,
    )


def _desk(desk: Desk, move: Move, ident: str) -> Desk:
    """The desk, with the series online or in a room where the move asks for that."""
    series = desk.problem.series_by_id[ident]
    has_room = not move.online and (series.needs_room or move.room_id is not None)
    if has_room == series.needs_room:
        return desk
    other = replace(series, format=Format.IN_PERSON if has_room else Format.ONLINE)
    return Desk(with_series(desk.problem, other), desk.plan)


def with_series(problem: PlanningProblem, series: Series) -> PlanningProblem:
    """The problem with one series in the place of the one with its id."""
    return replace(
        problem,
        series=tuple(series if one.id == series.id else one for one in problem.series),
    )


def _slot(board: Board, move: Move, slot: int) -> int:
    if move.start is None:
        return slot
    horizon = board.problem.horizon
    try:
        new = horizon.slot_of(move.start)
    except ValueError as error:
        raise ValidationError(
            _("Let the session start on a quarter of an hour.")
        ) from error
    if not 0 <= new < horizon.slot_count:
        raise ValidationError(
            _("Choose a day from %(first)s to %(last)s: this schedule has no others.")
            % {
                "first": horizon.first_date,
                "last": horizon.date_of(horizon.day_count - 1),
            }
        )
    if new != slot and _is_past(board, new):
        raise ValidationError(
            _("This time has gone by. Choose one that is still to come.")
        )
    return new


def _is_past(board: Board, slot: int) -> bool:
    return board.problem.horizon.moment(slot) <= clock.now()


def _meeting(board: Board, move: Move, now: Meeting) -> Meeting:
    room_id, leaders = now.room_id, now.facilitator_ids
    if move.online:
        room_id = None
    elif move.room_id is not None:
        room_id = board.ident("rooms", move.room_id)
        if room_id is None:
            raise ValidationError(_("This room is not in use. Choose another."))
    if move.leader_ids is not None:
        found = [board.ident("facilitators", key) for key in move.leader_ids]
        if None in found:
            raise ValidationError(
                _("One of these leaders does not lead any more. Choose another.")
            )
        leaders = tuple(sorted({ident for ident in found if ident is not None}))
    return Meeting(now.slot, room_id, leaders)
