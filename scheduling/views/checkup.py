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
from people.enums import Role
from scheduling import words
from scheduling.enums import RunKind
from scheduling.forms_mend import FORMS
from scheduling.services.access import may_administer, region_planners_only
from scheduling.services.checkup import Told, check_up
from scheduling.solver.doctor import Severity
from scheduling.views.faulty import fault_lines
from scheduling.views.mend import choices_for, mend_form
from scheduling.weeks import Week

TERM_WEEKS = 13
MEMBER = "registration-already-member"
RECORDS = {
    "series": "publishing:facts_one_series",
    "room": "publishing:facts_room",
    "facilitator": "publishing:facts_leader",
}
COORDINATED = {"registration": "scheduling:registration"}
"""Records for who coordinates the whole region."""
DESK_RECORDS = {"person": "admin:people_person_change"}
"""Records in the administration, for who may use that."""
SHOWN = 12
"""So many of one check are open at once; the rest unfolds."""


@dataclass(frozen=True)
class Mends:
    """How the findings of a page can be mended where they stand."""

    week: Week
    term: bool
    choices: Mapping[str, Any]

    def of(self, told: Told, *, shown: bool) -> dict[str, Any]:
        """The form of a finding, or (for those that unfold) the way to its page."""
        if told.check not in FORMS or not told.things:
            return {}
        key = told.things[0].key
        action = reverse("scheduling:mend", args=[self.week, told.check, key])
        other = told.things[1].key if len(told.things) > 1 else ""
        if not shown and not other:
            query = f"?{urlencode({'soort': 'periode'})}" if self.term else ""
            return {"mend": f"{action}{query}"}
        form = mend_form(
            told.check,
            key,
            facts=told.facts,
            choices=self.choices,
            other=other if told.check == MEMBER else "",
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
    is_term = request.GET.get("soort") == "periode"
    last = chosen.plus(TERM_WEEKS - 1) if is_term else chosen
    found = check_up(
        actor=Actor.of(request.user),
        kind=RunKind.TERM if is_term else RunKind.WEEK,
        first_date=chosen.monday,
        last_date=last.sunday,
    )
    mends = Mends(
        week=chosen,
        term=is_term,
        choices=choices_for(Actor.of(request.user), {one.check for one in found.told}),
    )
    groups = _groups(found.told, _views(request.user), mends)
    number = {
        severity.value: sum(one.severity == severity for one in found.told)
        for severity in Severity
    }
    here = reverse("scheduling:checkup", args=[chosen])
    context = {
        "week": chosen,
        "days": words.days_between(chosen.monday, last.sunday),
        "spans": [
            (_("The week"), here, not is_term),
            (_("The whole term"), f"{here}?{urlencode({'soort': 'periode'})}", is_term),
        ],
        "faults": fault_lines(found.faults),
        "term": is_term,
        "errors": [one for one in groups if one.severity == Severity.ERROR],
        "warnings": [one for one in groups if one.severity == Severity.WARNING],
        "notes": [one for one in groups if one.severity == Severity.NOTE],
        "number": number,
    }
    return render(request, "scheduling/checkup.html", context)


def _views(user: Any) -> dict[str, str]:
    """The page on which this account mends each kind of record, if it may."""
    everywhere = user.organisations_for(Role.COORDINATOR) is None
    return {
        **RECORDS,
        **(COORDINATED if everywhere else {}),
        **(DESK_RECORDS if may_administer(user) else {}),
    }


def _groups(
    told: Iterable[Told], views: Mapping[str, str], mends: Mends
) -> list[Group]:
    by_check: dict[str, list[Told]] = {}
    for one in told:
        by_check.setdefault(one.check, []).append(one)
    return [
        Group(
            check=check,
            severity=found[0].severity,
            right=found[0].right,
            first=[
                _line(one, views) | mends.of(one, shown=True) for one in found[:SHOWN]
            ],
            rest=[
                _line(one, views) | mends.of(one, shown=False) for one in found[SHOWN:]
            ],
        )
        for check, found in by_check.items()
    ]


def _line(told: Told, views: Mapping[str, str]) -> dict[str, Any]:
    records = [
        (thing.name, reverse(views[thing.kind], args=[thing.key]))
        for thing in told.things
        if thing.kind in views
    ]
    return {"wrong": told.wrong, "records": records}
