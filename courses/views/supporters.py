"""Who may arrange things for a resident: given and ended by the resident alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actor import Actor
from courses.views.reader import for_residents, refuse
from people.services.accounts import account_by_id
from people.services.mandates import (
    end_mandate,
    give_mandate,
    mandate_of,
    mandates_of,
    supporters,
)

if TYPE_CHECKING:
    from people.models import Resident


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def help_with(request: HttpRequest, resident: Resident) -> HttpResponse:
    """Who may arrange things for me (GET); let one more do so (POST)."""
    choices = supporters()
    if request.method == "POST":
        chosen = request.POST.get("supporter", "")
        known = {str(pk) for pk, _name in choices}
        supporter = account_by_id(pk=int(chosen)) if chosen in known else None
        if supporter is None:
            messages.error(request, _("Choose a name from the list."))
        else:
            give_mandate(
                actor=Actor.of(request.user), resident=resident, supporter=supporter
            )
            messages.success(request, _("This person may now arrange things for you."))
        return redirect("courses:help_with")
    given = mandates_of(resident=resident)
    helping = {one.supporter_id for one, _name in given}
    context = {
        "given": given,
        "choices": [one for one in choices if one[0] not in helping],
    }
    return render(request, "courses/help_with.html", context)


@require_POST
@for_residents
def end_help(request: HttpRequest, resident: Resident, mandate_id: int) -> HttpResponse:
    """Stop what a supporter may do, at once."""
    found = mandate_of(resident=resident, mandate_id=mandate_id)
    if found is None:
        refuse(request, "mandate.end", mandate_id)
    end_mandate(actor=Actor.of(request.user), mandate=found)
    messages.success(request, _("This person can no longer arrange things for you."))
    return redirect("courses:help_with")
