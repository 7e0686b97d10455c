"""Who may open which page of intake; who may not finds no page, and that is logged."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from audit.actor import Actor
from audit.record import CARE, record_event
from people.enums import Role
from people.selectors import organisations, resident_of

if TYPE_CHECKING:
    from people.models import Organisation

View = Callable[..., HttpResponse]
HELPERS = (
    Role.REFERRER,
    Role.FACILITATOR,
    Role.CLIENT_SUPPORTER,
    Role.COORDINATOR,
)
"""Who may ask a professional to think along."""


def refuse(request: HttpRequest, code: str, object_id: object = "") -> NoReturn:
    """Write the refusal down, and answer as if the page did not exist."""
    record_event(
        actor=Actor.of(request.user),
        code=code,
        action="R",
        purpose=CARE,
        object_kind="referral",
        object_id=object_id,
        result="refused",
    )
    raise Http404("not yours, or not there")


def for_roles(*roles: str) -> Callable[[View], View]:
    """A view for accounts that hold one of these roles; others do not find it."""

    def wrap(view: View) -> View:
        @wraps(view)
        @login_required
        def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            user: Any = request.user
            if not user.has_role(*roles):
                refuse(request, "own.page")
            return view(request, **kwargs)

        return checked

    return wrap


def for_residents(view: View) -> View:
    """Give the view the reader's own resident row; others do not find the page."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        resident = resident_of(user=request.user)  # type: ignore[arg-type]
        if resident is None:
            refuse(request, "own.page")
        return view(request, resident, **kwargs)

    return checked


def own_organisations(user: Any, *roles: str) -> list[Organisation]:
    """The organisations for which an account holds one of the roles.

    A role in the whole region names no organisation to answer for: then none.
    """
    ids = user.organisations_for(*roles)
    if not ids:
        return []
    return list(organisations().filter(pk__in=ids))
