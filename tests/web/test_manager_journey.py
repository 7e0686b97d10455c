"""The manager of a village hall, and a leader who asks for a room, on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from rooms.models import RoomBooking
from tests.factories import RoomBookingFactory
from tests.web.offer_data import Region, a_region
from tests.web.phone import barriers_of, sign_in

pytestmark = [
    pytest.mark.needs("chromium", "axe"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def barriers(page: Page) -> Callable[[], list[str]]:
    """Everything wrong with the page shown now, narrow and wide."""
    return lambda: barriers_of(page)


def test_a_hall_manager_from_request_to_agenda(
    page: Page, live_server: Any, region: Region, barriers: Any, tmp_path: Any
) -> None:
    room = region.rooms["Olst Bovenzaal"]
    planned = region.series["full"].sessions.order_by("number")[0]
    asked = RoomBookingFactory(
        room=region.rooms["Olst Huiskamer"],
        period=planned.period,
        state="requested",
        held_until=planned.period.lower,
        requested_by=region.leader.person,
    )
    sign_in(page, live_server, region.manager)
    page.goto(f"{live_server.url}/locaties/het-hof/")
    assert barriers() == []
    page.goto(f"{live_server.url}/locaties/het-hof/reserveringen/")
    assert barriers() == []
    page.locator("form:has(input[value=approve]) button").click()
    page.locator("main [role=status]").first.wait_for()
    asked.refresh_from_db()
    assert asked.state == "confirmed"
    start = timezone.localtime(planned.period.lower)
    page.locator("#id_room").select_option(str(room.pk))
    page.locator("#id_day").fill(f"{start:%Y-%m-%d}")
    page.locator("#id_start").fill(f"{start:%H:%M}")
    page.locator("#id_end").fill(f"{start + timedelta(hours=1):%H:%M}")
    page.locator("form:has(input[value=book]) button").click()
    assert page.locator("main [role=alert]:visible").count() == 1
    assert barriers() == []
    assert not RoomBooking.objects.filter(room=room).exists()
    page.locator("form:has(input[name=sure]) button").click()
    page.locator("main [role=status]").first.wait_for()
    assert RoomBooking.objects.get(room=room).state == "confirmed"
    page.goto(f"{live_server.url}/locaties/het-hof/openingstijden/")
    assert barriers() == []
    page.locator("#id_d1_0_from").fill("09:00")
    page.locator("#id_d1_0_to").fill("08:00")
    page.locator("form:has(input[value=hours]) button").click()
    assert page.locator("main [role=alert]:visible").count() == 1
    assert barriers() == []
    page.locator("#id_d1_0_to").fill("21:30")
    page.locator("form:has(input[value=hours]) button").click()
    page.locator("main [role=status]").first.wait_for()
    page.goto(f"{live_server.url}/locaties/het-hof/eigen-agenda/")
    assert barriers() == []
    bad = tmp_path / "agenda.ics"
    bad.write_bytes(b"geen agenda")
    page.locator("#file_room").select_option(str(room.pk))
    page.locator("#file_file").set_input_files(bad)
    page.locator("form:has(input[value=file]) button").click()
    assert page.locator("main [role=alert]:visible").count() == 1
    assert barriers() == []
    page.locator("#address_room").select_option(str(room.pk))
    page.locator("#address_address").fill("https://127.0.0.1/agenda.ics")
    page.locator("form:has(input[value=address]) button").click()
    assert page.locator(".gem-pill--bad").is_visible()
    assert barriers() == []


def test_asking_for_a_room(
    page: Page, live_server: Any, region: Region, barriers: Any
) -> None:
    sign_in(page, live_server, region.leader.person.user)
    page.goto(f"{live_server.url}/ruimte-vragen/")
    assert barriers() == []
    day = timezone.localdate() + timedelta(days=20)
    page.locator("#id_room").select_option(str(region.rooms["Olst Huiskamer"].pk))
    page.locator("#id_day").fill(f"{day:%Y-%m-%d}")
    page.locator("#id_start").fill("10:00")
    page.locator("#id_end").fill("12:00")
    page.locator("form:has(input[value=ask]) button").click()
    page.locator("main [role=status]").first.wait_for()
    assert RoomBooking.objects.get().state == "requested"
    assert barriers() == []
