"""Arranging a place for somebody: coordinators, referrers and client supporters."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.actor import Actor
from audit.record import CARE, record_event
from courses.cards import cards
from courses.enums import RUNNING_STATES
from courses.forms_somebody import SomebodyForm, windows_of
from courses.models import Series
from courses.selectors import open_series
from courses.selectors.queue import queues
from courses.services.on_behalf import MOST_CHOICES, AnyOf, is_free, join_any_of
from courses.views.reader import HELPERS
from people import services as people
from people.enums import Role
from people.services.accounts import organisation_by_id
from people.services.mandates import give_mandate, helped_by

if TYPE_CHECKING:
    from people.models import Resident, User

CHOSEN = "groups_for_somebody"


def for_helpers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only who helps residents by profession; others are told so, and it is logged."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not user.roles & HELPERS:
            record_event(
                actor=Actor.of(user),
                code="behalf.page",
                action="R",
                purpose=CARE,
                object_kind="registration",
                result="refused",
            )
            raise PermissionDenied
        return view(request, user, **kwargs)

    return checked


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


@require_http_methods(["GET", "HEAD", "POST"])
@for_helpers
def for_somebody(request: HttpRequest, user: User) -> HttpResponse:
    """The groups that were chosen, and for whom."""
    series = _chosen(request)
    actor = Actor.of(user)
    helped = helped_by(actor=actor, supporter=user)
    form = SomebodyForm()
    if request.method == "POST":
        known = request.POST.get("mandate", "")
        mandate = next((one for one in helped if str(one.pk) == known), None)
        form = SomebodyForm(request.POST)
        if mandate is not None:
            done = _join(request, user, form, series, mandate.resident)
        elif form.is_valid():
            done = _join(request, user, form, series, None)
        else:
            done = None
        if done is not None:
            request.session.pop(CHOSEN, None)
            return render(request, "courses/for_somebody_done.html", _told(done))
    waiting = queues(series_ids=[one.pk for one in series])
    context = {
        "form": form,
        "helped": helped,
        "cards": cards(series, queues=waiting),
        "may_add": len(series) < MOST_CHOICES,
    }
    status = 400 if form.errors else 200
    return render(request, "courses/for_somebody.html", context, status=status)


def _told(done: AnyOf) -> dict[str, Any]:
    return {
        "seat": done.seat.enrolment if done.seat is not None else None,
        "refused": done.refused,
    }


def _join(
    request: HttpRequest,
    user: User,
    form: SomebodyForm,
    series: list[Series],
    resident: Resident | None,
) -> AnyOf | None:
    """All of it or nothing; a refusal is put in the form."""
    actor = Actor.of(user)
    two = bool(request.POST.get("companion"))
    later = bool(request.POST.get("next_group"))
    try:
        with transaction.atomic():
            return join_any_of(
                resident=resident or _new_resident(user, form, actor),
                series_list=series,
                actor=actor,
                made_by=user,
                seats=2 if two else 1,
                next_group=later,
            )
    except ValidationError as refused:
        form.errors.clear()
        for words in refused.messages:
            form.add_error(None, words)
        return None


def _new_resident(user: User, form: SomebodyForm, actor: Actor) -> Resident:
    data = form.cleaned_data
    mine = user.organisations_for(*HELPERS)
    keeper = organisation_by_id(pk=min(mine)) if mine else None
    person = people.create_person(
        actor=actor,
        call_name=data["call_name"],
        organisation=keeper,
        contact_channel=data["contact_channel"],
        contact_address=data["contact_address"],
        postcode4=data["postcode4"],
    )
    if data["half_days"]:
        people.set_weekly_hours(
            actor=actor, person=person, hours=windows_of(data["half_days"])
        )
    resident = people.create_resident(actor=actor, person=person, **form.wishes)
    if user.has_role(Role.CLIENT_SUPPORTER):
        give_mandate(
            actor=actor,
            resident=resident,
            supporter=user,
            in_person=True,
        )
    return resident
