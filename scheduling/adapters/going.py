"""People who go to another group, and what they agreed to by being in one."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from courses.enums import SeriesState
from scheduling.adapters.hours import moment_span
from scheduling.adapters.persons import Joined
from scheduling.solver.horizon import SLOTS_PER_DAY, Horizon
from scheduling.solver.problem import Person, PlanningProblem

if TYPE_CHECKING:
    from courses.models import Series as SeriesRow
    from scheduling.adapters.series import Meets

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


NOT_JOINED = (SeriesState.PLANNED, SeriesState.PROPOSED)
"""Nobody agreed to anything of what was never published."""


def with_halves(
    rows: Sequence[SeriesRow], halves: Mapping[UUID, UUID]
) -> list[SeriesRow]:
    """The series with a new group beside each that is to be split: nobody is in it yet.

    ``halves``: the key of the series by the key of its new group.
    """
    of_key = {row.pk: row for row in rows}
    made = list(rows)
    for key, of in halves.items():
        half = copy.copy(of_key[of])
        half.pk, half.state, half.members = key, SeriesState.PROPOSED, []
        made.append(half)
    return made


def joined(
    horizon: Horizon,
    meets: Mapping[Any, Sequence[Meets]],
    rows: Sequence[SeriesRow],
) -> dict[int, Joined]:
    """What people agreed to: the sessions of their groups as they were told."""
    found: dict[int, Joined] = defaultdict(Joined)
    for row in rows:
        if row.state in NOT_JOINED:
            continue
        for one in meets.get(row.pk, ()):
            span = moment_span(horizon, one.period.lower, one.period.upper)
            if span is None:
                continue
            day = span.start // SLOTS_PER_DAY
            for seat in row.members:
                found[seat.resident.person_id].add(horizon, day, span)
    return found


def with_agreed_travel(
    problem: PlanningProblem, not_yet: Collection[str] = ()
) -> PlanningProblem:
    """Let everybody reach the groups they are in, however far they said they travel.

    Who joined a group further away agreed to the journey: the group is not called
    off for the others because of it. ``not_yet``: ids of series that nobody joined,
    because they are only proposed.
    """
    agreed: Counter[str] = Counter()
    for placement in problem.published.placements:
        if placement.series_id in not_yet:
            continue
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
