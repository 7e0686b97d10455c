"""Who may see which agenda page; who may not, finds no page, and that is logged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from audit.actor import Actor
from audit.record import AGENDA, record_event
from people.enums import Role
from people.selectors import facilitator_of, resident_of
from rooms.selectors import centres

if TYPE_CHECKING:
    from rooms.models import Centre


View = Callable[..., HttpResponse]


def refuse(request: HttpRequest, code: str, object_id: object = "") -> NoReturn:
    """Write the refusal down, and answer as if the page did not exist."""
    record_event(
        actor=Actor.of(request.user),
        code=code,
        action="R",
        purpose=AGENDA,
        object_kind="agenda",
        object_id=object_id,
        result="refused",
    )
    raise Http404("not yours, or not there")


def _for_owners(find: Callable[..., Any], view: View) -> View:
    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        own = find(user=request.user)
        if own is None:
            refuse(request, "agenda.read")
        return view(request, own, **kwargs)

    return checked


def for_facilitators(view: View) -> View:
    """Give the view the reader's own facilitator row; others do not find the page."""
    return _for_owners(facilitator_of, view)


def for_residents(view: View) -> View:
    """Give the view the reader's own resident row; others do not find the page."""
    return _for_owners(resident_of, view)


def for_managers(view: View) -> View:
    """Give the view the centres the reader manages; others do not find the page."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.has_role(Role.CENTRE_MANAGER):
            refuse(request, "centre.read", kwargs.get("code", ""))
        own = list(
            centres(organisation_ids=user.organisations_for(Role.CENTRE_MANAGER))
        )
        return view(request, own, **kwargs)

    return checked


def own_centre(request: HttpRequest, own: Iterable[Centre], code: str) -> Centre:
    """The centre of that code, if it is among the reader's own."""
    found = next((one for one in own if one.code == code), None)
    if found is None:
        refuse(request, "centre.read", code)
    return found
