"""My wishes, my data, and erasing them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from audit.actor import Actor
from audit.admin_base import as_cell
from people.forms import WishesForm
from people.services import set_weekly_hours, update_wishes
from people.services.erasure import (
    ask_erasure,
    open_request,
    thinking_days,
    withdraw_erasure,
)
from people.services.own_data import Kept, everything
from people.views.access import for_persons, for_residents

if TYPE_CHECKING:
    from people.models import Person, Resident


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def wishes(request: HttpRequest, resident: Resident) -> HttpResponse:
    """When the reader can come, how far, how often, and in which way."""
    form = WishesForm(request.POST or None, resident=resident)
    if request.method == "POST" and form.is_valid():
        actor = Actor.of(request.user)
        update_wishes(actor=actor, resident=resident, **form.wishes)
        hours = form.new_hours
        if hours is not None:
            set_weekly_hours(actor=actor, person=resident.person, hours=hours)
        messages.success(request, _("Your wishes are kept. We use them from now on."))
        return redirect("people:wishes")
    status = 422 if request.method == "POST" else 200
    return render(request, "people/wishes.html", {"form": form}, status=status)


@require_safe
@for_persons
def own(request: HttpRequest, person: Person) -> HttpResponse:
    """All that is kept of the reader, in words, to read and to print."""
    kept = everything(actor=Actor.of(request.user), person=person, way="page")
    context = {"kept": [one for one in kept if one.rows], "person": person}
    return render(request, "people/own.html", context)


@require_POST
@for_persons
def download(request: HttpRequest, person: Person) -> HttpResponse:
    """The same as a file: JSON for programs, CSV for a spreadsheet."""
    way = "csv" if request.POST.get("way") == "csv" else "json"
    kept = everything(actor=Actor.of(request.user), person=person, way=way)
    content = _as_csv(kept) if way == "csv" else _as_json(kept)
    kind = "text/csv" if way == "csv" else "application/json"
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="gem-{way}.{way}"'
    response["Cache-Control"] = "no-store"
    return response


def _as_json(kept: list[Kept]) -> str:
    data: dict[str, Any] = {
        "made_at": timezone.localtime().isoformat(timespec="minutes"),
        "parts": {
            one.part.key: {"title": str(one.part.title), "rows": one.rows}
            for one in kept
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _as_csv(kept: list[Kept]) -> str:
    """One line for each value; what could be read as a formula is quoted."""
    stream = io.StringIO()
    stream.write("\ufeff")  # by which spreadsheets know that it is UTF-8
    writer = csv.writer(stream, delimiter=";")
    writer.writerow([_("Part"), _("Row"), _("What"), _("Value")])
    for one in kept:
        for number, row in enumerate(one.rows, start=1):
            for name, value in row.items():
                text = ", ".join(map(str, value)) if isinstance(value, list) else value
                writer.writerow(
                    [as_cell(part) for part in (one.part.title, number, name, text)]
                )
    return stream.getvalue()


@require_http_methods(["GET", "HEAD", "POST"])
@for_persons
def erase(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask that everything is erased, or take that back while it can be."""
    actor = Actor.of(request.user)
    if request.method == "POST":
        if request.POST.get("act") == "stop":
            if withdraw_erasure(actor=actor, person=person):
                messages.success(request, _("Your data stay. Nothing is erased."))
        elif request.POST.get("sure") == "on":
            ask_erasure(actor=actor, person=person)
        else:
            messages.error(request, _("Tick the box first, to say that you are sure."))
        return redirect("people:erase")
    context = {
        "open": open_request(person=person),
        "days": thinking_days(),
        "contact_email": settings.GEM_CONTACT_EMAIL,
    }
    return render(request, "people/erase.html", context)
