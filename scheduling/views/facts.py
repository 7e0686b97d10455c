"""The cards above a week: what a schedule reached, as numbers that mean something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.kinds import LevelOfCare, policy_of
from scheduling import words
from scheduling.selectors import Counted, WeekSession


@dataclass(frozen=True)
class Fact:
    """One card: a number, what it means, of how many, and a bar in percent."""

    value: str
    label: str
    of: str = ""
    percent: float | None = None


def facts_of_figures(figures: Mapping[str, Any]) -> list[Fact]:
    """Cards of a schedule's figures (services.figures); unknown numbers say so."""
    if not figures:
        return []
    seated, asking = figures["seated"], figures["asking"]
    return [
        Fact(
            words.number(seated),
            ngettext("person has a seat", "people have a seat", seated),
            of=_("of %(all)s") % {"all": words.number(asking)},
            percent=100 * seated / asking if asking else None,
        ),
        _gap(figures["gap"]),
        _light(figures["light"]),
        Fact(
            words.number(figures["one_to_one"]),
            _("one-to-one, each with a reason"),
        ),
        _waiting(figures["waiting"], figures["norm"]),
    ]


def _gap(gap: float | None) -> Fact:
    if gap is None:
        return Fact(words.DASH, _("how far from the best plan was not proven"))
    if gap == 0:
        return Fact(words.percent(0), _("proven: no plan seats more people"))
    return Fact(
        words.percent(gap, 1), _("at most, and proven, away from the best plan")
    )


def _light(share: float | None) -> Fact:
    if share is None:
        return Fact(words.DASH, _("in a group or online: nobody has a seat"))
    return Fact(words.percent(share), _("in a group or online"), percent=100 * share)


def _waiting(waiting: float | None, norm: float | None) -> Fact:
    if waiting is None or norm is None:
        return Fact(words.DASH, _("middle waiting time: nobody has a seat"))
    return Fact(
        words.weeks(waiting),
        _("middle waiting time (norm %(norm)s)") % {"norm": words.weeks(norm)},
    )


def facts_of_sessions(sessions: Sequence[WeekSession | Counted]) -> list[Fact]:
    """Cards of a week that no stored schedule covers: what takes place, seats taken."""
    held = [one for one in sessions if not one.cancelled]
    groups = {one.series_id: one for one in held if one.enrols and one.size > 1}
    taken = sum(one.seats for one in groups.values())
    size = sum(one.size for one in groups.values())
    cancelled = len(sessions) - len(held)
    light = sum(
        1
        for one in held
        if policy_of(one.kind).level_of_care != LevelOfCare.INDIVIDUAL_CARE
    )
    facts = [
        Fact(
            words.number(len(held)),
            ngettext("session takes place", "sessions take place", len(held)),
        ),
        Fact(
            words.number(taken),
            _("seats in groups are taken"),
            of=_("of %(all)s") % {"all": words.number(size)},
            percent=100 * taken / size if size else None,
        ),
    ]
    if held:
        share = light / len(held)
        facts.append(
            Fact(
                words.percent(share),
                _("is no one-to-one care"),
                percent=100 * share,
            )
        )
    facts.append(
        Fact(
            words.number(cancelled),
            ngettext("session is cancelled", "sessions are cancelled", cancelled),
        )
    )
    return facts
