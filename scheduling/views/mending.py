"""Something happened to a published week: compare the ways out, and choose one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.record import PLANNING
from courses.selectors.coordinator import series_with_offering
from people.selectors import list_facilitators
from rooms.selectors import centres, rooms_of
from scheduling import words
from scheduling.forms import HappeningForm
from scheduling.models import Repair, RepairKind, ScheduleEdit
from scheduling.selectors import drafts_of_periods
from scheduling.services.access import region_planners_only
from scheduling.services.edits import StaleDraft
from scheduling.services.redrafts import choose_alternative
from scheduling.services.repairs import close_centre, lose_room, report_ill
from scheduling.views.runs import goes_of, period_of
from scheduling.views.verdicts import Names, moved_words, people_words
from scheduling.weeks import Week


@dataclass(frozen=True)
class Happening:
    """What can happen: its words, the things it can happen to, and what is done."""

    kind: RepairKind
    title: Any
    label: Any
    things: Callable[[Actor], dict[str, Any]]
    report: Callable[..., list[Repair]]
    argument: str


def leaders_to_choose(actor: Actor) -> dict[str, Any]:
    """Every leader by key, with name and organisation; the read is logged."""
    found = list_facilitators(actor=actor, purpose=PLANNING)
    return {
        str(one.pk): (f"{one.person.group_name}, {one.organisation.name}", one)
        for one in found
    }


def rooms_to_choose(_actor: Actor) -> dict[str, Any]:
    """Every room by key, with its centre."""
    return {str(one.pk): (f"{one.centre.name}, {one.name}", one) for one in rooms_of()}


def _centres(_actor: Actor) -> dict[str, Any]:
    return {
        str(one.pk): (f"{one.name}, {one.place.name}", one)
        for one in centres().order_by("name")
    }


HAPPENINGS = {
    "ziek": Happening(
        RepairKind.LEADER_ILL,
        gettext_lazy("A leader cannot come"),
        gettext_lazy("Which leader"),
        leaders_to_choose,
        report_ill,
        "facilitator",
    ),
    "ruimte": Happening(
        RepairKind.ROOM_LOST,
        gettext_lazy("A room cannot be used"),
        gettext_lazy("Which room"),
        rooms_to_choose,
        lose_room,
        "room",
    ),
    "centrum": Happening(
        RepairKind.CENTRE_CLOSED,
        gettext_lazy("A centre is shut"),
        gettext_lazy("Which centre"),
        _centres,
        close_centre,
        "centre",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def report(request: HttpRequest, what: str = "ziek") -> HttpResponse:
    """Say who or what cannot be used on which days; the ways out follow."""
    happening = HAPPENINGS.get(what)
    if happening is None:
        raise Http404("no such happening")
    actor = Actor.of(request.user)
    things = happening.things(actor)
    posted = request.method == "POST"
    today = timezone.localdate()
    form = HappeningForm(
        request.POST if posted else None,
        label=happening.label,
        things=[(key, name) for key, (name, _row) in things.items()],
        initial={
            "about": request.GET.get("wie", ""),
            "first": _day(request.GET.get("van", "")) or today,
            "last": _day(request.GET.get("tot", "")) or today,
        },
    )
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            repairs = happening.report(
                actor=actor,
                user=request.user,
                first=given["first"],
                last=given["last"],
                **{happening.argument: things[given["about"]][1]},
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _after(request, repairs)
    tabs = [
        (str(one.title), reverse("scheduling:report", args=[name]), name == what)
        for name, one in HAPPENINGS.items()
    ]
    context = {
        "form": form,
        "title": happening.title,
        "tabs": tabs,
        "repairs": [_line(one) for one in _latest()],
    }
    status = 422 if posted else 200
    return render(request, "scheduling/report.html", context, status=status)


def _day(text: str) -> date | None:
    """A day as an address writes it; anything else counts as not asked."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _after(request: HttpRequest, repairs: list[Repair]) -> HttpResponse:
    if not repairs:
        messages.success(
            request, _("It is written down. No published session is touched by it.")
        )
        return redirect("scheduling:week")
    if len(repairs) > 1:
        messages.info(
            request,
            ngettext(
                "%(number)s week is touched: choose for each.",
                "%(number)s weeks are touched: choose for each.",
                len(repairs),
            )
            % {"number": len(repairs)},
        )
    return redirect("scheduling:repair", repairs[0].pk)


def _latest() -> list[Repair]:
    return list(Repair.objects.select_related("run")[:10])


