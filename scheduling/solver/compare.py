"""Two plans side by side: what each does for whom, in numbers and ids.

Each plan is read with its own problem, so that a scenario with other facts can stand
beside the plan of today. Nothing here solves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from statistics import median

from scheduling.solver.constraints.presence import goes_out
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.objectives.per_seat import seats_taken
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import Format, PlanningProblem, Registration, Series
from scheduling.solver.verify import tier_values


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one plan does.

    ``people`` human beings who get a seat, ``seats`` seats, ``waiting`` registrations
    without one, ``waited`` the median days of these and ``beyond_norm`` how many of
    them wait longer than their norm. ``group`` and ``digital`` are shares of the seats
    (``None`` without seats), ``one_to_one`` the registrations in an hour for one
    person. ``travel`` minutes from home, one way, of all seats together. Against what
    was published: ``lost`` series and ``seats_lost`` that are no longer there, and
    ``moved`` meetings at another time. ``evenings`` by leader; ``tiers`` values.
    """

    people: int
    seats: int
    waiting: int
    waited: float | None
    beyond_norm: int
    held: int
    unheld: int
    group: float | None
    digital: float | None
    one_to_one: frozenset[str]
    travel: int
    lost: int
    moved: int
    seats_lost: int
    evenings: dict[str, int]
    tiers: dict[int, int]

    @property
    def most_evenings(self) -> int:
        """Evenings of the leader who has the most."""
        return max(self.evenings.values(), default=0)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two plans' figures and who is better or worse off, by id.

    ``gained`` and ``lost`` are registrations with a seat in the one only; ``opened``
    and ``closed`` series held in the one only; ``moved`` those that meet at another
    time, in another room or with other leaders.
    """

    before: Figures
    after: Figures
    gained: frozenset[str]
    lost: frozenset[str]
    opened: frozenset[str]
    closed: frozenset[str]
    moved: frozenset[str]

    @property
    def same(self) -> bool:
        """Nothing differs for anybody."""
        return not (
            self.gained or self.lost or self.opened or self.closed or self.moved
        )

    def differences(self) -> dict[str, tuple[object, object]]:
        """The figures that differ, by name: before and after."""
        return {
            one.name: pair
            for one in fields(Figures)
            if (pair := (getattr(self.before, one.name), getattr(self.after, one.name)))
            and pair[0] != pair[1]
        }


def compare(
    problem: PlanningProblem,
    plan: Plan,
    other_problem: PlanningProblem,
    other_plan: Plan,
) -> Comparison:
    """What the other plan does otherwise than the first."""
    seated, others = _seated(plan), _seated(other_plan)
    held, held_then = plan.placement_of, other_plan.placement_of
    return Comparison(
        before=figures(problem, plan),
        after=figures(other_problem, other_plan),
        gained=frozenset(others - seated),
        lost=frozenset(seated - others),
        opened=frozenset(held_then.keys() - held.keys()),
        closed=frozenset(held.keys() - held_then.keys()),
        moved=frozenset(
            name
            for name in held.keys() & held_then.keys()
            if _said(held[name]) != _said(held_then[name])
        ),
    )


def figures(problem: PlanningProblem, plan: Plan) -> Figures:
    """What one plan does, in numbers."""
    seats = [(item, series) for item, series, _ in seats_taken(problem, plan)]
    seated = {item.id for item, _ in seats}
    waits = [item for item in problem.registrations if item.id not in seated]
    taken = sum(item.seats for item, _ in seats)
    digital = sum(item.seats for item, series in seats if _digital(series))
    alone = [item for item, series in seats if _alone(item, series)]
    return Figures(
        people=len({item.person_id for item, _ in seats}),
        seats=taken,
        waiting=len(waits),
        waited=median(item.waiting_days for item in waits) if waits else None,
        beyond_norm=sum(item.waiting_days > item.norm_days for item in waits),
        held=len(plan.placements),
        unheld=len(problem.series) - len(plan.placements),
        group=1 - sum(item.seats for item in alone) / taken if taken else None,
        digital=digital / taken if taken else None,
        one_to_one=frozenset(item.id for item in alone),
        travel=sum(
            _minutes(problem, plan.placement_of[series.id], item)
            for item, series in seats
        ),
        **_against_published(problem, plan),
        evenings=_evenings(problem, plan),
        tiers=tier_values(problem, plan),
    )


def _seated(plan: Plan) -> set[str]:
    held = plan.placement_of
    return {one.registration_id for one in plan.allocations if one.series_id in held}


def _digital(series: Series) -> bool:
    return series.format in (Format.ONLINE, Format.SELF_PACED)


def _alone(item: Registration, series: Series) -> bool:
    """The seat fills an hour that is meant for one person."""
    return series.size_max <= item.seats and not series.is_self_paced


def _minutes(problem: PlanningProblem, placement: Placement, item: Registration) -> int:
    """Minutes from home to the first meeting; none for who joins from home."""
    person = problem.person_by_id[item.person_id]
    for meeting in placement.meetings[:1]:
        if meeting.room_id is not None and goes_out(person):
            place_id = problem.room_by_id[meeting.room_id].place_id
            return problem.travel(person.home_place_id, place_id)
    return 0


def _against_published(problem: PlanningProblem, plan: Plan) -> dict[str, int]:
    lost = moved = 0
    for told in problem.published.placements:
        now = plan.placement_of.get(told.series_id)
        if now is None:
            lost += 1
            continue
        slots = {item.slot for item in now.meetings}
        moved += sum(item.slot not in slots for item in told.meetings)
    seats = set(plan.allocations)
    gone = sum(one not in seats for one in problem.published.allocations)
    return {"lost": lost, "moved": moved, "seats_lost": gone}


def _evenings(problem: PlanningProblem, plan: Plan) -> dict[str, int]:
    """Series that each leader has in the last part of the day; who has none is left
    out."""
    last, found = len(problem.day_parts) - 1, Counter[str]()
    for placement in plan.placements:
        found.update(
            {
                lead_id
                for meeting in placement.meetings
                if problem.day_part(meeting.slot % SLOTS_PER_DAY) == last
                for lead_id in meeting.facilitator_ids
            }
        )
    return dict(sorted(found.items()))


def _said(placement: Placement) -> tuple[object, ...]:
    return (
        tuple(
            sorted(
                (item.slot, item.room_id or "", tuple(sorted(item.facilitator_ids)))
                for item in placement.meetings
            )
        ),
        tuple(sorted(placement.coach_ids)),
    )
