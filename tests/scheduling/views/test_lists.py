"""Waiting list, rooms and leaders: true numbers, logged, constant queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from tests.factories import (
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    RoomBookingFactory,
    SeriesFactory,
    ThemeFactory,
    period,
)
from tests.scheduling.views.conftest import SECRET, published_session, resident
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


def cells(html: str, name: str) -> list[str]:
    """The texts of the cells in the row of that name."""
    row = next(part for part in html.split("<tr>") if name in part)
    parts = row.split("<td")[1:]
    return [
        "".join(piece.split(">", 1)[-1] for piece in part.split("<")).strip()
        for part in (one.split(">", 1)[1].split("</td>")[0] for one in parts)
    ]


def waits(**extra: object) -> object:
    return RegistrationFactory(resident=resident(), **extra)


def test_waiting_counts_each_way_of_asking_once(signed_in: Client) -> None:
    offering = OfferingFactory(title_nl="Beter slapen")
    theme = ThemeFactory()
    offering.themes.add(theme)
    late = timezone.localdate().replace(year=2020)
    waits(offering=offering, norm_date=late)
    waits(theme=theme, norm_date=late)
    both = waits(offering=offering, norm_date=timezone.localdate())
    RegistrationChoiceFactory(registration=both, offering=offering)
    series = SeriesFactory(offering=offering)
    RegistrationChoiceFactory(registration=waits(norm_date=late), series=series)
    waits(offering=offering, state="placed")
    found = cells(page(signed_in, "/wachtlijst/"), "Beter slapen")
    assert found[1:3] == ["4", "3"]


def test_nobody_waiting_says_so(signed_in: Client) -> None:
    assert "gem-empty" in page(signed_in, "/wachtlijst/")


def test_rooms_show_how_full_they_are(signed_in: Client) -> None:
    session = published_session()
    published_session(day=2, room=session.room)
    RoomBookingFactory(room=session.room, period=period("2026-12-03 10:00"))
    found = cells(page(signed_in, "/ruimtes/?week=2026-W49"), session.room.name)
    assert found[3:] == ["2", "4,0", "1"]
    elsewhere = cells(page(signed_in, "/ruimtes/?week=2026-W30"), session.room.name)
    assert elsewhere[3:] == ["0", "0,0", "0"]


def test_leaders_show_their_load_against_their_limit(signed_in: Client) -> None:
    leader = published_session().session_leaders.get().facilitator
    leader.max_minutes_per_week = 60
    leader.save()
    html = page(signed_in, "/mensen/?week=2026-W49")
    found = cells(html, leader.person.call_name)
    assert found[2:4] == ["1", "1"]
    assert found[4].startswith("2,0")
    assert found[5] == "1,0"
    assert "gem-bad-text" in html
    event = AuditEvent.objects.get(event_code="facilitator.list")
    assert str(leader.person_id) in event.subject_ids


@pytest.mark.parametrize("address", ["/wachtlijst/", "/ruimtes/", "/mensen/"])
def test_queries_stay_the_same(signed_in: Client, address: str) -> None:
    counts = []
    for days in ((1,), (2, 3)):
        for day in days:
            session = published_session(day=day)
            waits(offering=session.series.offering)
        with CaptureQueriesContext(connection) as seen:
            page(signed_in, f"{address}?week=2026-W49")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize("address", ["/ruimtes/", "/mensen/"])
def test_a_wrong_week_is_this_week(signed_in: Client, address: str) -> None:
    html = page(signed_in, f"{address}?week=nonsense")
    number = timezone.localdate().isocalendar().week
    assert f"Week {number}:" in html
