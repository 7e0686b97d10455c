"""Series to keep: new runs of what is offered, and those that are planned or run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from courses.enums import SeriesState
from courses.selectors.facts import AT_WORK, offerings_kept, series_kept
from courses.services import create_series
from people.enums import Weekday
from publishing.facts.filters import ListFilter
from publishing.facts.forms import day, rows_field
from publishing.facts.page import (
    PER_PAGE,
    Adding,
    Column,
    Line,
    Listing,
    add,
    show_list,
)
from scheduling.services.access import planners_only, reach_of
from scheduling.words import DASH

if TYPE_CHECKING:
    from courses.models import Series

SECTION = "publishing:facts_series"
PILLS = {
    SeriesState.PLANNED: "draft",
    SeriesState.PROPOSED: "info",
    SeriesState.PUBLISHED: "ok",
    SeriesState.RUNNING: "ok",
    SeriesState.FINISHED: "plain",
    SeriesState.CANCELLED: "bad",
}
ALL = "alle"


@require_safe
@planners_only
def series_list(request: HttpRequest) -> HttpResponse:
    """Series of the reader's organisations, those to be planned first; no person."""
    reach = reach_of(request.user).organisations
    own = offerings_kept(organisation_ids=reach)
    filters = ListFilter(
        request.GET,
        search=_("Search in titles"),
        selects={
            "staat": (
                _("To be planned and running"),
                [*SeriesState.choices, (ALL, _("all states"))],
            ),
            "aanbod": (_("All offerings"), [(one.pk, one.title) for one in own]),
        },
    )
    chosen = filters.chosen
    found = series_kept(organisation_ids=reach)
    state = chosen.get("staat", "")
    if state != ALL:
        found = found.filter(state__in=[state] if state else AT_WORK)
    if "zoek" in chosen:
        found = found.filter(offering__title_nl__icontains=chosen["zoek"])
    if (offering := filters.number("aanbod")) is not None:
        found = found.filter(offering=offering)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    listing = Listing(
        section=SECTION,
        title=_("Series"),
        lead=_("Each run of an offering: still to be planned, or in people's agendas."),
        new=(_("New series"), reverse("publishing:facts_series_new")),
        columns=[
            Column(label=_("First date")),
            Column(label=_("Day and time")),
            Column(label=_("Room")),
            Column(label=_("Largest group"), number=True),
        ],
        lines=[_line(one) for one in page],
        page=page,
        filters=filters,
        empty=_("There are no series yet"),
        icon="calendar",
    )
    return show_list(request, listing)


def _line(one: Series) -> Line:
    return Line(
        href=reverse("publishing:facts_one_series", args=[one.pk]),
        name=one.offering.title,
        small=one.offering.organisation.name,
        cells=[first_of(one), when_of(one), where_of(one), one.largest],
        pill=pill_of(one),
    )


def pill_of(one: Series) -> tuple[Any, str]:
    """Its state in words, and the tone of the pill."""
    return one.get_state_display(), PILLS[SeriesState(one.state)]


def first_of(one: Series) -> str:
    """Its first date, or from when it may begin."""
    if one.first_date is not None:
        return date_format(one.first_date, "j F Y")
    if one.earliest_start is not None:
        return _("from %(day)s") % {"day": date_format(one.earliest_start, "j F Y")}
    return DASH


def when_of(one: Series) -> str:
    """Its weekday and time."""
    if one.weekday is None or one.start_time is None:
        return DASH
    return f"{Weekday(one.weekday).label} {one.start_time:%H.%M}"


def where_of(one: Series) -> str:
    """Its room, or the only centre it may be in."""
    if one.room is not None:
        return f"{one.room.centre.name}, {one.room.name}"
    if one.centre is not None:
        return _("only in %(centre)s") % {"centre": one.centre.name}
    return DASH


class NewSeriesForm(forms.Form):
    """Of which offering, and from when."""

    def __init__(self, *args: Any, offerings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offering"] = rows_field(
            _("Offering"),
            offerings,
            lambda one: f"{one.title} ({one.organisation.name})",
        )
        self.fields["earliest_start"] = day(_("Earliest first date"))


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def new_series(request: HttpRequest) -> HttpResponse:
    """Make a series that the next plan may hold."""
    own = offerings_kept(organisation_ids=reach_of(request.user).organisations)
    today = timezone.localdate()
    initial = {
        "offering": request.GET.get("aanbod", ""),
        "earliest_start": today + timedelta(days=7 - today.weekday()),
    }
    form = NewSeriesForm(request.POST or None, offerings=own, initial=initial)
    adding = Adding(
        section=SECTION,
        title=_("New series"),
        lead=_("The next plan looks for a day, a room and leaders for it."),
        press=_("Make the series"),
        make=lambda facts: create_series(actor=Actor.of(request.user), **facts),
        to="publishing:facts_one_series",
        said=_("The series is made."),
    )
    return add(request, form, adding)
