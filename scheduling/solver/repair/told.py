"""What people were told, and how far a plan is from it: counted from facts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scheduling.solver.horizon import SLOT_MINUTES
from scheduling.solver.plan import Meeting, Placement, Plan
from scheduling.solver.problem import PlanningProblem, Series


def told(problem: PlanningProblem) -> Iterator[tuple[Series, Placement]]:
    """Each published series with what was told of it."""
    for placement in problem.published.placements:
        series = problem.series_by_id.get(placement.series_id)
        if series is not None:
            yield series, placement


def seats_told(problem: PlanningProblem) -> dict[str, str]:
    """Series of the published seat of each registration that still asks."""
    return {
        item.registration_id: item.series_id
        for item in problem.published.allocations
        if item.registration_id in problem.registration_by_id
    }


def is_for_somebody(problem: PlanningProblem, series: Series) -> bool:
    """Whether a session of it can be lost to somebody: who takes part, or walks in."""
    return bool(
        series.members
        or series.size_min == 0
        or any(one == series.id for one in seats_told(problem).values())
    )


def touched_meetings(
    placement: Placement, now: Placement | None
) -> tuple[Meeting | None, ...]:
    """The published meetings that are not held just so; ``(None,)`` for a module with
    other coaches."""
    if not placement.meetings:
        same = now is not None and set(now.coach_ids) == set(placement.coach_ids)
        return () if same else (None,)
    held = {_said(item) for item in now.meetings} if now else set()
    return tuple(item for item in placement.meetings if _said(item) not in held)


def _said(meeting: Meeting) -> tuple[int, str | None, frozenset[str]]:
    return meeting.slot, meeting.room_id, frozenset(meeting.facilitator_ids)


def sitting_told(problem: PlanningProblem) -> dict[str, list[str]]:
    """Persons with a published seat, by series."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, series_id in seats_told(problem).items():
        found[series_id].append(problem.registration_by_id[name].person_id)
    return found


def people_touched(problem: PlanningProblem, plan: Plan) -> set[str]:
    """Human beings who have to be somewhere else, or at another time, than was told."""
    found: set[str] = set()
    sitting = sitting_told(problem)
    for series, placement in told(problem):
        now = plan.placement_of.get(series.id)
        leaders = now.leader_ids if now else frozenset()
        moved = now is None or any(
            (one.slot, one.room_id) not in _there_and_then(now)
            for one in placement.meetings
        )
        if moved:
            found.update(series.members, sitting[series.id])
        for one in placement.meetings:
            if now is None or (one.slot, one.room_id) not in _there_and_then(now):
                found.update(map(problem.human, one.facilitator_ids))
        found.update(map(problem.human, placement.leader_ids - leaders))
        found.update(map(problem.human, leaders - placement.leader_ids))
    seated = {item.registration_id: item.series_id for item in plan.allocations}
    for name, series_id in seats_told(problem).items():
        if seated.get(name) != series_id:
            found.add(problem.registration_by_id[name].person_id)
    return found


def _there_and_then(placement: Placement) -> set[tuple[int, str | None]]:
    return {(item.slot, item.room_id) for item in placement.meetings}


def minutes_moved(placement: Placement, now: Placement) -> int:
    """Minutes between what was told and what is held, over all meetings."""
    return minutes_between(
        sorted(item.slot for item in placement.meetings),
        sorted(item.slot for item in now.meetings),
    )


def minutes_between(before: Iterable[int], after: Iterable[int]) -> int:
    return sum(
        SLOT_MINUTES * abs(one - other)
        for one, other in zip(before, after, strict=False)
    )


def travel_to(problem: PlanningProblem, lead_id: str, place_id: str | None) -> int:
    """Minutes from a facilitator's base to a place; 0 when one is unknown."""
    return problem.travel(problem.facilitator_by_id[lead_id].base_place_id, place_id)
