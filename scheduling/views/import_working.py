"""A large file that a worker checks or loads: how far it is, and then on by itself."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from audit.actor import Actor
from courses.services import import_work
from courses.services.proposals import FaultyRegion
from scheduling.services.access import region_planners_only
from scheduling.views.importing import faults_file, form_page, gone, tell_loaded

if TYPE_CHECKING:
    from courses.models import ImportWork


@require_safe
@region_planners_only
def working(request: HttpRequest, work_id: uuid.UUID) -> HttpResponse:
    """How far it is; the page asks its own address every second while it works.

    Then it leads on: to the preview, to the list of faults, or to what was loaded.
    Without script that happens when the page is asked for again.
    """
    user: Any = request.user
    work = import_work.work_of(user=user, work_id=work_id)
    by_htmx = request.headers.get("HX-Request") == "true"
    if work is not None and work.state in ("waiting", "working"):
        context = {"work": work, "loading": work.act == "load"}
        part = "scheduling/_import_working.html"
        template = part if by_htmx else "scheduling/import_working.html"
        response = render(request, template, context)
        response["Vary"] = "HX-Request"
        response["Cache-Control"] = "no-store"
        return response
    if by_htmx:  # may ask twice, and what there is to say is said once
        return HttpResponseClientRedirect(request.path)
    if work is None:
        return gone(request)
    return _answer(request, work) if work.state == "done" else _refused(request, work)


def _answer(request: HttpRequest, work: ImportWork) -> HttpResponse:
    """What came of it: a preview, or what was loaded."""
    if work.proposal is None:
        return gone(request)
    if work.proposal.loaded_at is not None:
        tell_loaded(request, work.proposal)
        return redirect("scheduling:import")
    preview = reverse("scheduling:import-preview", args=[work.proposal.pk])
    # Loading it would do something else by now: nothing was loaded.
    return redirect(f"{preview}?nieuwer" if work.act == "load" else preview)


def _refused(request: HttpRequest, work: ImportWork) -> HttpResponse:
    if work.state == "failed" and work.refusal is None:
        failed = _("Something went wrong in the program. Choose the file again.")
        return form_page(request, unreadable=failed)
    refusal = import_work.refusal_of(work)
    if not isinstance(refusal, FaultyRegion):
        return form_page(request, unreadable=str(refusal))
    if "lijst" in request.GET:
        return faults_file(refusal)
    return form_page(request, faulty=refusal, list_url=f"{request.path}?lijst")


@require_POST
@region_planners_only
def stop(request: HttpRequest, work_id: uuid.UUID) -> HttpResponse:
    """Stop; whatever was done with the file by then is taken back."""
    user: Any = request.user
    work = import_work.work_of(user=user, work_id=work_id)
    if work is None:
        return gone(request)
    if not import_work.stop(actor=Actor.of(user), user=user, work_id=work_id):
        return redirect("scheduling:import-working", work_id=work_id)  # it is over
    messages.success(request, _("It was stopped. Nothing was loaded."))
    if work.proposal is not None and work.proposal.loaded_at is None:
        return redirect("scheduling:import-preview", import_id=work.proposal.pk)
    return redirect("scheduling:import")
