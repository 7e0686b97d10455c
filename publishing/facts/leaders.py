"""Leaders to keep: how to reach them, what they may lead, how much they can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from people.enums import ContactChannel, Language, StaffRole
from people.selectors import places, qualifications
from people.selectors.leaders import leader_to_keep, leaders_kept, leaders_page
from people.services.leaders import (
    LEADER_PARTS,
    PERSON_FACTS,
    add_leader,
    keep_leader,
    leader_facts,
    remove_leader,
)
from publishing.facts.deleting import deletion
from publishing.facts.filters import ListFilter, in_use
from publishing.facts.forms import (
    FactForm,
    Group,
    Lines,
    Shape,
    day,
    one_of,
    rows_field,
    several,
)
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
from publishing.services.trouble import AHEAD, led_between
from scheduling.services.access import (
    Reach,
    care_reach,
    coordinators_only,
    coordinators_reach,
    planners_only,
    reach_of,
)
from scheduling.words import DASH, number

if TYPE_CHECKING:
    from people.models import Facilitator

SECTION = "publishing:facts_leaders"
NAME_KEY = "facts-name"
"""Where the session keeps the name searched for: names stay out of addresses."""
ACTIVE = [("ja", gettext_lazy("active")), ("nee", gettext_lazy("not active"))]
WHO = Group(
    gettext_lazy("Who it is"),
    PERSON_FACTS,
    gettext_lazy("In groups the alias is used, if there is one."),
)
GROUPS = (
    Group(
        gettext_lazy("What somebody leads as"),
        ("organisation", "travel_base", "staff_roles", "active"),
    ),
    Group(
        gettext_lazy("How much somebody can carry"),
        ("max_minutes_per_week", "max_sessions_per_day", "max_days_per_week",
         "max_span_minutes_per_day", "max_block_minutes"),
        gettext_lazy("What was agreed with this person. Empty: no limit."),
    ),
)  # fmt: skip


def by_name(request: HttpRequest) -> str:
    """The name that is searched for, if any."""
    return str(request.session.get(NAME_KEY, ""))


def searched(request: HttpRequest) -> HttpResponse | None:
    """Take over a search by name, and go back to the list; None if none was posted."""
    act = request.POST.get("act")
    if request.method != "POST" or act not in ("search", "forget"):
        return None
    text = request.POST.get("naam", "").strip()[:60] if act == "search" else ""
    request.session[NAME_KEY] = text
    query = request.GET.copy()
    query.pop("page", None)
    return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def leader_filter(request: HttpRequest, **more: Any) -> ListFilter:
    """What narrows a list of leaders, apart from a name."""
    reach = reach_of(request.user).organisations
    owners = [(one.pk, one.name) for one in own_organisations(reach)]
    certificates = [(one.pk, one.name) for one in qualifications()]
    return ListFilter(
        request.GET,
        selects={
            "organisatie": (_("All organisations"), owners),
            "rol": (_("All roles"), StaffRole.choices),
            "bevoegd": (_("All certificates"), certificates),
            **more,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def leaders(request: HttpRequest) -> HttpResponse:
    """The leaders of the reader's organisations; who is shown is in the log."""
    answer = searched(request)
    if answer is not None:
        return answer
    filters = leader_filter(request, actief=(_("Active or not"), ACTIVE))
    chosen, name = filters.chosen, by_name(request)
    found = leaders_kept(
        organisation_ids=reach_of(request.user).organisations,
        text=name,
        organisation=filters.number("organisatie"),
        role=chosen.get("rol", ""),
        qualification=filters.number("bevoegd"),
        active=in_use({"gebruik": chosen.get("actief", "")}),
    )
    page = leaders_page(
        actor=Actor.of(request.user),
        found=found,
        number=request.GET.get("page"),
        per_page=PER_PAGE,
        searched=bool(name),
    )
    listing = Listing(
        section=SECTION,
        title=_("Leaders"),
        lead=_("Who leads groups and conversations, and what was agreed with them."),
        new=(_("New leader"), reverse("publishing:facts_leader_new"))
        if care_reach(request.user).anything
        else None,
        columns=[
            Column(label=_("Organisation")),
            Column(label=_("Roles")),
            Column(label=_("Certificates")),
            Column(label=_("Most hours a week"), number=True),
        ],
        lines=[_line(one) for one in page],
        page=page,
        filters=filters,
        empty=_("There are no leaders yet"),
        icon="users",
    )
    return show_list(
        request, listing, by_name=name, filtered=bool(chosen) or bool(name)
    )


def _line(one: Facilitator) -> Line:
    most = one.max_minutes_per_week
    held = [row.qualification.name for row in one.certificates.all()]
    return Line(
        href=reverse("publishing:facts_leader", args=[one.pk]),
        name=one.person.group_name,
        cells=[
            one.organisation.name,
            roles_of(one),
            ", ".join(dict.fromkeys(held)) or DASH,
            _("no limit") if most is None else number(most / 60, 1),
        ],
        pill=_pill(one),
    )


def roles_of(one: Facilitator) -> str:
    """The roles of a leader in words."""
    return ", ".join(str(StaffRole(role).label) for role in one.staff_roles)


def _pill(one: Facilitator) -> tuple[Any, str]:
    if one.active:
        return _("active"), "ok"
    return _("not active"), "plain"


