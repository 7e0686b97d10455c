"""A resident asks: why do I have no place, and what would help?"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.actor import Actor
from audit.record import OWN_DATA, record_event
from courses.selectors import registration_of
from people.selectors import resident_of
from scheduling.services.why import why_not_placed


@require_safe
@login_required
def why(request: HttpRequest, registration_id: int) -> HttpResponse:
    """One registration of the reader's own; another's is not found, and logged."""
    user: Any = request.user
    resident = resident_of(user=user)
    registration = (
        registration_of(
            actor=Actor.of(user),
            registration_id=registration_id,
            resident_id=resident.pk,
        )
        if resident is not None
        else None
    )
    if registration is None:
        record_event(
            actor=Actor.of(user),
            code="registration.why",
            action="R",
            purpose=OWN_DATA,
            object_kind="registration",
            object_id=registration_id,
            result="refused",
        )
        raise Http404("not yours, or not there")
    answer = why_not_placed(actor=Actor.of(user), registration=registration)
    context = {"answer": answer, "registration": registration}
    return render(request, "scheduling/why.html", context)
