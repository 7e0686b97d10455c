"""People who go to another group, and what they agreed to by being in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scheduling.solver.problem import Person, PlanningProblem

if TYPE_CHECKING:
    from courses.models import Series as SeriesRow

Members = Mapping[object, Sequence[Any]]
"""Seats by key of the series, as they are in the rows."""


def members_by_series(rows: Sequence[SeriesRow]) -> Members:
    """The seats that are taken in each series, as they were read."""
    return {row.pk: tuple(row.members) for row in rows}


def transfer(
    rows: Sequence[SeriesRow], seats: Members, transfers: Mapping[int, object]
) -> None:
    """Put seats with the series that their owners go to; all others where they are."""
    members: dict[object, list[Any]] = {str(row.pk): [] for row in rows}
    for row in rows:
        for seat in seats[row.pk]:
            where = str(transfers.get(seat.pk, row.pk))
            members.get(where, members[str(row.pk)]).append(seat)
    for row in rows:
        row.members = members[str(row.pk)]


def with_agreed_travel(problem: PlanningProblem) -> PlanningProblem:
    """Let everybody reach the groups they are in, however far they said they travel.

    Who joined a group further away agreed to the journey: the group is not called
    off for the others because of it.
    """
    agreed: Counter[str] = Counter()
    for placement in problem.published.placements:
        for person_id in problem.series_by_id[placement.series_id].members:
            home = problem.person_by_id[person_id].home_place_id
            for meeting in placement.meetings:
                room = problem.room_by_id.get(meeting.room_id or "")
                minutes = problem.travel(home, room.place_id if room else None)
                agreed[person_id] = max(agreed[person_id], minutes)

    def reaching(person: Person) -> Person:
        limit = person.travel_limit_minutes
        if limit is None or limit >= agreed[person.id]:
            return person
        return replace(person, travel_limit_minutes=agreed[person.id])

    return replace(problem, persons=tuple(map(reaching, problem.persons)))
