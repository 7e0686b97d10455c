"""Something happened to a published week: compare the ways out, and choose one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from courses.selectors.coordinator import series_with_offering
from scheduling import words
from scheduling.enums import ScheduleState
from scheduling.messages import group_sentences
from scheduling.models import Repair, RepairKind, ScheduleEdit
from scheduling.selectors import drafts_of_periods, schedule_of_run
from scheduling.selectors.repairs import repair_or_none, same_happening
from scheduling.services.access import coordinates_region, region_planners_only
from scheduling.services.choosing import changed_groups
from scheduling.services.edits import StaleDraft
from scheduling.services.happenings import Question
from scheduling.services.redrafts import choose_alternative
from scheduling.views.happened import (
    again_fields,
    kind_words,
    leaders_to_choose,
    not_kept,
    number_in,
    repair_line,
    rooms_to_choose,
    title_of,
)
from scheduling.views.runs import goes_of, period_of
from scheduling.views.verdicts import (
    Names,
    changes_leaders,
    moved_words,
    people_words,
)
from scheduling.weeks import Week


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
                rank=number_in(rank),
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
        one["series"]
        for way in ways
        for name in ("changes", "seats")
        for one in way.means.get(name, ())
    }
    titles = {
        str(key): row.offering.title
        for key, row in series_with_offering(series_ids=wanted).items()
    }
    by_person = coordinates_region(request.user)
    newest = same_happening(repair=found)
    newer = newest.pop(found.run.first_date)
    context = {
        "repair": found,
        "page_title": kind_words(found.kind),
        "title": title_of(found.kind, found.about, by_person=by_person),
        "days": words.days_between(found.first_day, found.last_day),
        "week": Week.of(found.run.first_date),
        "touched": len(found.touched),
        "came_free": found.about
        if found.kind == RepairKind.RESIDENT_LEFT and by_person
        else "",
        "ways": [_way(one, names, titles, by_person=by_person) for one in ways],
        "others": [repair_line(one, by_person=by_person) for one in newest.values()],
        "newer": repair_line(newer, by_person=by_person)
        if newer.pk > found.pk
        else None,
        "outdated": _outdated(found),
        "again": again_fields(
            _question(found), after=found.run_id, by_person=by_person
        ),
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


def _way(
    way: Any, names: Names, titles: dict[str, str], *, by_person: bool
) -> dict[str, Any]:
    means = way.means
    return {
        "rank": way.rank,
        "changes": [
            _change(one, names, titles.get(one["series"], ""))
            for one in means["changes"]
        ],
        "means": [
            *_seats(means, titles, by_person=by_person),
            *_meaning(means, names),
        ],
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


def _change(change: dict[str, Any], names: Names, title: str) -> dict[str, Any]:
    before, after = change["before"], change["after"]
    return {
        "title": title,
        "before": _meeting(before, names),
        "after": _meeting(after, names) if after else _("not held"),
        "why": group_sentences(change.get("why", ())),
    }


def _seats(
    means: Mapping[str, Any], titles: Mapping[str, str], *, by_person: bool
) -> list[str]:
    """Who gets a seat: by the number of the registration, or only how many do."""
    told: Counter[tuple[str, int]] = Counter()
    for one in means.get("seats", ()):
        where = titles.get(one["series"], "")
        if one["start"] is not None:
            start = timezone.localtime(datetime.fromisoformat(one["start"]))
            where = f"{where}, {words.moment_in_text(start)}"
        told[where, one["registration"] if by_person else 0] += 1
    return [
        _("Registration %(number)s gets a seat: %(group)s")
        % {"number": registration, "group": where}
        if registration
        else ngettext(
            "%(number)s person gets a seat: %(group)s",
            "%(number)s people get a seat: %(group)s",
            number,
        )
        % {"number": number, "group": where}
        for (where, registration), number in told.items()
    ]


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
    found.append(people_words(means["people"], only_leaders=changes_leaders(means)))
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
