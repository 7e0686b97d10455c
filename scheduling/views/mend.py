"""Mending one finding of the check before planning, beside where it is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.record import PLANNING
from courses.selectors.catalogue import offerings_to_plan
from people.selectors import list_facilitators
from scheduling.doctor_words import CHECK_WORDS
from scheduling.forms_mend import FORMS, MendForm
from scheduling.services.access import region_planners_only
from scheduling.services.mends import mend
from scheduling.weeks import Week

REFUSED = 422
TERM = "periode"


def choices_for(actor: Actor, checks: set[str]) -> dict[str, Any]:
    """What the forms of these checks offer; names of leaders are read, and logged, only
    where a form shows them."""
    found: dict[str, Any] = {}
    if "series-without-leader" in checks:
        leaders = list_facilitators(actor=actor, purpose=PLANNING)
        found["leaders"] = sorted(
            ((str(one.pk), one.person.group_name) for one in leaders),
            key=lambda pair: pair[1],
        )
    if "registration-without-choices" in checks:
        found["offerings"] = [
            (str(one.pk), one.title)
            for one in offerings_to_plan(needs_reason=False).order_by("title_nl")
        ]
    return found


def mend_form(
    check: str,
    key: str,
    *,
    facts: Mapping[str, int],
    choices: Mapping[str, Any],
    data: Any = None,
    other: str = "",
) -> MendForm:
    """The form of a check about one record; ``other`` is the second thing it names."""
    return FORMS[check](
        data,
        facts=facts,
        auto_id=f"{check}-{key}_%s",
        initial={"other": other} if other else None,
        **choices,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def mend_finding(
    request: HttpRequest, week: Week, check: str, key: str
) -> HttpResponse:
    """The form alone, and what a press on it does; then the check looks again."""
    if check not in FORMS:
        raise Http404("no such mend")
    actor = Actor.of(request.user)
    data = request.POST if request.method == "POST" else None
    form = mend_form(
        check, key, facts={}, choices=choices_for(actor, {check}), data=data
    )
    term = (request.POST or request.GET).get("soort") == TERM
    back = reverse("scheduling:checkup", args=[week])
    back += f"?{urlencode({'soort': TERM})}" if term else ""
    status = 200
    if data is not None:
        if form.is_valid() and _mended(actor, check, key, form):
            messages.success(request, _("It is changed. We looked again."))
            return redirect(f"{back}#{check}")
        status = REFUSED
    context = {
        "form": form,
        "right": CHECK_WORDS[check].right,
        "back": back,
        "term": term,
    }
    return render(request, "scheduling/mend.html", context, status=status)


def _mended(actor: Actor, check: str, key: str, form: MendForm) -> bool:
    """Whether it was done; what is in the way is said at the form."""
    try:
        mend(
            actor=actor,
            check=check,
            key=key,
            data=form.cleaned_data,
            hours=getattr(form, "hours", ()),
        )
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return False
    except (ObjectDoesNotExist, KeyError, ValueError) as error:
        raise Http404("no such record") from error
    return True
