"""How whole groups stand: their state and room, what is to come, and who has a seat.

Kept before and after a release that stops a group or changes it as a whole, so that
the difference can be put back later. Keys only; nobody is shown.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from courses.enums import ASKING_STATES, SEAT_HOLDING, EnrolmentState
from courses.models import (
    Enrolment,
    Offering,
    RegistrationChoice,
    Series,
    Session,
)

Choice = list[Any]
"""Rank, and the keys of the offering, series and session: one is not None."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Groups and their coming sessions by field; the seat and choices of each asking.

    ``groups``: by series, ``state`` and ``room``; ``sessions``: by series and session,
    ``state``, ``room`` and ``online``; ``seats``: by registration, the key of the
    enrolment that is taken, if any, with its series; ``choices``: by registration.
    """

    groups: Mapping[uuid.UUID, dict[str, Any]]
    sessions: Mapping[uuid.UUID, Mapping[uuid.UUID, dict[str, Any]]]
    seats: Mapping[int, tuple[int, uuid.UUID] | None]
    choices: Mapping[int, list[Choice]]


def standing_of(
    *, series_ids: Collection[uuid.UUID], registration_ids: Collection[int] = ()
) -> Standing:
    """These groups, with everybody who has or is kept a seat in one or waits for it.

    ``registration_ids``: these too. Six queries, none for no group and nobody.
    """
    if not series_ids and not registration_ids:
        return Standing(groups={}, sessions={}, seats={}, choices={})
    ids = list(series_ids)
    groups = {
        key: {"state": state, "room": room}
        for key, state, room in Series.objects.filter(pk__in=ids)
        .order_by()
        .values_list("pk", "state", "room")
    }
    sessions: dict[uuid.UUID, dict[uuid.UUID, dict[str, Any]]] = defaultdict(dict)
    coming = Session.objects.filter(
        series__in=ids, period__startswith__gt=timezone.now()
    )
    for series, key, state, room, online in coming.order_by().values_list(
        "series_id", "pk", "state", "room", "online"
    ):
        sessions[series][key] = {"state": state, "room": room, "online": online}
    concerned = set(registration_ids) | concerned_by(series_ids=ids)
    return Standing(
        groups=groups,
        sessions=sessions,
        seats=_seats(concerned),
        choices=choices_of(registration_ids=concerned),
    )


def concerned_by(*, series_ids: Iterable[uuid.UUID]) -> set[int]:
    """Registrations with a seat in one of these groups, sure or only kept, or that
    ask for one itself; two queries, no person."""
    ids = list(series_ids)
    seats = Enrolment.objects.filter(series__in=ids, state__in=SEAT_HOLDING)
    chosen = RegistrationChoice.objects.filter(
        series__in=ids, registration__state__in=ASKING_STATES
    )
    return {
        *seats.order_by().values_list("registration_id", flat=True),
        *chosen.order_by().values_list("registration_id", flat=True),
    }


def seated_in(*, registration_ids: Iterable[int]) -> set[uuid.UUID]:
    """Groups in which these registrations have a seat, sure or only kept for them by
    a draft or an offer; one query, no person."""
    found = Enrolment.objects.filter(
        registration__in=list(registration_ids), state__in=SEAT_HOLDING
    )
    return set(found.order_by().values_list("series_id", flat=True))


def registrations_of_seats(*, enrolment_ids: Iterable[int]) -> set[int]:
    """The registrations that these seats are of; one query, no person."""
    found = Enrolment.objects.filter(pk__in=list(enrolment_ids)).order_by()
    return set(found.values_list("registration_id", flat=True))


def _seats(registration_ids: set[int]) -> dict[int, tuple[int, uuid.UUID] | None]:
    taken = Enrolment.objects.filter(
        registration__in=registration_ids, state=EnrolmentState.ENROLLED
    )
    found: dict[int, tuple[int, uuid.UUID] | None] = dict.fromkeys(registration_ids)
    for registration, key, series in taken.order_by().values_list(
        "registration_id", "pk", "series_id"
    ):
        found[registration] = key, series
    return found


def choices_of(*, registration_ids: Iterable[int]) -> dict[int, list[Choice]]:
    """What each of these registrations chose, by rank, as JSON keeps it; one query."""
    found: dict[int, list[Choice]] = {key: [] for key in registration_ids}
    rows = RegistrationChoice.objects.filter(registration__in=list(found))
    for registration, rank, offering, series, session in rows.order_by(
        "rank"
    ).values_list("registration_id", "rank", "offering_id", "series_id", "session_id"):
        found[registration].append(
            [rank, offering, series and str(series), session and str(session)]
        )
    return found


def still_there(
    *, choices: Mapping[int, Sequence[Choice]]
) -> dict[int, Sequence[Choice]]:
    """Those of these choices, by registration, that can be made: everything in them
    has a row. Three queries at most, none without a choice."""
    gone: set[str] = set()
    for place, model in enumerate((Offering, Series, Session), start=1):
        keys = {str(one[place]) for chosen in choices.values() for one in chosen}
        keys.discard(str(None))
        if keys:
            there = model._default_manager.filter(pk__in=keys).order_by()
            gone |= keys - set(map(str, there.values_list("pk", flat=True)))
    return {
        key: chosen
        for key, chosen in choices.items()
        if not any(str(thing) in gone for one in chosen for thing in one[1:])
    }
