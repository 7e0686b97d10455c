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


def _refuse(request: HttpRequest, purpose: str) -> NoReturn:
    record_event(
        actor=Actor.of(request.user),
        code="own.page",
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
            _refuse(request, OWN_DATA)
        return view(request, person, **kwargs)

    return checked


def for_residents(view: View) -> View:
    """Give the view the reader's own resident row; others do not find the page."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        resident = resident_of(user=request.user)  # type: ignore[arg-type]
        if resident is None:
            _refuse(request, OWN_DATA)
        return view(request, resident, **kwargs)

    return checked


def for_officers(view: View) -> View:
    """A view for the privacy officer; others do not find it."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.has_role(Role.PRIVACY_OFFICER):
            _refuse(request, OVERSIGHT)
        return view(request, **kwargs)

    return checked