# --- One leader -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def leader(request: HttpRequest, leader_id: int) -> HttpResponse:
    """One leader; looking at it and every change are in the log."""
    actor, reach = Actor.of(request.user), reach_of(request.user).organisations
    row = leader_to_keep(actor=actor, leader_id=leader_id, organisation_ids=reach)
    if row is None:
        raise not_there(request, "facilitator", leader_id)
    shape = _shape(row, reach, care_reach(request.user))
    facts = leader_facts(row)

    def keep(new: dict[str, Any], version: str) -> None:
        keep_leader(actor=actor, leader=row, facts=new, version=version)
        if row.active and not new["active"]:
            _tell_led(request, actor, row)

    times = f"{reverse('publishing:facts_availability')}?begeleider={row.pk}#wanneer"
    return serve(
        request,
        Keeper(
            section=SECTION,
            title=_("Leader"),
            name=row.person.group_name,
            lead=f"{row.organisation.name}: {roles_of(row)}",
            back=reverse(SECTION),
            form=lambda data: FactForm(data, table=type(row), shape=shape, facts=facts),
            keep=keep,
            said=_("The leader is saved."),
            pill=_pill(row),
            aside=[
                (_("Organisation"), row.organisation.name),
                (_("Account"), _account_words(row)),
            ],
            links=[(_("When this leader can"), times)],
            acts=[_delete(actor, row)],
        ),
    )


def _account_words(row: Facilitator) -> str:
    if row.person.user_id is None:
        return _("none: an administrator makes one")
    return _("signs in and sees an agenda")


def _person_fields() -> dict[str, Any]:
    return {
        "call_name": forms.CharField(label=_("Name to be called by"), max_length=60),
        "alias": forms.CharField(
            label=_("Alias in groups"), max_length=60, required=False
        ),
        "contact_channel": forms.ChoiceField(
            label=_("Way of contact"),
            choices=[(k, str(v).capitalize()) for k, v in ContactChannel.choices],
        ),
        "contact_address": forms.CharField(
            label=_("Address or number"), max_length=120, required=False
        ),
        "languages": several(_("Languages"), Language.choices),
    }


def _shape(row: Facilitator, reach: frozenset[int] | None, care: Reach) -> Shape:
    """The form of a leader; how to reach somebody is for coordinators of the
    organisation that keeps the person's own data."""
    certificates = [(one.pk, one.name) for one in qualifications()]
    own = care.has(row.person.organisation_id)
    return Shape(
        groups=(WHO, *GROUPS) if own else GROUPS,
        hints={"active": _("Who is not active is not planned any more.")},
        made={
            **_person_fields(),
            "organisation": rows_field(
                _("organisation"), own_organisations(reach), str
            ),
            "travel_base": rows_field(
                _("starting point of journeys"),
                places().order_by("name"),
                lambda one: f"{one.name} ({one.municipality})",
                required=False,
            ),
            "staff_roles": several(_("Roles"), StaffRole.choices),
        },
        lines=(
            Lines(
                name="certificates",
                label=_("Certificates"),
                columns={
                    "qualification": lambda: one_of(_("Certificate"), certificates),
                    "first": lambda: day(_("From")),
                    "last": lambda: day(_("Up to and including")),
                },
                needed=("qualification",),
                hint=_("Without dates it always counts. Empty a line to drop it."),
                most=12,
            ),
        ),
    )


def _tell_led(request: HttpRequest, actor: Actor, row: Facilitator) -> None:
    """Say how many meetings somebody was to lead who is not active any more."""
    now = timezone.now()
    led = led_between(actor=actor, facilitator=row, start=now, end=now + AHEAD)
    if led:
        text = ngettext(
            "%(number)s meeting has this leader. Look for a substitute.",
            "%(number)s meetings have this leader. Look for substitutes.",
            len(led),
        )
        messages.warning(request, text % {"number": len(led)})


def _delete(actor: Actor, row: Facilitator) -> Act:
    return deletion(
        row,
        parts=LEADER_PARTS,
        instead=_("Make the leader not active instead."),
        remove=lambda: remove_leader(actor=actor, leader=row),
        said=_("The leader is deleted."),
        section=SECTION,
    )


# --- A new one ------------------------------------------------------------------------


class NewLeaderForm(forms.Form):
    """The least that a new leader needs."""

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= _person_fields()
        self.fields["organisation"] = rows_field(_("organisation"), owners, str)
        self.fields["staff_roles"] = several(_("Roles"), StaffRole.choices)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinators_only
def new_leader(request: HttpRequest) -> HttpResponse:
    """Write down a new person who leads; the organisation keeps the data."""
    owners = own_organisations(coordinators_reach(request.user).organisations)
    initial = {"languages": [Language.DUTCH.value], "organisation": owners.first()}
    form = NewLeaderForm(request.POST or None, owners=owners, initial=initial)

    def make(facts: dict[str, Any]) -> Facilitator:
        return add_leader(
            actor=Actor.of(request.user),
            person={name: facts[name] for name in PERSON_FACTS},
            leader={name: facts[name] for name in ("organisation", "staff_roles")},
        )

    adding = Adding(
        section=SECTION,
        title=_("New leader"),
        lead=_("After this you say what was agreed, and when this leader can."),
        press=_("Make the leader"),
        make=make,
        to="publishing:facts_leader",
        said=_("The leader is made. Fill in when this leader can."),
    )
    return add(request, form, adding)
