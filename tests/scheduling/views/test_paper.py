"""The week on paper: a sheet for each centre, no participant, logged as taken along."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from tests.factories import OfferingFactory, PersonFactory
from tests.scheduling.views.conftest import SECRET, WEEK, published_session
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def address(kind: str = "", **query: Any) -> str:
    path = (
        reverse("scheduling:week-file", args=[WEEK, kind])
        if kind
        else reverse("scheduling:paper", args=[WEEK])
    )
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{path}?{asked}" if asked else path


def one(title: str = "Beter slapen", **more: Any) -> Any:
    return published_session(offering=OfferingFactory(title_nl=title), **more)


def test_each_centre_has_a_sheet_of_its_own(signed_in: Client) -> None:
    first, second = one(day=1), one("Omgaan met geld", day=2)
    html = signed_in.get(address()).content.decode()
    assert faults(html) == []
    assert html.count('class="gem-paper"') == 2
    for session in (first, second):
        assert session.room.centre.name in html
        assert session.series.offering.title in html
    assert SECRET not in html


def test_one_centre_can_be_asked(signed_in: Client) -> None:
    first, second = one(day=1), one("Omgaan met geld", day=2)
    html = signed_in.get(address(centrum=first.room.centre_id)).content.decode()
    assert first.series.offering.title in html
    assert second.series.offering.title not in html
    assert signed_in.get(address(centrum="drop")).status_code == 404


def test_each_centre_has_a_link_to_itself_alone(signed_in: Client) -> None:
    session = one(day=1)
    one("Omgaan met geld", day=2)
    only = f'href="?centrum={session.room.centre_id}"'
    html = signed_in.get(address()).content.decode()
    assert only in html
    alone = signed_in.get(address(centrum=session.room.centre_id)).content.decode()
    assert only not in alone
    assert 'href="?"' in alone
    assert faults(alone) == []


def test_a_sheet_of_calculation_has_every_session_and_no_formula(
    signed_in: Client,
) -> None:
    session = one("=HYPERLINK(1)")
    answer = signed_in.get(address("csv"))
    assert answer["Content-Disposition"] == 'attachment; filename="gem-2026-W49.csv"'
    rows = list(
        csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    )
    assert len(rows) == 2
    assert rows[1][1] == session.room.centre.name
    assert rows[1][3] == "2026-12-01"
    assert rows[1][7] == "'=HYPERLINK(1)"
    assert rows[1][10:12] == ["1", "10"]


def test_a_workbook_has_a_page_for_each_centre(signed_in: Client) -> None:
    from openpyxl import load_workbook

    session = one()
    centre = session.room.centre
    centre.name = "Huis [aan] de/Brink: met een naam die veel te lang is"
    centre.save()
    book = load_workbook(io.BytesIO(signed_in.get(address("xlsx")).content))
    (page,) = book.worksheets
    assert page["A1"].value == centre.name
    assert page["A3"].value.date() == date(2026, 12, 1)
    assert page["E3"].value == "Beter slapen"


def drawn_letters(pdf: bytes) -> set[str]:
    """The letters in a PDF, by its tables from glyph to Unicode (ISO 32000, 9.10)."""
    pairs = re.findall(rb"<[0-9A-Fa-f]{4}> <([0-9A-Fa-f]{4})>", pdf)
    return {chr(int(code, 16)) for code in pairs}


def test_a_pdf_opens_with_a_page_for_each_centre(signed_in: Client) -> None:
    one(day=1)
    session = one("Łódź en Ağr", day=2)
    leader = session.session_leaders.get().facilitator
    leader.person = PersonFactory(call_name="Şule")
    leader.save()
    answer = signed_in.get(address("pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", answer.content)) == 2
    assert set("ŁódźAğrŞul") <= drawn_letters(answer.content)


def test_a_week_without_anything_is_a_page_that_says_so(signed_in: Client) -> None:
    assert signed_in.get(address()).status_code == 200
    assert signed_in.get(address("pdf")).content.startswith(b"%PDF-")
    assert signed_in.get(address("xlsx")).status_code == 200


def test_taking_along_is_logged_and_queries_do_not_grow(signed_in: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert signed_in.get(address("csv")).status_code == 200
        return len(caught)

    one(day=1)
    first = queries()
    assert AuditEvent.objects.filter(event_code="week.export").count() == 1
    one(day=2)
    one(day=3)
    assert queries() == first


def test_a_calendar_file_has_every_published_session(signed_in: Client) -> None:
    from icalendar import Calendar

    session = one(day=1)
    one("Volgende week", day=8)
    address_of_week = reverse("publishing:week_calendar", args=[str(WEEK)])
    (event,) = Calendar.from_ical(signed_in.get(address_of_week).content).walk("VEVENT")
    assert event["SUMMARY"] == "Beter slapen"
    assert event.decoded("DTSTART") == session.period.lower
    no_week = reverse("publishing:week_calendar", args=["2026-W99"])
    assert signed_in.get(no_week).status_code == 404
