"""Who may see and make plans: one answer for every page of the coordinator.

Looking is limited to one's own organisations. Making, publishing and dropping a plan
touches everybody's groups, so that asks for a role in the whole region. A functional
administrator plans as well; names, decisions on somebody's care and addresses of people
are for coordinators.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from audit.actor import Actor
from audit.record import PLANNING, record_event
from people.enums import Role

PLANNERS = (Role.COORDINATOR, Role.FUNCTIONAL_ADMINISTRATOR)

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Reach:
    """The organisations someone plans for; ``None`` is the whole region."""

    organisations: frozenset[int] | None

    @property
    def whole_region(self) -> bool:
        return self.organisations is None

    @property
    def anything(self) -> bool:
        return self.organisations is None or bool(self.organisations)

    def has(self, organisation_id: int | None) -> bool:
        """Whether what belongs to an organisation is within it."""
        return self.organisations is None or organisation_id in self.organisations


def reach_of(user: Any) -> Reach:
    """What an account may plan for; ``PermissionDenied`` when that is nothing."""
    scope = user.organisations_for(*PLANNERS) if user.is_authenticated else frozenset()
    if scope is not None and not scope:
        raise PermissionDenied("no role that plans")
    return Reach(scope)


def plans_region(user: Any) -> bool:
    """Whether an account plans for the whole region."""
    return user.is_authenticated and user.organisations_for(*PLANNERS) is None


def may_administer(user: Any) -> bool:
    """Whether leaders and series can be opened in the administration pages.

    Those pages are the coordinators'; a link for others would lead to a refusal.
    """
    return user.is_staff and (user.is_superuser or user.has_role(Role.COORDINATOR))


def coordinators_reach(user: Any) -> Reach:
    """Whose registrations an account coordinates; ``PermissionDenied`` if nobody's."""
    scope = (
        user.organisations_for(Role.COORDINATOR)
        if user.is_authenticated
        else frozenset()
    )
    if scope is not None and not scope:
        raise PermissionDenied("no coordinator")
    return Reach(scope)


def coordinates_region(user: Any) -> bool:
    """Whether an account is a coordinator of the whole region."""
    return user.is_authenticated and user.organisations_for(Role.COORDINATOR) is None


def care_reach(user: Any) -> Reach:
    """For whom a planner's account may also see names and decide on care: where it
    coordinates, which may be nowhere."""
    return Reach(user.organisations_for(Role.COORDINATOR))


def as_coordinator(request: HttpRequest) -> Reach:
    """Whose registrations the reader coordinates, for a part of a page of planners.

    Raises ``PermissionDenied`` for who plans and does not coordinate; that is logged.
    """
    return _or_refuse(request, lambda _reach: True)


def as_region_coordinator(request: HttpRequest) -> Reach:
    """The same for what touches somebody at every organisation; raises for who
    coordinates for some organisations only too."""
    return _or_refuse(request, lambda reach: reach.whole_region)


def _or_refuse(request: HttpRequest, enough: Callable[[Reach], bool]) -> Reach:
    try:
        reach = coordinators_reach(request.user)
        if not enough(reach):
            raise PermissionDenied("this is for coordinators of the whole region")
    except PermissionDenied:
        _log_refusal(request)
        raise
    return reach


def coordinators_only(view: View) -> View:
    """A view for coordinators, of one organisation or all; others get 403, logged."""
    return _guarded(view, lambda _reach: True, coordinators_reach)


def planners_only(view: View) -> View:
    """A view for whoever plans for at least one organisation.

    Others get 403, and the access log a line that they tried.
    """
    return _guarded(view, lambda _reach: True)


def region_planners_only(view: View) -> View:
    """A view for whoever plans for the whole region; others get 403, as above."""
    return _guarded(view, lambda reach: reach.whole_region)


def region_coordinators_only(view: View) -> View:
    """A view for coordinators of the whole region; others get 403, as above."""
    return _guarded(view, lambda reach: reach.whole_region, coordinators_reach)


def keeps(*names: str, filled_by: str = "") -> Callable[[View], View]:
    """What was filled in under these names comes back after signing in again.

    For a page whose form can be asked for by its address; put it above the guard. A
    session may end while somebody thinks about a change. ``filled_by``: a name in the
    address by which the page fills in what is not asked.

    Was the press on a page that asks for the same, then that very page comes back: the
    browser keeps for its address what is not in it (``gem-typed.js``), such as the
    breaches that were accepted. Those are ticked again where the same breach is still
    there; what is new is not.
    """

    once = tuple(dict.fromkeys(names))

    def keeping(view: View) -> View:
        @wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST" or request.user.is_authenticated:
                return view(request, *args, **kwargs)
            given = {name: request.POST[name] for name in once if name in request.POST}
            page = _pressed_on(request, given, once, filled_by)
            told = [(one, text) for one in once for text in request.POST.getlist(one)]
            return redirect_to_login(page or f"{request.path}?{urlencode(told)}")

        return kept

    return keeping


def _pressed_on(
    request: HttpRequest, given: Mapping[str, str], names: Sequence[str], filled_by: str
) -> str:
    """The page that the browser says it came from, if it asks for what was given."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return ""
    parts = urlsplit(page)
    query = dict(parse_qsl(parts.query))
    asked = {name: value for name, value in query.items() if name in names}
    wanted = {name: value for name, value in given.items() if value}
    same = asked == wanted or (
        bool(filled_by) and filled_by in query and asked.items() <= wanted.items()
    )
    return f"{parts.path}?{parts.query}" if same and parts.path == request.path else ""


def _guarded(
    view: View,
    enough: Callable[[Reach], bool],
    reach: Callable[[Any], Reach] = reach_of,
) -> View:
    @login_required
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not enough(reach(request.user)):
                raise PermissionDenied("a plan is made for the whole region")
        except PermissionDenied:
            _log_refusal(request)
            raise
        return view(request, *args, **kwargs)

    return checked


def _log_refusal(request: HttpRequest) -> None:
    record_event(
        actor=Actor.of(request.user),
        code="planning.page",
        action="R" if request.method in ("GET", "HEAD") else "E",
        purpose=PLANNING,
        object_kind="page",
        result="refused",
    )
