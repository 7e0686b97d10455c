"""Looking for a colleague who takes over a meeting; and answering, by link or not.

Looking never answers: some mail programs open every link. Whoever has the link sees
when and where, and not what it is about; that is behind the sign-in.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from courses.services import led_session
from courses.services.stand_ins import asked_for, stand_in_asked_of, stand_in_by_link
from publishing.services import substitutes
from publishing.services.substitutes import NoLongerWanted, NotFitAnyMore
from publishing.views.access import for_facilitators, refuse

if TYPE_CHECKING:
    from courses.models import Session, StandInAsk
    from people.models import Facilitator

YES = "yes"
GONE, CONFLICT = 410, 409


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def stand_ins(
    request: HttpRequest, facilitator: Facilitator, session_id: uuid.UUID
) -> HttpResponse:
    """Who could take over this meeting, and what those who were asked answered."""
    session = led_session(facilitator=facilitator, session_id=session_id)
    if session is None:
        refuse(request, "stand_in.search", session_id)
    if session.state == "cancelled" or session.period.lower <= timezone.now():
        return redirect("publishing:meeting", session_id=session.pk)
    if request.method != "POST":
        return _page(request, facilitator, session)
    actor = Actor.of(request.user)
    if request.POST.get("act") == "stop":
        if substitutes.stop(actor=actor, facilitator=facilitator, session=session):
            messages.success(request, _("Nobody is asked any more. You lead this."))
        return redirect(request.path)
    try:
        number = substitutes.ask(
            actor=actor,
            user=request.user,
            facilitator=facilitator,
            session=session,
            facilitator_ids=_chosen(request),
        )
    except ValidationError as error:
        return _page(request, facilitator, session, faults=error.messages, status=400)
    words = ngettext(
        "%(number)d colleague gets a message.",
        "%(number)d colleagues get a message. Who says yes first leads it.",
        number,
    )
    messages.success(request, words % {"number": number})
    return redirect(request.path)


def _chosen(request: HttpRequest) -> list[int]:
    """Numbers that were ticked; what is no number is nobody's."""
    given = request.POST.getlist("who")
    return [
        int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        for text in given
    ]


def _page(
    request: HttpRequest,
    facilitator: Facilitator,
    session: Session,
    *,
    faults: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = asked_for(session=session, missing=facilitator)
    waiting = {one.facilitator_id for one in asked if one.state == "asked"}
    found = substitutes.who_could(
        actor=Actor.of(request.user),
        user=request.user,
        facilitator=facilitator,
        session=session,
    )
    context = {
        "session": session,
        "asked": asked,
        "waiting": len(waiting),
        "found": [one for one in found if one.facilitator_id not in waiting],
        "faults": faults or [],
    }
    return render(request, "publishing/stand_ins.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def stand_in(
    request: HttpRequest, facilitator: Facilitator, ask_id: int
) -> HttpResponse:
    """One question of a colleague, for who is signed in."""
    row = stand_in_asked_of(facilitator=facilitator, ask_id=ask_id)
    if row is None:
        refuse(request, "stand_in.read", ask_id)
    return _answer(request, row, Actor.of(request.user), signed_in=True)


@require_http_methods(["GET", "HEAD", "POST"])
def stand_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a mail; the same words for any link that is over."""
    row = stand_in_by_link(token=token)
    if row is None:
        return _bare(request, {"over": True}, GONE)
    actor = Actor(user_id=f"link:stand-in-{row.pk}", role="link")
    return _answer(request, row, actor, signed_in=False)


def _answer(
    request: HttpRequest, row: StandInAsk, actor: Actor, *, signed_in: bool
) -> HttpResponse:
    context = {"ask": row, "session": row.session, "signed_in": signed_in}
    if request.method != "POST":
        return _bare(request, context)
    if request.POST.get("answer") != YES:
        substitutes.decline(actor=actor, row=row)
        return _bare(request, {"done": "no"})
    try:
        substitutes.accept(actor=actor, user=row.facilitator.person.user, row=row)
    except NoLongerWanted:
        return _bare(request, {"over": True}, GONE)
    except NotFitAnyMore:
        return _bare(request, context | {"unfit": True}, CONFLICT)
    return _bare(request, {"done": YES})


def _bare(
    request: HttpRequest, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    response = render(request, "publishing/stand_in.html", context, status=status)
    add_never_cache_headers(response)
    return response
