"""The offer to keep: texts in two languages, sizes, rhythm, staff, the catalogue."""

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
from audit.rows import free_code
from courses.kinds import Format, OfferingKind
from courses.selectors import themes
from courses.selectors.facts import offerings_found, offerings_kept
from courses.services import create_offering
from courses.services.offerings import (
    OFFERING_PARTS,
    keep_offering,
    offering_facts,
    remove_offering,
    show_offering,
)
from people.enums import Language, StaffRole
from people.selectors import organisations, qualifications
from publishing.facts.deleting import deletion
from publishing.facts.filters import ListFilter
from publishing.facts.forms import (
    FactForm,
    Group,
    Lines,
    Shape,
    name_of,
    one_of,
    rows_field,
    several,
)
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
from rooms.selectors import features
from scheduling.services.access import planners_only, reach_of

if TYPE_CHECKING:
    from courses.models import Offering

SECTION = "publishing:facts_offerings"
SHOWN = [("ja", gettext_lazy("in the catalogue")), ("nee", gettext_lazy("hidden"))]
GROUPS = (
    Group(
        gettext_lazy("What residents read"),
        ("title_nl", "summary_nl", "title_en", "summary_en", "themes"),
        gettext_lazy("Plain words, short sentences. Without English, the Dutch shows."),
    ),
    Group(
        gettext_lazy("What it is"),
        ("kind", "format", "language", "organisation", "prerequisite"),
    ),
    Group(
        gettext_lazy("For how many, and for whom"),
        ("size_min", "size_max", "over_enrolment", "age_min", "age_max", "norm_days"),
    ),
    Group(
        gettext_lazy("When"),
        ("sessions_count", "session_minutes", "every_weeks", "follow_up_weeks",
         "closed_after_session", "skips_school_holidays"),
    ),
    Group(
        gettext_lazy("What it needs"),
        ("required_features", "different_organisations", "coach_minutes_per_week"),
    ),
)  # fmt: skip
HINTS = {
    "sessions_count": gettext_lazy("Empty: it goes on without an end."),
    "session_minutes": gettext_lazy("Empty: everybody at his own pace, no meetings."),
    "over_enrolment": gettext_lazy("For those who do not turn up. Usually 0."),
    "closed_after_session": gettext_lazy(
        "After this session nobody comes in. Empty: always open."
    ),
    "age_min": gettext_lazy("Empty: no limit."),
    "age_max": gettext_lazy("Empty: no limit."),
    "norm_days": gettext_lazy("Who waits longer than this goes first."),
    "coach_minutes_per_week": gettext_lazy("For a digital module only."),
}
Organisations = frozenset[int] | None


def own_organisations(reach: Organisations) -> Any:
    """The organisations that somebody may choose from."""
    found = organisations()
    return found if reach is None else found.filter(pk__in=reach)


@require_safe
@planners_only
def offerings(request: HttpRequest) -> HttpResponse:
    """The offer of the reader's organisations, hidden ones too; no person."""
    reach = reach_of(request.user).organisations
    owners = [(one.pk, one.name) for one in own_organisations(reach)]
    filters = ListFilter(
        request.GET,
        search=_("Search in titles"),
        selects={
            "soort": (_("All kinds"), OfferingKind.choices),
            "organisatie": (_("All organisations"), owners),
            "zichtbaar": (_("Shown and hidden"), SHOWN),
        },
    )
    chosen = filters.chosen
    found = offerings_kept(organisation_ids=reach)
    if "zoek" in chosen:
        found = offerings_found(found, chosen["zoek"])
    if "soort" in chosen:
        found = found.filter(kind=chosen["soort"])
    if (owner := filters.number("organisatie")) is not None:
        found = found.filter(organisation=owner)
    if "zichtbaar" in chosen:
        found = found.filter(in_catalogue=chosen["zichtbaar"] == "ja")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    listing = Listing(
        section=SECTION,
        title=_("Offer"),
        lead=_("Every course, group and conversation type, with what it needs."),
        new=(_("New offering"), reverse("publishing:facts_offering_new")),
        columns=[
            Column(label=_("Kind")),
            Column(label=_("Organisation")),
            Column(label=_("Size"), number=True),
            Column(label=_("Running"), number=True),
            Column(label=_("To be planned"), number=True),
        ],
        lines=[_line(one) for one in page],
        page=page,
        filters=filters,
        empty=_("There is no offer yet"),
        icon="book-open",
    )
    return show_list(request, listing)


def _line(one: Offering) -> Line:
    counts: Any = one
    return Line(
        href=reverse("publishing:facts_offering", args=[one.pk]),
        name=one.title,
        cells=[
            one.get_kind_display().capitalize(),
            one.organisation.name,
            _("%(least)s to %(most)s") % {"least": one.size_min, "most": one.size_max},
            counts.running,
            counts.planned,
        ],
        pill=_pill(one),
    )


def _pill(one: Offering) -> tuple[Any, str]:
    if one.in_catalogue:
        return _("in the catalogue"), "ok"
    return _("hidden"), "plain"


