"""A plan to rows: a draft schedule with its sessions, leaders, seats and left-outs.

All of it or nothing: whoever calls this holds one transaction. The seats are asked of
``courses``, which has them; a seat that was taken meanwhile becomes a left-out with
its rule.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from audit.actor import Actor
from courses.selectors import session_shapes
from courses.services import hold_seats
from scheduling.models import (
    LeftOut,
    PlanningRun,
    Schedule,
    ScheduledLeader,
    ScheduledSeat,
    ScheduledSeries,
    ScheduledSession,
)
from scheduling.solver.plan import Placement, Plan, Reason, Verified
from scheduling.solver.problem import PlanningProblem

Pair = tuple[int, uuid.UUID]
"""Registration id and series id."""


def store_plan(
    *,
    actor: Actor,
    run: PlanningRun,
    problem: PlanningProblem,
    plan: Plan,
    figures: Mapping[str, Any],
    told: Mapping[str, Any] | None = None,
) -> Schedule:
    """Store a plan without violations as the draft of its run.

    A fixed number of queries, however many sessions. ``run.rows`` says what the ids
    stand for; ``told`` has the ways that would help (``adapters.ways.ways_told``),
    beside the plan's reasons.
    """
    schedule = Schedule.objects.create(
        kind=run.kind,
        first_date=run.first_date,
        last_date=run.last_date,
        run=run,
        made_by_id=run.asked_by_id,
        figures=dict(figures),
    )
    names = run.rows
    placed = plan.placement_of
    by_row: dict[str, list[str]] = defaultdict(list)
    for series in problem.series:
        by_row[names["series"][series.id]].append(series.id)
    seen = names["seen"]
    told = told or {"series": {}, "choices": []}
    why = {
        reason.series_id: _reason(reason, names)
        | {"ways": told["series"].get(reason.series_id, [])}
        for reason in plan.unheld
    }
    ScheduledSeries.objects.bulk_create(
        [
            ScheduledSeries(
                schedule=schedule,
                series_id=key,
                held=any(ident in placed for ident in idents),
                why=next((why[ident] for ident in idents if ident in why), {}),
                seen_at=datetime.fromisoformat(seen[key]),
                coaches=[
                    int(names["facilitators"][coach])
                    for ident in idents
                    if ident in placed
                    for coach in placed[ident].coach_ids
                ],
            )
            for key, idents in by_row.items()
        ]
    )
    _store_sessions(schedule, problem, names, placed.values())
    ways = {(asking, series): found for asking, series, found in told["choices"]}
    horizon = problem.horizon
    judged = DateTimeTZRange(horizon.moment(0), horizon.moment(horizon.slot_count))
    _store_seats(actor, schedule, plan, names, ways, judged)
    return schedule


def wanted_seats(plan: Plan, names: Mapping[str, Any]) -> list[Pair]:
    """The seats that a plan gives out, as keys of rows (``names`` as ``run.rows``)."""
    return [
        (
            int(names["registrations"][item.registration_id]),
            uuid.UUID(names["series"][item.series_id]),
        )
        for item in plan.allocations
    ]


def _store_sessions(
    schedule: Schedule,
    problem: PlanningProblem,
    names: Mapping[str, Any],
    placements: Iterable[Placement],
) -> None:
    known_shapes = session_shapes(
        session_ids=[key for keys in names["sessions"].values() for key in keys]
    )
    sessions: list[ScheduledSession] = []
    leaders: list[tuple[int, tuple[str, ...]]] = []
    for placement in placements:
        series = problem.series_by_id[placement.series_id]
        known = names["sessions"].get(placement.series_id, [])
        for index, meeting in enumerate(placement.meetings):
            key = uuid.UUID(known[index]) if index < len(known) else uuid.uuid4()
            start = problem.horizon.moment(meeting.slot)
            end = problem.horizon.moment(meeting.slot + series.length)
            number = index + 1
            if key in known_shapes:
                # A session keeps its own length: the grid rounds it up.
                number, length = known_shapes[key]
                end = start + length
            leaders.append((len(sessions), meeting.facilitator_ids))
            sessions.append(
                ScheduledSession(
                    schedule=schedule,
                    series_id=names["series"][placement.series_id],
                    session_id=key,
                    number=number,
                    period=DateTimeTZRange(start, end),
                    room_id=names["rooms"].get(meeting.room_id or ""),
                    online=not series.needs_room,
                )
            )
    stored = ScheduledSession.objects.bulk_create(sessions)
    ScheduledLeader.objects.bulk_create(
        [
            ScheduledLeader(
                session=stored[index], facilitator_id=names["facilitators"][ident]
            )
            for index, idents in leaders
            for ident in idents
        ]
    )


def _store_seats(
    actor: Actor,
    schedule: Schedule,
    plan: Plan,
    names: Mapping[str, Any],
    ways: Mapping[tuple[str, str], list[dict[str, Any]]],
    judged: DateTimeTZRange,
) -> None:
    wanted = wanted_seats(plan, names)
    answer = hold_seats(pairs=wanted, actor=actor, judged=judged)
    ScheduledSeat.objects.bulk_create(
        [
            ScheduledSeat(
                schedule=schedule,
                registration_id=seat.registration_id,
                series_id=seat.series_id,
                enrolment=seat,
            )
            for seat in answer.held
        ]
    )
    left = [
        LeftOut(
            schedule=schedule,
            registration_id=int(names["registrations"][item.registration_id]),
            reasons=[
                _reason(reason, names)
                | {"ways": ways.get((item.registration_id, reason.series_id), [])}
                for reason in item.reasons
            ]
            + _elsewhere(names, item.registration_id),
        )
        for item in plan.unplaced
    ]
    left += [
        LeftOut(
            schedule=schedule,
            registration_id=registration_id,
            reasons=[
                {"series": str(series_id), "rules": [rule], "verified": "plan_fixed"}
            ],
        )
        for registration_id, series_id, rule in answer.refused
    ]
    LeftOut.objects.bulk_create(left)


def _elsewhere(names: Mapping[str, Any], ident: str) -> list[dict[str, Any]]:
    """Why somebody was not asked about for groups that meet when he is elsewhere."""
    series = names.get("elsewhere", {}).get(names["registrations"][ident], ())
    return [
        {
            "series": key,
            "rules": ["resident-conflict"],
            "verified": Verified.BY_FACTS.value,
            "for_all": False,
            "ways": [],
        }
        for key in series
    ]


def _reason(reason: Reason, names: Mapping[str, Any]) -> dict[str, Any]:
    """A reason as rows keep it: with the key of the series for its id."""
    return {
        "series": names["series"][reason.series_id],
        "rules": list(reason.rules),
        "verified": reason.verified.value,
        "for_all": reason.for_all,
        "irreducible": reason.irreducible,
    }
