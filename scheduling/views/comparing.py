"""Two plans side by side: what each does for people, rooms and leaders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses.selectors.coordinator import series_with_offering
from scheduling import words
from scheduling.models import PlanningRun
from scheduling.selectors import run_by_id
from scheduling.services.access import region_planners_only
from scheduling.services.scenarios import Scenario, compare_runs
from scheduling.views.runs import title_of

Row = tuple[str, str, str]


@require_safe
@region_planners_only
def compare(request: HttpRequest) -> HttpResponse:
    """Figures of two runs (`?een=1&ander=2`), and whom the other one helps or not."""
    one, other = (_run(request.GET.get(name, "")) for name in ("een", "ander"))
    found, gone = None, ""
    try:
        found = compare_runs(actor=Actor.of(request.user), run=one, other=other)
    except ValidationError as error:
        gone = " ".join(error.messages)
    context: dict[str, Any] = {
        "one": one,
        "other": other,
        "titles": (title_of(one), title_of(other)),
        "gone": gone,
    }
    if found is not None:
        context |= {
            "rows": rows_of(found),
            "gained": len(found.gained),
            "lost": len(found.lost),
            "lists": [
                (_("Held in the second plan only"), _titles(found.opened)),
                (_("Held in the first plan only"), _titles(found.closed)),
                (_("Held in both, at another time or place"), _titles(found.moved)),
            ],
        }
    return render(request, "scheduling/compare.html", context)


def _run(text: str) -> PlanningRun:
    run = run_by_id(run_id=int(text)) if text.isascii() and text.isdigit() else None
    if run is None:
        raise Http404("no such run")
    return run


def rows_of(found: Scenario) -> list[Row]:
    """Each figure by name, in the first plan and in the second."""
    before, after = found.before, found.after

    def whole(name: str) -> tuple[str, str]:
        return tuple(words.number(getattr(side, name)) for side in (before, after))  # type: ignore[return-value]

    def share(name: str) -> tuple[str, str]:
        return tuple(  # type: ignore[return-value]
            words.DASH if value is None else words.percent(value)
            for value in (getattr(before, name), getattr(after, name))
        )

    def wait(value: float | None) -> str:
        return words.DASH if value is None else words.weeks(value)

    single = [
        ", ".join(f"{reason}: {number}" for reason, number in sorted(side.items()))
        or words.DASH
        for side in found.one_to_one
    ]
    return [
        (_("People with a seat"), *whole("people")),
        (_("People without a seat"), *whole("waiting")),
        (_("Of them beyond the norm"), *whole("beyond_norm")),
        (_("Middle wait of who has no seat"), wait(before.waited), wait(after.waited)),
        (_("Seats in a group"), *share("group")),
        (_("Seats online or digital"), *share("digital")),
        (
            _("One-to-one"),
            words.number(len(before.one_to_one)),
            words.number(len(after.one_to_one)),
        ),
        (_("Reasons for one-to-one"), single[0], single[1]),
        (_("Groups held"), *whole("held")),
        (_("Published sessions at another time"), *whole("moved")),
        (_("Published groups that are gone"), *whole("lost")),
        (_("Minutes of travel of all together, one way"), *whole("travel")),
        (_("Evenings of the leader with the most"), *whole("most_evenings")),
    ]


def _titles(keys: Iterable[str]) -> list[str]:
    found = series_with_offering(series_ids=list(keys))
    return sorted(row.offering.title for row in found.values())
