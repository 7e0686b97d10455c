"""The week on paper and in files, per centre."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.actor import Actor
from scheduling.selectors import drafts_in
from scheduling.services.access import planners_only, reach_of
from scheduling.services.week_files import as_csv, as_pdf, as_workbook, week_title
from scheduling.services.week_lines import Sheet, week_sheets
from scheduling.views.on_draft import draft_asked, gone_from

if TYPE_CHECKING:
    from scheduling.models import Schedule
    from scheduling.weeks import Week

MAKERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        as_workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "pdf": (as_pdf, "application/pdf"),
}


class PaperConverter:
    """The kind of file in an address; any other is an address that does not exist."""

    regex = "|".join(MAKERS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@require_safe
@planners_only
def paper(request: HttpRequest, week: Week) -> HttpResponse:
    """A page for each centre, to print on A4."""
    drafts = drafts_in(week=week)
    draft = draft_asked(request, drafts)
    if request.GET.get("versie") and draft is None:
        return gone_from(request, week, drafts)
    kept = {"versie": draft.pk} if draft is not None else {}
    context = {
        "week": week,
        "title": week_title(week),
        "sheets": [
            (sheet, "?" + urlencode({**kept, "centrum": sheet.centre_id}))
            for sheet in _sheets(request, week, draft)
        ],
        "all": "?" + urlencode(kept),
        "one_centre": bool(request.GET.get("centrum")),
        "draft": draft,
        "query": request.GET.urlencode(),
        "kinds": [(kind, kind.upper()) for kind in MAKERS],
    }
    return render(request, "scheduling/paper.html", context)


@require_safe
@planners_only
def week_file(request: HttpRequest, week: Week, kind: str) -> HttpResponse:
    """The same as a file; `?versie=` names a draft, `?centrum=` one centre."""
    make, content_type = MAKERS[kind]
    drafts = drafts_in(week=week)
    draft = draft_asked(request, drafts)
    if request.GET.get("versie") and draft is None:
        return gone_from(request, week, drafts)
    content = make(_sheets(request, week, draft), week)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="gem-{week}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def _sheets(request: HttpRequest, week: Week, draft: Schedule | None) -> list[Sheet]:
    centre = request.GET.get("centrum", "")
    if centre and not (centre.isascii() and centre.isdigit()):
        raise Http404("no such centre")
    return week_sheets(
        actor=Actor.of(request.user),
        week=week,
        draft=draft,
        organisation_ids=reach_of(request.user).organisations,
        centre_id=int(centre) if centre else None,
    )
