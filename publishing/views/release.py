"""Publishing: what it changes, what stands in the way, doing it, and going back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from audit.actor import Actor
from messaging.selectors import Tab, outbox_counts
from people.selectors import number_to_write_to
from publishing.back_words import not_back_in_words
from publishing.releases import (
    accepted_in_words,
    breaches_in_words,
    releases,
    sections,
    titles_of,
)
from publishing.services.release import (
    ReleasePreview,
    ReleaseRefused,
    preview,
)
from publishing.services.release import release as publish
from publishing.services.untold import to_tell
from scheduling import words
from scheduling.enums import RunKind, ScheduleState
from scheduling.messages import double_sentence
from scheduling.selectors import accepted_counts, schedule_by_id
from scheduling.services.access import (
    coordinates_region,
    planners_only,
    reach_of,
    region_planners_only,
)
from scheduling.services.edits import StaleDraft
from scheduling.services.look_again import LookedAgain
from scheduling.services.look_again import look_again as drafts_again
from scheduling.services.shown import drop_draft, version_in

if TYPE_CHECKING:
    from scheduling.models import Schedule, ScheduleEdit

PER_PAGE = 25
NOT_DONE = (Tab.REVIEW, Tab.BY_HAND, Tab.TROUBLE, Tab.TO_GO)
"""Heaps of the outbox with messages that did not go yet."""


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def release(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """What publishing a draft (or going back to an archived schedule) changes; do it.

    A refusal shows what stands in the way, with status 409, and nothing has changed.
    """
    schedule = _schedule(schedule_id)
    if schedule.state == ScheduleState.PUBLISHED:
        messages.info(request, _("This schedule is published already."))
        return redirect(_week_of(schedule))
    if request.method != "POST":
        return _page(request, schedule)
    try:
        done = publish(
            actor=Actor.of(request.user),
            user=request.user,  # type: ignore[arg-type]
            schedule=schedule,
            accept=" ".join(request.POST.getlist("accept")).split(),
            looked_at=request.POST.get("version", ""),
        )
    except ReleaseRefused as error:
        if error.why == "state":
            messages.info(
                request, _("This schedule was published already, or thrown away.")
            )
            return redirect(_week_of(schedule))
        refusal = Refusal(
            title=_("Not published"), why=_why(error, schedule), edits=error.edits
        )
        return _page(request, schedule, refusal, error.preview)
    return redirect("publishing:released", release_id=done.pk)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why nothing was done, and the changes of others since the page was opened."""

    title: str
    why: str
    edits: Sequence[ScheduleEdit] = ()

    @property
    def since(self) -> list[str]:
        return [words.edit_words(one) for one in self.edits]


def _page(
    request: HttpRequest,
    schedule: Schedule,
    refusal: Refusal | None = None,
    seen: ReleasePreview | None = None,
) -> HttpResponse:
    """What publishing changes, as it is now; 409 when something was refused."""
    actor = Actor.of(request.user)
    seen = seen or preview(actor=actor, schedule=schedule)
    coordinates = coordinates_region(request.user)
    context = {
        "schedule": schedule,
        "title": title_of(schedule),
        "back": _week_of(schedule, draft=schedule.state == ScheduleState.DRAFT),
        "is_draft": schedule.state == ScheduleState.DRAFT,
        "refused": refusal,
        "seen": seen,
        "sections": sections(change.as_json() for change in seen.changes),
        "by_person": seen.changes and coordinates,
        "concerned": concerned(schedule, seen),
        "breaches": breaches_in_words(seen.breaches, actor=actor),
        "accepted": request.POST.getlist("accept"),
        "accepted_before": accepted_in_words(schedule, actor=actor),
        "changed": titles_of(seen.changed_meanwhile),
        "may_look_again": _may_look_again(schedule, seen),
        "not_back": not_back_in_words(seen.back, by_person=coordinates),
    }
    status = 409 if refusal else 200
    return render(request, "publishing/release.html", context, status=status)


@require_safe
@planners_only
def released(request: HttpRequest, release_id: int) -> HttpResponse:
    """What a release changed, for whom (in numbers), and how to go back."""
    done = get_object_or_404(releases(), pk=release_id)
    persons = {person for one in done.changes for person in one["persons"]}
    reach = reach_of(request.user)
    heaps = outbox_counts(release=str(done.pk), organisation_ids=reach.organisations)
    waiting = heaps[Tab.REVIEW] + heaps[Tab.BY_HAND]
    context = {
        "release": done,
        "title": title_of(done.schedule),
        "when": words.moment_in_text(timezone.localtime(done.released_at)),
        "week": _week_of(done.schedule),
        "sections": sections(done.changes),
        "accepted_before": accepted_in_words(
            done.schedule, actor=Actor.of(request.user)
        ),
        "persons": len(persons),
        "told": sum(heaps.values()),
        "waiting": waiting,
        "none_waits": reach.whole_region and not sum(heaps[tab] for tab in NOT_DONE),
        "may_go_back": _may_go_back(request, done.former),
    }
    return render(request, "publishing/released.html", context)


@require_safe
@planners_only
def all_releases(request: HttpRequest) -> HttpResponse:
    """Every release, newest first, with the way back to what was there before."""
    page = Paginator(releases(), PER_PAGE).get_page(request.GET.get("page"))
    accepted = accepted_counts(one.schedule for one in page)
    lines = [
        {
            "release": one,
            "title": title_of(one.schedule),
            "when": words.moment_in_text(timezone.localtime(one.released_at)),
            "changes": len(one.changes),
            "accepted": accepted.get(one.schedule_id, 0),
            "current": one.schedule.state == ScheduleState.PUBLISHED,
            "may_go_back": _may_go_back(request, one.schedule),
        }
        for one in page
    ]
    context = {"page": page, "lines": lines}
    return render(request, "publishing/releases.html", context)


