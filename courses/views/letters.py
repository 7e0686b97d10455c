"""A resident reads the messages on the site too: mail may be lost, or not be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses.views.reader import for_residents
from messaging.selectors import messages_to

if TYPE_CHECKING:
    from people.models import Resident

PER_PAGE = 20


@require_safe
@for_residents
def letters(request: HttpRequest, resident: Resident) -> HttpResponse:
    """The reader's own messages, newest first."""
    found = messages_to(actor=Actor.of(request.user), person_id=resident.person_id)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/letters.html", {"page": page})
