"""Plans side by side: what each does for people, rooms and leaders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses.selectors.coordinator import series_with_offering
from courses.selectors.measures import reason_names
from scheduling import words
from scheduling.selectors import Standing, drafts_of_periods, standings
from scheduling.services.access import region_planners_only
from scheduling.services.scenarios import Difference, differences_of
from scheduling.views.asked import asked_in_words
from scheduling.views.making import standing_words
from scheduling.views.reasons import Reasons
from scheduling.views.runs import goes_of, period_of, title_of

MOST = 4
Cell = tuple[str, str, str]
Row = tuple[str, list[Cell]]


@require_safe
@region_planners_only
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four plans (`?plan=1&plan=2`), each a column; a fixed number of queries.

    Plans that are not there, or whose figures were thrown away, are left out; with
    fewer than two left there is nothing to compare (404 with words).
    """
    wanted = [int(text) for text in request.GET.getlist("plan") if _is_number(text)]
    found = [one for one in standings(run_ids=wanted[: MOST + 1]) if one.kept]
    if len(found) < 2 or len(set(wanted)) > MOST:
        problem = _("Choose two, three or four plans that are kept.")
        context: dict[str, Any] = {"problem": problem}
        return render(request, "scheduling/compare.html", context, status=404)
    told = differences_of(
        actor=Actor.of(request.user), run_ids=[one.run.pk for one in found]
    )
    drafts = drafts_of_periods(periods=[period_of(one.run) for one in found])
    titles = {title_of(one.run) for one in found}
    context = {
        "period": titles.pop() if len(titles) == 1 else "",
        "columns": [_column(one, drafts) for one in found],
        "rows": rows_of(
            [name_of(one.run.pk) for one in found],
            [one.run.figures for one in found],
            request.user,
        ),
        "differences": _sections(found[0], told),
        "some_gone": len(told) < len(found) - 1,
    }
    return render(request, "scheduling/compare.html", context)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def name_of(run_id: int) -> str:
    return _("Plan %(number)s") % {"number": run_id}


def _column(one: Standing, drafts: Mapping[tuple[str, date], Any]) -> dict[str, Any]:
    state, tone = standing_words(one)
    return goes_of(one.run, drafts) | {
        "run": one.run,
        "name": name_of(one.run.pk),
        "title": title_of(one.run),
        "state": state,
        "tone": tone,
        "asked": asked_in_words(one.run),
        "choosable": one.beside,
        "not_choosable": state,
    }


def rows_of(labels: list[str], sides: list[dict[str, Any]], user: Any) -> list[Row]:
    """Each figure by name, with a cell (column, words, difference) for each plan.

    ``sides`` as ``services.figures.compared_figures`` has them, ``user`` is who looks;
    two reads at most.
    """
    reasons = reason_names()

    def row(name: str, told: Callable[[Any], str], key: str, *, count: bool) -> Row:
        values = [side.get(key) for side in sides]
        return name, [
            (label, told(value), _more(values[0], value) if count else "")
            for label, value in zip(labels, values, strict=True)
        ]

    def whole(name: str, key: str) -> Row:
        return row(name, _whole, key, count=True)

    def plain(name: str, told: Callable[[Any], str], key: str) -> Row:
        return row(name, told, key, count=False)

    return [
        whole(_("People with a seat"), "people"),
        whole(_("Requests without a seat"), "unseated"),
        whole(_("Of them beyond the norm"), "beyond_norm"),
        plain(_("Middle wait of who gets a seat"), _wait, "waiting"),
        plain(_("Middle wait of who has no seat"), _wait, "waited"),
        plain(_("Seats in a group"), _share, "group"),
        plain(_("Seats online or digital"), _share, "digital"),
        whole(_("One-to-one"), "one_to_one"),
        plain(
            _("Reasons for one-to-one"),
            lambda value: _reasons(Reasons.of(value or {}, reasons, user)),
            "reasons",
        ),
        whole(_("Groups and conversations held"), "held"),
        whole(_("Published sessions at another time"), "moved"),
        whole(_("Published groups that are gone"), "lost"),
        whole(_("Minutes of travel of all together, one way"), "travel"),
        plain(
            _("Evenings per leader"), lambda value: _evenings(value or {}), "evenings"
        ),
        plain(_("Proven distance from the best plan"), _gap, "gap"),
    ]


def _whole(value: Any) -> str:
    return words.DASH if value is None else words.number(value)


def _share(value: float | None) -> str:
    return words.DASH if value is None else words.percent(value)


def _gap(value: float | None) -> str:
    return _("not proven") if value is None else words.percent(value, 1)


def _wait(value: float | None) -> str:
    return words.DASH if value is None else words.weeks(value)


def _more(first: int | None, value: int | None) -> str:
    """+3 or -2 against the first plan; nothing where they are equal."""
    if first is None or value is None or first == value:
        return ""
    sign = "+" if value > first else "\N{MINUS SIGN}"
    return sign + words.number(abs(value - first))


def _reasons(found: Reasons) -> str:
    told = [
        f"{name}: {number}"
        if number is not None
        else _("%(reason)s: hidden") % {"reason": name}
        for name, number in found.lines
    ]
    return "; ".join(told) or found.note or words.DASH


def _evenings(leaders: Mapping[str, int] | None) -> str:
    """How many leaders have one evening, two and so on."""
    told = []
    for evenings, number in sorted(
        (leaders or {}).items(), key=lambda pair: int(pair[0])
    ):
        sentence = ngettext(
            "%(leaders)s with %(number)s evening",
            "%(leaders)s with %(number)s evenings",
            int(evenings),
        )
        told.append(sentence % {"leaders": number, "number": int(evenings)})
    return ", ".join(told) or _("none")


def _sections(first: Standing, told: Iterable[Difference]) -> list[dict[str, Any]]:
    told = list(told)
    titles = titles_of(
        key for one in told for key in one.opened | one.closed | one.moved
    )
    base = name_of(first.run.pk)
    return [
        {
            "title": _("%(plan)s against %(first)s")
            % {"plan": name_of(one.run_id), "first": base},
            "people": people_words(one.gained, one.lost),
            "lists": lists_of(titles, one.opened, one.closed, one.moved),
        }
        for one in told
    ]


def titles_of(keys: Iterable[str]) -> dict[str, str]:
    """What is offered, by key of the series; one read. What was only tried has none."""
    known = {key for key in keys if _is_key(key)}
    rows = series_with_offering(series_ids=list(known)) if known else {}
    return {str(key): row.offering.title for key, row in rows.items()}


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def lists_of(
    titles: Mapping[str, str],
    opened: Iterable[str],
    closed: Iterable[str],
    moved: Iterable[str],
) -> list[tuple[str, list[str]]]:
    """Groups that differ between two plans, by name."""

    def named(keys: Iterable[str]) -> list[str]:
        return sorted(titles[key] for key in keys if key in titles)

    return [
        (_("Held only in this plan"), named(opened)),
        (_("Not held in this plan"), named(closed)),
        (_("At another time or place, or with others"), named(moved)),
    ]


def people_words(gains: int, loses: int) -> str:
    """How many people have a seat in one of two plans only."""
    if not gains and not loses:
        return _("The same people have a seat.")
    gained = ngettext(
        "%(number)s person has a seat in this plan only.",
        "%(number)s people have a seat in this plan only.",
        gains,
    ) % {"number": words.number(gains)}
    lost = ngettext(
        "%(number)s person loses the seat of the first plan.",
        "%(number)s people lose the seat of the first plan.",
        loses,
    ) % {"number": words.number(loses)}
    return f"{gained} {lost}"
