"""A resident chooses a time: on the own page, or by the link of a mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from intake.enums import ReferralState
from intake.selectors import (
    chosen_time,
    open_referral_of,
    open_times,
    referral_by_link,
)
from publishing.services import conversations
from publishing.views.access import for_residents, refuse

if TYPE_CHECKING:
    from intake.models import Referral
    from people.models import Resident

LINK = "link"
"""Role in the access log of who holds a link and no account."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def own_times(request: HttpRequest, resident: Resident) -> HttpResponse:
    """The times proposed to the reader, and choosing one (POST)."""
    referral = open_referral_of(resident_id=resident.pk)
    if referral is None:
        return render(request, "publishing/no_times.html")
    actor = Actor.of(request.user)
    if request.method == "POST":
        _act(request, referral, actor)
        return redirect("publishing:own_times")
    return _page(request, referral, by_link=False)


@require_http_methods(["GET", "HEAD", "POST"])
def link_times(request: HttpRequest, token: str) -> HttpResponse:
    """The same by the link of a mail: no name, and it ends when a time is chosen.

    Looking changes nothing: programs that read mail open links too.
    """
    referral = referral_by_link(secret=token)
    if referral is None:
        response = render(request, "publishing/link_over.html", status=404)
    elif request.method == "POST":
        response = _by_link(request, referral)
    else:
        response = _page(request, referral, by_link=True)
    add_never_cache_headers(response)
    return response


def _by_link(request: HttpRequest, referral: Referral) -> HttpResponse:
    actor = Actor(user_id=f"link:{referral.pk}", role=LINK)
    _act(request, referral, actor)
    referral.refresh_from_db()
    if referral.state == ReferralState.PROPOSED:
        return redirect(request.path)
    context = {"chosen": chosen_time(referral_id=referral.pk), "by_link": True}
    return render(request, "publishing/times_done.html", context)


def _page(request: HttpRequest, referral: Referral, *, by_link: bool) -> HttpResponse:
    planned = referral.state == ReferralState.PLANNED
    times = [] if planned else open_times(referral_id=referral.pk)
    length = times[0].period.upper - times[0].period.lower if times else timedelta()
    context: dict[str, Any] = {
        "by_link": by_link,
        "times": times,
        "minutes": int(length.total_seconds() // 60),
        "chosen": chosen_time(referral_id=referral.pk) if planned else None,
        "due": referral.target_date,
    }
    return render(request, "publishing/times.html", context)


def _act(request: HttpRequest, referral: Referral, actor: Actor) -> None:
    """Choose a time, ask for others, or give an appointment up; said in a message."""
    act = request.POST.get("act", "")
    try:
        if act == "others":
            _others(request, referral, actor)
        elif act == "cancel" and conversations.cancel(
            actor=actor, referral_id=referral.pk
        ):
            conversations.look_on(actor=actor, referral_id=referral.pk)
            messages.success(request, _("This appointment is off. We look for others."))
        elif act not in {"others", "cancel"}:
            _choose(request, referral, actor)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])


def _others(request: HttpRequest, referral: Referral, actor: Actor) -> None:
    if conversations.ask_others(actor=actor, referral_id=referral.pk):
        messages.success(request, _("Here are other times."))
    else:
        messages.info(
            request,
            _("We have no other times now. We look on, and write or call you."),
        )


def _choose(request: HttpRequest, referral: Referral, actor: Actor) -> None:
    asked = request.POST.get("time", "")
    if not asked.isdigit() or len(asked) > 18:
        messages.error(request, _("Choose one of the times."))
        return
    known = {one.pk for one in open_times(referral_id=referral.pk)}
    done = chosen_time(referral_id=referral.pk)
    if done is not None:
        known.add(done.pk)
    if int(asked) not in known and not _was_mine(referral, int(asked)):
        refuse(request, "referral.choose", asked)
    conversations.choose(actor=actor, referral_id=referral.pk, time_id=int(asked))
    messages.success(request, _("Your appointment is made."))


def _was_mine(referral: Referral, time_id: int) -> bool:
    """Whether it is a time of this referral that is over: said in words, no refusal."""
    return referral.times.filter(pk=time_id).exists()
