"""Loading a region's file in the browser: faults or a preview first, then all of it.

What `import_region` does, by the same services. Addresses hold the number of the
import only; names of files are not kept.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from audit.actor import Actor
from audit.admin_base import as_cell
from courses.services import import_work, proposals
from courses.services.proposals import (
    BeingLoaded,
    FaultyRegion,
    UnreadableRegion,
    What,
)
from courses.services.uploads import OVER
from scheduling import words
from scheduling.services.access import (
    planners_only,
    reach_of,
    region_planners_only,
)

if TYPE_CHECKING:
    from courses.models import RegionImport

MOST_FAULTS = 1000
"""So many faults are shown; all of them are in the file to download."""
PER_PAGE = 50
WHATS = {
    What.ADDED: (_lazy("is new"), "ok"),
    What.CHANGED: (_lazy("is changed"), "warn"),
    What.REMOVED: (_lazy("goes away"), "bad"),
    What.KEPT: (_lazy("differs, and stays"), "info"),
}
"""What happens to a row, in words, and the tone of its pill."""
TEMPLATES = {
    "xlsx": (
        proposals.blank_workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "zip": (proposals.blank_folder, "application/zip"),
}


class TemplateConverter:
    """The kinds of file a template comes in."""

    regex = "|".join(TEMPLATES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def upload(request: HttpRequest) -> HttpResponseBase:
    """Choose files; who plans for less than the region is told who can."""
    return _propose(request) if request.method == "POST" else form_page(request)


@region_planners_only
def _propose(request: HttpRequest) -> HttpResponse:
    """Check the files whole, a large one by a worker; nothing is loaded yet."""
    user: Any = request.user
    try:
        files = _sent(request)
        if import_work.is_large(files):
            work = import_work.ask_to_check(user=user, files=files)
            return redirect("scheduling:import-working", work_id=work.pk)
        proposal = import_work.check_now(actor=Actor.of(user), user=user, files=files)
    except UnreadableRegion as refused:
        return form_page(request, unreadable=str(refused), status=400)
    except FaultyRegion as refused:
        if request.POST.get("act") == "list":
            return faults_file(refused)
        return form_page(request, faulty=refused, status=400)
    except BeingLoaded as refused:
        return _busy(request, refused)
    return redirect("scheduling:import-preview", import_id=proposal.pk)


def _busy(request: HttpRequest, refused: BeingLoaded) -> HttpResponse:
    """Nothing was done; the page that is next has the way to what is being loaded."""
    messages.error(request, str(refused))
    return redirect("scheduling:import")


def _sent(request: HttpRequest) -> dict[str, bytes]:
    """The files by name.

    Raises
    ------
    courses.services.proposals.UnreadableRegion
        Without a file, over the limit, or with two of one name.
    """
    sent = request.FILES.getlist("files")  # reads what was sent, up to the limit
    if request.META.get(OVER):
        raise proposals.too_large(_("What you chose together"))
    if not sent:
        raise UnreadableRegion(_("Choose a file first."))
    found = {one.name or "": one.read() for one in sent}
    if len(found) < len(sent):
        raise UnreadableRegion(_("Two files have the same name. Keep one of the two."))
    return found


def form_page(
    request: HttpRequest,
    *,
    unreadable: str = "",
    faulty: FaultyRegion | None = None,
    status: int = 200,
    list_url: str = "",
) -> HttpResponse:
    """The page to choose files on, with what was not right with the last."""
    faults = faulty.faults if faulty is not None else []
    context = {
        "may_import": reach_of(request.user).whole_region,
        "unreadable": unreadable,
        "list_url": list_url,
        "work": import_work.at_work_for(user=request.user),
        "faults": faults[:MOST_FAULTS],
        "faults_title": ngettext(
            "%(count)s thing is not right yet. Nothing was loaded.",
            "%(count)s things are not right yet. Nothing was loaded.",
            len(faults),
        )
        % {"count": words.number(len(faults))},
        "more_faults": max(0, len(faults) - MOST_FAULTS),
        "most": proposals.MOST_BYTES // (1024 * 1024),
        "hours": int(proposals.KEPT.total_seconds() // 3600),
        "before": [
            {
                "when": _when(one.loaded_at),
                "by": one.made_by.email,
                "counts": _total(one.counts.values()),
            }
            for one in proposals.loaded_before()
            if one.loaded_at is not None
        ],
    }
    return render(request, "scheduling/import.html", context, status=status)


def faults_file(faulty: FaultyRegion) -> HttpResponse:
    """Every fault as CSV; what could be read as a formula is quoted."""
    stream = io.StringIO()
    stream.write("\ufeff")  # by which spreadsheets know that it is UTF-8
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(
        [
            _("Sheet"),
            _("Row"),
            _("Column"),
            _("What is wrong"),
            _("What would be right"),
        ]
    )
    for one in faulty.faults:
        cells = (one.sheet, one.row or "", one.column, one.wrong, one.right)
        writer.writerow([as_cell(cell) for cell in cells])
    return _download(stream.getvalue().encode(), "gem-faults.csv", "text/csv")


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@region_planners_only
def template(request: HttpRequest, kind: str) -> HttpResponse:  # noqa: ARG001
    """The file to fill in: empty sheets with their columns, each explained."""
    make, content_type = TEMPLATES[kind]
    return _download(make(), f"gem-region.{kind}", content_type)


@require_safe
@region_planners_only
def preview(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """What loading would add, change, take away and leave alone."""
    return _preview(request, import_id, newer="nieuwer" in request.GET)


def _preview(
    request: HttpRequest, import_id: uuid.UUID, *, newer: bool = False
) -> HttpResponse:
    user: Any = request.user
    proposal = proposals.proposal_of(user=user, import_id=import_id)
    if proposal is None:
        return gone(request)
    sheets = proposals.previews_of(actor=Actor.of(user), proposal=proposal)
    wanted = request.GET.get("blad", "")
    chosen = next((one for one in sheets if one.name == wanted), None)
    if chosen is None:
        chosen = next((one for one in sheets if one.differences), None)
    page = Paginator(chosen.differences if chosen else (), PER_PAGE).get_page(
        request.GET.get("page")
    )
    dutch = (get_language() or "nl").startswith("nl")
    context = {
        "newer": newer,
        "proposal": proposal,
        "until": _when(proposal.expires_at),
        "total": _total(proposal.counts.values()),
        "sheets": [
            {
                "sheet": one,
                "told": one.nl if dutch else one.en,
                "current": one is chosen,
            }
            for one in sheets
        ],
        "chosen": chosen,
        "page": page,
        "rows": [
            {"row": one, "what": WHATS[one.what][0], "tone": WHATS[one.what][1]}
            for one in page
        ],
    }
    status = 409 if newer and request.method == "POST" else 200
    return render(request, "scheduling/import_preview.html", context, status=status)


def _when(at: datetime) -> str:
    return words.moment_in_text(timezone.localtime(at))


def gone(request: HttpRequest) -> HttpResponse:
    """Another's, or its time is over: the answer is the same."""
    messages.error(
        request, _("This file does not wait any more. Choose it again, please.")
    )
    return redirect("scheduling:import")


