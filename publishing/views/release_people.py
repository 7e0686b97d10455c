"""What publishing changes, person by person: for coordinators of the whole region."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.record import PLANNING
from people.selectors import group_names
from publishing.changes import compare
from publishing.release_people import sheet
from publishing.services.untold import to_tell
from publishing.views.release import title_of
from scheduling.enums import ScheduleState
from scheduling.selectors import schedule_by_id
from scheduling.services.access import region_coordinators_only

COMPARED = (ScheduleState.DRAFT, ScheduleState.ARCHIVED)


@require_http_methods(["GET", "HEAD", "POST"])
@region_coordinators_only
def release_people(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Who a release concerns, by number; a press shows the name of one (POST, logged).

    A schedule that is published already changes nothing for anybody: 404.
    """
    schedule = schedule_by_id(schedule_id=schedule_id)
    if schedule is None or schedule.state not in COMPARED:
        raise Http404("no such draft")
    actor = Actor.of(request.user)
    comparison = compare(actor=actor, schedule=schedule)
    found = sheet(
        actor=actor,
        changes=comparison.changes,
        number=request.GET.get("page"),
        told=to_tell(schedule=schedule, changes=comparison.changes).sessions,
        returning=comparison.back.numbers,
    )
    names: dict[int, str] = {}
    if request.method == "POST":
        asked = request.POST.get("person", "")
        here = [one.pk for one in found.people if str(one.pk) == asked]
        if not here:
            raise Http404("nobody of that number on this page")
        names = group_names(actor=actor, person_ids=here, purpose=PLANNING)
    context = {
        "title": title_of(schedule),
        "back": reverse("publishing:release", args=[schedule.pk]),
        "sheet": found,
        "lines": [(one, names.get(one.pk, "")) for one in found.people],
    }
    return render(request, "publishing/release_people.html", context)
