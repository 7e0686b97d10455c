"""The week: what it shows, to whom, with how many queries; never a resident's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from people.enums import Role
from scheduling.models import SeriesPin
from tests.factories import OfferingFactory, SessionLeaderFactory, UserFactory, period
from tests.scheduling.views.conftest import (
    SECRET,
    a_schedule,
    left_out,
    planned,
    published_session,
    seated,
)
from tests.web.html import faults

pytestmark = pytest.mark.django_db
ADDRESS = "/week/2026-W49/"
VIEWS = ["ruimtes", "centra", "begeleiders", "tabel"]


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{ADDRESS}?{query}" if query else ADDRESS)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_shows_the_session_with_time_seats_and_number(
    signed_in: Client, view: str
) -> None:
    session = published_session(offering=OfferingFactory(title_nl="Omgaan met geld"))
    html = page(signed_in, f"weergave={view}")
    assert "Omgaan met geld" in html
    assert "10.00–12.00" in html
    assert ("1/10" in html) or ("1 van 10" in html) or ("1 of 10" in html)
    assert f"/bijeenkomst/{session.pk}/" in html


@pytest.mark.parametrize("view", VIEWS)
def test_queries_stay_the_same_with_more_sessions(
    signed_in: Client, view: str, django_assert_num_queries: Any
) -> None:
    published_session()
    address = f"{ADDRESS}?weergave={view}"
    signed_in.get(address)
    with django_assert_num_queries(QUERIES[view]):
        signed_in.get(address)
    for day in (2, 3):
        published_session(day=day)
    with django_assert_num_queries(QUERIES[view]):
        signed_in.get(address)


QUERIES = {"ruimtes": 17, "centra": 17, "begeleiders": 18, "tabel": 17}
