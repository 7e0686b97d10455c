"""Registrations for a coordinator: found by number and facts, changed with a reason.

Numbers first: a name and an address are shown after a press, which is logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from audit.actor import Actor
from courses.enums import RegistrationState
from courses.selectors.catalogue import reason_codes
from courses.selectors.registrations import (
    all_themes,
    askable_offerings,
    askable_series,
    registration_for_coordinator,
    registration_page,
)
from courses.services import change_need_class
from courses.services.amend import (
    StaleRegistration,
    amend,
    end_registration,
    version_of,
)
from people.selectors import municipalities, persons_by_resident
from scheduling.forms_registration import AmendForm, FindForm, ReasonForm
from scheduling.registration_words import (
    NeedForm,
    facts_of,
    history_of,
    line_of,
    why_no_seat,
    wishes_of,
)
from scheduling.selectors import published_in
from scheduling.selectors.passes import left_out_ids
from scheduling.services.access import (
    coordinates_region,
    coordinators_only,
    coordinators_reach,
)
from scheduling.weeks import Week

if TYPE_CHECKING:
    from courses.models import Registration

PER_PAGE = 25


@require_safe
@coordinators_only
def registrations(request: HttpRequest) -> HttpResponse:
    """A page of them, longest past the norm first; no name."""
    today = timezone.localdate()
    reach = coordinators_reach(request.user)
    form = FindForm(
        request.GET,
        themes=all_themes(),
        offerings=askable_offerings(),
        municipalities=municipalities(),
    )
    schedule = published_in(week=Week.of(today))
    left_out = left_out_ids(schedule=schedule) if schedule is not None else ()
    page = registration_page(
        actor=Actor.of(request.user),
        wanted=form.wanted(unplaced=left_out),
        on=today,
        number=request.GET.get("page"),
        per_page=PER_PAGE,
        organisation_ids=reach.organisations,
    )
    context = {
        "form": form,
        "page": page,
        "lines": [line_of(one, on=today) for one in page.object_list],
    }
    return render(request, "scheduling/registrations.html", context)


def _one(request: HttpRequest, registration_id: int) -> Registration:
    """The registration, in the coordinator's reach; 404 else. Looking is logged."""
    found = registration_for_coordinator(
        actor=Actor.of(request.user),
        registration_id=registration_id,
        organisation_ids=coordinators_reach(request.user).organisations,
    )
    if found is None:
        raise Http404("no such registration, or kept by another organisation")
    return found


@require_safe
@coordinators_only
def registration(request: HttpRequest, registration_id: int) -> HttpResponse:
    """What is asked, what suits, how it stands, and what happened."""
    return _page(request, _one(request, registration_id))


@require_POST
@coordinators_only
def name(request: HttpRequest, registration_id: int) -> HttpResponse:
    """The same page with the name and address; that this was asked for is logged."""
    found = _one(request, registration_id)
    persons = persons_by_resident(
        actor=Actor.of(request.user), resident_ids=[found.resident_id]
    )
    return _page(request, found, person=persons[found.resident_id])


@require_POST
@coordinators_only
def urgency(request: HttpRequest, registration_id: int) -> HttpResponse:
    """Another need class, for a reason; the page says so when it changed meanwhile."""
    found = _one(request, registration_id)
    form = NeedForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            if facts["was"] != found.need_class:
                raise ValidationError(
                    _("Somebody changed this meanwhile. Now it is %(class)s.")
                    % {"class": found.need_class}
                )
            change_need_class(
                registration=found,
                need_class=facts["need_class"],
                reason=facts["why"],
                user=request.user,  # type: ignore[arg-type]
                actor=Actor.of(request.user),
            )
        except ValidationError as refused:
            form = _renewed(request, found)
            form.add_error(None, refused)
        else:
            messages.success(request, _("The order was changed, and the reason kept."))
            return redirect("scheduling:registration", registration_id=found.pk)
    return _page(request, found, need=form, status=409 if form.errors else 200)


def _renewed(request: HttpRequest, found: Registration) -> NeedForm:
    """The same answers on what stands there now."""
    data = request.POST.copy()
    data["was"] = str(found.need_class)
    fresh = NeedForm(data)
    fresh.is_valid()
    return fresh


def _page(
    request: HttpRequest,
    found: Registration,
    *,
    person: Any = None,
    need: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "registration": found,
        "line": line_of(found, on=today),
        "facts": facts_of(found, on=today),
        "wishes": wishes_of(found),
        "why": why_no_seat(found),
        "history": history_of(found),
        "person": person,
        "reasons": reason_codes(),
        "seat_url": f"{reverse('scheduling:report', args=['erbij'])}?wie={found.pk}"
        if found.state == RegistrationState.WAITING and coordinates_region(request.user)
        else "",
        "need": need
        or NeedForm(initial={"need_class": found.need_class, "was": found.need_class}),
    }
    return render(request, "scheduling/registration.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinators_only
def change(request: HttpRequest, registration_id: int) -> HttpResponse:
    """Change what is asked and what suits; an older page is told what changed."""
    found = _one(request, registration_id)
    form = _amend_form(found, request.POST if request.method == "POST" else None)
    stale: list[tuple[str, str, str]] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            amend(
                registration=found,
                version=form.cleaned_data["version"],
                amendment=form.amendment,
                reason=form.cleaned_data["reason"],
                actor=Actor.of(request.user),
            )
        except StaleRegistration:
            newer = _one(request, registration_id)
            form = _amend_form(newer, _with_version(request, newer))
            form.is_valid()
            stale = form.differences(newer)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The registration was changed."))
            return redirect("scheduling:registration", registration_id=found.pk)
    context = {"registration": found, "form": form, "stale": stale}
    status = 409 if stale is not None else 400 if form.errors else 200
    return render(
        request, "scheduling/registration_change.html", context, status=status
    )


def _amend_form(found: Registration, data: Any) -> AmendForm:
    return AmendForm(
        data,
        registration=found,
        themes=all_themes(),
        offerings=askable_offerings(),
        series=askable_series(registration=found),
        initial={"version": version_of(found)},
    )


def _with_version(request: HttpRequest, newer: Registration) -> Any:
    """What was filled in, on the newer state: pressing again is then knowing."""
    data = request.POST.copy()
    data["version"] = version_of(newer)
    return data


@require_http_methods(["GET", "HEAD", "POST"])
@coordinators_only
def end(request: HttpRequest, registration_id: int) -> HttpResponse:
    """End the asking; a seat that it has comes free."""
    found = _one(request, registration_id)
    initial = {"version": version_of(found)}
    form = ReasonForm(request.POST or None, initial=initial)
    stale = False
    if request.method == "POST" and form.is_valid():
        try:
            end_registration(
                registration=found,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                actor=Actor.of(request.user),
            )
        except StaleRegistration:
            stale = True
            form = ReasonForm(_with_version(request, found))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The registration was ended."))
            return redirect("scheduling:registration", registration_id=found.pk)
    context = {
        "registration": found,
        "line": line_of(found, on=timezone.localdate()),
        "facts": facts_of(found, on=timezone.localdate()),
        "form": form,
        "stale": stale,
        "region": coordinates_region(request.user),
    }
    status = 409 if stale else 400 if form.errors else 200
    return render(request, "scheduling/registration_end.html", context, status=status)
