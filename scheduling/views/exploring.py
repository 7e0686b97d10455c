"""What if, and what the week lacks most: asked here, worked out in the background."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from scheduling import words
from scheduling.enums import RunState, RunTask
from scheduling.messages import doing_sentence
from scheduling.plan_forms import WhatIfForm
from scheduling.selectors import (
    explorations,
    is_unfinished,
    run_by_id,
    words_of_ways,
)
from scheduling.services.access import region_planners_only
from scheduling.services.exploring import ask_to_explore
from scheduling.views.comparing import lists_of, people_words, rows_of, titles_of
from scheduling.views.happened import leaders_to_choose, rooms_to_choose
from scheduling.views.runs import TONES, fault_of, state_words, title_of
from scheduling.way_words import change_sentence
from scheduling.words import half_day

Names = Mapping[str, Mapping[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def what_if(request: HttpRequest, run_id: int) -> HttpResponse:
    """Of one plan: what it lacks most, and what other facts would bring.

    Posting asks a worker; the answer is shown here, or on the page of the what-if.
    Asked by htmx it answers with the part about what the plan lacks.
    """
    base = run_by_id(run_id=run_id)
    if base is None or base.task != RunTask.PLAN or not base.figures:
        raise Http404("no such plan")
    actor = Actor.of(request.user)
    if request.method == "GET" and request.headers.get("HX-Request") == "true":
        # Asked again and again while it works: no leader is read for it.
        context = {"run": base, **_lacks_context(explorations(run=base)[0])}
        return render(request, "scheduling/_lacks.html", context)
    names = _names(actor)
    data = request.POST if request.method == "POST" else None
    form = WhatIfForm(
        None if data is None or "change" in data or "lacks" in data else data,
        rooms=list(names["room"].items()),
        leaders=list(names["facilitator"].items()),
    )
    problem = ""
    if data is not None:
        try:
            asked = _asked(actor, request, base, form)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            if asked is not None:
                return asked
    lacks, tried = explorations(run=base)
    context = {
        "run": base,
        "title": title_of(base),
        "form": form,
        "problem": problem,
        **_lacks_context(lacks),
        "tried": _tried_lines(tried, names),
    }
    status = 422 if data is not None else 200
    return render(request, "scheduling/what_if.html", context, status=status)


def _asked(
    actor: Actor, request: HttpRequest, base: Any, form: WhatIfForm
) -> HttpResponse | None:
    """The page that shows the answer; ``None`` when the form is not right."""
    ask = {"actor": actor, "user": request.user, "based_on": base.pk}
    if "lacks" in request.POST:
        ask_to_explore(**ask, task=RunTask.LACKS)
        return redirect("scheduling:what-if", run_id=base.pk)
    if "change" in request.POST:
        changes = [_proposed(base, request.POST["change"])]
        run = ask_to_explore(**ask, task=RunTask.WHAT_IF, changes=changes)
    elif form.is_valid():
        run = ask_to_explore(
            **ask,
            task=RunTask.WHAT_IF,
            changes=[form.change],
            seconds=form.cleaned_data["seconds"],
        )
    else:
        return None
    return redirect("scheduling:tried", run_id=run.pk)


def _proposed(base: Any, number: str) -> dict[str, Any]:
    """The change that stands at this place in the list of what the plan lacks."""
    lacks, _tried = explorations(run=base)
    found = lacks.found.get("lacks", []) if lacks else []
    if not number.isascii() or not number.isdigit() or int(number) >= len(found):
        raise ValidationError(_("This proposal is not there any more."))
    one = found[int(number)]
    return {**one["change"], "file": one["file"]}


@require_safe
@region_planners_only
def tried(request: HttpRequest, run_id: int) -> HttpResponse:
    """A what-if: how far it is, and then both plans side by side."""
    run = run_by_id(run_id=run_id)
    if run is None or run.task != RunTask.WHAT_IF:
        raise Http404("no such what-if")
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    # Asked again and again while it works: then no leader is read for it.
    names = None if asked_by_htmx else _names(Actor.of(request.user))
    busy = is_unfinished(run)
    context: dict[str, Any] = {
        "run": run,
        "busy": busy,
        "title": title_of(run),
        "sentence": _told([run], names)[run.pk] if names else "",
        "state": (state_words(run), TONES[RunState(run.state)]),
        "doing": doing_sentence(run.doing) if busy else "",
        "points": run.progress,
        "failed": run.state == RunState.FAILED,
        "fault": fault_of(run) if run.state == RunState.FAILED else None,
        "announce": f"{state_words(run)}.",
    }
    if run.found:
        found = run.found
        titles = titles_of([*found["opened"], *found["closed"], *found["moved"]])
        labels = [_("As it is"), _("What if")]
        context |= {
            "labels": labels,
            "rows": rows_of(labels, [found["before"], run.figures], request.user),
            "people": people_words(found["gained"], found["lost"]),
            "lists": lists_of(titles, found["opened"], found["closed"], found["moved"]),
        }
    template = "scheduling/_tried.html" if asked_by_htmx else "scheduling/tried.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response


def _names(actor: Actor) -> dict[str, dict[str, str]]:
    """Rooms and leaders by key, in words; reading the leaders is logged."""
    return {
        "room": {key: name for key, (name, _row) in rooms_to_choose(actor).items()},
        "facilitator": {
            key: name for key, (name, _row) in leaders_to_choose(actor).items()
        },
    }


def _told(runs: Iterable[Any], names: Names) -> dict[int, str]:
    """By run what would be otherwise, in sentences; two reads at most."""
    runs = list(runs)
    titles, places = words_of_ways([{"changes": one.changes} for one in runs])
    return {
        run.pk: " ".join(_sentence(one, names, titles, places) for one in run.changes)
        for run in runs
    }


def _sentence(
    change: Mapping[str, Any],
    names: Names,
    titles: Mapping[str, str],
    places: Mapping[str, str],
) -> str:
    if "file" in change:
        return change_sentence(change, titles=titles, places=places, of_person=False)
    about = {
        "room": names["room"].get(str(change.get("room")), _("a room")),
        "leader": names["facilitator"].get(
            str(change.get("facilitator")), _("a leader")
        ),
        "when": half_day(change["weekday"], change["part"])
        if "weekday" in change
        else "",
    }
    told = {
        "new-room": _("One more room like %(room)s on %(when)s."),
        "leader-hours": _("%(leader)s can also come on %(when)s."),
        "fewer-leaders": _("%(leader)s is not there."),
        "fewer-rooms": _("%(room)s cannot be used."),
    }
    return told[change["kind"]] % about


def _tried_lines(runs: list[Any], names: Names) -> list[dict[str, Any]]:
    told = _told(runs, names)
    return [
        {
            "run": run,
            "sentence": told[run.pk],
            "state": state_words(run),
            "tone": TONES[RunState(run.state)],
            "people": people_words(run.found["gained"], run.found["lost"])
            if run.found
            else "",
        }
        for run in runs
    ]


def _lacks_context(run: Any) -> dict[str, Any]:
    """What the newest search for what lacks found, or how far it is."""
    if run is None:
        return {"lacks_run": None, "lacks_busy": False, "lacks": []}
    found = run.found.get("lacks", [])
    titles, places = words_of_ways([{"changes": [one["change"]]} for one in found])
    opened = titles_of(key for one in found for key in one["opens"])
    return {
        "lacks_run": run,
        "lacks_busy": is_unfinished(run),
        "lacks_state": (state_words(run), TONES[RunState(run.state)]),
        "lacks_doing": doing_sentence(run.doing),
        "lacks_fault": fault_of(run) if run.state == RunState.FAILED else None,
        "lacks_done": run.state == RunState.DONE,
        "lacks": [
            {
                "number": number,
                "sentence": change_sentence(
                    one["change"], titles=titles, places=places, of_person=False
                ),
                "gain": _gain(one["seats"]),
                "opens": sorted(opened[key] for key in one["opens"] if key in opened),
                "proven": one["proven"],
            }
            for number, one in enumerate(found)
        ],
    }


def _gain(seats: int) -> str:
    if seats <= 0:
        return _("as many people, more urgent ones")
    return ngettext("%(number)s person more", "%(number)s people more", seats) % {
        "number": words.number(seats)
    }
