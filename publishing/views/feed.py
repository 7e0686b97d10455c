"""The feed itself: a secret address that calendar programs ask again and again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from publishing.services.feeds import answer


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The agenda behind a token as text/calendar, or 304 when nothing changed.

    An unknown token is a page that does not exist, as is a withdrawn one.
    """
    found = answer(token=token)
    if found is None:
        raise Http404("no such feed")
    tag = quote_etag(found.tag)
    known = [item.removeprefix("W/") for item in _asked(request)]
    response: HttpResponse
    if tag in known or "*" in known:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(
            found.body(), content_type="text/calendar; charset=utf-8"
        )
        response["Content-Disposition"] = 'inline; filename="agenda.ics"'
    response["ETag"] = tag
    patch_cache_control(response, private=True, max_age=0, must_revalidate=True)
    return response


def _asked(request: HttpRequest) -> list[str]:
    return list(parse_etags(request.headers.get("If-None-Match", "")))
