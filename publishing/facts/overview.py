"""The first page of the facts: what there is to keep, in numbers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.enums import SeriesState
from courses.selectors.facts import offerings_kept, series_kept
from people.selectors.leaders import leaders_kept
from publishing.facts.page import sections
from rooms.selectors.kept import (
    centres_kept,
    rooms_kept,
)
from scheduling.services.access import planners_only, reach_of


@require_safe
@planners_only
def overview(request: HttpRequest) -> HttpResponse:
    """What there is to keep, as numbers; no person."""
    reach = reach_of(request.user)
    own = reach.organisations
    offered = offerings_kept(organisation_ids=own)
    planned = series_kept(organisation_ids=own).filter(state=SeriesState.PLANNED)
    leaders = leaders_kept(organisation_ids=own, active=True)
    buildings = centres_kept(organisation_ids=own).filter(active=True)
    rooms = rooms_kept(organisation_ids=own).filter(active=True)
    cards = [
        (
            _("Offer"),
            _("Courses, groups and conversations: texts, sizes, staff, catalogue."),
            _("%(number)s offerings") % {"number": offered.count()},
            reverse("publishing:facts_offerings"),
            "book-open",
        ),
        (
            _("Series"),
            _("Runs of the offer: make new ones, let them go on, or stop them."),
            _("%(number)s to be planned") % {"number": planned.count()},
            reverse("publishing:facts_series"),
            "calendar",
        ),
        (
            _("Centres"),
            _("Buildings: where they are, their opening hours and closures."),
            _("%(number)s in use") % {"number": buildings.count()},
            reverse("publishing:facts_centres"),
            "map-pin",
        ),
        (
            _("Rooms"),
            _("Seats, what a room has, and the time between two groups."),
            _("%(number)s in use") % {"number": rooms.count()},
            reverse("publishing:facts_rooms"),
            "door-open",
        ),
        (
            _("Leaders"),
            _("Who leads, what they may lead, and how much they can carry."),
            _("%(number)s active") % {"number": leaders.count()},
            reverse("publishing:facts_leaders"),
            "users",
        ),
        (
            _("When leaders can"),
            _("The parts of the week of every leader beside each other, and absence."),
            "",
            reverse("publishing:facts_availability"),
            "table-2",
        ),
    ]
    context = {
        "cards": cards,
        "sections": sections("publishing:facts"),
        "may_check": reach.whole_region,
    }
    return render(request, "publishing/facts.html", context)
