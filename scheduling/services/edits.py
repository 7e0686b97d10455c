"""Changes by hand to a draft: made once, on the newest state, with a way back.

Every change names the version it was made on: who looks at an older one is refused and
told what changed meanwhile. What a change breaks must be accepted by name; a double use
of a room, a leader or a resident never is. Nothing outside the draft is touched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from scheduling.models import (
    EditKind,
    EditState,
    Schedule,
    ScheduledLeader,
    ScheduledSession,
    ScheduleEdit,
    ScheduleState,
)
from scheduling.services import new_groups
from scheduling.services.boards import Board, keep_board, read_board
from scheduling.services.drafts import accept_violations
from scheduling.services.moves import Breach, Move, Verdict, Wanted, judged, wanted_by
from scheduling.services.past import must_be_to_come
from scheduling.services.swaps import swap_wanted

if TYPE_CHECKING:
    from people.models import User


class StaleDraft(Exception):
    """The draft changed since the form was made; ``edits`` are the changes since."""

    def __init__(self, schedule: Schedule, edits: Sequence[ScheduleEdit]) -> None:
        super().__init__(f"schedule {schedule.pk} is at version {schedule.version}")
        self.schedule, self.edits = schedule, tuple(edits)


class MoveRefused(Exception):
    """A change that breaks what nobody accepted; ``breaches`` are those rules."""

    def __init__(self, verdict: Verdict, breaches: Sequence[Breach]) -> None:
        super().__init__(", ".join(one.rule for one in breaches))
        self.verdict, self.breaches = verdict, tuple(breaches)


@transaction.atomic
def apply_move(
    *,
    actor: Actor,
    user: User,
    schedule: Schedule,
    move: Move,
    version: int,
    accept: Collection[str] = (),
) -> ScheduleEdit:
    """Change a session (or all of its series) in a draft.

    ``accept``: keys of the breaches that the coordinator accepts by name. Raises
    ``StaleDraft``, ``MoveRefused``, and ``ValidationError`` as ``judge_move`` or when
    the schedule is no draft; nothing is changed then.
    """
    schedule = locked_draft(schedule, version)
    board = read_board(actor=actor, schedule=schedule)
    wanted = wanted_by(board, move)
    only_leaders = move.start is None and move.room_id is None and not move.online
    kind = EditKind.LEADERS if only_leaders else EditKind.MOVE
    return _apply(actor, user, schedule, board, wanted, kind, accept)


@transaction.atomic
def swap_leaders(
    *,
    actor: Actor,
    user: User,
    schedule: Schedule,
    one: tuple[UUID, int],
    other: tuple[UUID, int],
    version: int,
    accept: Collection[str] = (),
) -> ScheduleEdit:
    """Let two leaders change places: each pair is a session and who leads it now.

    Both changes are judged together. Raises as ``apply_move``.
    """
    schedule = locked_draft(schedule, version)
    board = read_board(actor=actor, schedule=schedule)
    both = swap_wanted(board, one, other)
    return _apply(actor, user, schedule, board, both, EditKind.SWAP, accept)


@transaction.atomic
def drop_session(
    *, actor: Actor, user: User, schedule: Schedule, session: UUID, version: int
) -> ScheduleEdit:
    """Do not hold one session of a draft; its people hear of it at the release.

    Raises ``StaleDraft``, and ``ValidationError`` for one that is not there or began.
    """
    schedule = locked_draft(schedule, version)
    must_be_to_come(session=session)
    before = states_of(schedule, [session])
    if not before:
        raise ValidationError(_("This session is not in the schedule any more."))
    new_groups.must_not_be_new(schedule=schedule, series_id=UUID(before[0]["series"]))
    write_sessions(schedule, [session], [])
    return keep_edit(actor, user, schedule, EditKind.CANCEL, before, [])


def _apply(
    actor: Actor,
    user: User,
    schedule: Schedule,
    board: Board,
    wanted: Wanted,
    kind: EditKind,
    accept: Collection[str],
) -> ScheduleEdit:
    verdict = judged(board, wanted)
    refused = [one for one in verdict.new if one.never or one.key not in accept]
    if refused:
        raise MoveRefused(verdict, refused)
    keys = [UUID(key) for key in wanted.sessions]
    before = states_of(schedule, keys)
    after = [_moved(board, wanted, state) for state in before]
    write_sessions(schedule, keys, after)
    edit = keep_edit(actor, user, schedule, kind, before, after)
    accept_violations(schedule=schedule, user=user, violations=verdict.new, edit=edit)
    following = board.changed(
        wanted.desk.problem,
        {item.series_id: item for item in wanted.placements}
        | {
            name: wanted.desk.plan.placement_of[name]
            for name in wanted.desk.plan.placement_of
            if name not in {item.series_id for item in wanted.placements}
        },
        wanted.sessions,
        wanted.series,
    )
    transaction.on_commit(lambda: keep_board(schedule_id=schedule.pk, board=following))
    return edit


def _moved(board: Board, wanted: Wanted, state: dict[str, Any]) -> dict[str, Any]:
    """A session's state as the placements have it; its length stays."""
    ident, slot = wanted.sessions[state["session"]]
    placement = next(one for one in wanted.placements if one.series_id == ident)
    meeting = next(one for one in placement.meetings if one.slot == slot)
    start, end = (datetime.fromisoformat(state[key]) for key in ("start", "end"))
    begins = board.problem.horizon.moment(slot)
    series = wanted.desk.problem.series_by_id[ident]
    return state | {
        "start": begins.isoformat(),
        "end": (begins + (end - start)).isoformat(),
        "room": None
        if meeting.room_id is None
        else board.key("rooms", meeting.room_id),
        "online": not series.needs_room,
        "leaders": sorted(
            board.key("facilitators", name) for name in meeting.facilitator_ids
        ),
    }


