"""Who helps residents by profession, and so sees the pages to act for somebody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from audit.actor import Actor
from audit.record import CARE, record_event
from courses.views.reader import HELPERS


def for_helpers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only who helps residents by profession; others are told so, and it is logged."""

    @wraps(view)
    @login_required
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not user.roles & HELPERS:
            record_event(
                actor=Actor.of(user),
                code="behalf.page",
                action="R",
                purpose=CARE,
                object_kind="registration",
                result="refused",
            )
            raise PermissionDenied
        return view(request, user, **kwargs)

    return checked
