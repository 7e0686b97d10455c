"""A room that others use, or that is shut, at hours at which something is in it.

The hours stand in the agenda already, so the room is not lost for whole days: what is
in it then counts as held in a room of its own, which is lost. All that is found of such
a room is told of the one that it stands for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scheduling.solver import verify
from scheduling.solver.horizon import Availability, Span
from scheduling.solver.plan import Placement, Plan
from scheduling.solver.problem import PlanningProblem, Room
from scheduling.solver.repair.answer import Mended, Proof, Scope
from scheduling.solver.repair.order import KeepPairAndRoom

TAKEN = "+taken"
"""Ends the id of what stands for a room at the hours at which it cannot be used."""
NOT_THEN = frozenset({"room-booking", "room-open"})
"""Rules that a session breaks in a room that others use, or that is shut."""

Where = frozenset[tuple[str, int]]
"""Series and slot of meetings."""


def as_if_elsewhere(
    problem: PlanningProblem, room_id: str, hours: range
) -> PlanningProblem | None:
    """The problem in which what is published in a room, and cannot be there then, is
    in another room, the last of the problem; ``None`` when there is no such thing.

    ``hours``: the quarters of the horizon that are looked at.
    """
    room = problem.room_by_id.get(room_id)
    wrong = _wrong_in(problem, room_id, hours)
    if room is None or not wrong:
        return None
    other = _in_its_place(problem, room, wrong)
    published = problem.published
    placements = (_moved(one, wrong, other.id) for one in published.placements)
    return replace(
        problem,
        rooms=(*problem.rooms, other),
        published=replace(published, placements=tuple(placements)),
    )


def _wrong_in(problem: PlanningProblem, room_id: str, hours: range) -> Where:
    told = problem.published
    plan = Plan(problem.id, told.placements, told.allocations)
    return frozenset(
        (dict(one.about)["series"], one.slot)
        for one in verify.violations(problem, plan)
        if one.rule in NOT_THEN
        and ("room", room_id) in one.about
        and one.slot is not None
        and one.slot in hours
    )


def _in_its_place(problem: PlanningProblem, room: Room, wrong: Where) -> Room:
    """The same room, open for these meetings and nothing else."""
    spans = {
        Span(slot, slot + problem.series_by_id[name].length) for name, slot in wrong
    }
    hours = tuple(sorted(spans, key=lambda one: (one.start, one.end)))
    return replace(
        room, id=f"{room.id}{TAKEN}", opening=Availability(extra=hours), booked=()
    )


def _moved(placement: Placement, wrong: Where, room_id: str) -> Placement:
    meetings = tuple(
        replace(one, room_id=room_id)
        if (placement.series_id, one.slot) in wrong
        else one
        for one in placement.meetings
    )
    return replace(placement, meetings=meetings)


def in_their_rooms(problem: PlanningProblem) -> PlanningProblem:
    """The problem with all in the rooms that they were told, though those are taken."""
    published = problem.published
    return replace(
        problem,
        rooms=tuple(one for one in problem.rooms if not one.id.endswith(TAKEN)),
        published=replace(
            published, placements=tuple(map(_back, published.placements))
        ),
    )


def _back(placement: Placement) -> Placement:
    meetings = tuple(
        replace(one, room_id=one.room_id.removesuffix(TAKEN)) if one.room_id else one
        for one in placement.meetings
    )
    return replace(placement, meetings=meetings)


def rows_of(rows: Mapping[str, Any], before: PlanningProblem) -> dict[str, Any]:
    """What the ids stand for, also those of what stands for a room."""
    rooms = {
        one.id: rows["rooms"][one.id.removesuffix(TAKEN)]
        for one in before.rooms
        if one.id.endswith(TAKEN)
    }
    return {**rows, "rooms": {**rows["rooms"], **rooms}}


def less_proven(mended: Mended) -> Mended:
    """The ways, of which it is not proven that the room is kept where that can be: to
    stay in it at another hour counted as another room."""
    if not any(one.id.endswith(TAKEN) for one in mended.problem.rooms):
        return mended

    def told(proof: Proof) -> Proof:
        if proof.wish != KeepPairAndRoom.id:
            return proof
        return replace(proof, bound=None, scope=Scope.NOT)

    return replace(
        mended,
        alternatives=tuple(
            replace(one, proofs=tuple(map(told, one.proofs)))
            for one in mended.alternatives
        ),
    )
