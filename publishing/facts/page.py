"""One page for one row: look, change, and what else can be done with it.

A form that was made before somebody else changed the row is refused with what is kept
now beside what was filled in; nothing that was typed is lost. What a service refuses is
told at the field it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import StaleRow
from publishing.facts.forms import FactForm

PER_PAGE = 25
SECTIONS = (
    ("publishing:facts", gettext_lazy("Overview")),
    ("publishing:facts_offerings", gettext_lazy("Offer")),
    ("publishing:facts_series", gettext_lazy("Series")),
    ("publishing:facts_centres", gettext_lazy("Centres")),
    ("publishing:facts_rooms", gettext_lazy("Rooms")),
    ("publishing:facts_leaders", gettext_lazy("Leaders")),
    ("publishing:facts_availability", gettext_lazy("When leaders can")),
)


def sections(current: str) -> list[tuple[Any, str, bool]]:
    """The switch between the pages of the facts."""
    return [(words, reverse(view), view == current) for view, words in SECTIONS]


def not_there(request: HttpRequest, kind: str, key: object) -> Http404:
    """Write down that a row of somebody else was asked for; as if it did not exist."""
    record_event(
        actor=Actor.of(request.user),
        code=f"{kind}.read",
        action="R",
        purpose=ADMINISTRATION,
        object_kind=kind,
        object_id=key,
        result="refused",
    )
    return Http404("not yours, or not there")


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something else to do with a row: a press, asked once more when it is `sure`.

    `do` takes what was posted, returns the words that tell it is done, and may refuse
    (`ValidationError`). With `refused`, it cannot be done now, and that is why. `form`
    asks what the press needs.
    """

    key: str
    label: Any
    about: Any
    do: Callable[[Any], str]
    to: Callable[[], str] | None = None
    danger: bool = False
    refused: str = ""
    form: forms.Form | None = None


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """What the page of one row shows and does.

    `form` makes the form, given what was posted; `keep` writes facts that were made at
    a version. `aside` are words and values beside the form.
    """

    section: str
    title: Any
    name: str
    lead: Any
    back: str
    form: Callable[[Any], FactForm] | None = None
    keep: Callable[[dict[str, Any], str], Any] | None = None
    said: Any = ""
    pill: tuple[Any, str] | None = None
    aside: Sequence[tuple[Any, Any]] = ()
    links: Sequence[tuple[Any, str]] = ()
    acts: Sequence[Act] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    template: str = "publishing/facts_form.html"


def serve(request: HttpRequest, keeper: Keeper) -> HttpResponse:
    """Show the page, or do what was pressed on it."""
    if request.method == "POST":
        pressed = request.POST.get("act", "")
        act = next((one for one in keeper.acts if one.key == pressed), None)
        if act is not None:
            return _do(request, keeper, act)
        if keeper.form is None or pressed != "keep":
            raise Http404("no such act")
        return _keep(request, keeper, keeper.form(request.POST))
    return _show(request, keeper, keeper.form(None) if keeper.form else None)


def _do(request: HttpRequest, keeper: Keeper, act: Act) -> HttpResponse:
    try:
        if act.refused:
            raise ValidationError(act.refused)
        said = act.do(request.POST)
    except ValidationError as error:
        form = keeper.form(None) if keeper.form else None
        return _show(request, keeper, form, status=409, refused=error.messages)
    messages.success(request, said)
    return redirect(act.to() if act.to else request.path)


def _keep(request: HttpRequest, keeper: Keeper, form: FactForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, keeper, form, status=422)
    assert keeper.keep is not None  # noqa: S101 (for the type checker)
    try:
        keeper.keep(form.facts, form.cleaned_data["version"])
    except StaleRow as stale:
        newer = form.against(stale.facts)
        return _show(request, keeper, form, status=409, newer=newer, stale=True)
    except ValidationError as error:
        form.blame(error)
        return _show(request, keeper, form, status=422)
    messages.success(request, keeper.said or _("Saved."))
    return redirect(request.path)


def _show(
    request: HttpRequest, keeper: Keeper, form: FactForm | None, *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    context = {
        "keeper": keeper,
        "form": form,
        "sections": sections(keeper.section),
        **keeper.more,
        **more,
    }
    return render(request, keeper.template, context, status=status)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list; numbers are set to the right."""

    label: Any
    number: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of a list: where it leads, its name, and a cell for each column."""

    href: str
    name: str
    small: str = ""
    cells: Sequence[Any] = ()
    pill: tuple[Any, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list with its filters, and what to say when it is empty."""

    section: str
    title: Any
    lead: Any
    new: tuple[Any, str] | None
    columns: Sequence[Column]
    lines: Sequence[Line]
    page: Any
    filters: Any
    empty: Any
    icon: str


def show_list(request: HttpRequest, listing: Listing, **more: Any) -> HttpResponse:
    """Show a list of facts."""
    context = {
        "list": listing,
        "sections": sections(listing.section),
        "filtered": bool(listing.filters.chosen),
        "rows": [
            (line, list(zip(listing.columns, line.cells, strict=True)))
            for line in listing.lines
        ],
        **more,
    }
    return render(request, "publishing/facts_list.html", context)


@dataclass(frozen=True, kw_only=True)
class Adding:
    """A short form that makes a row, and leads to the page of it."""

    section: str
    title: Any
    lead: Any
    press: Any
    make: Callable[[dict[str, Any]], Any]
    to: str
    said: Any = ""


def add(request: HttpRequest, form: forms.Form, adding: Adding) -> HttpResponse:
    """Ask the least that a new row needs; make it when all of it is right."""
    if request.method == "POST" and form.is_valid():
        try:
            made = adding.make(dict(form.cleaned_data))
        except ValidationError as error:
            for name, errors in getattr(error, "error_dict", {None: error}).items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            messages.success(request, adding.said or _("Made."))
            return redirect(adding.to, made.pk)
    context = {
        "form": form,
        "adding": adding,
        "sections": sections(adding.section),
        "back": reverse(adding.section),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "publishing/facts_new.html", context, status=status)
