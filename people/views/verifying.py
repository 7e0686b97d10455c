"""An administrator makes sure who a referrer is, and writes down how."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from people.enums import CheckedHow, Register, Role
from people.services.verification import (
    Referrer,
    counting_days,
    end_verification,
    referrers,
    verify,
)
from people.views.access import for_administrators, refuse


class CheckForm(forms.Form):
    """Where somebody was looked up, and how."""

    register = forms.ChoiceField(
        label=gettext_lazy("Where is this person known?"), choices=Register
    )
    number = forms.CharField(
        label=gettext_lazy("Number there"),
        help_text=gettext_lazy(
            "AGB 8 digits, BIG 11, SKJ 9. Empty without a register."
        ),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How did you check it?"),
        choices=CheckedHow,
        widget=forms.RadioSelect,
    )


def _in_reach(request: HttpRequest) -> list[Referrer]:
    user: Any = request.user
    return referrers(
        actor=Actor.of(user),
        organisation_ids=user.organisations_for(Role.FUNCTIONAL_ADMINISTRATOR),
    )


@require_safe
@for_administrators
def all_referrers(request: HttpRequest) -> HttpResponse:
    """Who may open the referral form, and whose check counts."""
    context = {"rows": _in_reach(request), "days": counting_days()}
    return render(request, "people/referrers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def check(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Check one referrer, again after a year, or end a check at once."""
    rows = _in_reach(request)
    found = next((one for one in rows if one.membership.pk == membership_id), None)
    if found is None or found.membership.organisation is None:
        refuse(request, "verification.read")
    user, organisation = found.membership.user, found.membership.organisation
    actor = Actor.of(request.user)
    if request.method == "POST" and request.POST.get("act") == "end":
        if end_verification(actor=actor, user=user, organisation=organisation):
            messages.success(request, _("This check counts no longer."))
        return redirect("people:referrers")
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verify(
                actor=actor,
                by=request.user,  # type: ignore[arg-type]
                user=user,
                organisation=organisation,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The check is kept. Referring is open now."))
            return redirect("people:referrers")
    context = {"form": form, "one": found, "days": counting_days()}
    status = 422 if request.method == "POST" else 200
    return render(request, "people/check_referrer.html", context, status=status)
