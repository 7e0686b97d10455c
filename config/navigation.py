"""Which links the frame of every page shows, by role; one list, read by all pages.

An item names a view; items whose view does not exist are left out, so that a link
never leads nowhere. tests/web/test_base_look.py checks every item that is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.enums import STAFF_ROLES, Role


@dataclass(frozen=True)
class NavigationItem:
    """A link in the main menu: its words, its view, and who sees it.

    An empty `roles` means everybody, `anonymous` leaves it out for who signed in.
    """

    label: str | Promise
    view: str
    roles: frozenset[str] = frozenset()
    icon: str = ""


PLANNERS = frozenset({Role.COORDINATOR.value, Role.FUNCTIONAL_ADMINISTRATOR.value})
ADMINISTERS = PLANNERS | {Role.CENTRE_MANAGER.value, Role.PRIVACY_OFFICER.value}
ADMIN = "admin:"

# In the order of the menu. Whoever adds a page adds its item here.
MAIN_MENU: tuple[NavigationItem, ...] = (
    NavigationItem(_("Week"), "scheduling:week", PLANNERS),
    NavigationItem(_("Make a plan"), "scheduling:run-new", PLANNERS),
    NavigationItem(_("Waiting list"), "scheduling:waiting", PLANNERS),
    NavigationItem(_("Small groups"), "scheduling:small-groups", PLANNERS),
    NavigationItem(
        _("Registrations"),
        "scheduling:registrations",
        frozenset({Role.COORDINATOR.value}),
    ),
    NavigationItem(_("Attendance"), "scheduling:attendance", PLANNERS),
    NavigationItem(_("Leaders"), "scheduling:leaders", PLANNERS),
    NavigationItem(_("Rooms"), "scheduling:rooms", PLANNERS),
    NavigationItem(_("Facts"), "publishing:facts", PLANNERS),
    NavigationItem(_("Conversations"), "publishing:referrals", PLANNERS),
    NavigationItem(
        _("Requests for a talk"), "intake:talks", frozenset({Role.COORDINATOR.value})
    ),
    NavigationItem(_("Publications"), "publishing:releases", PLANNERS),
    NavigationItem(_("Messages"), "publishing:outbox", PLANNERS),
    NavigationItem(_("Figures"), "publishing:figures", PLANNERS),
    NavigationItem(_("Import a region"), "scheduling:import", PLANNERS),
    NavigationItem(
        _("My agenda"), "publishing:my_agenda", frozenset({Role.FACILITATOR.value})
    ),
    NavigationItem(
        _("My conversations"),
        "intake:conversations",
        frozenset({Role.FACILITATOR.value}),
    ),
    NavigationItem(
        _("Asked of me"), "publishing:asked", frozenset({Role.FACILITATOR.value})
    ),
    NavigationItem(
        _("My referrals"), "intake:own_referrals", frozenset({Role.REFERRER.value})
    ),
    NavigationItem(_("Refer"), "intake:refer", frozenset({Role.REFERRER.value})),
    NavigationItem(
        _("Ask for a place for somebody"),
        "courses:for_somebody",
        frozenset(
            {
                Role.COORDINATOR.value,
                Role.REFERRER.value,
                Role.CLIENT_SUPPORTER.value,
            }
        ),
    ),
    NavigationItem(
        _("Think along"),
        "intake:think_along",
        frozenset({Role.REFERRER.value, Role.CLIENT_SUPPORTER.value}),
    ),
    NavigationItem(
        _("My locations"), "publishing:centres", frozenset({Role.CENTRE_MANAGER.value})
    ),
    NavigationItem(
        _("My appointments"), "courses:mine", frozenset({Role.RESIDENT.value})
    ),
    NavigationItem(_("Courses and groups"), "courses:catalogue"),
    NavigationItem(_("My data"), "people:own", frozenset({Role.RESIDENT.value})),
    NavigationItem(
        _("Referrers"),
        "people:referrers",
        frozenset({Role.FUNCTIONAL_ADMINISTRATOR.value}),
    ),
    NavigationItem(
        _("Requests for erasure"),
        "people:erasures",
        frozenset({Role.PRIVACY_OFFICER.value}),
    ),
    NavigationItem(
        _("How long we keep what"),
        "people:retention",
        frozenset({Role.PRIVACY_OFFICER.value}),
    ),
    NavigationItem(
        _("Access log"),
        "admin:audit_auditevent_changelist",
        frozenset({Role.PRIVACY_OFFICER.value}),
    ),
)
ACCOUNT_LINKS = (
    NavigationItem(_("Change password"), "account_change_password", icon="key-round"),
    NavigationItem(_("Two-step sign-in"), "mfa_index", icon="shield-check"),
    NavigationItem(
        _("E-mail address"), "account_email", frozenset(STAFF_ROLES), icon="mail"
    ),
    NavigationItem(
        _("My contact details"),
        "courses:contact",
        frozenset({Role.RESIDENT.value}),
        icon="mail",
    ),
    NavigationItem(_("Administration"), "admin:index", ADMINISTERS, icon="settings"),
)
FOOTER_LINKS = (
    NavigationItem(_("About this website and privacy"), "about"),
    NavigationItem(_("Accessibility"), "accessibility"),
)


def link_to(view: str) -> str:
    """Address of a view without arguments; empty when there is no such view."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


