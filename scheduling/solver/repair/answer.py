"""What a repair answers: ranked alternatives with what each means for whom, and what
is proven of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from scheduling.solver.horizon import SLOT_MINUTES, SLOTS_PER_DAY
from scheduling.solver.plan import Meeting, Placement, Plan
from scheduling.solver.problem import PlanningProblem
from scheduling.solver.repair.happen import Happened, Touched
from scheduling.solver.repair.order import EVENING
from scheduling.solver.repair.told import (
    minutes_moved,
    people_touched,
    seats_told,
    sitting_told,
    told,
    travel_to,
)


class Scope(StrEnum):
    """What was free when the least change was proven."""

    WHOLE = "whole"
    PART = "part"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Proof:
    """What one wish of the repair order costs, and the least it could.

    ``scope``: ``whole``, nothing in the whole plan could do better; ``part``, nothing
    could while all that is not freed stays; ``not``, time was up. Each given what the
    wishes before it cost.
    """

    wish: str
    value: int
    bound: int | None
    scope: Scope


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A published meeting that becomes another, or (``after`` is ``None``) none.

    ``was``: the series that it was of; ``series_id`` differs when the date was taken
    out of it.
    """

    series_id: str
    was: str
    before: Meeting
    after: Meeting | None

    @property
    def minutes(self) -> int:
        """Minutes on the clock that it moves; 0 when it is not held."""
        if self.after is None:
            return 0
        return SLOT_MINUTES * abs(self.after.slot - self.before.slot)


@dataclass(frozen=True, slots=True)
class StepsIn:
    """A facilitator who leads what was not theirs.

    ``travel_minutes`` from their base and ``evenings`` over all that they take over;
    ``minutes_before`` and ``minutes_after`` of meetings in their fullest week of those.
    """

    facilitator_id: str
    sessions: int
    travel_minutes: int
    evenings: int
    minutes_before: int
    minutes_after: int


@dataclass(frozen=True)
class Consequences:
    """What an alternative means. Ids only; ``people`` counts human beings.

    ``people_without``: who take part in a session that is not held at all.
    ``seats_lost``: registrations that were told of a seat and have none.
    ``seats_new``: registrations that had none and get one.
    """

    changes: tuple[SessionChange, ...]
    sessions_lost: int
    seats_lost: tuple[str, ...]
    seats_new: tuple[str, ...]
    people: int
    people_without: int
    minutes_moved: int
    steps_in: tuple[StepsIn, ...]


@dataclass(frozen=True)
class Alternative:
    """One way to mend: a whole plan, its cost in the repair order, what it means."""

    plan: Plan
    proofs: tuple[Proof, ...]
    consequences: Consequences

    @property
    def costs(self) -> tuple[int, ...]:
        return tuple(item.value for item in self.proofs)


@dataclass(frozen=True)
class Mended:
    """What happened and up to so many really different ways to mend it, best first.

    The plans are plans of ``happened.problem``; ``freed`` are the series that were
    free to change while they were made.
    """

    happened: Happened
    alternatives: tuple[Alternative, ...]
    freed: frozenset[str]
    seconds: float
    best_seconds: float

    @property
    def problem(self) -> PlanningProblem:
        return self.happened.problem


def consequences(happened: Happened, plan: Plan) -> Consequences:
    """What a plan means beside what people were told."""
    problem = happened.problem
    changes = tuple(_changes(happened, plan))
    seats, seated = (
        seats_told(problem),
        {item.registration_id for item in plan.allocations},
    )
    return Consequences(
        changes=changes,
        sessions_lost=sum(1 for item in changes if item.after is None),
        seats_lost=tuple(sorted(seats.keys() - seated)),
        seats_new=tuple(sorted(seated - seats.keys())),
        people=len(people_touched(problem, plan)),
        people_without=len(_without(problem, changes)),
        minutes_moved=sum(
            minutes_moved(placement, plan.placement_of[series.id])
            for series, placement in told(problem)
            if series.id in plan.placement_of
        ),
        steps_in=tuple(_steps_in(problem, plan)),
    )


