"""Names the view and a trace id for every log line of a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from audit.actor import scene


class SceneMiddleware:
    """Puts the request's view name, never its address, into the scene."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            where = resolve(request.path_info).view_name
        except Resolver404:
            where = "unknown view"
        with scene(where):
            return self.get_response(request)
