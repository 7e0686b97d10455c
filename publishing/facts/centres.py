"""Centres to keep: whose they are, where, and when they close.

The opening hours are on the page that centre managers use too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from people.selectors import organisations, places
from publishing.facts.deleting import deletion
from publishing.facts.filters import IN_USE, ListFilter, in_use
from publishing.facts.forms import FactForm, Group, Shape, rows_field
from publishing.facts.offerings import own_organisations
from publishing.facts.page import (
    PER_PAGE,
    Act,
    Adding,
    Column,
    Keeper,
    Line,
    Listing,
    add,
    not_there,
    serve,
    show_list,
)
from publishing.views.centre import hours_page
from rooms.enums import CentreKind
from rooms.selectors.kept import (
    centres_kept,
    hours_of,
)
from rooms.services.places import (
    CENTRE_PARTS,
    add_centre,
    centre_facts,
    keep_centre,
    remove_centre,
)
from scheduling import words
from scheduling.services.access import planners_only, reach_of

if TYPE_CHECKING:
    from rooms.models import Centre, Room

CENTRES, ROOMS = "publishing:facts_centres", "publishing:facts_rooms"
CENTRE_GROUPS = (
    Group(gettext_lazy("What it is"), ("name", "kind", "organisation", "active")),
    Group(
        gettext_lazy("Where it is"),
        ("address", "place", "lat", "lon"),
        gettext_lazy("Journeys are reckoned from this point on the map."),
    ),
    Group(
        gettext_lazy("How it is used"),
        ("bookable", "priority_organisation", "closes_on_public_holidays",
         "closes_on_school_holidays"),
    ),
)  # fmt: skip


def pill_of(one: Centre | Room) -> tuple[Any, str]:
    """Whether it is in use, and the tone of the pill."""
    if one.active:
        return _("in use"), "ok"
    return _("out of use"), "plain"


@require_safe
@planners_only
def centres(request: HttpRequest) -> HttpResponse:
    """The centres of the reader's organisations, out of use too."""
    reach = reach_of(request.user).organisations
    owners = [(one.pk, one.name) for one in own_organisations(reach)]
    filters = ListFilter(
        request.GET,
        search=_("Search by name or address"),
        selects={
            "soort": (_("All kinds"), CentreKind.choices),
            "organisatie": (_("All owners"), owners),
            "gebruik": (_("In use or not"), IN_USE),
        },
    )
    chosen = filters.chosen
    found = centres_kept(organisation_ids=reach)
    if "zoek" in chosen:
        text = chosen["zoek"]
        found = found.filter(name__icontains=text) | found.filter(
            address__icontains=text
        )
    if "soort" in chosen:
        found = found.filter(kind=chosen["soort"])
    if (owner := filters.number("organisatie")) is not None:
        found = found.filter(organisation=owner)
    if (used := in_use(chosen)) is not None:
        found = found.filter(active=used)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    listing = Listing(
        section=CENTRES,
        title=_("Centres"),
        lead=_("The buildings where groups meet, whose they are and when they close."),
        new=(_("New centre"), reverse("publishing:facts_centre_new")),
        columns=[
            Column(label=_("Kind")),
            Column(label=_("Owner")),
            Column(label=_("Booking")),
            Column(label=_("Rooms in use"), number=True),
        ],
        lines=[
            Line(
                href=reverse("publishing:facts_centre", args=[one.pk]),
                name=one.name,
                small=f"{one.address}, {one.place.name}",
                cells=[
                    one.get_kind_display().capitalize(),
                    one.organisation.name,
                    one.get_bookable_display(),
                    one.rooms_in_use,  # type: ignore[attr-defined]
                ],
                pill=pill_of(one),
            )
            for one in page
        ],
        page=page,
        filters=filters,
        empty=_("There are no centres yet"),
        icon="map-pin",
    )
    return show_list(request, listing)


