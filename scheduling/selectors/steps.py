"""What steps to help and the ways of a plan are about, in names for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.actor import Actor
from audit.record import PLANNING
from courses.selectors.catalogue import offering_titles
from people.selectors import group_names, person_ids_by_facilitator
from people.services.numbers import resident_numbers
from rooms.selectors.kept import hours_by_id
from scheduling.models import HelpStep, StepState
from scheduling.selectors.left_out import words_of_ways


@dataclass(frozen=True)
class StepNames:
    """Titles by key of series (or ``o`` and the key of an offering), places by key of a
    room, the person behind each leader, who people are by key of the person, and the
    hours that were asked of locations, by key."""

    titles: Mapping[str, str]
    places: Mapping[str, str]
    leaders: Mapping[int, int]
    who: Mapping[int, tuple[str, int]]
    hours: Mapping[int, Any]


def names_for(
    *, actor: Actor, ways: Iterable[Mapping[str, Any]], steps: Iterable[HelpStep]
) -> StepNames:
    """Names for the ways and steps of one page; eight reads at most, one log line.

    Leaders are named (``who`` has ("leader", key) and the name goes in ``titles`` under
    ``p`` and the key); residents stay numbers.
    """
    steps = list(steps)
    ways = [*ways, *({"changes": step.changes} for step in steps)]
    titles, places = words_of_ways(ways)
    changes = [change for way in ways for change in way["changes"]]
    offerings = {int(one["offering"]) for one in changes if one.get("offering")}
    leads = {int(one["leader"]) for one in changes if one.get("leader")}
    persons = {int(one["person"]) for one in changes if one.get("person")}
    leaders = person_ids_by_facilitator(facilitator_ids=leads) if leads else {}
    numbers = resident_numbers(person_ids=persons) if persons else {}
    named = (
        group_names(actor=actor, person_ids=leaders.values(), purpose=PLANNING)
        if leaders
        else {}
    )
    who: dict[int, tuple[str, int]] = {
        person: ("resident", number) for person, number in numbers.items()
    }
    for leader, person in leaders.items():
        who[person] = ("leader", leader)
    asked = [
        record["hours"]
        for step in steps
        for record in step.undo
        if record.get("kind") == "room"
    ]
    return StepNames(
        titles
        | {f"o{key}": title for key, title in offering_titles(offerings).items()}
        | {f"p{key}": name for key, name in named.items()},
        places,
        leaders,
        who,
        hours_by_id(hours_ids=asked) if asked else {},
    )


def open_questions(*, person_id: int) -> list[HelpStep]:
    """What one person was asked and did not answer yet; the reader's own."""
    return list(
        HelpStep.objects.filter(asked=person_id, state=StepState.ASKED)
        .select_related("registration", "series")
        .order_by("made_at", "pk")
    )


def step_asked_of(*, step_id: int, person_id: int) -> HelpStep | None:
    """A step that was asked of this person; ``None`` for another's."""
    steps = HelpStep.objects.select_related(
        "registration__resident", "series__offering"
    )
    return steps.filter(pk=step_id, asked=person_id).first()


def offering_words(changes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Titles of the offerings that changes name, under ``o`` and the key."""
    keys = {int(one["offering"]) for one in changes if one.get("offering")}
    return {f"o{key}": title for key, title in offering_titles(keys).items()}
