"""Lists beside the week: who waits for what, rooms, and leaders with their load."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses.selectors.coordinator import waiting_lines, waiting_total
from people.selectors import organisations
from scheduling import words
from scheduling.selectors import leader_loads, published_in, room_loads
from scheduling.selectors.passes import passed_over
from scheduling.services.access import Reach, planners_only, reach_of
from scheduling.views.board import feature_word, role_words
from scheduling.weeks import Week


def _asked_week(request: HttpRequest) -> Week:
    try:
        return Week.read(request.GET.get("week", ""))
    except ValueError:
        return Week.of(timezone.localdate())


def _week_context(request: HttpRequest, week: Week) -> dict[str, object]:
    return {
        "week": week,
        "days": words.days_between(week.monday, week.sunday),
        "previous": f"{request.path}?week={week.plus(-1)}",
        "next": f"{request.path}?week={week.plus(1)}",
    }


@require_safe
@planners_only
def waiting(request: HttpRequest) -> HttpResponse:
    """How many wait for what; numbers only. Who has no seat is with the schedule."""
    today = timezone.localdate()
    reach = reach_of(request.user)
    schedule = published_in(week=Week.of(today))
    lines = waiting_lines(on=today, organisation_ids=reach.organisations)
    context = {
        "total": waiting_total() if reach.whole_region else None,
        "schedule": schedule,
        "passed_over": passed_over(schedule=schedule) if schedule else 0,
        "lines": [
            {
                "line": line,
                "longest": words.weeks(line.longest_days),
                "norm": words.weeks(line.offering.norm_days),
            }
            for line in lines
        ],
    }
    return render(request, "scheduling/waiting.html", context)


@require_safe
@planners_only
def rooms(request: HttpRequest) -> HttpResponse:
    """Rooms with what they have and how full they are in a week; no person."""
    week, reach = _asked_week(request), reach_of(request.user)
    lines = [
        {
            "room": load.room,
            "centre": load.room.centre,
            "href": _own(load.room.centre.organisation_id, reach)
            and reverse("publishing:facts_room", args=[load.room.pk]),
            "features": ", ".join(
                feature_word(one) for one in load.room.features.all()
            ),
            "hours": words.hours_of(load.room.centre.opening_hours.all()),
            "load": load,
            "used": words.number(load.minutes / 60, 1),
        }
        for load in room_loads(week=week)
    ]
    context = {
        **_week_context(request, week),
        "lines": lines,
        "change": reverse("publishing:facts_rooms"),
    }
    return render(request, "scheduling/rooms.html", context)


@require_safe
@planners_only
def leaders(request: HttpRequest) -> HttpResponse:
    """Leaders with their load in a week of what was published; the list is logged."""
    week = _asked_week(request)
    reach = reach_of(request.user)
    names = {one.pk: one.name for one in organisations()}
    loads = leader_loads(
        actor=Actor.of(request.user), week=week, organisation_ids=reach.organisations
    )
    lines = [
        {
            "load": load,
            "name": load.facilitator.person.group_name,
            "organisation": names.get(load.facilitator.organisation_id, ""),
            "roles": role_words(load.facilitator.staff_roles),
            "hours": words.number(load.minutes / 60, 1),
            "most": _most(load.facilitator.max_minutes_per_week),
            "href": reverse("publishing:facts_leader", args=[load.facilitator.pk]),
            "week": f"{reverse('scheduling:week', args=[week])}"
            f"?weergave=begeleiders&begeleider={load.facilitator.pk}",
        }
        for load in loads
    ]
    context = {
        **_week_context(request, week),
        "lines": lines,
        "change": reverse("publishing:facts_leaders"),
        "times": reverse("publishing:facts_availability"),
    }
    return render(request, "scheduling/leaders.html", context)


def _own(organisation_id: int, reach: Reach) -> bool:
    """Whether the reader keeps what this organisation owns."""
    return reach.organisations is None or organisation_id in reach.organisations


def _most(minutes: int | None) -> str:
    if minutes is None:
        return _("no limit")
    return words.number(minutes / 60, 1)
