"""The offer as open data, for social maps and other sites; without an account."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import conditional_page, require_safe

from courses.open_data import as_services
from courses.selectors import catalogue_offerings, open_series
from courses.selectors.offer_index import catalogue_kinds

PER_PAGE, MOST_PER_PAGE = 25, 50


@require_safe
@conditional_page
def services(request: HttpRequest) -> HttpResponse:
    """HSDS 3.0 `GET /services`: a page of services with schedules and locations.

    `page` and `per_page` (at most 50); a number that is none is a fault (400), a page
    past the last is empty.
    """
    asked = {}
    for name, usual in (("page", 1), ("per_page", PER_PAGE)):
        text = request.GET.get(name, str(usual))
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 100_000):
            return _answer(
                {"status": 400, "title": f"{name} must be a number from 1"}, status=400
            )
        asked[name] = int(text[:9])
    found = catalogue_offerings().exclude(kind__in=catalogue_kinds()).order_by("pk")
    pages = Paginator(found, min(asked["per_page"], MOST_PER_PAGE))
    number = asked["page"]
    here = list(pages.page(number)) if number <= pages.num_pages else []
    series = open_series().filter(offering__in=[one.pk for one in here])
    contents = as_services(
        request, here, series.select_related("room__centre__place__municipality")
    )
    return _answer(
        {
            "total_items": pages.count,
            "total_pages": pages.num_pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number >= pages.num_pages,
            "empty": not contents,
            "contents": contents,
        }
    )


def _answer(data: object, *, status: int = 200) -> JsonResponse:
    answer = JsonResponse(data, status=status)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