@require_POST
@region_planners_only
def drop(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Throw a draft away; the seats it held are free again.

    What a colleague changed since the page was opened is told first (409).
    """
    schedule = _schedule(schedule_id)
    if schedule.state != ScheduleState.DRAFT:
        raise Http404("not a draft")
    try:
        drop_draft(
            actor=Actor.of(request.user),
            schedule=schedule,
            version=version_in(request.POST.get("version", "")),
        )
    except StaleDraft as stale:
        refusal = Refusal(
            title=_("Not thrown away"), why=_changed_since(), edits=stale.edits
        )
        return _page(request, stale.schedule, refusal)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
        return redirect(_week_of(schedule))
    messages.success(
        request, _("The draft is gone. Nothing that was published changed.")
    )
    return redirect(_week_of(schedule))


@require_POST
@region_planners_only
def look_again(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Take over in a draft what changed of its groups; what was done by hand stays.

    What a colleague changed in the draft meanwhile is told first (409).
    """
    schedule = _schedule(schedule_id)
    version = version_in(request.POST.get("version", ""))
    actor = Actor.of(request.user)
    try:
        done = drafts_again(actor=actor, schedule=schedule, version=version)
    except StaleDraft as stale:
        refusal = Refusal(
            title=_("Not looked at again"), why=_changed_since(), edits=stale.edits
        )
        return _page(request, stale.schedule, refusal)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
        return redirect(_week_of(schedule))
    messages.success(
        request,
        _("The draft was looked at again. Below stands what it changes now."),
    )
    for told in _told_of(done):
        messages.warning(request, told)
    return redirect("publishing:release", schedule_id=schedule.pk)


def _told_of(done: LookedAgain) -> list[str]:
    """What somebody has to know who looked at a draft again."""
    told = []
    if done.kept:
        told.append(
            _(
                "Others changed these groups too; they stay as they were changed by "
                "hand in this draft: %(names)s."
            )
            % {"names": ", ".join(titles_of(map(str, done.kept)))}
        )
    if done.decided:
        told.append(
            _(
                "These groups changed, and this draft decides on them as a whole: "
                "%(names)s. Take that decision back, and look at the draft again."
            )
            % {"names": ", ".join(titles_of(map(str, done.decided)))}
        )
    if done.seats:
        told.append(
            ngettext(
                "%(number)s person has something else at that hour by now, and waits "
                "on.",
                "%(number)s people have something else at that hour by now, and wait "
                "on.",
                done.seats,
            )
            % {"number": words.number(done.seats)}
        )
    return told


def _may_look_again(schedule: Schedule, seen: ReleasePreview) -> bool:
    """Whether looking at a draft again may take away what stands in its way: groups
    that changed, or people who got a seat elsewhere."""
    if schedule.state != ScheduleState.DRAFT:
        return False
    elsewhere = any(one.rule == "resident-conflict" for one in seen.breaches)
    return bool(seen.changed_meanwhile) or elsewhere


def _schedule(schedule_id: int) -> Schedule:
    found = schedule_by_id(schedule_id=schedule_id)
    if found is None:
        raise Http404("no such schedule")
    return found


def _may_go_back(request: HttpRequest, schedule: Schedule | None) -> bool:
    """Whether an archived schedule may be released again by this account."""
    if schedule is None or schedule.state != ScheduleState.ARCHIVED:
        return False
    return reach_of(request.user).whole_region


def _week_of(schedule: Schedule, *, draft: bool = False) -> str:
    year, number, _day = schedule.first_date.isocalendar()
    href = reverse("scheduling:week", args=[f"{year}-W{number:02}"])
    return f"{href}?versie={schedule.pk}" if draft else href


def title_of(schedule: Schedule) -> str:
    """Week 49 with its days, or the days of a term."""
    days = words.days_between(schedule.first_date, schedule.last_date)
    if schedule.kind == RunKind.WEEK:
        number = schedule.first_date.isocalendar().week
        return _("Week %(number)s: %(days)s") % {"number": number, "days": days}
    return _("New series: %(days)s") % {"days": days}


def concerned(schedule: Schedule, seen: ReleasePreview) -> str:
    """How many people get a message, and when; or why nobody does."""
    told = to_tell(schedule=schedule, changes=seen.changes)
    number = number_to_write_to(person_ids=told.sessions) if told.sessions else 0
    if number:
        return ngettext(
            "%(number)s person gets a message. It waits in the outbox until you have "
            "looked at it.",
            "%(number)s people get a message. The messages wait in the outbox until "
            "you have looked at them.",
            number,
        ) % {"number": words.number(number)}
    if told.outdated and not told.sessions:
        return _("Nobody gets a message: nobody heard yet of what is taken back.")
    return _("Nobody gets a message.")


def _changed_since() -> str:
    return _("Somebody else changed this draft meanwhile. Below stands how it is now.")


def _why(error: ReleaseRefused, schedule: Schedule) -> str:
    changed = _("What going back changes is not what you saw. Below stands how it is.")
    known: dict[str, Any] = {
        "stale": _changed_since() if schedule.state == ScheduleState.DRAFT else changed,
        "changed": _("Groups changed after this draft was made."),
        "breaches": _("This draft breaks rules as things stand now."),
        "run": _("A plan of this period is being made at this moment."),
        "double": double_sentence(error.constraint),
    }
    return str(known[error.why])
