"""Faults of what was published: it must be something its series can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from scheduling.solver.horizon import SLOTS_PER_DAY, Horizon, mask_between
from scheduling.solver.plan import Meeting, Placement
from scheduling.solver.problem import Fault, PlanningProblem, Series
from scheduling.solver.validate.facts import clock, unknown


def check_published(problem: PlanningProblem) -> Iterator[Fault]:
    published = problem.published
    for ident, count in Counter(
        item.series_id for item in published.placements
    ).items():
        if count > 1:
            yield Fault(
                f"published series {ident}",
                f"has {count} placements",
                "give it one placement with all its meetings",
            )
    for placement in published.placements:
        where = f"published series {placement.series_id}"
        series = problem.series_by_id.get(placement.series_id)
        yield from _check_people_and_rooms(problem, where, placement)
        if series is None:
            yield unknown("published placement", "series", placement.series_id)
        elif series.is_self_paced:
            if placement.meetings:
                yield Fault(
                    where, "is self-paced and has meetings", "leave its meetings out"
                )
        else:
            yield from _check_meetings(problem, where, series, placement)
    for ident in sorted(published.freed_series - problem.series_by_id.keys()):
        yield unknown("freed series", "series", ident)
    for ident in sorted(
        published.freed_registrations - problem.registration_by_id.keys()
    ):
        yield unknown("freed registrations", "registration", ident)
    yield from _check_allocations(problem)


def _check_people_and_rooms(
    problem: PlanningProblem, where: str, placement: Placement
) -> Iterator[Fault]:
    for room_id in sorted({meeting.room_id or "" for meeting in placement.meetings}):
        if room_id and room_id not in problem.room_by_id:
            yield unknown(where, "room", room_id)
    for lead_id in sorted(placement.leader_ids):
        if lead_id not in problem.facilitator_by_id:
            yield unknown(where, "facilitator", lead_id)


def _check_meetings(
    problem: PlanningProblem, where: str, series: Series, placement: Placement
) -> Iterator[Fault]:
    meetings = placement.meetings
    if placement.coach_ids:
        yield Fault(
            where, "has coaches and is not self-paced", "name them at its meetings"
        )
    slots = [meeting.slot for meeting in meetings]
    if slots != sorted(set(slots)):
        yield Fault(
            where, "has meetings out of order", "give each meeting once, in order"
        )
    for meeting in meetings:
        yield from _check_meeting(problem, where, series, meeting)
    if series.id in problem.published.freed_series:
        return  # what is freed need not go on as it was
    days = tuple(slot // SLOTS_PER_DAY for slot in slots)
    if days not in {pattern.days for pattern in series.date_patterns}:
        yield Fault(
            where,
            f"meets on {_dates(problem, days)}, which none of its date patterns gives",
            "give its series a date pattern of exactly these dates, or free it",
        )
    if len({slot % SLOTS_PER_DAY for slot in slots}) > 1:
        yield Fault(
            where, "meets at several times of the day", "keep one time, or free it"
        )


def _check_meeting(
    problem: PlanningProblem, where: str, series: Series, meeting: Meeting
) -> Iterator[Fault]:
    if not 0 <= meeting.slot < problem.horizon.slot_count:
        yield Fault(
            where,
            f"has a meeting on {clock(problem, meeting.slot)}, outside the horizon",
            "give only the meetings that lie in the horizon",
        )
        return
    at = clock(problem, meeting.slot)
    fault = time_fault(problem, meeting.slot, series.length)
    if fault:
        yield Fault(where, f"has a meeting on {at} that {fault}", "give another time")
    if series.needs_room and meeting.room_id is None:
        yield Fault(where, f"has no room on {at}", "name the room")
    if not series.needs_room and meeting.room_id is not None:
        yield Fault(where, f"has a room on {at} and is online", "leave the room out")
    if len(set(meeting.facilitator_ids)) < len(meeting.facilitator_ids):
        yield Fault(where, f"names a leader twice on {at}", "name each leader once")


def time_fault(problem: PlanningProblem, slot: int, length: int) -> str:
    """What is wrong with a meeting of ``length`` slots from ``slot``; empty if none."""
    day, start = divmod(slot, SLOTS_PER_DAY)
    if start + length > SLOTS_PER_DAY:
        return "runs past midnight"
    if mask_between(start, start + length) & _irregular(problem.horizon, day):
        return "lies where the clock is changed that night"
    return ""


@lru_cache(maxsize=1024)
def _irregular(horizon: Horizon, day: int) -> int:
    return horizon.irregular_quarters(day)


def _dates(problem: PlanningProblem, days: tuple[int, ...]) -> str:
    return ", ".join(str(problem.horizon.date_of(day)) for day in days) or "no date"


def _check_allocations(problem: PlanningProblem) -> Iterator[Fault]:
    published = problem.published
    held = {placement.series_id for placement in published.placements}
    seats = Counter(item.registration_id for item in published.allocations)
    for item in published.allocations:
        where = f"published seat of {item.registration_id} in {item.series_id}"
        registration = problem.registration_by_id.get(item.registration_id)
        if registration is None:
            yield unknown(where, "registration", item.registration_id)
        elif item.series_id not in {one.series_id for one in registration.choices}:
            yield Fault(
                where,
                "is in none of its choices",
                "add the series to the registration's choices",
            )
        if seats[item.registration_id] > 1:
            yield Fault(
                where,
                f"is one of {seats[item.registration_id]} seats of one registration",
                "give a registration one seat; a second wish is a second registration",
            )
        if item.series_id not in problem.series_by_id:
            yield unknown(where, "series", item.series_id)
        elif item.series_id not in held:
            yield Fault(
                where,
                "is in a series without a published placement",
                "publish the placement as well, or leave the seat out",
            )
