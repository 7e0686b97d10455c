"""A resident on a phone: finds, reads, joins, sees it, stops; with keys alone too.

And every page of residents, leaders and centres without a barrier, at both widths.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from playwright.sync_api import Page

from courses.models import Enrolment
from scheduling.weeks import Week
from tests.browser import axe, small_targets, too_wide
from tests.factories import (
    EnrolmentFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
)
from tests.web.offer_data import Region, a_region

pytestmark = [
    pytest.mark.needs("chromium", "axe"),
    pytest.mark.django_db(transaction=True),
]
PASSWORD = "een-lang-verzonnen-wachtwoord"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def barriers(page: Page) -> Any:
    """Everything wrong with the page shown now, at both widths."""

    def found() -> list[str]:
        faults = []
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            faults += [*axe(page), *too_wide(page), *small_targets(page)]
        return faults

    return found


def sign_in(page: Page, live_server: Any, user: Any) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "login" not in url)


def test_find_read_join_see_and_stop_on_a_phone(
    page: Page, live_server: Any, region: Region, barriers: Any
) -> None:
    page.set_viewport_size(PHONE)
    series = region.series["money"]
    page.goto(live_server.url)
    page.locator("a.gem-tile", has_text="Geld").click()
    page.locator("a.gem-offer__link").click()
    assert page.locator("h1").inner_text() == "Omgaan met geld"
    card = page.locator(f"[id='g-{series.pk}']")
    card.get_by_role("link").click()
    # A visitor reads how to start, signs in, and is back where he was.
    page.locator(f"a[href*='next=/meedoen/{series.pk}']").click()
    region.resident.person.user.set_password(PASSWORD)
    region.resident.person.user.save()
    page.locator("input[name=login]").fill("noor@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**/meedoen/{series.pk}/")
    assert barriers() == []
    page.set_viewport_size(PHONE)
    page.locator("main form button").click()
    page.wait_for_url("**/klaar/")
    assert barriers() == []
    page.set_viewport_size(PHONE)
    page.locator(f"main a[href='{reverse('courses:mine')}']").first.click()
    assert page.locator("li.gem-entry").first.is_visible()
    seat = Enrolment.objects.get(resident=region.resident)
    assert seat.state == "enrolled"
    page.locator(f"a[href='{reverse('courses:leave', args=[seat.pk])}']").click()
    page.locator("main form button").click()
    page.wait_for_url("**/mijn-afspraken/")
    assert page.locator("[role=status]").first.is_visible()
    assert page.locator("li.gem-entry").count() == 0
    seat.refresh_from_db()
    assert seat.state == "withdrawn"


def test_joining_needs_no_mouse(page: Page, live_server: Any, region: Region) -> None:
    sign_in(page, live_server, region.resident.person.user)
    series = region.series["money"]

    def press(href: str) -> None:
        for _step in range(60):
            page.keyboard.press("Tab")
            at = page.evaluate("document.activeElement.getAttribute('href')")
            if at == href:
                page.keyboard.press("Enter")
                return
        raise AssertionError(f"no key leads to {href}")

    page.goto(f"{live_server.url}/aanbod/omgaan-met-geld/")
    press(reverse("courses:join", args=[series.pk]))
    page.wait_for_url(f"**/meedoen/{series.pk}/")
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('main form button')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/klaar/")
    assert Enrolment.objects.get(resident=region.resident).state == "enrolled"


def test_the_offer_has_no_barriers(
    page: Page, live_server: Any, region: Region, barriers: Any
) -> None:
    found = {}
    for path in (
        "/",
        "/aanbod/",
        "/aanbod/?half_day=evening&postcode=7411",
        f"/aanbod/?theme={region.themes['geld'].pk}",
        f"/aanbod/?theme={region.themes['wonen'].pk}",
        "/aanbod/omgaan-met-geld/",
        "/aanbod/praten-over-rouw/",
        "/aanbod/mindfulness-ggz/",
        "/aanbod/inloop/",
        "/aanbod/wrap/",
        "/kiezen/",
        "/kiezen/?step=2",
        "/kiezen/?step=6&half_day=evening",
        "/meedoen/link/",
        "/meedoen/link/verstuurd/",
        "/aanmelding/over/",
        reverse("courses:join_by_mail", args=[region.series["money"].pk]),
        reverse("courses:join", args=[region.series["money"].pk]),
    ):
        page.goto(live_server.url + path)
        found[path] = barriers()
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_a_resident_s_pages_have_no_barriers(
    page: Page, live_server: Any, region: Region, barriers: Any
) -> None:
    resident = region.resident
    sign_in(page, live_server, resident.person.user)
    placed = RegistrationFactory(resident=resident, state="placed")
    seat = EnrolmentFactory(registration=placed, series=region.series["money"])
    waiting = RegistrationFactory(resident=resident)
    RegistrationChoiceFactory(registration=waiting, series=region.series["full"])
    found = {}
    for path in (
        "/mijn-afspraken/",
        reverse("courses:joined", args=[region.series["full"].pk]),
        reverse("courses:join", args=[region.series["care"].pk]),
        reverse("courses:leave", args=[seat.pk]),
        reverse("courses:joined", args=[seat.series_id]),
        reverse("courses:absent", args=[seat.pk]),
        reverse("courses:swap", args=[seat.pk]),
        reverse("courses:pause", args=[seat.pk]),
        reverse("courses:help_with"),
        reverse("courses:stop_waiting", args=[waiting.pk]),
        "/mijn-gegevens/inzage/?own=1",
        "/mijn-afspraken/agenda/",
    ):
        page.goto(live_server.url + path)
        found[path] = barriers()
    page.locator("main form button").first.click()
    page.locator("#address").wait_for()
    found["a fresh address"] = barriers()
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("who", ["leader", "manager"])
def test_agendas_have_no_barriers(
    page: Page, live_server: Any, region: Region, barriers: Any, who: str
) -> None:
    user = region.leader.person.user if who == "leader" else region.manager
    sign_in(page, live_server, user)
    week = Week.of(region.series["full"].first_date).text
    base = "/mijn-agenda/" if who == "leader" else "/locaties/het-hof/"
    address = "adres/" if who == "leader" else "adressen/"
    found = {}
    for path in (
        f"{base}?view=list&week={week}",
        f"{base}?view=grid&week={week}",
        f"{base}?week=2031-W02",
        base + address,
    ):
        page.goto(live_server.url + path)
        found[path] = barriers()
    page.locator("main form button").first.click()
    page.locator("#address").wait_for()
    found["a fresh address"] = barriers()
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert page.get_by_text(_("Copy"), exact=True).is_visible()