def _without(problem: PlanningProblem, changes: tuple[SessionChange, ...]) -> set[str]:
    sitting = sitting_told(problem)
    return {
        person
        for change in changes
        if change.after is None
        for person in (
            *problem.series_by_id[change.series_id].members,
            *sitting[change.series_id],
        )
    }


def _changes(happened: Happened, plan: Plan) -> list[SessionChange]:
    was: dict[str, Touched] = {item.series_id: item for item in happened.touched}
    found = []
    for series, placement in told(happened.problem):
        now = plan.placement_of.get(series.id)
        after = sorted(now.meetings) if now else []
        for number, meeting in enumerate(sorted(placement.meetings)):
            other = after[number] if number < len(after) else None
            if other is None or not _alike(meeting, other):
                known = was.get(series.id)
                name = known.was if known else series.id
                found.append(SessionChange(series.id, name, meeting, other))
    return sorted(found, key=lambda item: (item.before.slot, item.series_id))


def _alike(one: Meeting, other: Meeting) -> bool:
    return (one.slot, one.room_id, {*one.facilitator_ids}) == (
        other.slot,
        other.room_id,
        {*other.facilitator_ids},
    )


def _steps_in(problem: PlanningProblem, plan: Plan) -> list[StepsIn]:
    taken: dict[str, list[tuple[Meeting, str]]] = defaultdict(list)
    for series, placement in told(problem):
        now = plan.placement_of.get(series.id)
        for meeting in now.meetings if now else ():
            for lead_id in set(meeting.facilitator_ids) - placement.leader_ids:
                taken[lead_id].append((meeting, series.id))
    before = Plan(problem.id, problem.published.placements)
    return [
        _one_who_steps_in(problem, before, plan, lead_id, meetings)
        for lead_id, meetings in sorted(taken.items())
    ]


def _one_who_steps_in(
    problem: PlanningProblem,
    before: Plan,
    after: Plan,
    lead_id: str,
    meetings: list[tuple[Meeting, str]],
) -> StepsIn:
    weeks = {
        problem.horizon.week(meeting.slot // SLOTS_PER_DAY) for meeting, _ in meetings
    }
    loads = {
        week: (
            week_minutes(problem, before, lead_id, week),
            week_minutes(problem, after, lead_id, week),
        )
        for week in weeks
    }
    fullest = max(loads.values(), key=lambda pair: pair[1])
    return StepsIn(
        lead_id,
        len(meetings),
        sum(
            travel_to(problem, lead_id, place_of(problem, meeting))
            for meeting, _ in meetings
        ),
        sum(1 for meeting, _ in meetings if is_evening(problem, meeting.slot)),
        *fullest,
    )


def place_of(problem: PlanningProblem, meeting: Meeting) -> str | None:
    """Place of a meeting; ``None`` online."""
    room = problem.room_by_id.get(meeting.room_id or "")
    return room.place_id if room else None


def is_evening(problem: PlanningProblem, slot: int) -> bool:
    """Whether a slot lies in the last day part."""
    return problem.day_part(slot % SLOTS_PER_DAY) >= EVENING


def week_minutes(problem: PlanningProblem, plan: Plan, lead_id: str, week: int) -> int:
    """Minutes of meetings that a facilitator leads in a week of the horizon."""
    total = 0
    for placement in plan.placements:
        length = problem.series_by_id[placement.series_id].length
        total += SLOT_MINUTES * sum(
            length
            for meeting in _led(placement, lead_id)
            if problem.horizon.week(meeting.slot // SLOTS_PER_DAY) == week
        )
    return total


def _led(placement: Placement, lead_id: str) -> list[Meeting]:
    return [item for item in placement.meetings if lead_id in item.facilitator_ids]
