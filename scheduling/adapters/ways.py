"""Ways that would help, as rows keep them: words and keys of rows, no ids of the run.

A way is {"changes": [change ...], "seats": how many it seats at least}; a change has
its "kind" and of "weekday" (0 Monday), "part" of the day, "km", "minutes", "seats",
"series" (key), "room" (key of a room at the same place) what it is about. Whom it is
about goes without saying: who is left out, or somebody who waits.
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
    SmallerStart,
    Travel,
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
    if isinstance(change, NewRoom):
        near = [one.id for one in problem.rooms if one.place_id == change.place_id]
        found["room"] = names["rooms"].get(near[0]) if near else None
    elif isinstance(change, Travel):
        found["km"] = kilometres(change.minutes)
    elif isinstance(change, LeaderMinutes):
        found["minutes"] = change.minutes
    elif isinstance(change, (MoreSeats, SmallerStart)):
        found["seats"] = change.seats
    elif isinstance(change, OtherChoice):
        found["series"] = names["series"].get(change.series_id)
    return found


def kilometres(minutes: int) -> int:
    """How far somebody comes in minutes of the table of travel, which is by car.

    People who cycle have limits in the same measure; distance says the same to all.
    """
    speeds = getattr(settings, "TRAVEL_SPEEDS_KMH", SPEEDS_KMH)
    return math.ceil(minutes * float(speeds["car"]) / 60)
