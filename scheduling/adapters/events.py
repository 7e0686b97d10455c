"""A repair in keys of rows: what was touched, what each way out means for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scheduling.solver.horizon import Horizon
from scheduling.solver.plan import Meeting
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.answer import Alternative, Consequences
from scheduling.solver.repair.happen import Happened

Rows = Mapping[str, Any]


def rows_after(
    rows: Rows, before: PlanningProblem, happened: Happened
) -> dict[str, Any]:
    """What the ids stand for after an event: single dates that were taken out of a
    series stand for their own session."""
    series, sessions = dict(rows["series"]), dict(rows["sessions"])
    placements = {item.series_id: item for item in before.published.placements}
    for one in happened.touched:
        if one.series_id == one.was or one.slot is None:
            continue
        series[one.series_id] = rows["series"][one.was]
        slots = [item.slot for item in sorted(placements[one.was].meetings)]
        key = rows["sessions"][one.was][slots.index(one.slot)]
        sessions[one.series_id] = [key]
        sessions[one.was] = [other for other in sessions[one.was] if other != key]
    return {**rows, "series": series, "sessions": sessions}


def touched_of(happened: Happened, rows: Rows) -> list[dict[str, Any]]:
    """The sessions that an event touches, with when they were."""
    horizon = happened.problem.horizon
    placements = {
        item.series_id: item for item in happened.problem.published.placements
    }
    found = []
    for one in happened.touched:
        keys = rows["sessions"].get(one.series_id, [])
        slots = [item.slot for item in sorted(placements[one.series_id].meetings)]
        session = keys[slots.index(one.slot)] if one.slot in slots and keys else None
        found.append(
            {
                "series": rows["series"][one.series_id],
                "session": session,
                "start": None
                if one.slot is None
                else horizon.moment(one.slot).isoformat(),
            }
        )
    return found


def means_of(
    problem: PlanningProblem, means: Consequences, rows: Rows
) -> dict[str, Any]:
    """What a way out means, with keys of rows: sessions before and after, who steps in,
    how many people and minutes, and who loses or gets a seat."""
    horizon = problem.horizon
    placements = {item.series_id: item for item in problem.published.placements}
    changes = []
    for change in means.changes:
        keys = rows["sessions"].get(change.series_id, [])
        slots = [item.slot for item in sorted(placements[change.series_id].meetings)]
        at = slots.index(change.before.slot)
        changes.append(
            {
                "series": rows["series"][change.series_id],
                "session": keys[at] if at < len(keys) else None,
                "before": _meeting(horizon, change.before, rows),
                "after": change.after and _meeting(horizon, change.after, rows),
                "minutes": change.minutes,
            }
        )
    return {
        "changes": changes,
        "sessions_lost": means.sessions_lost,
        "seats_lost": [int(rows["registrations"][one]) for one in means.seats_lost],
        "seats_new": [int(rows["registrations"][one]) for one in means.seats_new],
        "people": means.people,
        "people_without": means.people_without,
        "minutes_moved": means.minutes_moved,
        "steps_in": [
            {
                "facilitator": int(rows["facilitators"][one.facilitator_id]),
                "sessions": one.sessions,
                "travel_minutes": one.travel_minutes,
                "evenings": one.evenings,
                "week_minutes": [one.minutes_before, one.minutes_after],
            }
            for one in means.steps_in
        ],
    }


def seats_of(
    problem: PlanningProblem, one: Alternative, rows: Rows
) -> list[dict[str, Any]]:
    """Who gets a seat that had none, with the group and when it meets next in the
    plan (``None``: a module)."""
    series_of = {seat.registration_id: seat.series_id for seat in one.plan.allocations}
    found = []
    for ident in one.consequences.seats_new:
        meetings = sorted(one.plan.placement_of[series_of[ident]].meetings)
        found.append(
            {
                "registration": int(rows["registrations"][ident]),
                "series": rows["series"][series_of[ident]],
                "start": problem.horizon.moment(meetings[0].slot).isoformat()
                if meetings
                else None,
            }
        )
    return found


def _meeting(horizon: Horizon, meeting: Meeting, rows: Rows) -> dict[str, Any]:
    return {
        "start": horizon.moment(meeting.slot).isoformat(),
        "room": None
        if meeting.room_id is None
        else int(rows["rooms"][meeting.room_id]),
        "leaders": [int(rows["facilitators"][one]) for one in meeting.facilitator_ids],
    }


def proofs_of(one: Alternative) -> list[dict[str, Any]]:
    """What a way out costs in the order of a repair, and how far that is proven."""
    return [
        {
            "wish": proof.wish,
            "value": proof.value,
            "bound": proof.bound,
            "proven": proof.scope.value,
        }
        for proof in one.proofs
    ]
