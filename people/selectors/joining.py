"""What decides whether a group or room fits a resident: never shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from audit.actor import Actor
from audit.record import PLANNING, record_read
from people.enums import PairKind
from people.models import KeepPair, Place, Resident


@dataclass(frozen=True, kw_only=True)
class JoiningFacts:
    """What decides whether a group fits a resident; `apart` are person ids."""

    person_id: int
    birth_year: int | None
    place: Place | None
    languages: frozenset[str]
    format_wishes: frozenset[str]
    access_needs: frozenset[str]
    travel_limit_minutes: int
    travel_mode: str
    pace_per_week: int
    pace_per_day: int
    apart: frozenset[int]


def joining_facts(*, resident_id: int) -> JoiningFacts:
    """Facts for one check at enrolment; the enrolment that follows is what is logged.

    Two queries. Raises ``Resident.DoesNotExist``.
    """
    found = joining_facts_of(resident_ids=[resident_id])
    if resident_id not in found:
        raise Resident.DoesNotExist(f"no resident {resident_id}")
    return found[resident_id]


def joining_facts_of(*, resident_ids: Iterable[int]) -> dict[int, JoiningFacts]:
    """The same for many, by resident; two queries. Who shows what follows logs that."""
    residents = list(
        Resident.objects.select_related("person__place").filter(
            pk__in=list(resident_ids)
        )
    )
    ids = [one.person_id for one in residents]
    pairs = KeepPair.objects.filter(
        Q(person_a__in=ids) | Q(person_b__in=ids), kind=PairKind.APART
    ).values_list("person_a_id", "person_b_id")
    apart: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        apart[one].add(other)
        apart[other].add(one)
    return {
        resident.pk: _facts(resident, frozenset(apart[resident.person_id]))
        for resident in residents
    }


def _facts(resident: Resident, apart: frozenset[int]) -> JoiningFacts:
    person = resident.person
    return JoiningFacts(
        person_id=person.pk,
        birth_year=person.birth_year,
        place=person.place,
        languages=frozenset(person.languages),
        format_wishes=frozenset(resident.format_wishes),
        access_needs=frozenset(resident.access_needs),
        travel_limit_minutes=resident.travel_limit_minutes,
        travel_mode=resident.travel_mode,
        pace_per_week=resident.pace_per_week,
        pace_per_day=resident.pace_per_day,
        apart=apart,
    )


def access_needs_of(*, actor: Actor, person_id: int) -> list[str]:
    """What a resident needs of a room, by code; reading it is logged."""
    rows = Resident.objects.filter(person=person_id).values_list("access_needs")
    (needs,) = rows.first() or ([],)
    record_read(
        actor=actor,
        subjects=[person_id],
        purpose=PLANNING,
        code="resident.facts.read",
        object_kind="resident",
    )
    return sorted(needs)
