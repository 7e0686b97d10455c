"""Mending a finding of the check before planning, without leaving the page.

Each mend writes through the service of the app that owns the record, so that it is
checked and logged there like any other change. Whether the finding is gone is seen by
looking again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.rows import StaleRow, version_of
from courses.selectors.catalogue import offering_by_id
from courses.selectors.coordinator import registrations_by_id
from courses.services.wishes import add_wish, drop_wish_for
from people.selectors import person_ids_by_facilitator
from people.selectors.joining import access_needs_of
from people.services.agreed import add_hours, drop_pair, put_limits
from people.services.numbers import travelling_of
from rooms.services.hours import add_features
from scheduling.adapters.resources import limit_by_car
from scheduling.services import mend_groups
from scheduling.services.mend_groups import series_of
from scheduling.services.standing import standing

Data = Mapping[str, Any]
Hours = Sequence[tuple[int, time, time]]
FARTHEST = 240
OF_CARE = ("registration-", "person-", "together-", "apart-", "published-member-")
LEADER = "facilitator"


def is_of_care(check: str) -> bool:
    """Whether a check is about what somebody asks and can do: for coordinators."""
    return check.startswith(OF_CARE)


def mend(
    *,
    actor: Actor,
    check: str,
    key: str,
    data: Data,
    hours: Hours = (),
    seen: str = "",
) -> None:
    """Mend what one check found about the record ``key``.

    ``data`` is what the form of the check gave, ``hours`` the weekly hours in it,
    ``seen`` the mark of what was written down when it was made (``standing``).

    Raises
    ------
    audit.rows.StaleRow
        When something else is written down by now; nothing is changed.
    django.core.exceptions.ValidationError
        When a rule of the record says no, or the record is gone; nothing is changed.
    KeyError
        For a check that cannot be mended like this.
    """
    mending = MENDS[check]
    now = standing(check=check, keys=[key]).get(key, {})
    if now and version_of(now) != seen:
        raise StaleRow(now)
    mending(actor, key, {**data, "hours": hours, "standing": now})


# --- Residents --------------------------------------------------------------------


def _wish(actor: Actor, key: str, data: Data) -> None:
    _ask_too(actor, int(key), data["offering"])


def _ask_too(actor: Actor, registration_id: int, offering_id: str) -> None:
    offering = offering_by_id(offering_id=int(offering_id))
    if offering is None:
        raise ValidationError(_("This is no longer in the books."))
    add_wish(
        actor=actor, registration_id=registration_id, offering=offering, allow=True
    )


def _registration_free(actor: Actor, key: str, data: Data) -> None:
    (person,) = _persons(actor, key)
    add_hours(actor=actor, person_id=person, hours=data["hours"])


def _person_free(actor: Actor, key: str, data: Data) -> None:
    add_hours(actor=actor, person_id=int(key), hours=data["hours"])


def _further(actor: Actor, key: str, data: Data) -> None:
    (person,) = _persons(actor, key)
    widen_travel(actor=actor, person_id=person, minutes=data["minutes"])


def widen_travel(
    *, actor: Actor, person_id: int, minutes: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Let a resident travel some minutes by car further, in the own way of travelling;
    how it was and how it is now.

    Raises ``ValidationError`` for more than there is, and for who is gone.
    """
    found = travelling_of(person_id=person_id)
    if found is None:
        raise ValidationError(_("This person is no longer in the books."))
    limit, mode, *_pace = found
    wanted = limit_by_car(limit, mode) + minutes
    reaching = (
        one for one in range(limit, FARTHEST + 1) if limit_by_car(one, mode) >= wanted
    )
    now = next(reaching, None)
    if now is None:
        raise ValidationError(
            _("That is further than %(most)d minutes, the most there is.")
            % {"most": FARTHEST}
        )
    was, to = {"travel_limit_minutes": limit}, {"travel_limit_minutes": now}
    put_limits(actor=actor, person_id=person_id, was=was, now=to)
    return was, to


def _pace(actor: Actor, key: str, data: Data) -> None:
    was, now = data["standing"], {"pace_per_week": data["pace"]}
    if not was:
        raise ValidationError(_("This person is no longer in the books."))
    put_limits(actor=actor, person_id=int(key), was=was, now=now)


