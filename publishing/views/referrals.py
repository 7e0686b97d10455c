"""The coordinator's pages of referrals: who waits, and arranging it by telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from intake.enums import ReferralState
from intake.selectors import (
    chosen_time,
    open_times,
    referral_by_id,
    referrals_to_arrange,
)
from intake.services.letters import REACHED
from intake.services.referrals import not_the_same, same_person
from publishing.services import conversations
from publishing.views.access import refuse
from scheduling.services.access import planners_only, reach_of

if TYPE_CHECKING:
    from intake.models import Referral


@dataclass(frozen=True, kw_only=True)
class Line:
    """One referral in the list: a number, no name."""

    referral: Referral
    place: str
    state: str
    days: int
    late: bool
    by_phone: bool


@require_safe
@planners_only
def all_referrals(request: HttpRequest) -> HttpResponse:
    """Referrals that are not finished, soonest due first."""
    reach = reach_of(request.user)
    rows = referrals_to_arrange(
        actor=Actor.of(request.user), organisation_ids=reach.organisations
    )
    context = {"lines": [_line(one) for one in rows]}
    return render(request, "publishing/referrals.html", context)


def _line(referral: Referral) -> Line:
    person = referral.resident.person
    today = timezone.localdate()
    return Line(
        referral=referral,
        place=person.place.name if person.place else "",
        state=str(referral.get_state_display()).capitalize(),
        days=(today - referral.received_on).days,
        late=referral.target_date < today,
        by_phone=(
            referral.state == ReferralState.PROPOSED
            and person.contact_channel not in REACHED
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def one_referral(request: HttpRequest, referral_id: int) -> HttpResponse:
    """One referral with name and way of contact; choose for who is on the telephone."""
    reach = reach_of(request.user)
    actor = Actor.of(request.user)
    referral = referral_by_id(actor=actor, referral_id=referral_id)
    if referral is None or not (
        reach.organisations is None
        or referral.resident.person.organisation_id in reach.organisations
    ):
        refuse(request, "referral.read", referral_id)
    if request.method == "POST":
        try:
            _act(request, referral, actor)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
        return redirect("publishing:referral", referral_id=referral_id)
    planned = referral.state in {ReferralState.PLANNED, ReferralState.HELD}
    context: dict[str, Any] = {
        "referral": referral,
        "line": _line(referral),
        "times": open_times(referral_id=referral.pk),
        "chosen": chosen_time(referral_id=referral.pk) if planned else None,
    }
    return render(request, "publishing/referral.html", context)


def _act(request: HttpRequest, referral: Referral, actor: Actor) -> None:
    act, asked = request.POST.get("act", ""), request.POST.get("time", "")
    if act == "propose":
        made = conversations.propose(actor=actor, referral_ids=[referral.pk])
        _say_found(request, made)
    elif act == "others":
        made = conversations.ask_others(actor=actor, referral_id=referral.pk)
        _say_found(request, made)
    elif act == "cancel":
        if conversations.cancel(actor=actor, referral_id=referral.pk):
            messages.success(request, _("The appointment is off."))
    elif act == "two":
        not_the_same(actor=actor, referral=referral)
        messages.success(request, _("Kept as two persons."))
    elif act == "one":
        same_person(actor=actor, referral=referral)
        messages.success(request, _("Kept as one person."))
    elif act == "withdraw":
        conversations.withdraw(actor=actor, referral_id=referral.pk)
        messages.success(request, _("The referral is closed."))
    elif asked.isdigit() and len(asked) <= 18:
        conversations.choose(actor=actor, referral_id=referral.pk, time_id=int(asked))
        messages.success(request, _("The appointment is made."))
    else:
        messages.error(request, _("Choose one of the times."))


def _say_found(request: HttpRequest, made: int) -> None:
    if made:
        messages.success(request, _("Times are proposed."))
    else:
        messages.info(
            request,
            _("No time was found. Look at rooms, hours and leave of the leaders."),
        )
