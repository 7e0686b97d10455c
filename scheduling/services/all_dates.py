"""What people are moved to, judged on all its dates and not in the draft's week alone.

A split is judged so when it is drafted. Days may go by before the release, and the
database guards rooms and leaders of later weeks alone: so the release asks it again,
and of who goes to a group that runs, whether he is elsewhere at its hours by now.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone

from audit.actor import Actor
from courses.enums import SessionState
from courses.selectors.agenda import sessions_of_series
from courses.selectors.planning import planning_sessions
from courses.selectors.small import persons_of_seats
from scheduling.adapters.load_problem import Loaded, load_problem
from scheduling.adapters.series import Meets, published_meets
from scheduling.models import EditKind, EditState, RunKind, Schedule
from scheduling.services.decisions import ending
from scheduling.services.drafts import (
    NEVER_ACCEPTED,
    Judged,
    about_rows,
    drafted_meets,
    transfers_of,
)
from scheduling.services.lent import put_in_lent_rooms
from scheduling.services.split_dates import after, later_periods_of, monday_of
from scheduling.solver import verify
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Plan

if TYPE_CHECKING:
    from courses.models import Series


def load_all_dates(
    *,
    actor: Actor,
    schedule: Schedule,
    meets: Mapping[Any, Sequence[Meets]],
    until: date,
    transfers: Mapping[int, object],
    halves: Mapping[uuid.UUID, uuid.UUID] | None = None,
) -> Loaded:
    """The facts from the draft's first day to the end of the week of ``until``.

    ``meets``: all sessions of new groups, by key; all others are as the draft has them,
    and after it as they are published. ``transfers`` and ``halves`` as the loader's.
    """
    decided = list(schedule.series_rows.values_list("series_id", flat=True))
    last = max(schedule.last_date, monday_of(until) + timedelta(days=6))
    drafted: Mapping[Any, list[Meets]] = drafted_meets(schedule)
    stops = ending(schedule)
    later: dict[Any, list[Meets]] = {pk: [] for pk in decided}
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    if last > schedule.last_date:
        for session in planning_sessions(start=after(schedule), end=end):
            if session.series_id in later and session.series_id not in stops:
                later[session.series_id].append(published_meets(session))
    return load_problem(
        actor=actor,
        kind=RunKind.WEEK,
        first_date=schedule.first_date,
        last_date=last,
        free_series=[*decided, *meets],
        as_drafted={
            **{pk: [*drafted.get(pk, ()), *told] for pk, told in later.items()},
            **meets,
        },
        transfers=transfers,
        halves=halves,
    )


def breaks_later(*, actor: Actor, schedule: Schedule) -> Judged:
    """What a draft breaks after its own period through the people it moves.

    Every rule of a group that a split makes; of a group that runs, only that who goes
    there is elsewhere at that hour. Nothing for a draft that moves nobody.
    """
    moves = transfers_of(schedule)
    if not moves:
        return Judged((), {})
    drafted = drafted_meets(schedule)
    new = {
        key: [*drafted.get(key, ()), *later]
        for key, later in _after_the_draft(schedule, _halves(schedule)).items()
    }
    until = _last_start({*moves.values()}, new)
    if until is None or until < after(schedule):
        return Judged((), {})
    loaded = load_all_dates(
        actor=actor,
        schedule=schedule,
        meets=new,
        until=timezone.localtime(until).date(),
        transfers=moves,
    )
    return Judged(_later_breaches(schedule, loaded, moves, new), loaded.rows)


def _halves(schedule: Schedule) -> list[Series]:
    """The groups that the splits of a draft make, with who leads them; two queries."""
    splits = schedule.edits.filter(kind=EditKind.SPLIT, state=EditState.DONE)
    rows = splits.select_related("series").prefetch_related("series__series_leaders")
    return [one.series for one in rows if one.series]


def _after_the_draft(
    schedule: Schedule, halves: Sequence[Series]
) -> dict[uuid.UUID, list[Meets]]:
    """The sessions that each new group gets at the release, after the draft's period;
    a fixed number of queries."""
    found = later_periods_of(schedule=schedule, halves=halves)
    return {
        half.pk: [
            Meets(
                str(uuid.uuid5(half.pk, str(number))),
                number,
                at,
                half.room_id,
                tuple(one.facilitator_id for one in half.series_leaders.all()),
            )
            for number, at in found[half.pk]
        ]
        for half in halves
    }


def _last_start(
    targets: set[uuid.UUID], new: Mapping[uuid.UUID, Sequence[Meets]]
) -> datetime | None:
    """When the last session begins of all groups that people go to."""
    running = sessions_of_series(series_ids=targets).filter(
        state=SessionState.PUBLISHED
    )
    last = running.aggregate(last=Max("period__startswith"))["last"]
    starts = [one.period.lower for told in new.values() for one in told]
    return max([*starts, *([last] if last else [])], default=None)


def _later_breaches(
    schedule: Schedule,
    loaded: Loaded,
    moves: Mapping[int, uuid.UUID],
    new: Mapping[uuid.UUID, object],
) -> tuple[Any, ...]:
    problem, rows = loaded.problem, loaded.rows
    days = (schedule.last_date - schedule.first_date).days + 1
    targets, halves = {*map(str, moves.values())}, {*map(str, new)}
    movers = {*map(str, persons_of_seats(enrolment_ids=moves).values())}
    found = []
    plan = Plan(problem.id, problem.published.placements)
    for one in verify.violations(problem, plan):
        if one.slot is None or one.slot < days * SLOTS_PER_DAY:
            continue  # judged with the draft
        about = about_rows(one, rows)
        series = {key for kind, key in about if kind == "series"}
        persons = {key for kind, key in about if kind == "person"}
        if series & halves or (
            one.rule in NEVER_ACCEPTED and series & targets and persons & movers
        ):
            found.append(one)
    return put_in_lent_rooms(schedule=schedule, violations=found, loaded=loaded)
