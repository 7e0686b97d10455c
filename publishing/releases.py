"""Releases and changes in words: titles, places and times instead of keys.

Persons appear as numbers only.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.actor import Actor
from audit.record import PLANNING
from courses.selectors.coordinator import series_with_offering
from people.selectors import group_names, person_ids_by_facilitator
from publishing.changes import What
from publishing.models import Release
from rooms.selectors import rooms_of
from scheduling import words
from scheduling.messages import BESIDE_RULES, RULES, fault_words, rule_words
from scheduling.selectors import accepted_in

if TYPE_CHECKING:
    from publishing.services.release import Breach
    from scheduling.models import Schedule

HEADINGS: dict[str, str | Promise] = {
    What.ADDED: gettext_lazy("New sessions"),
    What.MOVED: gettext_lazy("Moved to another time"),
    What.ROOM: gettext_lazy("In another room"),
    What.LEADERS: gettext_lazy("Led by others"),
    What.CANCELLED: gettext_lazy("Cancelled"),
    What.SEAT: gettext_lazy("Seats given"),
    What.GROUP: gettext_lazy("People who go to another group"),
    What.ONLINE: gettext_lazy("Groups that go on online"),
    What.ENDED: gettext_lazy("Groups that stop"),
    What.WAITS: gettext_lazy(
        "Not held after all: who had a seat in the draft waits on"
    ),
    What.BACK: gettext_lazy("Groups that come back"),
    What.ROOMED: gettext_lazy("Groups that meet in their room again"),
    What.SEAT_BACK: gettext_lazy("People who get their seat back"),
}
FOR_ONE: dict[str, str | Promise] = {
    What.ADDED: gettext_lazy("a new session"),
    What.MOVED: gettext_lazy("another time"),
    What.ROOM: gettext_lazy("another room"),
    What.LEADERS: gettext_lazy("begins or stops leading"),
    What.CANCELLED: gettext_lazy("cancelled"),
    What.SEAT: gettext_lazy("gets a seat"),
    What.GROUP: gettext_lazy("goes to this group"),
    What.ONLINE: gettext_lazy("goes on online"),
    What.ENDED: gettext_lazy("the group stops"),
    What.WAITS: gettext_lazy("waits on"),
    What.BACK: gettext_lazy("the group comes back"),
    What.ROOMED: gettext_lazy("meets in its room again"),
    What.SEAT_BACK: gettext_lazy("gets the seat back"),
}
NO_MORE_TO_SAY = frozenset(
    {What.SEAT, What.GROUP, What.ENDED, What.WAITS, What.BACK, What.SEAT_BACK}
)
BY_GROUP = frozenset({What.SEAT, What.GROUP, What.WAITS, What.SEAT_BACK})
"""What is told as a number of people for each group, never who."""
OPEN_UP_TO = 12


@dataclass(frozen=True)
class Line:
    """One change in words: which group, what happens, how many people it concerns."""

    title: str
    what: str
    people: str


@dataclass(frozen=True)
class Section:
    """Changes of one sort; ``open`` when there are few enough to show at once."""

    heading: str
    lines: tuple[Line, ...]

    @property
    def open(self) -> bool:
        return len(self.lines) <= OPEN_UP_TO


def releases() -> QuerySet[Release]:
    """All releases, newest first, with their schedules; no person."""
    return Release.objects.select_related("schedule", "former")


def sections(changes: Iterable[Mapping[str, Any]]) -> list[Section]:
    """Changes by sort, in words; two queries at most, however many changes."""
    found = list(changes)
    titles, rooms = _titles_and_rooms(found)
    made = []
    for what, heading in HEADINGS.items():
        of_this = [one for one in found if one["what"] == what]
        lines = (
            _seat_lines(of_this, titles)
            if what in BY_GROUP
            else [_line(one, titles, rooms) for one in of_this]
        )
        if lines:
            made.append(Section(str(heading), tuple(lines)))
    return made


def for_one(changes: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Changes as one person meets them: title, what it is, and from what to what.

    In the order given; two queries at most, however many changes.
    """
    titles, rooms = _titles_and_rooms(changes)
    return [
        (
            titles.get(one["series"], _("A group that is no longer there")),
            str(FOR_ONE[one["what"]]),
            "" if one["what"] in NO_MORE_TO_SAY else _happens(one, rooms),
        )
        for one in changes
    ]


def _titles_and_rooms(
    changes: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, str], dict[str, str]]:
    series = series_with_offering(
        series_ids={uuid.UUID(one["series"]) for one in changes}
    )
    titles = {str(key): row.offering.title for key, row in series.items()}
    rooms: dict[str, str] = {}
    if any(one["what"] == What.ROOM for one in changes):
        rooms = {str(room.pk): str(room) for room in rooms_of()}
    return titles, rooms


def _line(
    change: Mapping[str, Any], titles: Mapping[str, str], rooms: Mapping[str, str]
) -> Line:
    number = len(change["persons"])
    return Line(
        titles.get(change["series"], _("A group that is no longer there")),
        _happens(change, rooms),
        ngettext("%(number)s person", "%(number)s people", number) % {"number": number},
    )


def _happens(change: Mapping[str, Any], rooms: Mapping[str, str]) -> str:
    what, was, now = change["what"], change["was"], change["now"]
    if what == What.MOVED:
        return _("from %(was)s to %(now)s") % {"was": _moment(was), "now": _moment(now)}
    if what == What.ENDED:
        return _("who is in it waits for the next group, with the old date")
    if what == What.BACK:
        return _("with all that is still to come")
    if what in (What.ONLINE, What.ROOMED):
        return _("all that is still to come")
    if what == What.ROOM:
        return _("from %(was)s to %(now)s") % {
            "was": _room(was, rooms),
            "now": _room(now, rooms),
        }
    return _moment(was if what == What.CANCELLED else now)