def _own_centre(request: HttpRequest, centre_id: int) -> Centre:
    reach = reach_of(request.user).organisations
    row = centres_kept(organisation_ids=reach).filter(pk=centre_id).first()
    if row is None:
        raise not_there(request, "centre", centre_id)
    return row


def _place_field(label: Any) -> Any:
    return rows_field(
        label, places().order_by("name"), lambda one: f"{one.name} ({one.municipality})"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def centre(request: HttpRequest, centre_id: int) -> HttpResponse:
    """One centre: where it is and how it is used; its hours are a page of their own."""
    row = _own_centre(request, centre_id)
    reach = reach_of(request.user).organisations
    actor, facts = Actor.of(request.user), centre_facts(row)
    shape = Shape(
        groups=CENTRE_GROUPS,
        hints={
            "lat": _("In degrees, from 50.5 to 53.8."),
            "lon": _("In degrees, from 3.2 to 7.3."),
            "priority_organisation": _("Its groups get the rooms first."),
        },
        made={
            "organisation": rows_field(_("owner"), own_organisations(reach), str),
            "priority_organisation": rows_field(
                _("organisation that goes first"), organisations(), str, required=False
            ),
            "place": _place_field(_("place")),
        },
    )
    return serve(
        request,
        Keeper(
            section=CENTRES,
            title=_("Centre"),
            name=row.name,
            lead=f"{row.address}, {row.place.name}",
            back=reverse(CENTRES),
            form=lambda data: FactForm(data, table=type(row), shape=shape, facts=facts),
            keep=lambda new, version: keep_centre(
                actor=actor, centre=row, facts=new, version=version
            ),
            said=_("The centre is saved."),
            pill=pill_of(row),
            aside=[
                (_("Rooms in use"), row.rooms_in_use),  # type: ignore[attr-defined]
                (_("Open"), hours_words(row)),
                (_("Code"), row.code),
            ],
            links=[
                (
                    _("Opening hours"),
                    reverse("publishing:facts_centre_hours", args=[row.pk]),
                ),
                (_("Its rooms"), f"{reverse(ROOMS)}?centrum={row.pk}"),
                (
                    _("New room"),
                    f"{reverse('publishing:facts_room_new')}?centrum={row.pk}",
                ),
            ],
            acts=[_delete_centre(actor, row)],
        ),
    )


def hours_words(row: Centre) -> str:
    """The opening hours of a centre in a few words; one query."""
    return ", ".join(words.hours_of(hours_of(centre_id=row.pk))) or _("no hours yet")


def _delete_centre(actor: Actor, row: Centre) -> Act:
    return deletion(
        row,
        parts=CENTRE_PARTS,
        instead=_("Take it out of use instead."),
        remove=lambda: remove_centre(actor=actor, centre=row),
        said=_("The centre is deleted."),
        section=CENTRES,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def centre_hours(request: HttpRequest, centre_id: int) -> HttpResponse:
    """The opening hours and closures of a centre, as its managers see them."""
    row = _own_centre(request, centre_id)
    back = reverse("publishing:facts_centre", args=[row.pk])
    return hours_page(request, row, back=back)


class NewCentreForm(forms.Form):
    """The least that a new centre needs."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(key, str(text).capitalize()) for key, text in CentreKind.choices],
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=160)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = _place_field(_("place"))
        self.fields["organisation"] = rows_field(_("owner"), owners, str)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def new_centre(request: HttpRequest) -> HttpResponse:
    """Add a centre, at the point of its place until a better one is given."""
    owners = own_organisations(reach_of(request.user).organisations)
    form = NewCentreForm(request.POST or None, owners=owners)
    adding = Adding(
        section=CENTRES,
        title=_("New centre"),
        lead=_("After this you give its opening hours and its rooms."),
        press=_("Make the centre"),
        make=lambda facts: add_centre(actor=Actor.of(request.user), **facts),
        to="publishing:facts_centre_hours",
        said=_("The centre is made. Give its hours next."),
    )
    return add(request, form, adding)