def _shape(offering: Offering, reach: Organisations) -> Shape:
    certificates = [(one.pk, one.name) for one in qualifications()]
    kinds = [(key, str(words).capitalize()) for key, words in OfferingKind.choices]
    # As kinds of series differ by their policy, a kind that is in use stays.
    fixed = offering.series.exists()
    return Shape(
        groups=GROUPS,
        hints=HINTS,
        made={
            "kind": forms.ChoiceField(label=_("Kind"), choices=kinds, disabled=fixed),
            "language": forms.ChoiceField(label=_("Language"), choices=Language),
            "themes": rows_field(
                _("themes"), themes(), name_of, required=False, tick=True
            ),
            "required_features": rows_field(
                _("needed of the room"), features(), name_of, required=False, tick=True
            ),
            "organisation": rows_field(
                _("organisation"), own_organisations(reach), str
            ),
        },
        lines=(
            Lines(
                name="staff_needs",
                label=_("Who leads it"),
                columns={
                    "roles": lambda: several(
                        _("One of these roles"), StaffRole.choices
                    ),
                    "qualification": lambda: one_of(
                        _("With the certificate"), certificates
                    ),
                    "count": lambda: forms.IntegerField(
                        label=_("How many"), min_value=1, max_value=6
                    ),
                    "from_size": lambda: forms.IntegerField(
                        label=_("From group size"), min_value=0, max_value=500
                    ),
                },
                needed=("roles", "count", "from_size"),
                hint=_("0: whatever the size. Leave a line empty to take it away."),
                most=6,
            ),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def offering(request: HttpRequest, offering_id: int) -> HttpResponse:
    """One offering: texts, facts, catalogue, and what stands on it."""
    reach = reach_of(request.user).organisations
    row = offerings_kept(organisation_ids=reach).filter(pk=offering_id).first()
    if row is None:
        raise not_there(request, "offering", offering_id)
    actor, facts, shape = (
        Actor.of(request.user),
        offering_facts(row),
        _shape(row, reach),
    )
    return serve(
        request,
        Keeper(
            section=SECTION,
            title=_("Offering"),
            name=row.title,
            lead=row.organisation.name,
            back=reverse(SECTION),
            form=lambda data: FactForm(data, table=type(row), shape=shape, facts=facts),
            keep=lambda new, version: keep_offering(
                actor=actor, offering=row, facts=new, version=version
            ),
            said=_("The offering is saved."),
            pill=_pill(row),
            aside=_aside(row),
            links=_links(row),
            acts=_acts(actor, row),
        ),
    )


def _aside(row: Any) -> list[tuple[Any, Any]]:
    return [
        (_("Series that run"), row.running),
        (_("Series to be planned"), row.planned),
        (_("Code"), row.code),
    ]


def _links(row: Offering) -> list[tuple[Any, str]]:
    links = [
        (_("Its series"), f"{reverse('publishing:facts_series')}?aanbod={row.pk}"),
        (
            _("New series of it"),
            f"{reverse('publishing:facts_series_new')}?aanbod={row.pk}",
        ),
    ]
    if row.in_catalogue:
        links.append(
            (_("See it as residents do"), reverse("courses:offering", args=[row.code]))
        )
    return links


def _acts(actor: Actor, row: Offering) -> list[Act]:
    def show(*, shown: bool) -> str:
        show_offering(actor=actor, offering=row, shown=shown)
        if shown:
            return _("Residents see the offering in the catalogue now.")
        return _("The offering is hidden. What runs goes on.")

    if row.in_catalogue:
        first = Act(
            key="hide",
            label=_("Hide it in the catalogue"),
            about=_("Residents no longer find it. Series that run or wait go on."),
            do=lambda _posted: show(shown=False),
        )
    else:
        first = Act(
            key="show",
            label=_("Show it in the catalogue"),
            about=_("Residents find it, and can ask for it."),
            do=lambda _posted: show(shown=True),
        )
    return [
        first,
        deletion(
            row,
            parts=OFFERING_PARTS,
            instead=_("Hide it instead."),
            remove=lambda: remove_offering(actor=actor, offering=row),
            said=_("The offering is deleted."),
            section=SECTION,
        ),
    ]


class NewOfferingForm(forms.Form):
    """The least that a new offering needs; the rest is usual for its kind."""

    title_nl = forms.CharField(label=gettext_lazy("Title in Dutch"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(key, str(words).capitalize()) for key, words in OfferingKind.choices],
        widget=forms.RadioSelect,
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Form"), choices=Format, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = rows_field(_("organisation"), owners, str)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def new_offering(request: HttpRequest) -> HttpResponse:
    """Make an offering with what is usual for its kind, hidden until it is shown."""
    reach = reach_of(request.user).organisations
    owners = own_organisations(reach)
    initial = {"format": Format.IN_PERSON, "organisation": owners.first()}
    form = NewOfferingForm(request.POST or None, owners=owners, initial=initial)
    table = offerings_kept(organisation_ids=reach).model

    def make(facts: dict[str, Any]) -> Offering:
        code = free_code(table, facts["title_nl"], "aanbod")
        actor = Actor.of(request.user)
        return create_offering(actor=actor, code=code, in_catalogue=False, **facts)

    adding = Adding(
        section=SECTION,
        title=_("New offering"),
        lead=_(
            "Sizes, sessions and staff begin as is usual for the kind; on the next "
            "page you change them. Residents see it when you show it in the catalogue."
        ),
        press=_("Make the offering"),
        make=make,
        to="publishing:facts_offering",
        said=_("The offering is made. It is still hidden."),
    )
    return add(request, form, adding)
