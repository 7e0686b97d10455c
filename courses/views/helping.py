"""Arranging a place for somebody: coordinators, referrers and client supporters."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actor import Actor
from courses.cards import cards
from courses.enums import RUNNING_STATES
from courses.forms_somebody import OnceForm, SomebodyForm, windows_of
from courses.models import Registration, Series
from courses.selectors import open_series
from courses.selectors.for_other import registration_for_helper
from courses.selectors.queue import queues
from courses.services.on_behalf import MOST_CHOICES, AnyOf, is_free
from courses.services.somebody import Somebody, ask_for_somebody
from courses.views.for_other import arranged
from courses.views.helpers import for_helpers
from courses.views.reader import HELPERS, refuse
from courses.views.typed import (
    account_mark,
    forget_typed,
    keeps_typed,
    taken_once,
    typed_before,
)
from people.services.accounts import organisation_by_id
from people.services.known import Described
from people.services.mandates import helped_by

if TYPE_CHECKING:
    from django.http import QueryDict

    from people.models import Mandate, Resident, User

MOST_DIGITS = 18
CHOSEN = "groups_for_somebody"
SAME = "somebody_with_registration"
KEPT_FIELDS = (*SomebodyForm.base_fields, "mandate", "same", "group")


def _chosen(request: HttpRequest) -> list[Series]:
    """Groups that were chosen before, in their rank; what is over is left out."""
    ids = request.session.get(CHOSEN, [])
    found = {str(one.pk): one for one in open_series().filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


@require_POST
@for_helpers
def choose(
    request: HttpRequest,
    user: User,  # noqa: ARG001 (what the decorator gives)
    series_id: uuid.UUID,
) -> HttpResponse:
    """Put a group on the list for somebody, or take it off."""
    ids = [one for one in request.session.get(CHOSEN, []) if one != str(series_id)]
    if request.POST.get("act") != "remove":
        series = (
            Series.objects.select_related("offering")
            .filter(pk=series_id, state__in=RUNNING_STATES, offering__in_catalogue=True)
            .first()
        )
        if series is None or not is_free(series):
            raise Http404("no such series, or not without a referral")
        if len(ids) < MOST_CHOICES:
            ids.append(str(series_id))
        else:
            messages.error(
                request,
                _("Choose one to %(most)s groups.") % {"most": MOST_CHOICES},
            )
    request.session[CHOSEN] = ids
    return redirect("courses:for_somebody")


@require_POST
@for_helpers
def more_for_somebody(
    request: HttpRequest, user: User, registration_id: int
) -> HttpResponse:
    """Ask something more for who has this registration; or for somebody else again."""
    if request.POST.get("act") == "remove":
        request.session.pop(SAME, None)
        return redirect("courses:for_somebody")
    found = registration_for_helper(
        actor=Actor.of(user), user=user, registration_id=registration_id
    )
    if found is None:
        refuse(request, "behalf.page", registration_id)
    request.session[SAME] = found.pk
    return redirect("courses:for_somebody")


def _same(request: HttpRequest, user: User) -> Registration | None:
    """The registration whose resident is asked for again, if one was chosen."""
    pk = request.session.get(SAME)
    if pk is None:
        return None
    return registration_for_helper(actor=Actor.of(user), user=user, registration_id=pk)


def _typed(request: HttpRequest, user: User) -> QueryDict | None:
    """What was sent after the session had ended; its groups are chosen again."""
    typed = typed_before(request, user)
    if typed is None:
        return None
    if groups := _ids(taken_once(request, "group")):
        request.session.setdefault(CHOSEN, groups[:MOST_CHOICES])
    for same in taken_once(request, "same")[:1]:
        if same.isascii() and same.isdigit() and len(same) <= MOST_DIGITS:
            request.session.setdefault(SAME, int(same))
    return typed


def _ids(texts: list[str]) -> list[str]:
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(str(uuid.UUID(text)))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed(*KEPT_FIELDS)
@for_helpers
def for_somebody(request: HttpRequest, user: User) -> HttpResponse:
    """The groups that were chosen, and for whom."""
    if request.method == "POST":
        forget_typed(request)
        if request.POST.get("act") == "drop":
            return redirect("courses:for_somebody")
    typed = _typed(request, user)
    series = _chosen(request)
    helped = helped_by(actor=Actor.of(user), supporter=user)
    same = _same(request, user)
    told = SomebodyForm.typed_anew(typed) if typed is not None else {}
    form = SomebodyForm(initial=told | {"once": uuid.uuid4()})
    if request.method == "POST":
        form = SomebodyForm(request.POST)
        who = _who(request, user, form, helped, same)
        done = _join(request, user, form, series, who) if who is not None else None
        if done is not None:
            request.session.pop(CHOSEN, None)
            request.session.pop(SAME, None)
            return render(request, "courses/for_somebody_done.html", _told(done))
    waiting = queues(series_ids=[one.pk for one in series])
    context = {
        "form": form,
        "once": uuid.uuid4(),
        "helped": helped,
        "same": same,
        "arranged": arranged(user=user),
        "cards": cards(series, queues=waiting),
        "may_add": len(series) < MOST_CHOICES,
        "account": account_mark(user),
        "came_back": typed is not None,
        "mandate": (typed or request.POST).get("mandate", ""),
    }
    status = 400 if form.errors else 200
    return render(request, "courses/for_somebody.html", context, status=status)


def _told(done: AnyOf) -> dict[str, Any]:
    return {
        "seat": done.seat.enrolment if done.seat is not None else None,
        "refused": done.refused,
    }


def _who(
    request: HttpRequest,
    user: User,
    form: SomebodyForm,
    helped: list[Mandate],
    same: Registration | None,
) -> Somebody | Resident | None:
    """For whom it is: by a mandate, by a registration, or described; None if wrong."""
    known = request.POST.get("mandate", "")
    mandate = next((one for one in helped if str(one.pk) == known), None)
    if mandate is not None:
        return mandate.resident
    if same is not None and request.POST.get("same") == str(same.pk):
        return same.resident
    return _described(user, form) if form.is_valid() else None


def _described(user: User, form: SomebodyForm) -> Somebody:
    data = form.cleaned_data
    mine = user.organisations_for(*HELPERS)
    return Somebody(
        described=Described(
            call_name=data["call_name"],
            birth_year=data["birth_year"],
            contact_channel=data["contact_channel"],
            contact_address=data["contact_address"],
            postcode4=data["postcode4"],
            organisation=organisation_by_id(pk=min(mine)) if mine else None,
        ),
        hours=windows_of(data["half_days"]),
        wishes=form.wishes,
    )


def _join(
    request: HttpRequest,
    user: User,
    form: SomebodyForm,
    series: list[Series],
    who: Somebody | Resident,
) -> AnyOf | None:
    """All of it or nothing; a refusal is put in the form."""
    mark = OnceForm(request.POST)
    if not mark.is_valid():
        form.errors.clear()
        form.add_error(None, mark.errors["once"])
        return None
    try:
        return ask_for_somebody(
            actor=Actor.of(user),
            user=user,
            once=mark.cleaned_data["once"],
            who=who,
            series_list=series,
            seats=2 if request.POST.get("companion") else 1,
            next_group=bool(request.POST.get("next_group")),
        )
    except ValidationError as refused:
        form.errors.clear()
        for words in refused.messages:
            form.add_error(None, words)
        return None
