"""What `repair_plan` prints: each alternative in a few lines, or all as one object.

Ids only, as in the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scheduling.solver.horizon import SLOTS_PER_DAY, Horizon
from scheduling.solver.plan import Meeting
from scheduling.solver.repair.answer import (
    Alternative,
    Mended,
    Scope,
    SessionChange,
)
from scheduling.solver.snapshot.times import clock_text

PROVEN = {
    Scope.WHOLE: "least possible, proven for the whole plan",
    Scope.PART: "least possible while the rest stays",
}


def lines_of(mended: Mended) -> Iterator[str]:
    """What happened, and each alternative with its consequences."""
    touched = len(mended.happened.touched)
    yield (
        f"{touched} {'session' if touched == 1 else 'sessions'} touched, "
        f"{len(mended.freed)} series freed, {len(mended.alternatives)} "
        f"{'alternative' if len(mended.alternatives) == 1 else 'alternatives'}, "
        f"{mended.seconds:.2f} s"
    )
    if mended.happened.set_aside:
        yield f"pins set aside: {', '.join(mended.happened.set_aside)}"
    for number, one in enumerate(mended.alternatives, start=1):
        yield from _alternative(mended, number, one)


def _alternative(mended: Mended, number: int, one: Alternative) -> Iterator[str]:
    means = one.consequences
    yield (
        f"{number}. {means.sessions_lost} sessions and {len(means.seats_lost)} seats "
        f"lost, {means.people_without} people without a session, "
        f"{len(means.changes)} sessions changed, {means.people} people touched, "
        f"{means.minutes_moved} minutes moved, {len(means.seats_new)} new seats"
    )
    for change in means.changes:
        yield f"   {_change(mended.problem.horizon, change)}"
    for lead in means.steps_in:
        yield (
            f"   {lead.facilitator_id} steps in {lead.sessions} times: "
            f"{lead.travel_minutes} minutes of travel, {lead.evenings} evenings, "
            f"{lead.minutes_before} to {lead.minutes_after} minutes that week"
        )
    for proof in one.proofs:
        if proof.scope in PROVEN:
            yield f"   {proof.wish} {proof.value}: {PROVEN[proof.scope]}"


def _change(horizon: Horizon, change: SessionChange) -> str:
    before = meeting_text(horizon, change.before)
    if change.after is None:
        return f"{change.was}: {before} is not held"
    return f"{change.was}: {before} becomes {meeting_text(horizon, change.after)}"


def meeting_text(horizon: Horizon, meeting: Meeting) -> str:
    """A meeting as a date, a time, a room and its leaders."""
    day, quarter = divmod(meeting.slot, SLOTS_PER_DAY)
    where = meeting.room_id or "online"
    leaders = " and ".join(meeting.facilitator_ids) or "nobody"
    return (
        f"{horizon.date_of(day).isoformat()} {clock_text(quarter)} {where} with "
        f"{leaders}"
    )


def as_json(mended: Mended) -> dict[str, Any]:
    """Everything that is printed, as one JSON object."""
    horizon = mended.problem.horizon
    return {
        "problem": mended.problem.id,
        "seconds": mended.seconds,
        "first_plan_seconds": mended.best_seconds,
        "touched": [
            {"series": one.was, "date": _date(horizon, one.slot)}
            for one in mended.happened.touched
        ],
        "freed_series": sorted(mended.freed),
        "set_aside": list(mended.happened.set_aside),
        "alternatives": [_as_json(horizon, one) for one in mended.alternatives],
    }


def _as_json(horizon: Horizon, one: Alternative) -> dict[str, Any]:
    means = one.consequences
    return {
        "tiers": [
            {
                "id": proof.wish,
                "value": proof.value,
                "bound": proof.bound,
                "proven": proof.scope.value,
            }
            for proof in one.proofs
        ],
        "sessions_lost": means.sessions_lost,
        "seats_lost": list(means.seats_lost),
        "seats_new": list(means.seats_new),
        "people": means.people,
        "people_without": means.people_without,
        "minutes_moved": means.minutes_moved,
        "changes": [
            {
                "series": change.was,
                "before": meeting_text(horizon, change.before),
                "after": None
                if change.after is None
                else meeting_text(horizon, change.after),
                "minutes": change.minutes,
            }
            for change in means.changes
        ],
        "steps_in": [
            {
                "facilitator": lead.facilitator_id,
                "sessions": lead.sessions,
                "travel_minutes": lead.travel_minutes,
                "evenings": lead.evenings,
                "week_minutes": [lead.minutes_before, lead.minutes_after],
            }
            for lead in means.steps_in
        ],
    }


def _date(horizon: Horizon, slot: int | None) -> str | None:
    if slot is None:
        return None
    return horizon.date_of(slot // SLOTS_PER_DAY).isoformat()
