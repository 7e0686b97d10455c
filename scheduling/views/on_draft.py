"""A page about a draft that a colleague may publish or throw away at any moment.

Who then presses is not told that the page does not exist, but what became of the draft,
on the week as it is now.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from scheduling import words
from scheduling.enums import ScheduleState
from scheduling.selectors import drafts_in, one_session, schedule_by_id
from scheduling.services.edits import edits_since
from scheduling.services.shown import version_in
from scheduling.weeks import Week

if TYPE_CHECKING:
    from scheduling.models import Schedule

View = Callable[..., HttpResponse]
MOST_TOLD = 3


class Gone(Http404):
    """The draft, or its session, is not there any more; ``draft`` if that still is."""

    def __init__(self, why: str, draft: Schedule | None = None) -> None:
        super().__init__(why)
        self.draft = draft


def draft_or_404(schedule_id: int) -> Schedule:
    """The draft of that number; published and archived schedules are not changed."""
    draft = schedule_by_id(schedule_id=schedule_id)
    if draft is None or draft.state != ScheduleState.DRAFT:
        raise Gone("no such draft")
    return draft


def must_still_be(draft: Schedule) -> None:
    """Raise ``Gone`` when a draft was published or thrown away while a press waited."""
    draft_or_404(draft.pk)


def version_of(request: HttpRequest) -> int:
    """The version of the draft that a form was made at; without it always stale."""
    return version_in(request.POST.get("version", ""))


def address_of(draft: Schedule, week: Week | None = None) -> str:
    """The week in which a draft is shown, its first unless another is named."""
    where = reverse("scheduling:week", args=[week or Week.of(draft.first_date)])
    return f"{where}?versie={draft.pk}"


def told_when_gone(view: View) -> View:
    """A view of a draft that says so when the draft, or its session, went meanwhile.

    That is for what was filled in or pressed; the bare page of a draft that is not
    there does not exist.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Gone as gone:
            if request.method != "POST" and not request.GET:
                raise
            return _told(request, gone, **kwargs)

    return checked


def _told(
    request: HttpRequest,
    gone: Gone,
    *,
    schedule_id: int,
    session_id: uuid.UUID | None = None,
    **_more: Any,
) -> HttpResponse:
    if gone.draft is not None:
        since = edits_since(schedule=gone.draft, version=version_of(request))
        messages.warning(
            request,
            _(
                "Somebody else changed this draft meanwhile, so nothing was done. "
                "%(what)s"
            )
            % {"what": " ".join(words.edit_words(one) for one in since[-MOST_TOLD:])},
        )
        return redirect(address_of(gone.draft))
    former = schedule_by_id(schedule_id=schedule_id)
    week = _week_of(request, former, session_id)
    kind = "week" if former is None else former.kind
    other = next((one for one in drafts_in(week=week) if one.kind == kind), None)
    told = [
        _("This draft was thrown away meanwhile, so your change was not made.")
        if former is None
        else _("This draft was published meanwhile, so your change was not made."),
        _("This is the week as it is published.")
        if other is None
        else _("Another draft took its place: this is it."),
    ]
    messages.warning(request, " ".join(told))
    if other is not None:
        return redirect(address_of(other, week))
    return redirect("scheduling:week", week)


def _week_of(
    request: HttpRequest, former: Schedule | None, session_id: uuid.UUID | None
) -> Week:
    """The week that was looked at: of the session, of the form, or of the schedule."""
    given = request.POST or request.GET
    try:
        asked = Week.of(date.fromisoformat(given.get("day", "")))
        return Week.read(str(asked))  # none of long ago: they have no address
    except ValueError:
        pass
    if session_id is not None:
        found = one_session(actor=Actor.of(request.user), session_id=session_id)
        if found is not None:
            return Week.of(found.start.date())
    return Week.of(timezone.localdate() if former is None else former.first_date)
