"""Real browsers press twice, go back and press again, and come through a mailed link.

What a test client cannot show: what the browser itself sends, keeps and repeats.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from courses.models import Enrolment, Registration
from people.models import Person
from tests.browser import axe, small_targets, too_wide
from tests.factories import (
    EnrolmentFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
)
from tests.web.mailed import sent, sent_path
from tests.web.offer_data import Region, a_region
from tests.web.test_resident_journey import sign_in

pytestmark = [
    pytest.mark.needs("chromium", "axe"),
    pytest.mark.django_db(transaction=True),
]
PHONE = {"width": 320, "height": 640}
SAY_TWICE = """() => {
  const form = document.querySelector("main form");
  const button = form.querySelector("button");
  button.click(); button.click();
}"""


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def noor(page: Page, live_server: Any, region: Region) -> Page:
    """Noor, signed in on a small telephone."""
    page.set_viewport_size(PHONE)
    sign_in(page, live_server, region.resident.person.user)
    return page


def barriers(page: Page) -> list[str]:
    return [*axe(page), *too_wide(page), *small_targets(page)]


def offered(region: Region) -> Any:
    mine = RegistrationFactory(resident=region.resident, state="offered")
    RegistrationChoiceFactory(registration=mine, series=region.series["walk in"])
    return EnrolmentFactory(
        registration=mine,
        series=region.series["walk in"],
        state="offered",
        offered_at=timezone.now(),
        offer_expires_at=timezone.now() + timedelta(days=3),
    )


def test_two_presses_on_joining_make_one_place(
    noor: Page, live_server: Any, region: Region
) -> None:
    series = region.series["money"]
    noor.goto(live_server.url + reverse("courses:join", args=[series.pk]))
    noor.evaluate(SAY_TWICE)
    noor.wait_for_url("**/klaar/")
    assert Enrolment.objects.filter(resident=region.resident).count() == 1
    assert Registration.objects.filter(resident=region.resident).count() == 1


def test_going_back_and_joining_again_makes_one_place(
    noor: Page, live_server: Any, region: Region
) -> None:
    series = region.series["money"]
    join = live_server.url + reverse("courses:join", args=[series.pk])
    noor.goto(join)
    noor.locator("main form button").click()
    noor.wait_for_url("**/klaar/")
    noor.go_back()
    button = noor.locator("main form button", has_text="meedoen")
    if noor.url == join and button.count():  # the old page, kept by the browser
        button.first.click()
    noor.wait_for_url("**/klaar/")
    assert noor.locator("h1").count() == 1
    assert Enrolment.objects.filter(resident=region.resident).count() == 1
    noor.reload()
    assert Enrolment.objects.get(resident=region.resident).state == "enrolled"


def test_two_presses_and_back_on_an_offer_take_it_once(
    noor: Page, live_server: Any, region: Region
) -> None:
    seat = offered(region)
    page_url = live_server.url + reverse("courses:mine")
    noor.goto(page_url)
    noor.evaluate(SAY_TWICE)
    noor.wait_for_url("**/klaar/")
    seat.refresh_from_db()
    assert seat.state == "enrolled"
    noor.go_back()
    noor.wait_for_url("**/mijn-afspraken/")
    accept = reverse("courses:accept", args=[seat.pk])
    # The page that the browser kept may still show the offer: taking it again is fine.
    noor.evaluate(
        """(path) => {
          const form = document.querySelector(`form[action="${path}"]`);
          if (form) { form.querySelector("button").click(); return; }
          location.reload();
        }""",
        accept,
    )
    noor.wait_for_load_state()
    assert noor.locator("main [role=alert]").count() == 0
    assert list(Enrolment.objects.filter(resident=region.resident)) == [seat]


def test_an_offer_that_was_refused_cannot_be_taken_by_going_back(
    noor: Page, live_server: Any, region: Region
) -> None:
    seat = offered(region)
    noor.goto(live_server.url + reverse("courses:mine"))
    noor.goto(live_server.url + reverse("courses:leave", args=[seat.pk]))
    noor.locator("main form button").first.click()
    noor.wait_for_url("**/mijn-afspraken/")
    noor.go_back()
    again = noor.locator("main form button")
    if again.count():  # the page that the browser kept: "no" once more
        again.first.click()
    noor.wait_for_load_state()
    assert noor.locator("h1").count() == 1
    seat.refresh_from_db()
    assert seat.state == "withdrawn"


def test_a_mailed_link_joins_once_in_a_real_browser(
    page: Page, live_server: Any, region: Region
) -> None:
    page.set_viewport_size(PHONE)
    series = region.series["money"]
    page.goto(live_server.url + reverse("courses:join_by_mail", args=[series.pk]))
    page.fill("input[name=call_name]", "Jamila")
    page.fill("input[name=email]", "jamila@example.org")
    page.evaluate(SAY_TWICE)
    page.wait_for_url("**/verstuurd/")
    assert 1 <= len(sent()) <= 2  # each link works; both are the same person's
    page.goto(live_server.url + sent_path())
    assert barriers(page) == []
    page.locator("main form button").click()
    page.wait_for_url("**/klaar/")
    assert Enrolment.objects.get(resident__person__call_name="Jamila").seats == 1
    page.go_back()  # the link again: used
    page.reload()
    assert page.locator("main form button").count() == 0
    assert Person.objects.filter(call_name="Jamila").count() == 1


def test_a_new_address_is_proven_on_a_small_telephone(
    noor: Page, live_server: Any, region: Region
) -> None:
    noor.goto(live_server.url + reverse("courses:contact"))
    assert barriers(noor) == []
    noor.locator("input[name=contact_channel][value=sms]").check(force=True)
    noor.locator("main form button").first.click()
    noor.locator(".gem-field--invalid").first.wait_for()
    assert barriers(noor) == []
    noor.goto(live_server.url + reverse("courses:contact"))
    noor.fill("input[name=new-email]", "noor.nieuw@example.org")
    noor.locator("main form button").last.click()
    noor.wait_for_url("**/verstuurd/")
    noor.goto(live_server.url + sent_path())
    assert barriers(noor) == []
    noor.locator("main form button").click()
    noor.wait_for_url("**/contact/")
    now = Person.objects.get(pk=region.resident.person_id)
    assert now.contact_address == "noor.nieuw@example.org"
    assert barriers(noor) == []