def _room(key: str, rooms: Mapping[str, str]) -> str:
    if not key:
        return _("no room")
    return rooms.get(key, _("a room that is no longer in use"))


def _moment(text: str) -> str:
    return words.moment_in_text(timezone.localtime(datetime.fromisoformat(text)))


def _seat_lines(
    changes: Sequence[Mapping[str, Any]], titles: Mapping[str, str]
) -> list[Line]:
    """One line for each group: how many get a seat, or do not, never who."""
    given = Counter(one["series"] for one in changes)
    by_title: Counter[str] = Counter()
    for key, number in given.items():
        by_title[titles.get(key, _("A group that is no longer there"))] += number
    return [
        Line(
            title,
            _("waits on, with the old date")
            if changes[0]["what"] == What.WAITS
            else ngettext("%(number)s seat", "%(number)s seats", number)
            % {"number": number},
            ngettext("%(number)s person", "%(number)s people", number)
            % {"number": number},
        )
        for title, number in sorted(by_title.items())
    ]


def titles_of(series_ids: Iterable[str]) -> list[str]:
    """Titles of series, each once, in order; one query."""
    found = series_with_offering(series_ids=list(series_ids))
    return sorted({row.offering.title for row in found.values()})


@dataclass(frozen=True)
class BreachWords:
    """A broken rule in words, and each thing it is broken by.

    ``keys``: for each of ``abouts`` what a form sends back when it is accepted.
    """

    sentence: str
    abouts: tuple[str, ...]
    keys: tuple[str, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return list(zip(self.abouts, self.keys, strict=True))


def breaches_in_words(breaches: Sequence[Breach], *, actor: Actor) -> list[BreachWords]:
    """What stands in the way, with groups, rooms and leaders by name.

    Who takes part is not named. Reading leaders' names is logged.
    """
    names = _names_in((one.about for one in breaches), actor=actor)
    by_rule: dict[str, dict[str, list[str]]] = {}
    for one in breaches:
        if one.rule not in RULES | BESIDE_RULES:  # a fault of the facts, in its words
            sentence, about = fault_words(one.rule).sentence, one.rule
        else:
            sentence, about = str(rule_words(one.rule).broken), _named(one.about, names)
        by_rule.setdefault(sentence, {}).setdefault(about, []).append(one.key)
    return [
        BreachWords(sentence, tuple(found), tuple(map(" ".join, found.values())))
        for sentence, found in by_rule.items()
    ]


@dataclass(frozen=True)
class AcceptedWords:
    """A broken rule that was accepted by name: what it is about, by whom and when."""

    sentence: str
    about: str
    who: str


def accepted_in_words(schedule: Schedule, *, actor: Actor) -> list[AcceptedWords]:
    """What was accepted by name in a schedule, the oldest first.

    One query, and those for names when there is anything; who takes part is not named.
    """
    rows = sorted(accepted_in(schedule), key=lambda row: (row.accepted_at, row.pk))
    names = _names_in((row.about for row in rows), actor=actor)
    return [
        AcceptedWords(
            str(rule_words(row.rule).broken),
            _named(row.about, names),
            f"{row.accepted_by}, "
            f"{words.moment_in_text(timezone.localtime(row.accepted_at))}",
        )
        for row in rows
    ]


def _names_in(
    abouts: Iterable[Iterable[Sequence[str]]], *, actor: Actor
) -> dict[tuple[str, str], str]:
    """Words for the groups, rooms and leaders in these; names of leaders are logged."""
    keys: dict[str, set[str]] = {}
    for about in abouts:
        for kind, key in about:
            keys.setdefault(kind, set()).add(key)
    if not keys:
        return {}
    series = series_with_offering(series_ids=_uuids(keys.get("series", ())))
    names: dict[tuple[str, str], str] = {
        ("series", str(key)): row.offering.title for key, row in series.items()
    }
    if "room" in keys:
        names |= {("room", str(room.pk)): str(room) for room in rooms_of()}
    if "facilitator" in keys:
        leads = person_ids_by_facilitator(
            facilitator_ids=[int(key) for key in keys["facilitator"] if key.isdigit()]
        )
        called = group_names(actor=actor, person_ids=leads.values(), purpose=PLANNING)
        names |= {("facilitator", str(pk)): called[who] for pk, who in leads.items()}
    return names


def _named(about: Iterable[Sequence[str]], names: Mapping[tuple[str, str], str]) -> str:
    pairs = ((kind, key) for kind, key in about if kind != "pin")
    return ", ".join(dict.fromkeys(_about(pair, names) for pair in pairs))


def _about(pair: tuple[str, str], names: Mapping[tuple[str, str], str]) -> str:
    if pair in names:
        return names[pair]
    kind, key = pair
    if kind == "person":
        return _("a participant")
    if kind == "registration":
        return _("request %(number)s") % {"number": key}
    if kind == "room":
        return _("a room that is no longer in use")
    if kind == "facilitator":
        return _("a leader who is no longer active")
    return _("a group that changed")


def _uuids(keys: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for key in keys:
        try:
            found.append(uuid.UUID(key))
        except ValueError:  # a series that has no row any more
            continue
    return found
