"""Something happened to a published week: compare the ways out, and choose one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from scheduling.enums import RunTask, ScheduleState
from scheduling.forms import HappeningForm
from scheduling.models import PlanningRun, Repair, RepairKind, ScheduleEdit
from scheduling.selectors import drafts_of_periods, schedule_of_run, unfinished_runs
from scheduling.selectors.repairs import latest_repairs, repair_or_none, same_happening
from scheduling.services.access import region_planners_only
from scheduling.services.choosing import changed_groups
from scheduling.services.edits import StaleDraft
from scheduling.services.redrafts import choose_alternative
from scheduling.services.repairs import close_centre, lose_room, report_ill
from scheduling.services.ways_out import Question
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
    report: Callable[..., PlanningRun]
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
    """Say who or what cannot be used on which days; a worker looks for the ways out."""
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
            run = happening.report(
                actor=actor,
                user=request.user,
                first=given["first"],
                last=given["last"],
                after=_number(request.POST.get("after", "")),
                **{happening.argument: things[given["about"]][1]},
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("scheduling:looking", run.pk)
    tabs = [
        (str(one.title), reverse("scheduling:report", args=[name]), name == what)
        for name, one in HAPPENINGS.items()
    ]
    context = {
        "form": form,
        "title": happening.title,
        "tabs": tabs,
        "looking": [looking_line(one) for one in unfinished_runs() if is_repair(one)],
        "repairs": [repair_line(one) for one in latest_repairs()],
    }
    status = 422 if posted else 200
    return render(request, "scheduling/report.html", context, status=status)


def _day(text: str) -> date | None:
    """A day as an address writes it; anything else counts as not asked."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    """A number as a form writes it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def is_repair(run: PlanningRun) -> bool:
    """Whether a run looks for ways to mend."""
    return run.task == RunTask.REPAIR


def not_kept(request: HttpRequest) -> HttpResponse:
    """An old address: what happened then was erased, so what is kept is shown."""
    told = _(
        "What happened so long ago is not kept, and neither are the ways to mend it."
    )
    messages.info(request, told)
    return redirect("scheduling:report", "ziek")


def looking_line(run: PlanningRun) -> dict[str, Any]:
    """A run that looks for ways, in words: what happened, and on which days."""
    question = Question.of(run)
    return {
        "href": reverse("scheduling:looking", args=[run.pk]),
        "title": capfirst(question.kind.label),
        "days": words.days_between(question.first, question.last),
    }


def repair_line(repair: Repair) -> dict[str, Any]:
    """A week that something happened to, in words."""
    return {
        "href": reverse("scheduling:repair", args=[repair.pk]),
        "title": capfirst(repair.get_kind_display()),
        "days": words.days_between(repair.first_day, repair.last_day),
        "week": Week.of(repair.run.first_date).number,
        "done": repair.chosen is not None,
    }


def again_fields(question: Question, *, after: int) -> dict[str, Any]:
    """Address and fields of a press that asks the same anew, because the answer with
    this number is not good enough any more."""
    what = next(key for key, one in HAPPENINGS.items() if one.kind == question.kind)
    fields = {
        "about": question.about,
        "first": question.first.isoformat(),
        "last": question.last.isoformat(),
        "after": after,
    }
    return {"action": reverse("scheduling:report", args=[what]), "fields": fields}


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def repair(request: HttpRequest, repair_id: int) -> HttpResponse:
    """The ways out, the best first, each with what it means; choosing makes a draft."""
    found = repair_or_none(repair_id=repair_id)
    if found is None:
        raise Http404("no such repair")
    if not found.about:
        return not_kept(request)
    actor = Actor.of(request.user)
    if request.method == "POST":
        rank = request.POST.get("rank", "")
        try:
            draft = choose_alternative(
                actor=actor,
                repair=found,
                rank=_number(rank),
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
    newest = same_happening(repair=found)
    newer = newest.pop(found.run.first_date)
    context = {
        "repair": found,
        "title": capfirst(found.get_kind_display()),
        "days": words.days_between(found.first_day, found.last_day),
        "week": Week.of(found.run.first_date),
        "touched": len(found.touched),
        "ways": [_way(one, names, titles) for one in ways],
        "others": [repair_line(one) for one in newest.values()],
        "newer": repair_line(newer) if newer.pk > found.pk else None,
        "outdated": _outdated(found),
        "again": again_fields(_question(found), after=found.run_id),
        **_draft_that_goes(found),
        "stale": since is not None,
        "since": [words.edit_words(one) for one in since or ()],
    }
    status = 200 if since is None else 409
    return render(request, "scheduling/repair.html", context, status=status)


def _question(found: Repair) -> Question:
    return Question(
        RepairKind(found.kind),
        found.about,
        found.first_day,
        found.last_day,
        timezone.localdate(),
    )


def _outdated(found: Repair) -> str:
    """Names of groups that changed after the ways were found, by something else than
    publishing one of them."""
    own = schedule_of_run(run=found.run)
    if own is not None and own.state != ScheduleState.DRAFT:
        return ""
    return changed_groups(run=found.run)


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


CHANGING = 5
"""The first wishes of a repair say how much changes; the others say who gains by it."""


def _proven(proofs: list[dict[str, Any]]) -> str:
    """For what part of the week no smaller change exists; empty if that is open."""
    scopes = [proof["proven"] for proof in proofs[:CHANGING]]
    if not scopes:
        return ""
    if set(scopes) == {"whole"}:
        return _("proven: no smaller change of the week exists")
    if set(scopes[:2]) == {"whole"}:
        return _("proven: no way in the whole week loses or changes fewer sessions")
    if set(scopes) <= {"whole", "part"}:
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
