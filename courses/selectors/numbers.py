"""Which registration is whose, by number; ids only, so that nothing here is logged.

Who shows or changes something of it logs that.
"""

from __future__ import annotations

from collections.abc import Iterable

from courses.enums import OPEN_STATES
from courses.models import Registration


def persons_of_registrations(*, registration_ids: Iterable[int]) -> dict[int, int]:
    """Person by registration; one query."""
    rows = Registration.objects.filter(pk__in=list(registration_ids))
    return dict(rows.values_list("pk", "resident__person_id"))


def registrations_of_persons(*, person_ids: Iterable[int]) -> dict[int, int]:
    """The registration at which a coordinator finds each person: the latest that is
    open, or else the latest; one query, or none."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = Registration.objects.filter(resident__person__in=wanted)
    found = rows.order_by().values_list("resident__person_id", "state", "pk")
    best: dict[int, tuple[bool, int]] = {}
    for person, state, key in found:
        best[person] = max(best.get(person, (False, 0)), (state in OPEN_STATES, key))
    return {person: key for person, (_open, key) in best.items()}
