"""Who may open a page about the own data; a refusal is written down."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from audit.actor import Actor
from audit.record import OVERSIGHT, OWN_DATA, record_event
from people.enums import Role
from people.selectors import person_of, resident_of

View = Callable[..., HttpResponse]


def refuse(
    request: HttpRequest, code: str = "own.page", purpose: str = OVERSIGHT
) -> NoReturn:
    """Write the refusal down, and answer as if the page did not exist."""
    record_event(
        actor=Actor.of(request.user),
        code=code,
        action="R",
        purpose=purpose,
        object_kind="person",
        result="refused",
    )
    raise Http404("not yours, or not there")


def for_persons(view: View) -> View:
    """Give the view the person behind the account; others do not find the page."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = person_of(user=request.user)  # type: ignore[arg-type]
        if person is None:
            refuse(request, purpose=OWN_DATA)
        return view(request, person, **kwargs)

    return checked


def for_residents(view: View) -> View:
    """Give the view the reader's own resident row; others do not find the page."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        resident = resident_of(user=request.user)  # type: ignore[arg-type]
        if resident is None:
            refuse(request, purpose=OWN_DATA)
        return view(request, resident, **kwargs)

    return checked


def _for_role(role: Role, view: View) -> View:
    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.has_role(role):
            refuse(request)
        return view(request, **kwargs)

    return checked


def for_officers(view: View) -> View:
    """A view for the privacy officer; others do not find it."""
    return _for_role(Role.PRIVACY_OFFICER, view)


def for_administrators(view: View) -> View:
    """A view for functional administrators; others do not find it."""
    return _for_role(Role.FUNCTIONAL_ADMINISTRATOR, view)
