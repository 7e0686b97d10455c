"""A coordinator who keeps the facts, and how a form on those pages is sent back."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Series
from people.enums import Role
from tests.factories import UserFactory
from tests.web.html import faults

SERIES = "/gegevens/reeksen/"


def of_series(row: Series) -> str:
    """The page of a series."""
    return reverse("publishing:facts_one_series", args=[row.pk])


def ahead(days: int) -> Any:
    """Two hours, so many days from now."""
    start = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    start += timedelta(days=days)
    return DateTimeTZRange(start, start + timedelta(hours=2))


def signed_in(organisation: Any = None, role: Role = Role.COORDINATOR) -> Client:
    """A client of a coordinator of the organisation, or of the whole region."""
    client = Client()
    client.force_login(UserFactory(role=role, organisation=organisation))
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    """The page at an address, which is sound."""
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    html = answer.content.decode()
    assert faults(html) == []
    return html


class _Form(HTMLParser):
    """What a browser would send of the form that has a press of that value."""

    def __init__(self, act: str) -> None:
        super().__init__()
        self.act, self.data = act, {}
        self.found: dict[str, Any] | None = None
        self._open: dict[str, Any] | None = None
        self._select: str | None = None
        self._area: str | None = None
        self._first = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        known = dict(attrs)
        name = known.get("name")
        if tag == "form":
            self._open = {}
        elif self._open is None:
            return
        elif tag == "button" and known.get("value") == self.act:
            self.found = self._open
        elif tag == "select":
            self._select = name
            self._open[name] = ""
        elif tag == "option" and self._select and "selected" in known:
            self._open[self._select] = known.get("value", "")
        elif tag == "textarea":
            self._area = name
            self._open[name] = ""
        elif tag == "input" and name:
            self._input(name, known)

    def _input(self, name: str, known: dict[str, Any]) -> None:
        assert self._open is not None
        if known.get("type") in ("checkbox", "radio"):
            if "checked" in known:
                self._open.setdefault(name, [])
                self._open[name].append(known.get("value", "on"))
        else:
            self._open[name] = known.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area and self._open is not None:
            # A browser leaves out the first line break, as Django expects.
            self._open[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


def form_of(html: str, act: str = "keep") -> dict[str, Any]:
    """The fields of a form as they stand on the page, with the press."""
    reader = _Form(act)
    reader.feed(html)
    assert reader.found is not None, f"no form with {act!r}"
    return {**reader.found, "act": act}


def send(client: Client, address: str, status: int = 302, **changes: Any) -> Any:
    """Open a page, change some fields of its form, and send it."""
    act = changes.pop("act", "keep")
    data = form_of(page(client, address), act) | changes
    answer = client.post(address, data)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    if status != 302:
        assert faults(answer.content.decode()) == []
    return answer
