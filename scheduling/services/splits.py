"""A group split in two, as a draft change: who goes, what it breaks, what could be.

The new group meets in the same weeks as the one it comes from, on one weekday, with one
room and the same leaders. It is judged on all the dates that are to come, also after
the draft's week: what is lawful once must be so every time. Until the release nobody
moves, and undoing the change undoes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_read
from courses.selectors.small import members_of
from courses.services.splitting import propose_half
from scheduling.adapters.load_problem import Loaded
from scheduling.adapters.series import Meets
from scheduling.models import EditKind, RunKind, Schedule, ScheduleEdit
from scheduling.services import clock
from scheduling.services.all_dates import load_all_dates
from scheduling.services.boards import Board
from scheduling.services.decisions import of_draft
from scheduling.services.drafts import accept_violations, transfers_of
from scheduling.services.edits import (
    MoveRefused,
    keep_edit,
    locked_draft,
    states_of,
    write_sessions,
)
from scheduling.services.moves import (
    Choice,
    Verdict,
    Wanted,
    choice_of,
    judged,
    with_series,
)
from scheduling.services.new_groups import decide_on_half
from scheduling.services.split_dates import (
    Half,
    coming_meets,
    new_meets,
    new_states,
)
from scheduling.services.transfers import keep_transfers, must_not_be_split
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import DatePattern, PlanningProblem
from scheduling.solver.repair.answer import place_of
from scheduling.solver.repair.desk import Desk, Option
from scheduling.solver.repair.told import travel_to

if TYPE_CHECKING:
    from courses.models import Enrolment, Series
    from people.models import User

WORKDAYS = 6
"""Monday to Saturday, as a run plans."""


@dataclass(frozen=True, kw_only=True)
class Journey:
    """How long somebody travels to the group now, and to the new one, in minutes."""

    seat_row: Enrolment
    now: int
    then: int


@dataclass(frozen=True, kw_only=True)
class Way:
    """A lawful way to split, beside the group as it is now.

    Of the ``choice``, ``people`` go to another time or place, it moves by ``minutes``,
    and who ``joins`` does not lead the group now. ``both``: facilitators who lead both
    groups then; ``longer``: how many travel longer than now.
    """

    choice: Choice
    both: tuple[int, ...]
    longer: int


@dataclass(frozen=True, kw_only=True)
class Halves:
    """What a split means, with up to five lawful ``ways`` near to it.

    ``stay`` and ``go``: seats in each group afterwards.
    """

    verdict: Verdict
    stay: int
    go: int
    dates: int
    further: tuple[Journey, ...]
    ways: tuple[Way, ...]


def people_to_split(*, actor: Actor, series: Series) -> list[Enrolment]:
    """Who is in the group, in order of placing; who looks is logged."""
    members = members_of(series_id=series.pk)
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in members],
        purpose=PLANNING,
        code="series.members.read",
        object_kind="series",
        object_id=series.pk,
    )
    return sorted(members, key=lambda one: (one.made_at, one.pk))


def last_half(members: Sequence[Enrolment]) -> frozenset[int]:
    """Who came last: the half that goes to the new group if nothing else is chosen."""
    return frozenset(one.pk for one in members[(len(members) + 1) // 2 :])


def splittable(*, schedule: Schedule, series_id: uuid.UUID) -> Series:
    """The group, if this draft can split it; ``ValidationError`` says why not."""
    series = of_draft(schedule, series_id)
    must_not_be_split(schedule, series_id)
    if schedule.kind != RunKind.WEEK:
        raise ValidationError(_("Split a group in the draft of a week."))
    if series.largest < 2 or not series.offering.policy.takes_registrations:
        raise ValidationError(_("Nobody is placed in this group, so it is one group."))
    if not coming_meets(schedule, series_id):
        raise ValidationError(
            _("This session is over. Split the group in a later week.")
        )
    return series


def judge_split(
    *, actor: Actor, schedule: Schedule, series: Series, half: Half
) -> Halves:
    """What a split breaks on any date to come and means, with up to five lawful ways.

    Raises ``ValidationError`` for who is not in the group, a half without anybody, a
    time outside the draft, and a room or leader that is not in use.
    """
    members = people_to_split(actor=actor, series=series)
    going = _going(members, half)
    meets = new_meets(schedule, series.pk, half)
    key = half_key(schedule, series.pk)
    loaded = _loaded(actor, schedule, series, key, meets, half)
    board, placement = _board(schedule, loaded, key, meets[0])
    verdict = judged(board, Wanted(board.desk, (placement,), {}, {}))
    now = coming_meets(schedule, series.pk)[0]
    ways = [
        _way(board, one, now, going, _further(loaded, one.placement, series, going))
        for one in board.desk.options(placement)
    ]
    return Halves(
        verdict=replace(verdict, people=_seats(going), only_leaders=False),
        stay=_seats(members) - _seats(going),
        go=_seats(going),
        dates=len(meets),
        further=_further(loaded, placement, series, going),
        ways=tuple(one for one in ways if one.choice.start > clock.now()),
    )


@transaction.atomic
def split_group(
    *,
    actor: Actor,
    user: User,
    schedule: Schedule,
    series_id: uuid.UUID,
    half: Half,
    version: int,
    accept: Collection[str] = (),
) -> ScheduleEdit:
    """Let some of a group go on as a second group, in a draft.

    Raises ``StaleDraft``, ``MoveRefused`` for rules that nobody accepted by name, and
    ``ValidationError`` as ``splittable`` and ``judge_split``; nothing is changed then.
    """
    schedule = locked_draft(schedule, version)
    series = splittable(schedule=schedule, series_id=series_id)
    told = judge_split(actor=actor, schedule=schedule, series=series, half=half)
    new = told.verdict.new
    refused = [one for one in new if one.never or one.key not in accept]
    if refused:
        raise MoveRefused(told.verdict, refused)
    made = propose_half(
        actor=actor,
        series=series,
        key=half_key(schedule, series.pk),
        first=half.start,
        room_id=half.room_id,
        leader_ids=half.leader_ids,
        seats=told.go,
    )
    before = states_of(
        schedule, [uuid.UUID(one.key) for one in coming_meets(schedule, series_id)]
    )
    states = new_states(schedule, series_id, made, half)
    edit = keep_edit(
        actor,
        user,
        schedule,
        EditKind.SPLIT,
        before,
        [*before, *states],
        series_id=made.pk,
    )
    decide_on_half(edit)
    write_sessions(schedule, [], states)
    keep_transfers(edit, dict.fromkeys(sorted(half.going), made.pk))
    accept_violations(schedule=schedule, user=user, violations=new, edit=edit)
    return edit


def half_key(schedule: Schedule, series_id: uuid.UUID) -> uuid.UUID:
    """The key of the new group: the same while somebody looks and when it is made, so
    that what was accepted by name is what is written down."""
    return uuid.uuid5(series_id, f"{schedule.pk}.{schedule.version}")


# Judging. -----------------------------------------------------------------------------
def _going(members: Sequence[Enrolment], half: Half) -> list[Enrolment]:
    going = [one for one in members if one.pk in half.going]
    if len(going) != len(half.going):
        raise ValidationError(
            _("Somebody you chose is not in this group any more. Choose again.")
        )
    if not going or len(going) == len(members):
        raise ValidationError(
            _("Choose at least one person who goes, and let at least one stay.")
        )
    return going


def _loaded(
    actor: Actor,
    schedule: Schedule,
    series: Series,
    key: uuid.UUID,
    meets: Sequence[Meets],
    half: Half,
) -> Loaded:
    """The facts from the draft's week to the last date, with the new group in them."""
    return load_all_dates(
        actor=actor,
        schedule=schedule,
        meets={key: meets},
        until=timezone.localtime(max(one.period.lower for one in meets)).date(),
        transfers={**transfers_of(schedule), **dict.fromkeys(half.going, key)},
        halves={key: series.pk},
    )


