"""What the forms of the check before planning offer, each list read once for a page."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.http import Http404
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actor import Actor
from audit.record import PLANNING
from courses.selectors.catalogue import offerings_to_plan
from courses.selectors.coordinator import series_with_offering
from courses.services.wishes import staff_of
from people.enums import StaffRole
from people.selectors import list_facilitators, qualifications
from rooms.selectors import feature_names, rooms_in_short
from scheduling.forms_mend import FORMS
from scheduling.services.found_things import Told
from scheduling.words import DASH

Choices = dict[str, list[tuple[str, Any]]]
NAMED = {"leader": "facilitator", "role": "role", "room": "room"}
"""Fields that offer what a finding names, by the kind of those things."""
ALL = {
    "person-needs-no-room-has": {"room"},
    "role-short": {"leader"},
    "series-one-leader": {"leader"},
}
"""Fields that offer everything, whatever the finding names."""
STANDING_WORDS: Mapping[str, Any] = {
    "smallest": gettext_lazy("smallest group"),
    "earliest_start": gettext_lazy("not before"),
    "capacity": gettext_lazy("people that the room holds"),
    "features": gettext_lazy("what it has"),
    "max_minutes_per_week": gettext_lazy("most minutes a week"),
    "max_span_minutes_per_day": gettext_lazy("longest day (minutes)"),
    "max_block_minutes": gettext_lazy("longest block (minutes)"),
    "travel_limit_minutes": gettext_lazy("longest journey (minutes)"),
    "pace_per_week": gettext_lazy("meetings a week"),
}


def choices_for(actor: Actor, checks: Collection[str], key: str = "") -> Choices:
    """What the forms of these checks offer, by field. Names of leaders are read, and
    logged, only where a form shows them. ``key``: of the one record there is."""
    wanted = {
        name
        for check in checks
        if check in FORMS
        for name in FORMS[check].base_fields  # type: ignore[attr-defined]
    }
    found: Choices = {}
    for name, read in _READ.items():
        if name in wanted:
            found[name] = read(actor)
    if key and "role" in wanted:
        found["role"] = _roles_asked(key)
    return found


def choices_of(told: Told, general: Choices) -> Choices:
    """The same for one finding: only what it names, where it names that."""
    everything = ALL.get(told.check, set())
    named: Choices = {}
    for field, kind in NAMED.items():
        things = told.of(kind)
        if things and field not in everything:
            named[field] = [(one.key, one.name) for one in things]
    return general | named


def _leaders(actor: Actor) -> list[tuple[str, Any]]:
    found = list_facilitators(actor=actor, purpose=PLANNING)
    named = (
        (str(one.pk), f"{one.person.group_name}, {one.organisation.name}")
        for one in found
    )
    return sorted(named, key=lambda pair: pair[1])


def _offerings(_actor: Actor) -> list[tuple[str, Any]]:
    found = offerings_to_plan(needs_reason=False).order_by("title_nl")
    return [(str(one.pk), one.title) for one in found]


def _rooms(_actor: Actor) -> list[tuple[str, Any]]:
    return [(str(one.id), f"{one.centre}, {one.name}") for one in rooms_in_short()]


def _features(_actor: Actor) -> list[tuple[str, Any]]:
    return [(code, capfirst(name)) for code, name in feature_names().items()]


def _roles(_actor: Actor) -> list[tuple[str, Any]]:
    return [(value, capfirst(str(label))) for value, label in StaffRole.choices]


def _trainings(_actor: Actor) -> list[tuple[str, Any]]:
    return [(str(one.pk), one.name) for one in qualifications()]


_READ = {
    "leader": _leaders,
    "offering": _offerings,
    "room": _rooms,
    "features": _features,
    "roles": _roles,
    "trainings": _trainings,
}


def _roles_asked(key: str) -> list[tuple[str, Any]]:
    """The roles that a group asks of its leaders."""
    try:
        number = uuid.UUID(key)
    except ValueError as error:
        raise Http404("no such group") from error
    series = series_with_offering(series_ids=[number]).get(number)
    if series is None:
        raise Http404("no such group")
    roles = {role for asked, _training in staff_of(series) for role in asked}
    return [(role, capfirst(str(StaffRole(role).label))) for role in sorted(roles)]


def now_words(facts: Mapping[str, Any]) -> str:
    """That something was changed meanwhile, and how it is now."""
    told = "; ".join(
        f"{STANDING_WORDS[name]}: {_told(value)}"
        for name, value in facts.items()
        if name in STANDING_WORDS
    )
    return _(
        "Somebody changed this meanwhile. Now it is: %(now)s. What you filled in still "
        "stands here: press once more if it is right."
    ) % {"now": told}


def _told(value: Any) -> str:
    if isinstance(value, list):
        names = feature_names()
        return ", ".join(str(names.get(one, one)) for one in value) or DASH
    if hasattr(value, "isoformat"):
        return date_format(value, "j F Y")
    return DASH if value is None else str(value)
