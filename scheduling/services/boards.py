"""A schedule that can be asked in milliseconds: its facts, read once a process.

Reading the facts takes some forty queries; judging a move takes one millisecond. So
each process keeps the last few schedules it was asked about, by number and version, for
a minute at most. What is kept serves to advise: whatever is written is judged on rows
read anew (``services.edits``), and again at the release.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_read
from scheduling.adapters.load_problem import Loaded, load_problem, week_dates
from scheduling.models import RunKind, Schedule, ScheduleState
from scheduling.services.drafts import drafted_meets, plan_of, transfers_of
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import InvalidProblem, PlanningProblem
from scheduling.solver.repair.desk import Desk

KEPT = 4
MOST_FAULTS = 3
SECONDS = 60.0

Spot = tuple[str, int]
"""Series of the problem and slot of one of its meetings."""


@dataclass(frozen=True)
class Board:
    """The facts and the plan of a schedule at one version.

    ``sessions``: where each session is in the plan, by its key. ``read_at``: when the
    rows were read (monotonic seconds).
    """

    version: int
    rows: Mapping[str, Any]
    desk: Desk
    sessions: Mapping[str, Spot]
    read_at: float = field(default_factory=time.monotonic)

    @property
    def problem(self) -> PlanningProblem:
        return self.desk.problem

    def ident(self, table: str, key: object) -> str | None:
        """Id in the problem of a row; ``None`` when it is not in use."""
        return self._idents[table].get(str(key))

    def key(self, table: str, ident: str) -> int:
        return int(self.rows[table][ident])

    @property
    def _idents(self) -> dict[str, dict[str, str]]:
        return {
            table: {key: ident for ident, key in self.rows[table].items()}
            for table in ("rooms", "facilitators")
        }

    def changed(
        self,
        problem: PlanningProblem,
        placements: Mapping[str, Placement],
        sessions: Mapping[str, Spot],
        series: Mapping[str, str],
    ) -> Board:
        """The board after a change: placements by series, sessions that are elsewhere,
        and rows of series that were taken apart."""
        plan = self.desk.plan
        held = {**plan.placement_of, **placements}
        return replace(
            self,
            version=self.version + 1,
            rows={**self.rows, "series": {**self.rows["series"], **series}},
            desk=Desk(problem, replace(plan, placements=tuple(held.values()))),
            sessions={**self.sessions, **sessions},
        )


_boards: OrderedDict[int, Board] = OrderedDict()
_lock = threading.Lock()


def board_of(*, actor: Actor, schedule: Schedule, series_id: object = None) -> Board:
    """The board of a schedule as it is now, read anew when it changed or grew old.

    Reading is logged for everybody in it; using what was kept, for those in the series
    that is asked about.
    """
    with _lock:
        board = _boards.get(schedule.pk)
    fresh = board is not None and time.monotonic() - board.read_at < SECONDS
    if board is None or not fresh or board.version != schedule.version:
        board = read_board(actor=actor, schedule=schedule)
        keep_board(schedule_id=schedule.pk, board=board)
        return board
    record_read(
        actor=actor,
        subjects=_persons(board, str(series_id)),
        purpose=PLANNING,
        code="schedule.judge",
        object_kind="schedule",
        object_id=schedule.pk,
    )
    return board


def _persons(board: Board, series_key: str) -> set[str]:
    persons = board.rows["persons"]
    return {
        persons[member]
        for ident, key in board.rows["series"].items()
        if key == series_key and ident in board.problem.series_by_id
        for member in board.problem.series_by_id[ident].members
    }


def keep_board(*, schedule_id: int, board: Board) -> None:
    """Keep a board for the next question; the one that was used longest ago goes."""
    with _lock:
        _boards[schedule_id] = board
        _boards.move_to_end(schedule_id)
        while len(_boards) > KEPT:
            _boards.popitem(last=False)


def forget_boards() -> None:
    """Keep nothing any more."""
    with _lock:
        _boards.clear()


def faults_told(error: InvalidProblem) -> str:
    """What is wrong with the facts themselves, so that nothing can be judged."""
    faults = "; ".join(str(fault) for fault in error.faults[:MOST_FAULTS])
    return _(
        "The facts of this period cannot be right, so nothing can be judged: "
        "%(faults)s. Mend that first."
    ) % {"faults": faults}


def read_board(*, actor: Actor, schedule: Schedule) -> Board:
    """The board of a schedule from the rows of today.

    Of a draft (or archived schedule) what it says; of a published one what is in the
    agenda. All of it is free to be judged elsewhere. Raises ``ValidationError`` when
    the facts contradict each other, such as a session off the grid.
    """
    try:
        return _read(actor, schedule)
    except InvalidProblem as error:
        raise ValidationError(faults_told(error)) from error


def _read(actor: Actor, schedule: Schedule) -> Board:
    if schedule.state == ScheduleState.PUBLISHED:
        loaded = _loaded(actor, schedule)
        plan = Plan(loaded.problem.id, loaded.problem.published.placements)
    else:
        decided = list(schedule.series_rows.values_list("series_id", flat=True))
        loaded = _loaded(
            actor,
            schedule,
            free_series=decided,
            as_drafted={**dict.fromkeys(decided, ()), **drafted_meets(schedule)},
            transfers=transfers_of(schedule),
        )
        plan = plan_of(schedule, loaded)
    return _board(schedule.version, loaded, plan, _candidates(schedule, loaded, plan))


def board_of_published(*, actor: Actor, monday: date) -> Board:
    """The board of a week as it is in the agenda, with or without a schedule of it.

    Read anew each time: for questions that are seldom asked.
    """
    first, last = week_dates(monday)
    loaded = load_problem(
        actor=actor, kind=RunKind.WEEK, first_date=first, last_date=last
    )
    plan = Plan(loaded.problem.id, loaded.problem.published.placements)
    return _board(0, loaded, plan, {})


def _board(
    version: int, loaded: Loaded, plan: Plan, candidates: Mapping[str, Spot]
) -> Board:
    problem = loaded.problem
    told = frozenset(item.series_id for item in problem.published.placements)
    free = replace(problem, published=replace(problem.published, freed_series=told))
    return Board(
        version,
        loaded.rows,
        Desk(free, plan),
        {**candidates, **_published(loaded, plan)},
    )


def _loaded(actor: Actor, schedule: Schedule, **more: Any) -> Loaded:
    return load_problem(
        actor=actor,
        kind=schedule.kind,
        first_date=schedule.first_date,
        last_date=schedule.last_date,
        **more,
    )


def _published(loaded: Loaded, plan: Plan) -> dict[str, Spot]:
    found: dict[str, Spot] = {}
    for ident, keys in loaded.rows["sessions"].items():
        placement = plan.placement_of.get(ident)
        meetings = sorted(placement.meetings) if placement else []
        found.update(
            (key, (ident, one.slot)) for key, one in zip(keys, meetings, strict=False)
        )
    return found


def _candidates(schedule: Schedule, loaded: Loaded, plan: Plan) -> dict[str, Spot]:
    """Sessions of series that were never published: they are in the draft alone."""
    main: dict[str, str] = {}
    for ident, key in loaded.rows["series"].items():
        main.setdefault(key, ident)
    found: dict[str, Spot] = {}
    rows = schedule.sessions.values_list("session_id", "series_id", "period")
    for session_id, series_id, period in rows:
        ident = main.get(str(series_id))
        if ident in plan.placement_of:
            slot = loaded.problem.horizon.slot_of(period.lower)
            found[str(session_id)] = (ident, slot)
    return found


def spot_of(board: Board, session: UUID) -> Spot | None:
    """Where a session is in the plan; ``None`` when it is not in it."""
    return board.sessions.get(str(session))