def _total(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total = dict.fromkeys((*(what.value for what in What), "same"), 0)
    for one in counts:
        for name, number in one.items():
            total[name] += number
    return total


@require_POST
@region_planners_only
def load(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Load what the preview said, a large file by a worker; if that is not what would
    happen, show the newer."""
    user: Any = request.user
    digest = request.POST.get("digest", "")
    waiting = proposals.proposal_of(user=user, import_id=import_id)
    if waiting is not None and import_work.has_many_rows(waiting):
        work = import_work.ask_to_load(user=user, proposal=waiting, digest=digest)
        return redirect("scheduling:import-working", work_id=work.pk)
    try:
        proposal = proposals.confirm(
            actor=Actor.of(user), user=user, import_id=import_id, digest=digest
        )
    except FaultyRegion as refused:
        return form_page(request, faulty=refused, status=409)
    if proposal is None:
        return gone(request)
    if proposal.loaded_at is None:
        return _preview(request, import_id, newer=True)
    tell_loaded(request, proposal)
    return redirect("scheduling:import")


def tell_loaded(request: HttpRequest, proposal: RegionImport) -> None:
    """Say on the next page how many rows were loaded."""
    total = _total(proposal.counts.values())
    messages.success(
        request,
        _("Loaded: %(added)s added, %(changed)s changed, %(removed)s taken away.")
        % {name: words.number(total[name]) for name in ("added", "changed", "removed")},
    )


@require_POST
@region_planners_only
def drop(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Throw the file away."""
    user: Any = request.user
    try:
        dropped = proposals.drop(actor=Actor.of(user), user=user, import_id=import_id)
    except BeingLoaded as refused:
        return _busy(request, refused)
    if not dropped:
        return gone(request)
    messages.success(request, _("The file was thrown away. Nothing was loaded."))
    return redirect("scheduling:import")
