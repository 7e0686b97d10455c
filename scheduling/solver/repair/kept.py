"""Literals that say that a published meeting is held just as it was told.

Several wishes of a repair share them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduling.solver.horizon import SLOTS_PER_DAY
from scheduling.solver.plan import Placement
from scheduling.solver.problem import Series
from scheduling.solver.repair.told import told

if TYPE_CHECKING:
    from scheduling.solver.variables import Literal, PlanVariables


def free_told(variables: PlanVariables) -> Iterator[tuple[Series, Placement]]:
    """Each free series that was published, with what was told of it."""
    free = {item.id for item in variables.series}
    for series, placement in told(variables.problem):
        if series.id in free:
            yield series, placement


def kept_literals(
    variables: PlanVariables, series: Series, placement: Placement
) -> list[Literal | None]:
    """For each published meeting a literal that implies it is held just so; ``None``
    where it cannot be. A module has one, for its coaches.
    """
    return variables.once(
        ("repair-kept", series.id), lambda: _kept(variables, series, placement)
    )


def there_and_then(
    variables: PlanVariables, series: Series, placement: Placement
) -> list[Literal | None]:
    """For each published meeting a literal that implies it is held at its time and in
    its room, whoever leads it; ``None`` where it cannot be. A module has one.
    """
    return variables.once(
        ("repair-there", series.id), lambda: _there(variables, series, placement)
    )


def _there(
    variables: PlanVariables, series: Series, placement: Placement
) -> list[Literal | None]:
    model, name = variables.model, series.id
    if not placement.meetings:
        return [variables.opens(name)]
    found: list[Literal | None] = []
    for number, meeting in enumerate(placement.meetings):
        starts = list(_starts_at(variables, name, meeting.slot))
        rooms = [
            literal
            for (_, room_id), literal in variables.rooms(name).items()
            if room_id == meeting.room_id
        ]
        if not starts or (meeting.room_id is not None and not rooms):
            found.append(None)
            continue
        there = model.new_bool_var(f"there {name} {number}")
        model.add(there <= sum(starts))
        if meeting.room_id is not None:
            model.add(there <= sum(rooms))
        found.append(there)
    return found


def _kept(
    variables: PlanVariables, series: Series, placement: Placement
) -> list[Literal | None]:
    model, name = variables.model, series.id
    teams: dict[frozenset[str], Literal | None] = {}
    found: list[Literal | None] = []
    for number, there in enumerate(there_and_then(variables, series, placement)):
        team = frozenset(
            placement.meetings[number].facilitator_ids
            if placement.meetings
            else placement.coach_ids
        )
        if team not in teams:
            teams[team] = _led_by(variables, name, team)
        led = teams[team]
        if there is None or led is None:
            found.append(None)
            continue
        kept = model.new_bool_var(f"kept {name} {number}")
        model.add_implication(kept, there)
        model.add_implication(kept, led)
        found.append(kept)
    return found


def _led_by(
    variables: PlanVariables, series_id: str, team: frozenset[str]
) -> Literal | None:
    """A literal that implies: led by exactly that team."""
    model = variables.model
    by_leader = leads_by(variables, series_id)
    if team - by_leader.keys():
        return None
    led = model.new_bool_var(f"team kept {series_id}")
    for lead_id, literals in by_leader.items():
        if lead_id in team:
            model.add(led <= sum(literals))
        else:
            for literal in literals:
                model.add_implication(led, literal.negated())
    return led


def leads_by(variables: PlanVariables, series_id: str) -> dict[str, list[Literal]]:
    """By facilitator the literals with which they lead a series, in any timing."""
    found: dict[str, list[Literal]] = defaultdict(list)
    for (_, lead_id), literal in variables.leads(series_id).items():
        found[lead_id].append(literal)
    return found


def _starts_at(
    variables: PlanVariables, series_id: str, slot: int
) -> Iterator[Literal]:
    """Literals of the starts with which a meeting begins at the slot."""
    day, quarter = divmod(slot, SLOTS_PER_DAY)
    for timing in variables.timings(series_id):
        if day in variables.days(series_id, timing):
            literal = variables.starts(series_id, timing).get(quarter)
            if literal is not None:
                yield literal