DESKS = frozenset({"scheduling", "publishing"})
"""Apps whose pages show residents by number: what is typed there may wait."""
COUNTERS = frozenset({"courses", "intake"})
"""Apps in which who plans writes names and numbers of residents: nothing of that waits
in a browser, but leaving in the middle asks first."""
SIGNING_IN = frozenset({"account_login", "mfa_authenticate"})
MOST_IN_A_ROW = 6
"""So many items of the main menu fit beside each other; the others unfold."""


def _links(
    items: tuple[NavigationItem, ...], request: HttpRequest, roles: frozenset[str]
) -> list[dict[str, Any]]:
    links = []
    for item in items:
        href = link_to(item.view)
        if not href or (item.roles and not item.roles & roles):
            continue
        # Asked last, of who signed in: these pages want a mark on the account too.
        if item.view.startswith(ADMIN) and not request.user.is_staff:
            continue
        exact = request.path == href
        inside = href != "/" and request.path.startswith(href)
        links.append(
            {
                "label": item.label,
                "href": href,
                "icon": item.icon,
                "current": exact or inside,
                "exact": exact,
            }
        )
    return links


def first_page(roles: frozenset[str]) -> str:
    """Address of the first page that is there for one of these roles; empty if none.

    Nobody lands in the administration: looking there is logged, and so is asked for.
    """
    own = (
        item
        for item in MAIN_MENU
        if item.roles & roles and not item.view.startswith(ADMIN)
    )
    return next(filter(None, (link_to(item.view) for item in own)), "")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menus, and the roles of who signed in, in words."""
    user = getattr(request, "user", None)
    roles: frozenset[str] = frozenset()
    if user is not None and user.is_authenticated:
        roles = user.roles
    match = getattr(request, "resolver_match", None)
    plans = bool(roles & ADMINISTERS)
    links = _links(MAIN_MENU, request, roles)
    row = len(links) if len(links) <= MOST_IN_A_ROW else MOST_IN_A_ROW - 1
    return {
        "home_url": link_to("home"),
        "navigation": links,
        "navigation_row": links[:row],
        "navigation_more": links[row:],
        "account_links": _links(ACCOUNT_LINKS, request, roles),
        "footer_links": _links(FOOTER_LINKS, request, roles),
        # What was typed there comes back after signing in (static/js/gem-typed.js).
        "keeps_typed": plans and match is not None and match.app_name in DESKS,
        "asks_to_leave": plans and match is not None and match.app_name in COUNTERS,
        "knows_typed": plans or (match is not None and match.view_name in SIGNING_IN),
        "role_words": ", ".join(str(Role(role).label) for role in sorted(roles)),
    }
