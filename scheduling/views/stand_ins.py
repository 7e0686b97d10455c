"""Who can lead one session of a draft in the place of one of its leaders."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from audit.record import PLANNING
from people.selectors import list_facilitators
from scheduling import words
from scheduling.selectors import one_session
from scheduling.services.access import region_planners_only
from scheduling.services.stand_ins import StandIn, substitutes
from scheduling.solver.faults import InvalidProblem
from scheduling.views.on_draft import draft_or_404, told_when_gone


@require_safe
@region_planners_only
@told_when_gone
def stand_ins(
    request: HttpRequest, schedule_id: int, session_id: uuid.UUID, leader_id: int
) -> HttpResponse:
    """Qualified and free leaders, the best first, each with what it asks of them."""
    draft = draft_or_404(schedule_id)
    actor = Actor.of(request.user)
    found = one_session(actor=actor, session_id=session_id, schedule=draft)
    if found is None:
        raise Http404("no such session in this draft")
    missing = next((one for one in found.leaders if one.id == leader_id), None)
    if missing is None:
        raise Http404("this leader does not lead that session")
    try:
        able = substitutes(
            actor=actor, schedule=draft, session=session_id, missing=leader_id
        )
    except ValidationError as error:
        if isinstance(error.__cause__, InvalidProblem):
            # The facts are at fault, and not the address.
            raise error.__cause__ from None
        raise Http404(" ".join(error.messages)) from error
    names = {
        one.pk: f"{one.person.group_name}, {one.organisation.name}"
        for one in list_facilitators(actor=actor, purpose=PLANNING)
    }
    rest = [one.id for one in found.leaders if one.id != leader_id]
    move = reverse("scheduling:move", args=[draft.pk, session_id])

    def line(one: StandIn) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "day": found.start.date().isoformat(),
            "start": f"{found.start:%H:%M}",
            "room": found.room.pk if found.room else "",
        }
        for number, key in enumerate([*rest, one.facilitator_id], 1):
            asked[f"leader_{number}"] = key
        return {
            "name": names.get(one.facilitator_id, ""),
            "travel": _("%(number)s min") % {"number": one.travel_minutes},
            "week": _("%(number)s h")
            % {"number": words.number(one.week_minutes / 60, 1)},
            "evenings": one.evenings,
            "href": f"{move}?{urlencode(asked)}",
        }

    context = {
        "draft": draft,
        "session": found,
        "missing": missing.name,
        "when": words.moment_in_text(found.start),
        "lines": [line(one) for one in able],
    }
    return render(request, "scheduling/stand_ins.html", context)
