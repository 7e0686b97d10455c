"""Why a resident has no seat, told to the resident: never anything about others.

What a resident told us may be told back. All else (a full group, a leader who is ill,
somebody to stay away from, too few people) has one sentence for groups that are held
and one for groups that are not, so that nobody can read from it who or what it was. No
sentence has a number of other people in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from scheduling.way_words import is_of
from scheduling.words import half_day

OWN: dict[str, str | Promise] = {
    "resident-availability": _("The group meets at times when you cannot come."),
    "resident-travel": _("The group is further away than you want to travel."),
    "resident-conflict": _(
        "You are in another group at that time, or cannot get there in time."
    ),
    "resident-pace": _(
        "With this group you would have more meetings in a day or a week than you want."
    ),
    "resident-suitability": _(
        "The group does not fit what you told us: your age, your language, how you "
        "want to meet, or the kind of help that was agreed with you."
    ),
    "prerequisite": _("First finish the course that comes before this one."),
    "closed-group": _("The group has begun, and nobody new can join it any more."),
    "one-seat-per-registration": _("You have a place in this group already."),
}
"""Rules about what a resident told us or knows: these may be named."""

OWN_OF_ROOM = _("The room of this group does not have what you need.")
NO_PLACE = _("There is no place for you in this group now.")
NOT_HELD = _("This group is not held now.")
NOT_WITH_YOU = _("This group cannot be held at a time and place that suit you now.")
STILL_OPEN = _("A place may still be found in a next plan.")
NOTHING_FITS = _("There is no group, course or conversation now that you asked for.")
NOT_YET = _("No plan has been published yet since you asked. Your wait counts.")
SEATED = _("You have a place.")
CLOSED = _("You do not wait for a place with this request any more.")


def resident_sentences(
    rules: Collection[str], verified: str, *, held: bool, for_all: bool = False
) -> list[str]:
    """Why one group has no seat for somebody, as he or she may read it.

    ``rules`` and ``verified`` are those of the reason; ``held``: the group takes place
    in the plan; ``for_all``: it cannot be held by anybody.
    """
    if not rules or verified == "undecided":
        return [str(STILL_OPEN)]
    own = [str(OWN[rule]) for rule in rules if rule in OWN]
    if verified == "part_freed":
        if for_all or not own:
            return [str(NOT_HELD)]
        return own if len(own) == len(rules) else [str(NOT_WITH_YOU)]
    if own:
        return own
    if held and "room-features" in rules:
        return [str(OWN_OF_ROOM)]
    return [str(NO_PLACE if held else NOT_HELD)]


def resident_helps(
    ways: Iterable[Mapping[str, Any]], titles: Mapping[str, str], whom: str = ""
) -> list[str]:
    """What the resident could change so that a place may be found, each once.

    Of the ways that were tried only those about the resident's own wishes alone are
    told; ``titles``: of what is offered, by key of the series; ``whom``: the key of
    the resident's person.
    """
    told = []
    for way in ways:
        mine = all(is_of(change, whom) for change in way["changes"])
        lines = _own_changes(way["changes"], titles) if mine else []
        if lines:
            told.append(" ".join(lines))
    return list(dict.fromkeys(told))


def _own_changes(
    changes: Iterable[Mapping[str, Any]], titles: Mapping[str, str]
) -> list[str]:
    """A sentence for each change; none when one is not the resident's to make."""
    told = []
    for one in changes:
        if one["kind"] == "travel":
            told.append(
                _now("It may help if %(km)d km further is fine.") % {"km": one["km"]}
            )
        elif one["kind"] == "pace":
            told.append(_now("It may help if one meeting more is fine."))
        elif one["kind"] == "half-day":
            told.append(
                _now("It may help if you can also come on %(half_day)s.")
                % {"half_day": half_day(one["weekday"], one["part"])}
            )
        elif one["kind"] == "choice" and titles.get(str(one.get("series"))):
            told.append(
                _now("There is a place in %(title)s, for which you can ask too.")
                % {"title": titles[one["series"]]}
            )
        else:
            return []
    return told