def _line(repair: Repair) -> dict[str, Any]:
    return {
        "href": reverse("scheduling:repair", args=[repair.pk]),
        "title": capfirst(repair.get_kind_display()),
        "days": words.days_between(repair.first_day, repair.last_day),
        "week": Week.of(repair.run.first_date).number,
        "done": repair.chosen is not None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def repair(request: HttpRequest, repair_id: int) -> HttpResponse:
    """The ways out, the best first, each with what it means; choosing makes a draft."""
    found = get_object_or_404(Repair.objects.select_related("run"), pk=repair_id)
    actor = Actor.of(request.user)
    if request.method == "POST":
        rank = request.POST.get("rank", "")
        try:
            draft = choose_alternative(
                actor=actor,
                repair=found,
                rank=int(rank) if rank.isascii() and rank.isdigit() else 0,
                shown=request.POST.get("draft", ""),
            )
        except StaleDraft as stale:
            return _ways(request, actor, found, since=stale.edits)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("scheduling:repair", found.pk)
        return redirect("publishing:release", draft.pk)
    return _ways(request, actor, found)


def _ways(
    request: HttpRequest,
    actor: Actor,
    found: Repair,
    *,
    since: Sequence[ScheduleEdit] | None = None,
) -> HttpResponse:
    """The page; 409 with what changed ``since`` a form that was too late."""
    names = Names(
        rooms={key: name for key, (name, _row) in rooms_to_choose(actor).items()},
        leaders={key: name for key, (name, _row) in leaders_to_choose(actor).items()},
    )
    ways = list(found.alternatives.all())
    wanted = {
        change["series"] for way in ways for change in way.means.get("changes", ())
    }
    titles = {
        str(key): row.offering.title
        for key, row in series_with_offering(series_ids=wanted).items()
    }
    others = Repair.objects.filter(
        kind=found.kind,
        about=found.about,
        first_day=found.first_day,
        last_day=found.last_day,
    ).exclude(pk=found.pk)
    context = {
        "repair": found,
        "title": capfirst(found.get_kind_display()),
        "days": words.days_between(found.first_day, found.last_day),
        "week": Week.of(found.run.first_date),
        "touched": len(found.touched),
        "ways": [_way(one, names, titles) for one in ways],
        "others": [_line(one) for one in others.select_related("run")],
        **_draft_that_goes(found),
        "stale": since is not None,
        "since": [words.edit_words(one) for one in since or ()],
    }
    status = 200 if since is None else 409
    return render(request, "scheduling/repair.html", context, status=status)


def _draft_that_goes(found: Repair) -> dict[str, Any]:
    """The draft of an earlier choice: its mark, and the changes by hand in it; and
    another draft of the week, which has to go before a way can be taken."""
    drafts = drafts_of_periods(periods=[period_of(found.run)])
    own = {key: one for key, one in drafts.items() if one.run_id == found.run_id}
    other = next((one for one in drafts.values() if one.run_id != found.run_id), None)
    return goes_of(found.run, own) | {"other_draft": other}


def _way(way: Any, names: Names, titles: dict[str, str]) -> dict[str, Any]:
    means = way.means
    return {
        "rank": way.rank,
        "changes": [
            _change(one, names, titles.get(one["series"], ""))
            for one in means["changes"]
        ],
        "means": _meaning(means, names),
        "least": _proven(way.proofs),
        "usable": way.plan is not None,
    }


def _proven(proofs: list[dict[str, Any]]) -> str:
    """For what part of the week no smaller change exists; empty if that is open."""
    scopes = {proof["proven"] for proof in proofs}
    if scopes == {"whole"}:
        return _("proven: no smaller change of the week exists")
    if scopes and scopes <= {"whole", "part"}:
        return _("proven: no smaller change of these groups exists")
    return ""


def _change(change: dict[str, Any], names: Names, title: str) -> dict[str, str]:
    before, after = change["before"], change["after"]
    return {
        "title": title,
        "before": _meeting(before, names),
        "after": _meeting(after, names) if after else _("not held"),
    }


def _meeting(meeting: dict[str, Any], names: Names) -> str:
    start = timezone.localtime(datetime.fromisoformat(meeting["start"]))
    return _("%(when)s, %(room)s, led by %(leaders)s") % {
        "when": words.moment_in_text(start),
        "room": names.room(meeting["room"]),
        "leaders": names.people(meeting["leaders"]),
    }


def _meaning(means: dict[str, Any], names: Names) -> list[str]:
    found = []
    if lost := means["sessions_lost"]:
        found.append(
            ngettext(
                "%(number)s session is not held",
                "%(number)s sessions are not held",
                lost,
            )
            % {"number": lost}
        )
    if lost := len(means["seats_lost"]):
        found.append(
            ngettext(
                "%(number)s person loses a seat", "%(number)s people lose a seat", lost
            )
            % {"number": lost}
        )
    found.append(people_words(means["people"]))
    if means["minutes_moved"]:
        found.append(moved_words(means["minutes_moved"]))
    found += [
        _("%(names)s stands in, with %(minutes)s minutes of travel")
        % {
            "names": names.people([one["facilitator"]]),
            "minutes": one["travel_minutes"],
        }
        for one in means["steps_in"]
    ]
    return found
