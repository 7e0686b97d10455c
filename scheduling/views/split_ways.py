"""The ways to split a group in words: when and where, and what each of them means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from scheduling.views.verdicts import ChoiceLine, Names, choice_line

if TYPE_CHECKING:
    from scheduling.services.splits import Halves, Way


def way_lines(told: Halves, names: Names) -> list[ChoiceLine]:
    """Up to five lawful ways beside the group as it is now, the nearest first."""
    return [_line(one, names) for one in told.ways]


def _line(way: Way, names: Names) -> ChoiceLine:
    line = choice_line(way.choice, names)
    return replace(line, meaning=[*line.meaning, *_beside(way, names)])


def _beside(way: Way, names: Names) -> list[str]:
    """Who leads both groups then, and how many travel longer than now."""
    found = []
    if way.both:
        found.append(
            ngettext(
                "%(names)s leads both groups",
                "%(names)s lead both groups",
                len(way.both),
            )
            % {"names": names.people(way.both)}
        )
    if way.longer:
        found.append(
            ngettext(
                "%(number)s person travels longer than now",
                "%(number)s people travel longer than now",
                way.longer,
            )
            % {"number": way.longer}
        )
    return found
