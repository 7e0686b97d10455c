"""What would help, in sentences for a coordinator; each was tried before it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.words import half_day

Change = Mapping[str, Any]


def way_sentence(
    way: Mapping[str, Any],
    *,
    titles: Mapping[str, str],
    places: Mapping[str, str],
    of_person: bool,
    whom: str = "",
) -> str:
    """A way with what it brings, as one or more sentences.

    ``titles`` of what is offered by key of the series, ``places`` by key of a room.
    ``of_person``: it is about one who is left out (the key of the person is ``whom``),
    not about a group. A group may also start because somebody else does something.
    """
    told = [
        change_sentence(
            change, titles=titles, places=places, of_person=of_person, whom=whom
        )
        for change in way["changes"]
    ]
    if not of_person or way["seats"] > 1:
        told.append(_gain(way["seats"]))
    return " ".join(told)


def change_sentence(
    change: Change,
    *,
    titles: Mapping[str, str],
    places: Mapping[str, str],
    of_person: bool,
    whom: str = "",
) -> str:
    """One change in words; one that is not known (any more) by its kind."""
    kind = change["kind"]
    of_person = of_person and is_of(change, whom)
    when = ""
    if "weekday" in change and "part" in change:
        when = half_day(change["weekday"], change["part"])
    facts = {
        "when": when,
        "place": places.get(str(change.get("room")), ""),
        "title": titles.get(str(change.get("series")), ""),
        "km": change.get("km", 0),
        "minutes": change.get("minutes", 0),
    }
    if kind in ("more-seats", "smaller-start"):
        return _size(kind, change["seats"])
    if kind == "new-room" and not facts["place"]:
        kind = "new-room-somewhere"
    words = _of_person(kind) if of_person else ""
    words = words or _of_all(kind) or _("A change of the kind %(kind)s.")
    return words % {**facts, "kind": kind}


def is_of(change: Change, whom: str) -> bool:
    """Whether a change asks something of this person and of nobody else."""
    return str(change.get("person") or whom) == whom


def _of_person(kind: str) -> str:
    """About the one who is left out."""
    return {
        "travel": _("This person also travels %(km)d km further."),
        "half-day": _("This person can also come on %(when)s."),
        "pace": _("This person takes part in one meeting more in a week or a day."),
        "choice": _("This person also asks for %(title)s, which has a place."),
    }.get(kind, "")


def _of_all(kind: str) -> str:
    return {
        "new-room": _("One more room in %(place)s on %(when)s."),
        "new-room-somewhere": _("One more room on %(when)s."),
        "new-leader": _("One more leader for this group on %(when)s."),
        "leader-hours": _(
            "One of the leaders who may do this can also come on %(when)s."
        ),
        "leader-minutes": _(
            "One of the leaders who may do this works %(minutes)d minutes a week more."
        ),
        "travel": _("Somebody who waits also travels %(km)d km further."),
        "half-day": _("Somebody who waits can also come on %(when)s."),
        "pace": _(
            "Somebody who waits takes part in one meeting more in a week or a day."
        ),
        "repeat": _("The same group is held once more."),
        "unpin": _("What was pinned for this group is free again."),
    }.get(kind, "")


def _size(kind: str, seats: int) -> str:
    if kind == "more-seats":
        return ngettext(
            "The group takes %(count)d person more.",
            "The group takes %(count)d people more.",
            seats,
        ) % {"count": seats}
    return ngettext(
        "The group starts with %(count)d person fewer.",
        "The group starts with %(count)d people fewer.",
        seats,
    ) % {"count": seats}


def _gain(seats: int) -> str:
    if not seats:
        return _("Then the group can be held.")
    return ngettext(
        "Then at least %(count)d person gets a seat.",
        "Then at least %(count)d people get a seat.",
        seats,
    ) % {"count": seats}


def keys_in(ways: Iterable[Mapping[str, Any]], name: str) -> set[str]:
    """The keys of series or rooms that ways name."""
    return {
        str(change[name])
        for way in ways
        for change in way["changes"]
        if change.get(name)
    }
