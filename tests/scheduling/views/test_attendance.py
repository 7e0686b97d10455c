"""Who was there: numbers by group and week, lists to ask for, names on a press."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import AttendanceSheet, Enrolment
from courses.selectors.presence import presences
from people.enums import Role
from scheduling.views import attendance
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    RegistrationFactory,
    SeriesFactory,
    SessionFactory,
    UserFactory,
)
from tests.scheduling.views.conftest import SECRET, resident
from tests.scheduling.views.test_week import queries
from tests.web.html import faults

pytestmark = pytest.mark.django_db
PAGE = "/aanwezigheid/"


def held(title: str = "Rouw", *, people: int = 3, ago: int = 3, **fields: Any) -> Any:
    """A session some days ago, of people who were in it before."""
    series = SeriesFactory(
        state="running", offering=OfferingFactory(title_nl=title, **fields)
    )
    start = timezone.now().replace(minute=0, second=0, microsecond=0)
    start -= timedelta(days=ago)
    for _number in range(people):
        EnrolmentFactory(
            series=series,
            registration=RegistrationFactory(resident=resident()),
            made_at=start - timedelta(days=30),
        )
    span = DateTimeTZRange(start, start + timedelta(hours=1))
    return SessionFactory(series=series, period=span)


def noted(session: Any, *there: bool) -> None:
    sheet = AttendanceSheet.objects.create(session=session)
    seats = Enrolment.objects.filter(series=session.series_id).order_by("pk")
    for seat, was in zip(seats, there, strict=False):
        sheet.rows.create(enrolment=seat, there=[was])


def long_ago() -> datetime:
    return timezone.now() - timedelta(days=400)


def page(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert faults(html) == []
    return html


def test_present_absent_and_not_noted_are_counted() -> None:
    session = held(people=4)
    noted(session, True, True, False)
    late = EnrolmentFactory(series=session.series)
    assert late.made_at > session.period.upper  # not expected yet
    (one,) = presences(start=long_ago(), end=timezone.now())
    assert (one.present, one.absent, one.unknown) == (2, 1, 1)
    assert not one.missing


def test_a_list_that_nobody_filled_in_is_asked_for(signed_in: Client) -> None:
    session = held("Vergeten")
    noted(held("Gedaan"), True, True, False)
    html = page(signed_in)
    asked = html.split('id="missing"')[1].split("</section>")[0]
    assert "Vergeten" in asked
    assert f"/bijeenkomst/{session.pk}/" in asked
    assert "Gedaan" not in asked
    assert "2/3" in html
    assert SECRET not in html


def test_a_list_of_today_is_not_asked_for_yet(signed_in: Client) -> None:
    session = held("Net geweest", ago=0)
    start = timezone.now() - timedelta(hours=3)
    type(session).objects.filter(pk=session.pk).update(
        period=DateTimeTZRange(start, start + timedelta(hours=1))
    )
    html = page(signed_in)
    assert 'id="missing"' not in html
    assert "Net geweest" in html


def test_a_drop_in_counts_visitors(signed_in: Client) -> None:
    session = held("Inloop", people=0, kind="drop_in")
    AttendanceSheet.objects.create(session=session, visitors=17)
    html = page(signed_in)
    assert ">17</a>" in html.replace("</span>", ">")
    assert 'id="missing"' not in html


def test_where_fewest_come_stands_first(signed_in: Client) -> None:
    noted(held("Goed bezocht"), True, True, True)
    noted(held("Slecht bezocht"), False, False, True)
    html = page(signed_in)
    assert html.index("Slecht bezocht") < html.index("Goed bezocht")


def test_names_come_on_a_press_that_is_logged(signed_in: Client) -> None:
    session = held()
    noted(session, True, False, True)
    address = f"{PAGE}{session.pk}/"
    logged = AuditEvent.objects.filter(event_code="attendance.read")
    assert SECRET not in page(signed_in, address)
    assert not logged.exists()
    assert page(signed_in, f"{address}?namen=1").count(SECRET) == 3
    assert len(logged.get().subject_ids) == 3


def test_names_are_for_coordinators(client: Client) -> None:
    session = held()
    noted(session, True, False, True)
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    address = f"{PAGE}{session.pk}/"
    assert "?namen=1" not in page(client, address)
    assert client.get(f"{address}?namen=1").status_code == 403
    assert not AuditEvent.objects.filter(event_code="attendance.read").exists()


def test_the_file_has_numbers_and_is_logged(signed_in: Client) -> None:
    noted(held("=Rouw"), True, True, False)
    answer = signed_in.get(f"{PAGE}gem.csv?weken=4")
    text = answer.content.decode("utf-8-sig")
    assert "attachment" in answer["Content-Disposition"]
    line = text.splitlines()[1]
    assert line.startswith("'=Rouw;")  # no formula
    assert ";2;1;0;" in line
    assert SECRET not in text
    assert AuditEvent.objects.filter(event_code="attendance.export").count() == 1


def test_another_organisation_is_not_read(client: Client) -> None:
    own, other = held("Eigen"), held("Ander")
    organisation = own.series.offering.organisation
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=organisation))
    html = page(client)
    assert "Eigen" in html
    assert "Ander" not in html
    assert client.get(f"{PAGE}{other.pk}/").status_code == 404
    assert "Ander" not in client.get(f"{PAGE}gem.csv").content.decode()


def test_queries_do_not_grow(signed_in: Client) -> None:
    noted(held(), True)
    one = queries(signed_in, PAGE)
    for _number in range(2):
        noted(held(), True, False)
    assert queries(signed_in, PAGE) == one


def test_groups_stand_on_pages(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "PER_PAGE", 2)
    for number in range(3):
        noted(held(f"Groep {number}"), *(one < number for one in range(3)))
    first = page(signed_in, f"{PAGE}?weken=8")
    assert "weken=8&amp;page=2" in first
    second = page(signed_in, f"{PAGE}?weken=8&page=2")
    for html, there in ((first, {0, 1}), (second, {2})):
        rows = html.split("<tbody>")[1].split("</tbody>")[0]
        assert {one for one in range(3) if f"Groep {one}" in rows} == there


def test_lists_to_ask_for_have_pages_of_their_own(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "AT_FIRST", 1)
    monkeypatch.setattr(attendance, "PER_PAGE", 2)
    alone = f"{PAGE}?weken=8&toon=lijsten"
    assert "gem-empty" in page(signed_in, alone)
    sessions = [held("Vergeten", ago=ago) for ago in (9, 6, 3)]

    def asked(address: str) -> list[bool]:
        part = page(signed_in, address).split('id="missing"')[1]
        listed = part.split("<ul>")[1].split("</ul>")[0]
        return [f"/bijeenkomst/{one.pk}/" in listed for one in sessions]

    html = page(signed_in, f"{PAGE}?weken=8")
    assert f'href="{alone.removeprefix(PAGE).replace("&", "&amp;")}"' in html
    assert asked(f"{PAGE}?weken=8") == [True, False, False]
    assert 'id="missing"' not in page(signed_in, f"{PAGE}?weken=8&page=2")
    assert "<table" not in page(signed_in, alone)
    assert asked(alone) == [True, True, False]
    assert asked(f"{alone}&page=2") == [False, False, True]


def test_the_page_is_small(signed_in: Client) -> None:
    one = held("Rouw")
    noted(one, True, True, False)
    before = [end - timedelta(days=1) for end in (one.period.lower, one.period.upper)]
    other = SessionFactory(
        series=one.series, number=one.number + 1, period=DateTimeTZRange(*before)
    )
    html = page(signed_in)
    assert re.search(r'aria-label="Rouw, Week \d+: 2/3">2/3</a>', html)
    packed = signed_in.get(PAGE, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    first, second = presences(start=long_ago(), end=timezone.now())
    assert {first.session.pk, second.session.pk} == {one.pk, other.pk}
    assert first.session.series is second.session.series


def test_nothing_and_a_span_that_does_not_exist(signed_in: Client) -> None:
    assert "gem-empty" in page(signed_in, f"{PAGE}?weken=99")