def _board(
    schedule: Schedule, loaded: Loaded, key: uuid.UUID, first: Meets
) -> tuple[Board, Placement]:
    """The new group as one that is not placed yet, beside all that is."""
    ident = next(
        ident for ident, row in loaded.rows["series"].items() if row == str(key)
    )
    rooms, leads = loaded.rows["rooms"], loaded.rows["facilitators"]
    if first.room_id is not None and str(first.room_id) not in rooms.values():
        raise ValidationError(_("This room is not in use. Choose another."))
    if not {str(one) for one in first.leader_ids} <= set(leads.values()):
        raise ValidationError(
            _("One of these leaders does not lead any more. Choose another.")
        )
    problem = _on_any_day(loaded.problem, ident)
    told = {one.series_id: one for one in problem.published.placements}
    placement = told.pop(ident)
    problem = replace(
        problem,
        published=replace(
            problem.published,
            placements=tuple(told.values()),
            freed_series=frozenset(told),
        ),
    )
    desk = Desk(problem, Plan(problem.id, tuple(told.values())))
    return Board(schedule.version, loaded.rows, desk, {}), placement


def _on_any_day(problem: PlanningProblem, ident: str) -> PlanningProblem:
    """The new group free to meet on another weekday of the same weeks. It did not begin
    yet, so it must be large enough to start."""
    series = problem.series_by_id[ident]
    days = series.date_patterns[0].days
    weekday = problem.horizon.weekday(days[0])
    today = timezone.localdate(clock.now())
    patterns = [
        tuple(day - weekday + other for day in days) for other in range(WORKDAYS)
    ]
    found = tuple(
        DatePattern(one)
        for one in sorted(patterns, key=lambda one: one != days)
        if problem.horizon.date_of(one[0]) > today or one == days
    )
    return with_series(problem, replace(series, date_patterns=found, meetings_held=0))


