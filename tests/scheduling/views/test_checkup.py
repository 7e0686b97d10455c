"""The check before planning names what is wrong and leads to the record to mend."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from tests.factories import (
    OfferingFactory,
    OfferingStaffNeedFactory,
    RoomFactory,
    SeriesFactory,
)
from tests.scheduling.rows import a_room, asks_for
from tests.scheduling.views.conftest import SECRET, WEEK, published_session, resident
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def address(**query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return reverse("scheduling:checkup", args=[WEEK]) + (f"?{asked}" if asked else "")


def wanted_series(title: str = "Beter slapen", **more: Any) -> Any:
    """A series to be planned that nobody may lead, and somebody who asks for it."""
    a_room()
    offering = OfferingFactory(title_nl=title)
    OfferingStaffNeedFactory(offering=offering)
    series = SeriesFactory(offering=offering, **more)
    asks_for(series, resident=resident())
    return series


def page(client: Client, **query: str) -> str:
    answer = client.get(address(**query))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert faults(html) == []
    assert SECRET not in html
    return html


def test_without_facts_nothing_stands_in_the_way(signed_in: Client) -> None:
    assert "gem-empty" in page(signed_in)


def test_a_finding_names_the_series_and_leads_to_its_record(signed_in: Client) -> None:
    a_room()
    series = wanted_series()
    html = page(signed_in, soort="periode")
    assert "Beter slapen" in html
    assert reverse("publishing:facts_one_series", args=[series.pk]) in html


def test_a_room_without_hours_is_told_with_its_centre(signed_in: Client) -> None:
    room = RoomFactory(name="Tuinkamer")
    html = page(signed_in)
    assert f"Tuinkamer, {room.centre.name}" in html
    assert reverse("publishing:facts_room", args=[room.pk]) in html


def test_whose_facts_were_read_is_logged(signed_in: Client) -> None:
    wanted_series()
    page(signed_in, soort="periode")
    event = AuditEvent.objects.get(event_code="facts.check")
    assert len(event.subject_ids) == 1


def test_queries_do_not_grow(signed_in: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(signed_in, soort="periode")
        return len(caught)

    wanted_series()
    published_session(day=1)
    queries()
    first = queries()
    wanted_series("Omgaan met geld")
    wanted_series("Samen eten")
    published_session(day=2)
    published_session(day=3)
    assert queries() == first


def test_a_registration_is_mended_on_its_own_page(signed_in: Client) -> None:
    series = wanted_series()
    series.offering.language = "ar"  # which nobody who asks for it speaks
    series.offering.save()
    html = page(signed_in, soort="periode")
    asking = series.choices.get().registration_id
    assert reverse("scheduling:registration", args=[asking]) in html
