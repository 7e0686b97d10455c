"""The figures of the region: on a page, and to take along."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from audit.record import OVERSIGHT, record_event
from courses.selectors.hiding import note_of
from people.selectors import municipalities
from publishing.figures.page import Asked, figures_for
from publishing.figures.period import CHOICES, USUAL
from publishing.figures.sheet import as_csv, as_workbook
from scheduling.services.access import planners_only

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FiguresFilter(forms.Form):
    """The stretch of time and the municipality; what is unknown counts as not asked."""

    periode = forms.ChoiceField(label=_("Period"), choices=list(CHOICES.items()))
    gemeente = forms.ChoiceField(label=_("Municipality"), required=False)

    def __init__(self, given: Any, towns: list[tuple[str, str]]) -> None:
        asked = {"periode": USUAL, "gemeente": ""}
        known = {"periode": set(CHOICES), "gemeente": {code for code, _name in towns}}
        for name, values in known.items():
            if given.get(name) in values:
                asked[name] = given[name]
        super().__init__(asked)
        field = self.fields["gemeente"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", _("All municipalities")), *towns]
        for one in self.fields.values():
            one.widget.attrs["class"] = "utrecht-select utrecht-select--html-select"
        self.chosen = asked

    def asked(self, today: date) -> Asked:
        return Asked(
            weeks=int(self.chosen["periode"]),
            municipality=self.chosen["gemeente"],
            today=today,
        )

    @property
    def query(self) -> str:
        return urlencode({key: value for key, value in self.chosen.items() if value})


def _filter(request: HttpRequest) -> FiguresFilter:
    return FiguresFilter(
        request.GET, [(one.code, one.name) for one in municipalities()]
    )


@require_safe
@planners_only
def figures(request: HttpRequest) -> HttpResponse:
    """Waits, forms of help, rooms, leaders and reach; a fixed number of queries."""
    chosen = _filter(request)
    asked = chosen.asked(timezone.localdate())
    found = figures_for(actor=Actor.of(request.user), asked=asked)
    exports = [
        (words, f"{reverse('publishing:figures_export', args=[kind])}?{chosen.query}")
        for kind, words in (("xlsx", _("Excel workbook")), ("csv", _("CSV file")))
    ]
    context = {
        "figures": found,
        "filter": chosen,
        "exports": exports,
        "note": note_of(),
    }
    return render(request, "publishing/figures.html", context)


@require_safe
@planners_only
def figures_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same figures as a file; the access log says that they were taken along."""
    asked = _filter(request).asked(timezone.localdate())
    actor = Actor.of(request.user)
    found = figures_for(actor=actor, asked=asked)
    record_event(
        actor=actor,
        code="figures.export",
        action="E",
        purpose=OVERSIGHT,
        object_kind="figures",
        object_id=kind,
    )
    if kind == "csv":
        content, content_type = as_csv(found, note_of()), "text/csv; charset=utf-8"
    else:
        content, content_type = as_workbook(found, note_of()), WORKBOOK
    name = f"gem-{asked.today.isoformat()}-{asked.weeks}-weken.{kind}"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