def _room_has(actor: Actor, key: str, data: Data) -> None:
    needs = access_needs_of(actor=actor, person_id=int(key))
    if not needs:
        raise ValidationError(_("This person needs nothing of a room. Look again."))
    add_features(actor=actor, room_id=int(data["room"]), features=needs)


def _member(actor: Actor, key: str, data: Data) -> None:
    series = series_of(str(data["other"]))
    if not drop_wish_for(actor=actor, registration_id=int(key), series=series):
        raise ValidationError(
            _("This wish is part of a theme or an offering. Open the record instead.")
        )


# --- Two people -------------------------------------------------------------------


def _together(actor: Actor, key: str, data: Data) -> None:
    if data["how"] == "wish":
        with transaction.atomic():
            for one in (int(key), data["other"]):
                _ask_too(actor, one, data["offering"])
        return
    persons = _persons(actor, key, str(data["other"]))
    drop_pair(actor=actor, kind="together", person_ids=persons)


def _contradiction(actor: Actor, key: str, data: Data) -> None:
    persons = _persons(actor, key, data["other"])
    drop_pair(actor=actor, kind=data["kind"], person_ids=persons)


def _apart(actor: Actor, key: str, data: Data) -> None:
    """Two who are in one group; of a leader the key tells so."""
    persons = [_person_of(one) for one in (key, data["other"])]
    drop_pair(actor=actor, kind="apart", person_ids=persons)


def _person_of(key: str) -> int:
    kind, _dash, number = key.rpartition("-")
    if kind != LEADER:
        return int(number)
    return person_ids_by_facilitator(facilitator_ids=[int(number)])[int(number)]


def _persons(actor: Actor, *keys: str) -> list[int]:
    """The person behind each registration."""
    found = registrations_by_id(actor=actor, registration_ids=map(int, keys))
    persons = {str(one.pk): int(one.resident.person_id) for one in found}
    if not persons.keys() >= set(keys):
        raise ValidationError(_("This registration is no longer in the books."))
    return [persons[key] for key in keys]


MENDS: dict[str, Callable[[Actor, str, Data], None]] = {
    "series-without-leader": mend_groups.lead,
    "series-leaders-never-free": mend_groups.leader_free,
    "series-too-few-organisations": mend_groups.lead,
    "series-without-room": mend_groups.room_needs,
    "series-rooms-never-open": mend_groups.opening,
    "series-without-window": mend_groups.window,
    "series-order-cannot-fit": mend_groups.order,
    "series-too-few-interested": mend_groups.smallest,
    "series-group-below-minimum": mend_groups.smallest,
    "series-nobody-asks": mend_groups.begins_later,
    "series-one-leader": mend_groups.lead,
    "room-without-opening": mend_groups.opening,
    "room-fully-booked": mend_groups.opening,
    "room-never-suits": mend_groups.room,
    "facilitator-without-role": mend_groups.skills,
    "facilitator-without-availability": mend_groups.leader_free,
    "facilitator-load-too-small": mend_groups.load,
    "facilitator-shift-too-short": mend_groups.leader_free,
    "facilitator-not-needed": mend_groups.skills,
    "registration-without-choices": _wish,
    "registration-level-not-allowed": _wish,
    "registration-choices-taken": _wish,
    "registration-choices-unsuitable": _wish,
    "registration-nothing-fits": _wish,
    "registration-already-member": _member,
    "registration-never-free": _registration_free,
    "registration-too-far": _further,
    "registration-target-out-of-reach": _wish,
    "person-without-availability": _person_free,
    "person-needs-no-room-has": _room_has,
    "person-over-pace": _pace,
    "together-without-common-choice": _together,
    "together-and-apart": _contradiction,
    "apart-but-in-one-group": _apart,
    "role-short": mend_groups.more_of_role,
    "published-room-closed": mend_groups.opening,
    "published-leader-away": mend_groups.leader_free,
    "published-member-away": _person_free,
    "published-room-too-small": mend_groups.room,
}
