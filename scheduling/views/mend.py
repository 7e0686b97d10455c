"""Mending one finding of the check before planning, beside where it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import (
    ObjectDoesNotExist,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.rows import StaleRow
from scheduling.doctor_words import CHECK_WORDS
from scheduling.forms_mend import FORMS
from scheduling.forms_mend_base import MendForm
from scheduling.services.access import as_region_coordinator, region_planners_only
from scheduling.services.checkup import Checkup
from scheduling.services.found_things import Thing, Told, name_of
from scheduling.services.mends import is_of_care, mend
from scheduling.services.standing import standing
from scheduling.views.mend_choices import choices_for, now_words
from scheduling.weeks import Week

REFUSED = 422
STALE = 409
TERM = "periode"
TERM_WEEKS = 13
MENDED = "checkup-mended"
"""Where the session keeps what was mended until the check has looked again."""
OUTCOME = "gedaan"
ABOUT = {
    "published-room-closed": "room",
    "published-room-too-small": "room",
    "published-leader-away": "facilitator",
    "published-member-away": "person",
}
"""Checks that are mended at another thing than the first that they name."""
WITH_OTHER = frozenset(
    {
        "registration-already-member",
        "together-without-common-choice",
        "together-and-apart",
        "apart-but-in-one-group",
    }
)
"""Checks whose form carries the second thing too."""
KINDS = {
    "series": "series",
    "room": "room",
    "facilitator": "facilitator",
    "role": "role",
    "registration": "registration",
    "together": "registration",
    "person": "person",
}
"""What the others are about, by the first part of their names."""
PAIR = "apart-but-in-one-group"


def subject_of(told: Told) -> tuple[str, str]:
    """The key of the record that a form mends, and that of the other thing, or nothing
    where there is no such record."""
    if told.check == PAIR:
        pair = (*told.of("person"), *told.of("facilitator"))
        return _with_kind(pair[0]), _with_kind(pair[1])
    kind = ABOUT.get(told.check)
    things = told.of(kind) if kind else list(told.things)
    if not things:
        return "", ""
    other = things[1].key if told.check in WITH_OTHER else ""
    return things[0].key, other


def _with_kind(thing: Thing) -> str:
    return f"{thing.kind}-{thing.key}"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was looked at: a week, or the term that begins with it."""

    week: Week
    term: bool

    @property
    def days(self) -> tuple[date, date]:
        last = self.week.plus(TERM_WEEKS - 1) if self.term else self.week
        return self.week.monday, last.sunday

    @property
    def query(self) -> str:
        return f"?{urlencode({'soort': TERM})}" if self.term else ""

    @property
    def address(self) -> str:
        return reverse("scheduling:checkup", args=[self.week]) + self.query


def mend_form(
    check: str,
    *,
    look: Look,
    facts: Mapping[str, int],
    choices: Mapping[str, Any],
    now: Mapping[str, Any],
    data: Any = None,
    other: str = "",
    number: int = 0,
) -> MendForm:
    """The form of a check about one record; ``other`` is the second thing it names,
    ``now`` what is written down of it, ``number`` which of its check it is."""
    return FORMS[check](
        data,
        facts=facts,
        days=look.days,
        auto_id=f"{check}-{number}_%s",
        initial={"other": other} if other else None,
        choices=choices,
        standing=now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
def mend_finding(
    request: HttpRequest, week: Week, check: str, key: str
) -> HttpResponse:
    """The form alone, and what a press on it does; then the check looks again."""
    if check not in FORMS:
        raise Http404("no such mend")
    if is_of_care(check):
        as_region_coordinator(request)
    actor = Actor.of(request.user)
    posted = request.method == "POST"
    asked = request.POST if posted else request.GET
    look = Look(week=week, term=asked.get("soort") == TERM)
    form = mend_form(
        check,
        look=look,
        facts={},
        choices=choices_for(actor, {check}, key=key),
        now={} if posted else _written(check, key),
        data=request.POST if posted else None,
        other=request.GET.get("ander", ""),
    )
    status = 200
    if posted:
        status = _press(actor, check, key, form)
        if status == 200:
            request.session[MENDED] = [check, key]
            return redirect(f"{look.address}#{OUTCOME}")
    context = {
        "form": form,
        "name": _name(actor, check, key),
        "right": CHECK_WORDS[check].right,
        "back": look.address,
        "term": look.term,
    }
    return render(request, "scheduling/mend.html", context, status=status)


def _kind_of(check: str) -> str:
    """The kind of record that a check is mended at."""
    return ABOUT.get(check) or KINDS.get(check.partition("-")[0], "")


def _name(actor: Actor, check: str, key: str) -> str:
    """What the form is about; of two people that is told beside it."""
    if check == PAIR:
        return ""
    try:
        return name_of(actor, _kind_of(check), key)
    except (KeyError, ValueError) as error:
        raise Http404("no such record") from error


def _press(actor: Actor, check: str, key: str, form: MendForm) -> int:
    """Do it; 200 if it was done. What is in the way is said at the form."""
    if not form.is_valid():
        return REFUSED
    try:
        mend(
            actor=actor,
            check=check,
            key=key,
            data=form.cleaned_data,
            hours=getattr(form, "hours", ()),
            seen=form.cleaned_data["seen"],
        )
    except StaleRow as stale:
        form.renewed(stale.facts)
        form.add_error(None, now_words(stale.facts))
        return STALE
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return REFUSED
    except (ObjectDoesNotExist, KeyError, ValueError) as error:
        raise Http404("no such record") from error
    return 200


def _written(check: str, key: str) -> Mapping[str, Any]:
    try:
        return standing(check=check, keys=[key]).get(key, {})
    except ValueError as error:
        raise Http404("no such record") from error


def outcome_of(request: HttpRequest, found: Checkup) -> dict[str, Any] | None:
    """What became of a finding that was mended just now: gone, or what is still so."""
    if MENDED not in request.session:
        return None
    check, key = request.session.pop(MENDED)
    if found.faults:
        return {
            "check": check,
            "title": _("It is changed. Mend first what stands below, then look again."),
        }
    about = [
        one
        for one in found.told
        if subject_of(one)[0] == key and _kind_of(one.check) == _kind_of(check)
    ]
    still = [one for one in about if one.check == check]
    if still:
        title = _("It is changed, but this is still so:")
    elif about:
        title = _("It is changed, and the warning is gone. About the same there is:")
    else:
        title = _("It is changed, and the warning is gone.")
    told = [(one.wrong, one.check) for one in still or about]
    return {"check": check, "title": title, "wrong": told}