# The way back. ------------------------------------------------------------------------
@transaction.atomic
def undo(
    *, actor: Actor, user: User, schedule: Schedule, version: int
) -> ScheduleEdit | None:
    """Take the last change back; ``None`` when there is none. Raises ``StaleDraft``."""
    schedule = locked_draft(schedule, version)
    edit = schedule.edits.filter(state=EditState.DONE).order_by("-number").first()
    if edit is not None:
        _turned(actor, user, schedule, edit, EditState.UNDONE, edit.before)
    return edit


@transaction.atomic
def redo(
    *, actor: Actor, user: User, schedule: Schedule, version: int
) -> ScheduleEdit | None:
    """Do the change again that was undone last; ``None`` when there is none."""
    schedule = locked_draft(schedule, version)
    edit = schedule.edits.filter(state=EditState.UNDONE).order_by("number").first()
    if edit is not None:
        _turned(actor, user, schedule, edit, EditState.DONE, edit.after)
    return edit


def _turned(
    actor: Actor,
    user: User,
    schedule: Schedule,
    edit: ScheduleEdit,
    state: EditState,
    states: list[dict[str, Any]],
) -> None:
    keys = {UUID(one["session"]) for one in (*edit.before, *edit.after)}
    write_sessions(schedule, keys, states)
    edit.state, edit.changed_by, edit.changed_at = state, user, timezone.now()
    edit.version = _count(schedule)
    edit.save(update_fields=["state", "changed_by", "changed_at", "version"])
    new_groups.decide_on_half(edit)
    _log(actor, schedule, f"schedule.{'undo' if state == EditState.UNDONE else 'redo'}")


# Rows. --------------------------------------------------------------------------------
def edits_since(*, schedule: Schedule, version: int) -> list[ScheduleEdit]:
    """Changes made, undone or done again after a version, in that order; each once,
    as it is now. One query."""
    rows = schedule.edits.filter(version__gt=version)
    return list(rows.select_related("made_by", "changed_by").order_by("version"))


def locked_draft(schedule: Schedule, version: int) -> Schedule:
    """The draft, locked until the transaction ends.

    Raises ``StaleDraft`` when it is not at that version any more, and
    ``ValidationError`` when it is no draft any more.
    """
    found = Schedule.objects.select_for_update().filter(pk=schedule.pk).first()
    if found is None or found.state != ScheduleState.DRAFT:
        raise ValidationError(
            _("Only a draft can be changed. This one was published or thrown away.")
        )
    if found.version != version:
        raise StaleDraft(found, edits_since(schedule=found, version=version))
    return found


def states_of(schedule: Schedule, keys: Iterable[UUID]) -> list[dict[str, Any]]:
    """Sessions of a draft as a change keeps them, in order of time."""
    rows = schedule.sessions.filter(session_id__in=list(keys))
    return [
        {
            "session": str(row.session_id),
            "series": str(row.series_id),
            "number": row.number,
            "start": row.period.lower.isoformat(),
            "end": row.period.upper.isoformat(),
            "room": row.room_id,
            "online": row.online,
            "leaders": sorted(one.facilitator_id for one in row.leader_rows.all()),
        }
        for row in rows.prefetch_related("leader_rows").order_by("period", "pk")
    ]


def write_sessions(
    schedule: Schedule, keys: Iterable[UUID], states: Iterable[dict[str, Any]]
) -> None:
    """Make these sessions of a draft as they are written; the others are not held."""
    schedule.sessions.filter(session_id__in=list(keys)).delete()
    told = list(states)
    rows = ScheduledSession.objects.bulk_create(
        [
            ScheduledSession(
                schedule=schedule,
                series_id=state["series"],
                session_id=state["session"],
                number=state["number"],
                period=DateTimeTZRange(
                    datetime.fromisoformat(state["start"]),
                    datetime.fromisoformat(state["end"]),
                ),
                room_id=state["room"],
                online=state["online"],
            )
            for state in told
        ]
    )
    ScheduledLeader.objects.bulk_create(
        [
            ScheduledLeader(session=row, facilitator_id=key)
            for row, state in zip(rows, told, strict=True)
            for key in state["leaders"]
        ]
    )


def keep_edit(
    actor: Actor,
    user: User,
    schedule: Schedule,
    kind: EditKind,
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    series_id: UUID | None = None,
) -> ScheduleEdit:
    """Write a change down; what was undone before cannot be done again now.

    ``series_id``: the group that it is about as a whole.
    """
    new_groups.drop_halves(actor=actor, schedule=schedule, states=[EditState.UNDONE])
    schedule.edits.filter(state=EditState.UNDONE).update(state=EditState.DISCARDED)
    last = schedule.edits.aggregate(last=Max("number"))["last"] or 0
    edit = ScheduleEdit.objects.create(
        schedule=schedule,
        number=last + 1,
        version=_count(schedule),
        kind=kind,
        before=before,
        after=after,
        series_id=series_id,
        made_by=user,
    )
    _log(actor, schedule, f"schedule.{kind.value}")
    return edit


def _count(schedule: Schedule) -> int:
    """The draft is another one now: at which version."""
    schedule.version += 1
    schedule.save(update_fields=["version"])
    return schedule.version


def _log(actor: Actor, schedule: Schedule, code: str) -> None:
    record_event(
        actor=actor,
        code=code,
        action="U",
        purpose=PLANNING,
        object_kind="schedule",
        object_id=schedule.pk,
    )
