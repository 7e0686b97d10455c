"""Ways that would help, as rows keep them: words and keys of rows, no ids of the run.

A way is {"changes": [change ...], "seats": how many it seats at least}; a change has
its "kind" and of "weekday" (0 Monday), "part" of the day, "start" and "end" (quarters
of the day), "km", "minutes" (by car for a journey), "seats", "per_week", "per_day",
"series" (key), "room" (key of a room at the same place), "needs" of a room (keys),
"leader", "roles", "skills" (keys), "pin" (key) what it is about, so that it can be
applied to the rows as it was tried. "person" (key) is whom it asks something of: who is
left out, or somebody else who waits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings

from rooms.selectors import SPEEDS_KMH
from scheduling.solver.change import (
    Change,
    HalfDay,
    LeaderHours,
    LeaderMinutes,
    MoreSeats,
    NewLeader,
    NewRoom,
    OtherChoice,
    Pace,
    Repeat,
    SmallerStart,
    Travel,
    Unpin,
)
from scheduling.solver.problem import PlanningProblem

if TYPE_CHECKING:
    from scheduling.solver.explain import Told, Way


def ways_told(
    problem: PlanningProblem, names: Mapping[str, Any], told: Told
) -> dict[str, Any]:
    """All ways beside a plan as a run keeps them, for when it is made a draft.

    {"series": by id of the run, "choices": [[registration, series, ways] ...]}; what
    is open elsewhere stands with the choice liked best.
    """
    choices = []
    for item in told.plan.unplaced:
        for number, reason in enumerate(item.reasons):
            found = [*told.of_choice.get((item.registration_id, reason.series_id), ())]
            if number == 0:
                found += told.elsewhere.get(item.registration_id, ())
            if found:
                ways = stored_ways(problem, names, found)
                choices.append([item.registration_id, reason.series_id, ways])
    series = {
        ident: stored_ways(problem, names, ways)
        for ident, ways in told.of_series.items()
    }
    return {"series": series, "choices": choices}


def stored_ways(
    problem: PlanningProblem, names: Mapping[str, Any], ways: Iterable[Way]
) -> list[dict[str, Any]]:
    """Ways for the row of who is left out, or of the series that is not held."""
    return [
        {
            "changes": [
                stored_change(problem, names, change) for change in way.changes
            ],
            "seats": len(way.seats),
        }
        for way in ways
    ]


def stored_change(
    problem: PlanningProblem, names: Mapping[str, Any], change: Change
) -> dict[str, Any]:
    """One change in words and keys of rows."""
    found: dict[str, Any] = {"kind": change.kind}
    if isinstance(change, (NewRoom, NewLeader, LeaderHours, HalfDay)):
        found["weekday"] = change.weekday
        found["part"] = problem.day_part(change.start)
        found["start"], found["end"] = change.start, change.end
    if isinstance(change, (Travel, HalfDay, Pace)):
        found["person"] = names["persons"].get(change.person_id)
    if isinstance(change, (LeaderHours, LeaderMinutes)):
        found["leader"] = names["facilitators"].get(change.facilitator_id)
    if isinstance(change, (OtherChoice, MoreSeats, SmallerStart, Repeat)):
        found["series"] = names["series"].get(change.series_id)
    return found | _numbers(problem, names, change)


def _numbers(
    problem: PlanningProblem, names: Mapping[str, Any], change: Change
) -> dict[str, Any]:
    """What only one kind of change has."""
    if isinstance(change, NewRoom):
        near = [one.id for one in problem.rooms if one.place_id == change.place_id]
        return {
            "room": names["rooms"].get(near[0]) if near else None,
            "seats": change.capacity,
            "needs": _keys(names, "features", change.features),
        }
    if isinstance(change, NewLeader):
        return {
            "roles": _keys(names, "roles", change.roles),
            "skills": _keys(names, "skills", change.skills),
        }
    if isinstance(change, Travel):
        return {"km": kilometres(change.minutes), "minutes": change.minutes}
    if isinstance(change, Pace):
        return {"per_week": change.per_week, "per_day": change.per_day}
    if isinstance(change, LeaderMinutes):
        return {"minutes": change.minutes}
    if isinstance(change, (MoreSeats, SmallerStart)):
        return {"seats": change.seats}
    if isinstance(change, Unpin):
        return {"pin": change.pin_id}
    return {}


def _keys(names: Mapping[str, Any], table: str, idents: Iterable[str]) -> list[str]:
    """Keys of rows; what a run of an older release did not name is left out."""
    known = names.get(table, {})
    return [str(known[one]) for one in sorted(idents) if one in known]


def kilometres(minutes: int) -> int:
    """How far somebody comes in minutes of the table of travel, which is by car.

    People who cycle have limits in the same measure; distance says the same to all.
    """
    speeds = getattr(settings, "TRAVEL_SPEEDS_KMH", SPEEDS_KMH)
    return math.ceil(minutes * float(speeds["car"]) / 60)
