"""Enormous names, emoji, scripts and formulas in every field that residents fill in.

The forms are read from the pages themselves, so a field that is added is tried too.
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.factories import (
    EnrolmentFactory,
    MandateFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.web.offer_data import Region, a_region

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert('x')</script>"
VALUES = {
    "a script": SCRIPT,
    "enormous": "x" * 200_000,
    "emoji": "👩🏽‍🦽🏳️‍🌈" * 20,
    "a formula": '=HYPERLINK("http://x")',
    "right to left": "\u202eabc\u0000",
    "foreign digits": "٣",
    "a large number": "9" * 40,
    "a negative number": "-1",
    "nothing": "",
}
SKIPPED = {"csrfmiddlewaretoken"}


@dataclass
class Found:
    """A form of a page: where it goes, how, and its fields with what they say now."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms between <main> and </main>."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []
        self.in_main = False
        self.form: Found | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.in_main = self.in_main or tag == "main"
        if tag == "form" and self.in_main:
            method = has.get("method", "get").lower()
            self.form = Found(has.get("action", ""), method)
            self.found.append(self.form)
        name = has.get("name", "")
        if self.form is None or name in SKIPPED:
            return
        if tag == "select":
            self.select = name
            self.form.fields.setdefault(name, [])
        elif tag == "option" and self.select and "selected" in has:
            self.form.fields[self.select].append(has.get("value", ""))
        elif tag in {"input", "textarea", "button"} and name:
            values = self.form.fields.setdefault(name, [])
            if has.get("type") not in {"checkbox", "radio"} or "checked" in has:
                values.append(has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = ""
        if tag == "main":
            self.in_main = False


def forms_of(client: Client, path: str) -> list[Found]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    reader = Forms()
    reader.feed(answer.content.decode())
    return reader.found


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def pages(region: Region) -> dict[str, list[str]]:
    """Every page with something to fill in, of a visitor and of a resident."""
    resident = region.resident
    open_group = region.series["walk in"]
    taken = [
        EnrolmentFactory(
            registration=RegistrationFactory(resident=resident, state="placed"),
            series=region.series[name],
        )
        for name in ("money", "sleep")
    ]
    coming = EnrolmentFactory(
        registration=RegistrationFactory(resident=resident, state="placed"),
        series=open_group,
    )
    waiting = RegistrationFactory(resident=resident)
    RegistrationChoiceFactory(registration=waiting, series=region.series["full"])
    MandateFactory(resident=resident)
    UserFactory(role="client_supporter")
    join = [
        reverse("courses:join_by_mail", args=[region.series["money"].pk]),
        reverse("courses:wait_by_mail", args=[region.series["money"].offering.pk]),
    ]
    return {
        "visitor": ["/", "/aanbod/", "/kiezen/?step=2", "/meedoen/link/", *join],
        "resident": [
            "/mijn-afspraken/",
            "/mijn-afspraken/contact/",
            "/mijn-afspraken/hulp/",
            "/mijn-afspraken/agenda/",
            "/mijn-gegevens/",
            "/mijn-gegevens/inzage/",
            "/mijn-gegevens/wensen/",
            "/mijn-gegevens/wissen/",
            reverse("intake:talk"),
            reverse("courses:absent", args=[taken[0].pk]),
            reverse("courses:swap", args=[taken[0].pk]),
            reverse("courses:pause", args=[coming.pk]),
            reverse("courses:leave", args=[taken[0].pk]),
            reverse("courses:stop_waiting", args=[waiting.pk]),
            reverse("courses:join", args=[region.series["money in Olst"].pk]),
        ],
    }


def fillings(form: Found) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each value in all fields at once, and a script in each field alone."""
    for name, value in VALUES.items():
        yield name, dict.fromkeys(form.fields, value)
    for one in form.fields:
        yield f"a script in {one}", {**form.fields, one: [SCRIPT, SCRIPT]}


def press(client: Client, path: str, form: Found, data: dict[str, Any]) -> Any:
    send = client.post if form.method == "post" else client.get
    return send(form.action or path, data, follow=True)


@pytest.mark.parametrize("who", ["visitor", "resident"])
def test_no_field_breaks_a_page(
    client: Client, region: Region, pages: dict[str, list[str]], who: str, caplog: Any
) -> None:
    caplog.set_level(logging.CRITICAL, "django")
    if who == "resident":
        client.force_login(region.resident.person.user)
    tried, faults = 0, []
    for path in pages[who]:
        for form in forms_of(client, path):
            for name, data in fillings(form):
                cache.clear()
                mark = transaction.savepoint()
                answer = press(client, path, form, data)
                transaction.savepoint_rollback(mark)
                client.cookies.pop("messages", None)
                tried += 1
                if answer.status_code >= 500 or SCRIPT in answer.content.decode():
                    faults.append((path, form.action, name, answer.status_code))
    assert faults == []
    assert tried > (60 if who == "visitor" else 120)


def test_the_name_of_a_resident_is_words_in_every_file(
    client: Client, region: Region
) -> None:
    client.force_login(region.resident.person.user)
    strange = "=1+1" + SCRIPT
    answer = client.post(
        "/mijn-afspraken/contact/",
        {
            "call_name": strange,
            "alias": "@SUM(1)",
            "contact_channel": "none",
            "languages": ["nl"],
        },
    )
    assert answer.status_code == 302
    saved = client.post("/mijn-gegevens/downloaden/", {"way": "csv"})
    text = saved.content.decode("utf-8-sig")
    cells = [
        cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row
    ]
    assert any(strange in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []
    for path in ("/mijn-gegevens/", "/mijn-afspraken/contact/"):
        assert SCRIPT not in client.get(path).content.decode()
