"""Waiting lists by group: numbers, turns, a seat out of turn, the size of a group."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from courses.models import Registration, Series, TurnChange
from people.enums import Role
from tests.browser import axe, show, too_wide
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
    UserFactory,
)
from tests.scheduling.views.conftest import SECRET, resident
from tests.web.html import faults

pytestmark = pytest.mark.django_db
LIST = "/wachtlijst/groepen/"


def group(seats: int = 2) -> Series:
    return SeriesFactory(
        published=True, offering=OfferingFactory(size_min=0, size_max=seats)
    )


def waits(series: Series, **more: Any) -> Registration:
    registration = RegistrationFactory(resident=resident(), **more)
    RegistrationChoiceFactory(registration=registration, series=series)
    return registration


def address(series: Series) -> str:
    return f"{LIST}{series.pk}/"


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


def a_stuck_group() -> tuple[Series, Registration, Registration]:
    """One seat is free, two come together, and a single person is behind them."""
    series = group(3)
    EnrolmentFactory(series=series)
    EnrolmentFactory(series=series)
    return series, waits(series, seats=2), waits(series)


def test_the_list_shows_numbers_and_the_page_the_order(signed_in: Client) -> None:
    series, pair, single = a_stuck_group()
    html = read(signed_in, LIST)
    assert address(series) in html
    assert address(group()) not in html
    html = read(signed_in, address(series))
    assert html.index(f">{pair.pk}<") < html.index(f">{single.pk}<")
    assert "gem-alert" in html  # why the free seat does not go to the first
    line = AuditEvent.objects.get(event_code="waiting.list")
    assert set(line.subject_ids) == {
        str(one.resident.person_id) for one in (pair, single)
    }
    for state in ("finished", "planned"):
        Series.objects.filter(pk=series.pk).update(state=state)
        assert signed_in.get(address(series)).status_code == 404


def test_a_turn_is_changed_with_a_reason_and_a_name(signed_in: Client) -> None:
    series, pair, single = a_stuck_group()
    facts = {"act": "turn", "registration": single.pk, "change": "1"}
    refused = signed_in.post(address(series), facts)
    assert refused.status_code == 400
    assert faults(refused.content.decode()) == []
    assert not TurnChange.objects.exists()
    signed_in.post(address(series), facts | {"reason": "situation"})
    change = TurnChange.objects.get()
    assert (change.registration, change.reason) == (single, "situation")
    assert change.changed_by is not None
    html = read(signed_in, address(series))
    assert html.index(f">{single.pk}<") < html.index(f">{pair.pk}<")


def test_the_free_seat_is_offered_out_of_turn(signed_in: Client) -> None:
    series, _pair, single = a_stuck_group()
    facts = {"registration": single.pk, "change": "offer", "reason": "empty_seat"}
    signed_in.post(address(series), facts)
    assert series.enrolments.get(state="offered").registration == single
    html = read(signed_in, address(series))
    assert 'value="offer"' not in html  # no seat is free any more
    elsewhere = waits(group())
    wrong = facts | {"registration": elsewhere.pk}
    assert signed_in.post(address(series), wrong).status_code == 400


def test_a_larger_group_offers_its_seats(signed_in: Client) -> None:
    series, pair, single = a_stuck_group()
    signed_in.post(address(series), {"act": "size", "size_max": "5"})
    offers = series.enrolments.filter(state="offered")
    assert {one.registration for one in offers} == {pair, single}
    wrong = signed_in.post(address(series), {"act": "size", "size_max": "0"})
    assert wrong.status_code == 400


def test_an_organisation_s_coordinator_reaches_own_groups(client: Client) -> None:
    own, other = group(), group()
    waits(own), waits(other)
    organisation = own.offering.organisation
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=organisation))
    assert address(own) in read(client, LIST)
    assert address(other) not in read(client, LIST)
    assert client.get(address(other)).status_code == 404


def test_who_plans_and_does_not_coordinate_changes_no_turn(client: Client) -> None:
    series, _pair, single = a_stuck_group()
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    assert 'id="change"' not in read(client, address(series))
    for change in ("1", "offer"):
        facts = {"registration": single.pk, "change": change, "reason": "situation"}
        assert client.post(address(series), facts).status_code == 403
    assert not TurnChange.objects.exists()
    assert not series.enrolments.filter(state="offered").exists()
    size = {"act": "size", "size_max": "4"}
    assert client.post(address(series), size).status_code == 302


def test_queries_do_not_grow_with_the_people(signed_in: Client) -> None:
    series = group(1)
    EnrolmentFactory(series=series)

    def cost(path: str, number: int) -> int:
        for _one in range(number):
            waits(series)
        with CaptureQueriesContext(connection) as seen:
            read(signed_in, path)
        return len(seen)

    for path in (LIST, address(series)):
        assert cost(path, 1) == cost(path, 3) <= 16


@pytest.mark.needs("chromium", "axe")
def test_the_pages_have_no_barriers(signed_in: Client, page: Any) -> None:
    series, _pair, single = a_stuck_group()
    TurnChange.objects.create(registration=single, series=series, reason="mistake")
    for path in (LIST, address(series)):
        show(page, signed_in.get(path).content.decode())
        assert axe(page) == [], path
        page.set_viewport_size({"width": 320, "height": 800})
        assert too_wide(page) == [], path
