"""The privacy officer: requests for erasure, by number, and how long what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from people.enums import ErasureState, HoldReason
from people.selectors import erasure_requests, organisations
from people.services.erasure import MOST_HELD_DAYS, hold_erasure, stop_holding
from people.services.retention import (
    Expired,
    kinds,
    last_runs,
    set_period,
    terms_of,
    tidy_up,
)
from people.views.access import for_officers, refuse

PER_PAGE = 25


@require_safe
@for_officers
def erasures(request: HttpRequest) -> HttpResponse:
    """Requests for erasure, those that are open first; numbers, no names."""
    rows = erasure_requests(actor=Actor.of(request.user))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/erasures.html", {"page": page})


class HoldForm(forms.Form):
    """Why a request has to wait, and until when."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why does it have to wait?"),
        choices=HoldReason,
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Until which day?"),
        help_text=gettext_lazy("At most half a year. Then it goes on by itself."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def erasure(request: HttpRequest, request_id: int) -> HttpResponse:
    """Let one request wait, or go on; the resident reads which and why."""
    actor = Actor.of(request.user)
    found = next(
        (one for one in erasure_requests(actor=actor) if one.pk == request_id), None
    )
    if found is None or found.state != ErasureState.ASKED:
        refuse(request, "erasure.read")
    if request.method == "POST" and request.POST.get("act") == "go-on":
        stop_holding(actor=actor, request_id=found.pk)
        messages.success(request, _("This request goes on."))
        return redirect("people:erasures")
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hold_erasure(
                actor=actor,
                by=request.user,  # type: ignore[arg-type]
                request_id=found.pk,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It waits. The resident can read why."))
            return redirect("people:erasures")
    latest = timezone.localdate() + timedelta(days=MOST_HELD_DAYS)
    form.fields["until"].widget.attrs["max"] = latest.isoformat()
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "one": found}
    return render(request, "people/erasure.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def retention(request: HttpRequest) -> HttpResponse:
    """How long each kind is kept; another number; and what would go tonight."""
    act = request.POST.get("act", "")
    if request.method == "POST" and act == "look":
        actor = Actor.of(request.user)
        return _retention(request, {one.kind.key: one for one in tidy_up(actor=actor)})
    if request.method == "POST":
        try:
            _set(request)
        except ValidationError as error:
            return _retention(request, {}, faults=error.messages, status=422)
        messages.success(request, _("The number of days is kept."))
        return redirect("people:retention")
    return _retention(request, {})


def _set(request: HttpRequest) -> None:
    text = request.POST.get("days", "").strip()
    good = text.isascii() and text.isdigit() and len(text) < 6
    code = request.POST.get("organisation", "")
    organisation = organisations().filter(code=code).first() if code else None
    if code and organisation is None:
        raise ValidationError(_("There is no such organisation."))
    set_period(
        actor=Actor.of(request.user),
        by=request.user,  # type: ignore[arg-type]
        kind=request.POST.get("kind", ""),
        days=int(text) if good else 0,
        organisation=organisation,
    )


def _in_words(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Tables by their names on the screens; links between two have none, and go."""
    found: dict[str, int] = {}
    for label, number in counts.items():
        model = apps.get_model(label)
        if not model._meta.auto_created:
            found[str(model._meta.verbose_name_plural)] = number
    return sorted(found.items())


def _retention(
    request: HttpRequest,
    looked: dict[str, Expired],
    *,
    faults: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    terms = terms_of()
    names = {one.pk: one for one in organisations()}
    lines: list[dict[str, Any]] = [
        {
            "kind": kind,
            "days": terms[kind.key].days,
            "own": [
                (names[pk].name, days)
                for pk, days in terms[kind.key].by_organisation.items()
            ],
            "goes": _in_words(looked[kind.key].counts) if kind.key in looked else [],
        }
        for kind in kinds()
    ]
    titles = {kind.key: kind.title for kind in kinds()}
    context = {
        "lines": lines,
        "looked": bool(looked),
        "organisations": names.values(),
        "runs": [
            (run.at, [(titles.get(key, key), n) for key, n in run.erased.items()])
            for run in last_runs()
        ],
        "faults": faults or [],
    }
    return render(request, "people/retention.html", context, status=status)
