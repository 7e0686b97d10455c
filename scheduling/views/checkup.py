"""The page before a plan: what is wrong in the facts, with the way to each record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from scheduling import words
from scheduling.enums import RunKind
from scheduling.forms_mend import FORMS
from scheduling.services.access import coordinates_region, region_planners_only
from scheduling.services.checkup import Checkup, check_up
from scheduling.services.found_things import Told
from scheduling.services.mends import is_of_care
from scheduling.services.standing import standing
from scheduling.solver.doctor import Severity
from scheduling.views.faulty import fault_lines
from scheduling.views.mend import TERM, Look, mend_form, outcome_of, subject_of
from scheduling.views.mend_choices import Choices, choices_for, choices_of
from scheduling.views.records import is_beyond, links, why_not_here
from scheduling.weeks import Week

SHOWN = 12
"""So many of one check are open at once; the rest unfolds."""


@dataclass(frozen=True)
class Mends:
    """How the findings of a page can be mended where they stand.

    ``written``: what is written down now, by check and key; ``everywhere``: whether
    the reader coordinates the whole region.
    """

    look: Look
    choices: Choices
    written: Mapping[str, Mapping[str, Any]]
    everywhere: bool

    def of(self, told: Told, *, number: int) -> dict[str, Any]:
        """The form of a finding, or (for those that unfold) the way to its page; or why
        there is none. ``number``: which of its check it is."""
        key, other = subject_of(told)
        may_mend = self.everywhere or not is_of_care(told.check)
        here = told.check in FORMS and key and not is_beyond(told)
        if not (here and may_mend):
            return {"note": why_not_here(told, may_mend=may_mend)}
        action = reverse("scheduling:mend", args=[self.look.week, told.check, key])
        if number >= SHOWN:
            asked = {"soort": TERM} if self.look.term else {}
            asked |= {"ander": other} if other else {}
            return {"mend": action + (f"?{urlencode(asked)}" if asked else "")}
        form = mend_form(
            told.check,
            look=self.look,
            facts=told.facts,
            choices=choices_of(told, self.choices),
            now=self.written.get(told.check, {}).get(key, {}),
            other=other,
            number=number,
        )
        return {"action": action, "form": form}


@dataclass(frozen=True)
class Group:
    """All that one check found."""

    check: str
    severity: str
    right: str
    first: list[dict[str, Any]]
    rest: list[dict[str, Any]]

    @property
    def number(self) -> int:
        return len(self.first) + len(self.rest)


@require_safe
@region_planners_only
def checkup(request: HttpRequest, week: Week | None = None) -> HttpResponse:
    """The facts of a week, or of the term that begins in it, examined now."""
    chosen = week or Week.of(timezone.localdate()).plus(1)
    is_term = request.GET.get("soort") == TERM
    look = Look(week=chosen, term=is_term)
    first_date, last_date = look.days
    found = check_up(
        actor=Actor.of(request.user),
        kind=RunKind.TERM if is_term else RunKind.WEEK,
        first_date=first_date,
        last_date=last_date,
    )
    groups = _groups(found.told, _mends(request, look, found.told))
    number = {
        severity.value: sum(one.severity == severity for one in found.told)
        for severity in Severity
    }
    here = reverse("scheduling:checkup", args=[chosen])
    context = {
        "week": chosen,
        "days": words.days_between(first_date, last_date),
        "spans": [
            (_("The week"), here, not is_term),
            (_("The whole term"), f"{here}?{urlencode({'soort': TERM})}", is_term),
        ],
        "faults": fault_lines(found.faults),
        "term": is_term,
        "errors": [one for one in groups if one.severity == Severity.ERROR],
        "warnings": [one for one in groups if one.severity == Severity.WARNING],
        "notes": [one for one in groups if one.severity == Severity.NOTE],
        "number": number,
        "outcome": _outcome(request, found, groups),
    }
    return render(request, "scheduling/checkup.html", context)


def _mends(request: HttpRequest, look: Look, told: Iterable[Told]) -> Mends:
    """What the forms of a page need, read at once for all of them."""
    everywhere = coordinates_region(request.user)
    by_check: dict[str, list[str]] = {}
    for one in told:
        if everywhere or not is_of_care(one.check):
            by_check.setdefault(one.check, []).append(subject_of(one)[0])
    return Mends(
        look=look,
        choices=choices_for(Actor.of(request.user), by_check),
        written={
            check: standing(check=check, keys=filter(None, keys[:SHOWN]))
            for check, keys in by_check.items()
        },
        everywhere=everywhere,
    )


def _outcome(
    request: HttpRequest, found: Checkup, groups: Iterable[Group]
) -> dict[str, Any] | None:
    """What became of what was mended just now, and whether it is told with its check or
    on top of the page."""
    outcome = outcome_of(request, found)
    if outcome is not None:
        outcome["on_top"] = outcome["check"] not in {one.check for one in groups}
    return outcome


def _groups(told: Iterable[Told], mends: Mends) -> list[Group]:
    by_check: dict[str, list[Told]] = {}
    for one in told:
        by_check.setdefault(one.check, []).append(one)
    lines = {
        check: [_line(one, mends, number) for number, one in enumerate(found)]
        for check, found in by_check.items()
    }
    return [
        Group(
            check=check,
            severity=found[0].severity,
            right=found[0].right,
            first=lines[check][:SHOWN],
            rest=lines[check][SHOWN:],
        )
        for check, found in by_check.items()
    ]


def _line(told: Told, mends: Mends, number: int) -> dict[str, Any]:
    """What is wrong, the way to each record, and the form that mends it."""
    records = links(told, everywhere=mends.everywhere)
    return {"wrong": told.wrong, "records": records, **mends.of(told, number=number)}
