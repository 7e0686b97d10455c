"""A page about a draft that a colleague may publish or throw away at any moment.

Who then presses is not told that the page does not exist, but what became of the draft,
on the week as it is now.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
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
from scheduling.services.access import reach_of
from scheduling.services.edits import edits_since
from scheduling.services.shown import version_in
from scheduling.weeks import Week

if TYPE_CHECKING:
    from scheduling.models import Schedule, ScheduleEdit

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


def draft_asked(request: HttpRequest, drafts: Sequence[Schedule]) -> Schedule | None:
    """The one of these that `?versie=` names by number, or the first as `concept`."""
    asked = request.GET.get("versie", "")
    if asked == "concept" and drafts:
        return drafts[0]
    return next((draft for draft in drafts if str(draft.pk) == asked), None)


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

    A bare page is not found when neither the schedule nor the session is there.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Gone as gone:
            if not _pressed(request) and not _was_there(request, gone, **kwargs):
                raise
            return _told(request, gone, **kwargs)

    return checked


def tell_changed(request: HttpRequest, edits: Sequence[ScheduleEdit]) -> None:
    """Say that nothing was done, and what others changed; without any of these, the
    draft was made anew or its groups were looked at again."""
    what = " ".join(words.edit_words(one) for one in edits)
    messages.warning(
        request,
        _("Somebody else changed this draft meanwhile, so nothing was done. %(what)s")
        % {
            "what": what
            or _("The draft was made anew, or its groups were looked at again.")
        },
    )


def gone_from(
    request: HttpRequest, week: Week, drafts: Sequence[Schedule]
) -> HttpResponse:
    """To the week as it is now, for who asks for a draft that it does not have."""
    other = drafts[0] if drafts else None
    messages.warning(
        request,
        " ".join(
            [_("That draft was published or thrown away meanwhile."), _instead(other)]
        ),
    )
    return redirect("scheduling:week", week) if other is None else _to(other, week)


def _to(draft: Schedule, week: Week) -> HttpResponse:
    return redirect(address_of(draft, week))


def _instead(other: Schedule | None) -> str:
    if other is None:
        return _("This is the week as it is published.")
    return _("Another draft took its place: this is it.")


def _pressed(request: HttpRequest) -> bool:
    """Whether something was filled in or done, and not only looked at."""
    return request.method == "POST" or bool(request.GET)


def _was_there(
    request: HttpRequest,
    gone: Gone,
    *,
    schedule_id: int,
    session_id: uuid.UUID | None = None,
    **_more: Any,
) -> bool:
    if gone.draft is not None or schedule_by_id(schedule_id=schedule_id) is not None:
        return True
    actor, reach = Actor.of(request.user), reach_of(request.user)
    return session_id is not None and (
        one_session(
            actor=actor, session_id=session_id, organisation_ids=reach.organisations
        )
        is not None
    )


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
        tell_changed(request, since[-MOST_TOLD:])
        return redirect(address_of(gone.draft))
    former = schedule_by_id(schedule_id=schedule_id)
    week = _week_of(request, former, session_id)
    kind = "week" if former is None else former.kind
    other = next((one for one in drafts_in(week=week) if one.kind == kind), None)
    if not _pressed(request):
        return gone_from(request, week, [] if other is None else [other])
    what = (
        _("This draft was thrown away meanwhile, so your change was not made.")
        if former is None
        else _("This draft was published meanwhile, so your change was not made.")
    )
    messages.warning(request, " ".join([what, _instead(other)]))
    return redirect("scheduling:week", week) if other is None else _to(other, week)


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
