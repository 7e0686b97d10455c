"""A GP or social worker refers, and sees what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from courses.words import day_words
from intake.enums import Advice, ReferralState
from intake.forms import YES, ReferralForm
from intake.models import Referral
from intake.selectors import own_referrals, referral_of
from intake.services.refer import Asked
from intake.services.refer import refer as refer_resident
from intake.views.access import for_roles, own_organisations, refuse
from people.enums import Role
from people.selectors import places
from people.services.verification import verified_organisations

Step = tuple[str, str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.REFERRER)
def refer(request: HttpRequest) -> HttpResponse:
    """The form; what is urgent is refused with the fixed text, and nothing is kept.

    Who was not checked for any organisation reads what to do instead.

    Whoever is referred, known or new, the answer is the same page.
    """
    own = own_organisations(request.user, Role.REFERRER)
    if not own:
        return render(request, "intake/no_organisation.html", status=403)
    # Asked first and of every form, also a faulty one: nothing may delay this answer.
    if request.POST.get("urgent") == YES:
        return render(request, "intake/urgent.html", status=422)
    checked = verified_organisations(user=request.user)  # type: ignore[arg-type]
    own = [one for one in own if one.pk in checked]
    if not own:
        context = {"contact_email": settings.GEM_CONTACT_EMAIL}
        return render(request, "intake/not_verified.html", context, status=403)
    form = ReferralForm(request.POST or None, places=places(), organisations=own)
    if request.method != "POST":
        return render(request, "intake/refer.html", {"form": form})
    if not form.is_valid():
        return render(request, "intake/refer.html", {"form": form}, status=422)
    data = form.cleaned_data
    refer_resident(
        actor=Actor.of(request.user),
        referrer=request.user,  # type: ignore[arg-type]
        organisation=form.organisations[data["organisation"]],
        asked=Asked(
            call_name=data["call_name"],
            birth_year=data["birth_year"],
            place=form.places[data["place"]],
            contact_channel=data["contact_channel"],
            contact_address=data["contact_address"],
            with_relative=data["with_relative"],
            once=data["once"],
        ),
    )
    return redirect("intake:referred")


@require_safe
@for_roles(Role.REFERRER)
def referred(request: HttpRequest) -> HttpResponse:
    """What happens next; the same for everyone who was referred."""
    return render(request, "intake/referred.html")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One referral in the list: its state in words, and how long it has waited."""

    referral: Referral
    state: str
    tone: str
    days: int
    late: bool


@require_safe
@for_roles(Role.REFERRER)
def own_list(request: HttpRequest) -> HttpResponse:
    """What the reader referred, newest first."""
    user: Any = request.user
    rows = own_referrals(actor=Actor.of(user), user_id=user.pk)
    return render(
        request, "intake/own_referrals.html", {"lines": [_line(one) for one in rows]}
    )


def _line(referral: Referral) -> Line:
    end = referral.held_on or timezone.localdate()
    return Line(
        referral=referral,
        state=str(referral.get_state_display()).capitalize(),
        tone="ok" if referral.state == ReferralState.ADVISED else "plain",
        days=(end - referral.received_on).days,
        late=end > referral.target_date,
    )


@require_safe
@for_roles(Role.REFERRER)
def own_detail(request: HttpRequest, referral_id: int) -> HttpResponse:
    """How far one referral is, step by step, and the advice."""
    user: Any = request.user
    referral = referral_of(
        actor=Actor.of(user), referral_id=referral_id, user_id=user.pk
    )
    if referral is None:
        refuse(request, "referral.read", referral_id)
    outcome = getattr(referral, "outcome", None)
    context = {
        "referral": referral,
        "line": _line(referral),
        "steps": steps(referral),
        "advice": [str(Advice(one).label) for one in outcome.advice] if outcome else [],
    }
    return render(request, "intake/own_referral.html", context)


def steps(referral: Referral) -> list[Step]:
    """The stages of a referral with their days, for the steps component."""
    days = [
        (_("Received"), day_words(referral.received_on)),
        (_("Times proposed"), _when(referral.proposed_at)),
        (_("Time chosen"), _when(referral.chosen_at)),
        (_("Conversation"), day_words(referral.held_on) if referral.held_on else ""),
        (_("Advice"), _when(referral.advised_at)),
    ]
    found: list[Step] = []
    current = referral.state != ReferralState.WITHDRAWN
    for title, day in days:
        if day:
            found.append(("done", title, day))
            continue
        found.append(("current" if current else "todo", title, ""))
        current = False
    return found


def _when(moment: Any) -> str:
    return day_words(timezone.localdate(moment)) if moment else ""
