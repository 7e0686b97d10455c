"""What a coordinator would like to try, from keys of rows to a change of the facts.

A change as a run keeps it: {"kind", and of "room", "facilitator" (keys of rows),
"weekday" (0 Monday), "part" of the day what it is about}, or a change that the planner
proposed, as {"file": a change of a file of changes, and its words beside it}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scheduling.solver.change import (
    Change,
    FewerLeaders,
    FewerRooms,
    LeaderHours,
    NewRoom,
)
from scheduling.solver.change.file import change_from_dict
from scheduling.solver.faults import Fault, InvalidProblem
from scheduling.solver.problem import PlanningProblem

PARTS = ((36, 50), (50, 70), (70, 88))
"""Morning, afternoon and evening in quarters: 9.00-12.30, 12.30-17.30, 17.30-22.00."""


def changes_of(
    problem: PlanningProblem,
    rows: Mapping[str, Any],
    wanted: Iterable[Mapping[str, Any]],
) -> tuple[Change, ...]:
    """The changes in the ids of a run's problem.

    Raises ``InvalidProblem`` when one names a room or leader that is not in it.
    """
    return tuple(_change(problem, rows, one) for one in wanted)


def _change(
    problem: PlanningProblem, rows: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Change:
    if "file" in wanted:
        return change_from_dict(wanted["file"])
    kind = wanted["kind"]
    if kind == FewerLeaders.kind:
        return FewerLeaders(frozenset({_ident(rows, "facilitators", wanted)}))
    if kind == FewerRooms.kind:
        return FewerRooms(frozenset({_ident(rows, "rooms", wanted)}))
    start, end = PARTS[wanted["part"]]
    if kind == LeaderHours.kind:
        lead = _ident(rows, "facilitators", wanted)
        return LeaderHours(lead, wanted["weekday"], start, end)
    room = problem.room_by_id[_ident(rows, "rooms", wanted)]
    return NewRoom(
        room.place_id, wanted["weekday"], start, end, room.capacity, room.features
    )


def _ident(rows: Mapping[str, Any], table: str, wanted: Mapping[str, Any]) -> str:
    """The id of the run that stands for a row."""
    key = str(wanted[{"facilitators": "facilitator", "rooms": "room"}[table]])
    for ident, row in rows[table].items():
        if row == key:
            return str(ident)
    raise InvalidProblem(
        (
            Fault(
                f"{table} {key}",
                "was not there when this plan was made",
                "choose another, or make the plan again",
            ),
        )
    )
