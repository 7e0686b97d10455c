"""A verdict on a move in words: what it breaks, what it means, what else could be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.selectors.coordinator import series_with_offering
from scheduling import words
from scheduling.messages import rule_words

if TYPE_CHECKING:
    from scheduling.services.moves import Breach, Choice, Verdict


@dataclass(frozen=True)
class Names:
    """Names of rooms and leaders by key, as shown in the form."""

    rooms: Mapping[str, str]
    leaders: Mapping[str, str]

    def room(self, key: object) -> str:
        return self.rooms.get(str(key), _("Online")) if key else _("Online")

    def people(self, keys: Iterable[object]) -> str:
        found = [self.leaders.get(str(key), _("a leader not in use")) for key in keys]
        return ", ".join(found) or _("nobody")


@dataclass(frozen=True)
class BreachLine:
    """A broken rule: its sentence, what it is about, and whether it can be accepted.

    What reads the same is one line that is broken ``times`` times (people are not
    told apart by name); ``key`` then has all keys, with spaces between.
    """

    key: str
    sentence: str
    about: str
    never: bool
    known: bool
    times: int = 1


@dataclass(frozen=True)
class ChoiceLine:
    """A lawful way, with the fields that ask for it and what it means."""

    title: str
    meaning: list[str]
    fields: dict[str, Any]


def breach_lines(breaches: Iterable[Breach], names: Names) -> list[BreachLine]:
    """Each broken rule in a sentence; who takes part is not named."""
    found = list(breaches)
    wanted = {key for one in found for kind, key in one.about if kind == "series"}
    titles = {
        str(key): row.offering.title
        for key, row in series_with_offering(series_ids=wanted).items()
    }

    def about(one: Breach) -> str:
        parts = []
        for kind, key in one.about:
            if kind == "series":
                parts.append(titles.get(key, ""))
            elif kind == "room":
                parts.append(names.room(key))
            elif kind == "facilitator":
                parts.append(names.people([key]))
        return ", ".join(dict.fromkeys(part for part in parts if part))

    same: dict[tuple[str, str, bool, bool], list[str]] = {}
    for one in found:
        sentence = str(rule_words(one.rule).broken)
        same.setdefault((sentence, about(one), one.never, one.known), []).append(
            one.key
        )
    return [
        BreachLine(" ".join(keys), *line, times=len(keys))
        for line, keys in same.items()
    ]


def accepted_keys(request: HttpRequest) -> list[str]:
    """The breaches whose lines were ticked."""
    return " ".join(request.POST.getlist("accept")).split()


def choice_lines(verdict: Verdict, names: Names) -> list[ChoiceLine]:
    """Up to five lawful ways, the nearest first."""
    return [choice_line(one, names) for one in verdict.choices]


def choice_line(choice: Choice, names: Names) -> ChoiceLine:
    """One lawful way."""
    start = timezone.localtime(choice.start)
    title = _("%(when)s, %(room)s, led by %(leaders)s") % {
        "when": words.moment_in_text(start),
        "room": names.room(choice.room_id),
        "leaders": names.people(choice.leader_ids),
    }
    fields: dict[str, Any] = {
        "day": start.date().isoformat(),
        "start": f"{start:%H:%M}",
        "room": choice.room_id or "",
    }
    for number, key in enumerate(choice.leader_ids, 1):
        fields[f"leader_{number}"] = key
    return ChoiceLine(title, meaning_of(choice, names), fields)


def meaning_of(choice: Choice, names: Names) -> list[str]:
    """Who has to be elsewhere, how much it moves, and who comes instead of whom."""
    found = [
        people_words(choice.people, only_leaders=choice.only_leaders),
        _("Everybody keeps the seat"),
    ]
    if choice.minutes:
        found.append(moved_words(choice.minutes))
    if choice.joins:
        found.append(
            ngettext(
                "%(names)s joins, with %(minutes)s minutes of travel",
                "%(names)s join, with %(minutes)s minutes of travel together",
                len(choice.joins),
            )
            % {"names": names.people(choice.joins), "minutes": choice.travel_minutes}
        )
    if choice.leaves:
        found.append(
            ngettext(
                "%(names)s is free then",
                "%(names)s are free then",
                len(choice.leaves),
            )
            % {"names": names.people(choice.leaves)}
        )
    if choice.evenings > 0:
        found.append(
            ngettext(
                "%(number)s evening of leading more",
                "%(number)s evenings of leading more",
                choice.evenings,
            )
            % {"number": choice.evenings}
        )
    return found


def changes_leaders(means: Mapping[str, Any]) -> bool:
    """Whether a way out changes who leads and nothing else: no session goes or gets
    another time or place, and nobody loses a seat."""
    return not means["seats_lost"] and all(
        one["after"]
        and all(one["before"][what] == one["after"][what] for what in ("start", "room"))
        for one in means["changes"]
    )


def people_words(number: int, *, only_leaders: bool = False) -> str:
    """Who has to be elsewhere; who leads is told apart from who takes part."""
    if not number:
        return _("Nobody has to come at another time or place")
    if only_leaders:
        return ngettext(
            "Only who leads changes, for %(number)s leader: time and place stay",
            "Only who leads changes, for %(number)s leaders: time and place stay",
            number,
        ) % {"number": number}
    return ngettext(
        "%(number)s person has to come at another time or place",
        "%(number)s people have to come at another time or place",
        number,
    ) % {"number": number}


def moved_words(minutes: int) -> str:
    """An amount of moving in the unit in which people say it."""
    if minutes >= 24 * 60:
        days = round(minutes / (24 * 60))
        return ngettext("moves by %(number)s day", "moves by %(number)s days", days) % {
            "number": days
        }
    return ngettext(
        "moves by %(number)s minute", "moves by %(number)s minutes", minutes
    ) % {"number": minutes}
