"""An event that happens to a published plan: what it touches, and what is freed for it.

What the plan breaks under the new facts and did not break before is touched, meeting by
meeting; nothing else is freed. What it broke before stands: a person chose that, or the
facts changed since, and a repair is not asked to end it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from scheduling.solver import verify
from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Plan, Violation
from scheduling.solver.problem import InvalidProblem, PlanningProblem, Published
from scheduling.solver.repair.event import (
    Event,
    HolidayForgotten,
    ResidentJoined,
    ResidentLeft,
)
from scheduling.solver.repair.facts import changed, days_of
from scheduling.solver.repair.faults import faults_of
from scheduling.solver.repair.parts import bare, loosened, split

CERTAIN = frozenset(
    {"facilitator-availability", "room-open", "room-booking", "series-rhythm"}
)
"""Rules that a meeting breaks whatever is done elsewhere: it cannot stay as it is."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A published meeting that an event touches.

    ``series_id`` is the one of the repaired problem, ``was`` the one before; ``slot``
    is ``None`` for a module. ``certain`` says that it cannot stay as it is, whatever
    else is done.
    """

    series_id: str
    was: str
    slot: int | None
    certain: bool


@dataclass(frozen=True)
class Happened:
    """The problem after an event; its ``published`` is the plan that people were told.

    ``asking``: registrations without a seat that may get one now. ``set_aside``: ids of
    pins on what is freed. ``lawful``: what people were told broke no rule before that a
    bound of a repair's cost holds to.
    """

    problem: PlanningProblem
    touched: tuple[Touched, ...]
    asking: frozenset[str] = frozenset()
    set_aside: tuple[str, ...] = ()
    lawful: bool = True

    @property
    def freed_series(self) -> frozenset[str]:
        return frozenset(item.series_id for item in self.touched)


Meetings = dict[str, dict[int | None, bool]]
"""By series the slots of its touched meetings (``None``: all of it), each with whether
it is certain."""


def happen(problem: PlanningProblem, plan: Plan, event: Event) -> Happened:
    """Let an event happen to a plan that people were told.

    Raises ``InvalidProblem`` when the event names something that the problem does not
    have, or makes no sense.
    """
    faults = tuple(faults_of(problem, event))
    if faults:
        raise InvalidProblem(faults)
    before = replace(
        problem,
        id=f"{problem.id}+{event.id}",
        published=Published(plan.placements, plan.allocations),
    )
    after = changed(before, event)
    stood = verify.violations(before, plan_told(before))
    found = _broken(stood, after)
    if isinstance(event, HolidayForgotten):
        _touch_holiday(after, event, found)
    if isinstance(event, ResidentLeft):
        _touch_deserted(before, after, found)
    lawful = not stood or not verify.violations(bare(before), plan_told(before))
    return replace(_freed(before, after, event, found), lawful=lawful)


def plan_told(problem: PlanningProblem) -> Plan:
    """What is published, as a plan."""
    told = problem.published
    return Plan(problem.id, told.placements, told.allocations)


def _broken(stood: Iterable[Violation], after: PlanningProblem) -> Meetings:
    """What the published plan breaks now and is not among what stood before.

    A group below its minimum is a fact for a person to decide on, not a breach.
    """
    known = {(one.rule, one.about, one.slot) for one in stood}
    found: Meetings = defaultdict(dict)
    held = {item.series_id for item in after.published.placements}
    for one in verify.violations(after, plan_told(after)):
        if (one.rule, one.about, one.slot) in known or one.rule == "group-size":
            continue
        for kind, ident in one.about:
            if kind == "series" and ident in held:
                certain = one.rule in CERTAIN or found[ident].get(one.slot, False)
                found[ident][one.slot] = certain
    return found


def _touch_holiday(
    problem: PlanningProblem, event: HolidayForgotten, found: Meetings
) -> None:
    days = set(days_of(problem, event))
    for placement in problem.published.placements:
        for meeting in placement.meetings:
            room = problem.room_by_id.get(meeting.room_id or "")
            here = event.place_ids is None or (
                room is not None and room.place_id in event.place_ids
            )
            if here and meeting.slot // SLOTS_PER_DAY in days:
                found[placement.series_id][meeting.slot] = True


def _touch_deserted(
    before: PlanningProblem, after: PlanningProblem, found: Meetings
) -> None:
    """A session that nobody is left for is given back, unless somebody takes it."""
    was, now = seats_taken(before), seats_taken(after)
    for placement in after.published.placements:
        series = after.series_by_id[placement.series_id]
        if was[series.id] and not now[series.id] and series.size_min > 0:
            found[series.id][None] = False


def seats_taken(problem: PlanningProblem) -> dict[str, int]:
    """Seats taken in each series, by members and by what is published."""
    taken: dict[str, int] = defaultdict(int)
    for series in problem.series:
        taken[series.id] += len(series.members)
    for item in problem.published.allocations:
        registration = problem.registration_by_id.get(item.registration_id)
        taken[item.series_id] += registration.seats if registration else 0
    return taken


def _freed(
    before: PlanningProblem, problem: PlanningProblem, event: Event, meetings: Meetings
) -> Happened:
    """Take single dates out of their series, free what is touched, let it move."""
    touched: list[Touched] = []
    placements = {item.series_id: item for item in problem.published.placements}
    for name, slots in sorted(meetings.items()):
        own = [item.slot for item in placements[name].meetings]
        if None in slots or slots.keys() >= set(own):
            whole = slots.get(None, False)
            touched += [
                Touched(name, name, slot, slots.get(slot, whole)) for slot in own
            ]
            if not own:
                touched.append(Touched(name, name, None, whole))
            continue
        chosen = sorted(slot for slot in slots if slot is not None)
        problem, parts = split(problem, name, chosen)
        touched += [Touched(part, name, slot, slots[slot]) for part, slot in parts]
    freed = frozenset(item.series_id for item in touched)
    days = days_of(problem, event)
    closed = days if isinstance(event, HolidayForgotten) and not event.place_ids else ()
    today = event.today if event.today is not None else days.start
    for name in sorted(freed):
        problem = loosened(
            problem, name, also_in=event.also_in, today=today, shut=closed
        )
    aside = tuple(pin.id for pin in problem.pins if pin.series_id in freed)
    aside += tuple(pin.id for pin in problem.seat_pins if pin.series_id in freed)
    problem = replace(
        problem,
        pins=tuple(pin for pin in problem.pins if pin.id not in aside),
        seat_pins=tuple(pin for pin in problem.seat_pins if pin.id not in aside),
        published=replace(problem.published, freed_series=freed),
    )
    return Happened(
        problem, tuple(touched), _asking(before, problem, event, freed), aside
    )


def _asking(
    before: PlanningProblem,
    problem: PlanningProblem,
    event: Event,
    freed: frozenset[str],
) -> frozenset[str]:
    """Who has no seat and might get one by what happened.

    Who is new competes with all who wait for the same series, not before them.
    """
    series = set(freed)
    if isinstance(event, ResidentJoined):
        for one in event.registrations:
            series.update(choice.series_id for choice in one.choices)
    if isinstance(event, ResidentLeft):
        was, now = seats_taken(before), seats_taken(problem)
        series.update(name for name, count in was.items() if now[name] < count)
    seated = {item.registration_id for item in problem.published.allocations}
    return frozenset(
        item.id
        for item in problem.registrations
        if item.id not in seated
        and any(choice.series_id in series for choice in item.choices)
    )
