"""Rooms to keep: how many fit in, what they have, the time between two groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from courses.selectors import planned_at
from publishing.facts.deleting import deletion
from publishing.facts.filters import IN_USE, ListFilter, in_use
from publishing.facts.forms import FactForm, Group, Shape, name_of, rows_field
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
from publishing.services.trouble import AHEAD
from rooms.selectors import features
from rooms.selectors.kept import (
    centres_kept,
    rooms_kept,
)
from rooms.services import create_room
from rooms.services.places import (
    keep_room,
    remove_room,
    room_facts,
)
from scheduling import words
from scheduling.services.access import planners_only, reach_of

if TYPE_CHECKING:
    from rooms.models import Room

from publishing.facts.centres import hours_words, pill_of

ROOMS = "publishing:facts_rooms"
ROOM_GROUPS = (
    Group(
        gettext_lazy("What it is"), ("name", "centre", "capacity", "active"),
    ),
    Group(gettext_lazy("What it has"), ("features",)),
    Group(
        gettext_lazy("How it is used"),
        ("changeover_minutes", "price_per_half_day_cents"),
    ),
)  # fmt: skip


@require_safe
@planners_only
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms of the reader's organisations, out of use too."""
    reach = reach_of(request.user).organisations
    own = [(one.pk, one.name) for one in centres_kept(organisation_ids=reach)]
    filters = ListFilter(
        request.GET,
        search=_("Search by name"),
        selects={
            "centrum": (_("All centres"), own),
            "heeft": (
                _("Whatever it has"),
                [(one.code, name_of(one)) for one in features()],
            ),
            "gebruik": (_("In use or not"), IN_USE),
        },
    )
    chosen = filters.chosen
    found = rooms_kept(organisation_ids=reach)
    if "zoek" in chosen:
        found = found.filter(name__icontains=chosen["zoek"])
    if (at := filters.number("centrum")) is not None:
        found = found.filter(centre=at)
    if "heeft" in chosen:
        found = found.filter(features=chosen["heeft"])
    if (used := in_use(chosen)) is not None:
        found = found.filter(active=used)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    listing = Listing(
        section=ROOMS,
        title=_("Rooms"),
        lead=_("What each room has, how many fit in, and the time between two groups."),
        new=(_("New room"), reverse("publishing:facts_room_new")),
        columns=[
            Column(label=_("Seats"), number=True),
            Column(label=_("Has")),
            Column(label=_("Between two groups"), number=True),
        ],
        lines=[
            Line(
                href=reverse("publishing:facts_room", args=[one.pk]),
                name=one.name,
                small=f"{one.centre.name}, {one.centre.place.name}",
                cells=[
                    one.capacity,
                    ", ".join(name_of(has) for has in one.features.all()) or words.DASH,
                    _("%(minutes)s min") % {"minutes": one.changeover_minutes},
                ],
                pill=pill_of(one),
            )
            for one in page
        ],
        page=page,
        filters=filters,
        empty=_("There are no rooms yet"),
        icon="door-open",
    )
    return show_list(request, listing)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def room(request: HttpRequest, room_id: int) -> HttpResponse:
    """One room: seats, what it has, and the time between two groups."""
    reach = reach_of(request.user).organisations
    row = rooms_kept(organisation_ids=reach).filter(pk=room_id).first()
    if row is None:
        raise not_there(request, "room", room_id)
    actor, facts = Actor.of(request.user), room_facts(row)
    own = centres_kept(organisation_ids=reach)
    shape = Shape(
        groups=ROOM_GROUPS,
        hints={
            "capacity": _("Everybody counts: who takes part, leaders and relatives."),
            "price_per_half_day_cents": _("1250 is 12 euros and 50 cents."),
            "active": _("The planner uses rooms in use only."),
        },
        made={
            "centre": rows_field(_("centre"), own, str),
            "features": rows_field(
                _("features"), features(), name_of, required=False, tick=True
            ),
        },
    )

    def keep(new: dict[str, Any], version: str) -> None:
        keep_room(actor=actor, room=row, facts=new, version=version)
        if row.active and not new["active"]:
            _tell_planned(request, row)

    return serve(
        request,
        Keeper(
            section=ROOMS,
            title=_("Room"),
            name=row.name,
            lead=f"{row.centre.name}, {row.centre.place.name}",
            back=reverse(ROOMS),
            form=lambda data: FactForm(data, table=type(row), shape=shape, facts=facts),
            keep=keep,
            said=_("The room is saved."),
            pill=pill_of(row),
            aside=[(_("Open"), hours_words(row.centre))],
            links=[
                (
                    _("Opening hours"),
                    reverse("publishing:facts_centre_hours", args=[row.centre_id]),
                ),
                (
                    _("The centre"),
                    reverse("publishing:facts_centre", args=[row.centre_id]),
                ),
            ],
            acts=[_delete_room(actor, row)],
        ),
    )


def _tell_planned(request: HttpRequest, row: Room) -> None:
    """Say how many meetings are planned in a room that goes out of use."""
    now = timezone.now()
    number = len(planned_at(room_id=row.pk, period=DateTimeTZRange(now, now + AHEAD)))
    if number:
        text = ngettext(
            "%(number)s meeting is planned in this room. Give it another room.",
            "%(number)s meetings are planned in this room. Give them another room.",
            number,
        )
        messages.warning(request, text % {"number": number})


def _delete_room(actor: Actor, row: Room) -> Act:
    return deletion(
        row,
        parts=(),
        instead=_("Take it out of use instead."),
        remove=lambda: remove_room(actor=actor, room=row),
        said=_("The room is deleted."),
        section=ROOMS,
    )


class NewRoomForm(forms.Form):
    """The least that a new room needs."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy(
            "Everybody counts: who takes part, leaders and relatives."
        ),
    )

    def __init__(self, *args: Any, centres: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"] = rows_field(_("centre"), centres, str)
        self.fields["features"] = rows_field(
            _("features"), features(), name_of, required=False, tick=True
        )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def new_room(request: HttpRequest) -> HttpResponse:
    """Add a room to a centre."""
    own = centres_kept(organisation_ids=reach_of(request.user).organisations)
    initial = {"centre": request.GET.get("centrum", "")}
    form = NewRoomForm(request.POST or None, centres=own, initial=initial)
    adding = Adding(
        section=ROOMS,
        title=_("New room"),
        lead=_("It can be planned in as soon as its centre has opening hours."),
        press=_("Make the room"),
        make=lambda facts: create_room(actor=Actor.of(request.user), **facts),
        to="publishing:facts_room",
        said=_("The room is made."),
    )
    return add(request, form, adding)
