"""The privacy officer sees who asked for erasure, by number, and what came of it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.actor import Actor
from people.selectors import erasure_requests
from people.views.access import for_officers

PER_PAGE = 25


@require_safe
@for_officers
def erasures(request: HttpRequest) -> HttpResponse:
    """Requests for erasure, those that are open first; numbers, no names."""
    rows = erasure_requests(actor=Actor.of(request.user))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/erasures.html", {"page": page})
