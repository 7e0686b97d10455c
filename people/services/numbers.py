"""Keys and limits that a write of who plans needs first; nothing of it is shown.

The write that follows is what the access log tells of.
"""

from __future__ import annotations

from collections.abc import Iterable

from people.models import Facilitator, Person, Resident


def organisation_ids_of(*, person_ids: Iterable[int]) -> set[int | None]:
    """Organisations that keep the data of these persons, or that they lead for; ids
    only, nothing is shown. ``None``: kept by the region."""
    return set(organisations_by_person(person_ids=person_ids).values())


def organisations_by_person(*, person_ids: Iterable[int]) -> dict[int, int | None]:
    """The same by person; one query."""
    rows = Person.objects.filter(pk__in=list(person_ids))
    return {
        person: kept if leads is None else leads
        for person, kept, leads in rows.values_list(
            "pk", "organisation_id", "facilitator__organisation_id"
        )
    }


def travelling_of(*, person_id: int) -> tuple[int, str, int, int] | None:
    """Longest journey (minutes), way of travelling, and most sessions a week and a day
    of a resident; for a write that follows, which logs it."""
    rows = Resident.objects.filter(person=person_id)
    return rows.values_list(
        "travel_limit_minutes", "travel_mode", "pace_per_week", "pace_per_day"
    ).first()


def limits_of_residents(
    *, person_ids: Iterable[int]
) -> dict[int, dict[str, int | str]]:
    """How far and how often these residents come, by person; for a write that follows,
    which logs it."""
    names = ("travel_limit_minutes", "travel_mode", "pace_per_week", "pace_per_day")
    rows = Resident.objects.filter(person__in=list(person_ids))
    return {row.pop("person_id"): row for row in rows.values("person_id", *names)}


def minutes_of_leader(*, facilitator_id: int) -> int | None:
    """Most minutes a week that a leader agreed to; ``None``: no limit."""
    rows = Facilitator.objects.filter(pk=facilitator_id)
    return rows.values_list("max_minutes_per_week", flat=True).get()


def resident_numbers(*, person_ids: Iterable[int]) -> dict[int, int]:
    """The number under which each of these residents appears on a coordinator's pages;
    ids only, nothing is shown."""
    rows = Resident.objects.filter(person__in=list(person_ids))
    return dict(rows.values_list("person_id", "pk"))


def loads_by_leader(
    *, facilitator_ids: Iterable[int]
) -> dict[int, dict[str, int | None]]:
    """The limits in minutes of what leaders can carry; ``None``: no limit."""
    names = (
        "max_minutes_per_week",
        "max_span_minutes_per_day",
        "max_block_minutes",
    )
    rows = Facilitator.objects.filter(pk__in=list(facilitator_ids))
    return {row.pop("pk"): row for row in rows.values("pk", *names)}