def _way(
    board: Board,
    option: Option,
    now: Meets,
    going: Sequence[Enrolment],
    further: Sequence[Journey],
) -> Way:
    """What a way means beside the group that is split, for who goes and who leads."""
    choice = choice_of(board, board.desk, option)
    where = place_of(board.problem, min(option.placement.meetings))
    comes = [one for one in option.joins if _key(board, one) not in now.leader_ids]
    moves = (choice.start, choice.room_id) != (now.period.lower, now.room_id)
    step = abs(choice.start - now.period.lower)
    return Way(
        choice=replace(
            choice,
            people=_seats(going) if moves else 0,
            minutes=int(step.total_seconds()) // 60,
            joins=tuple(_key(board, one) for one in comes),
            travel_minutes=sum(travel_to(board.problem, one, where) for one in comes),
        ),
        both=tuple(one for one in choice.leader_ids if one in now.leader_ids),
        longer=_seats(one.seat_row for one in further),
    )


def _seats(rows: Iterable[Enrolment]) -> int:
    """How many people these are, with who comes along."""
    return sum(one.seats for one in rows)


def _key(board: Board, leader: str) -> int:
    return board.key("facilitators", leader)


def _further(
    loaded: Loaded, placement: Placement, series: Series, going: Sequence[Enrolment]
) -> tuple[Journey, ...]:
    """Who travels longer than now, the longest journey first."""
    problem, rows = loaded.problem, loaded.rows
    persons = {key: ident for ident, key in rows["persons"].items()}
    rooms = {key: ident for ident, key in rows["rooms"].items()}

    def place(room: str | None) -> str | None:
        found = problem.room_by_id.get(room or "")
        return found.place_id if found else None

    old = place(rooms.get(str(series.room_id)))
    new = place(placement.meetings[0].room_id)
    found = []
    for one in going:
        home = problem.person_by_id[persons[str(one.resident.person_id)]].home_place_id
        now, then = problem.travel(home, old), problem.travel(home, new)
        if then > now:
            found.append(Journey(seat_row=one, now=now, then=then))
    return tuple(sorted(found, key=lambda one: (-one.then, one.seat_row.pk)))
