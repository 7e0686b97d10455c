"""Substitutes, checks of referrers, waiting erasures and retention, as people see them.

Each from first page to done, narrow and wide, with axe; GEM_PICTURES names a folder for
pictures of what was seen.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from people.enums import Role
from people.models import ErasureRequest, Verification
from tests.factories import (
    ErasureRequestFactory,
    OrganisationFactory,
    PersonFactory,
    ResidentFactory,
    UserFactory,
    VerificationFactory,
)
from tests.publishing.test_substitutes import World
from tests.web.phone import barriers_of, sign_in

pytestmark = [
    pytest.mark.needs("chromium", "axe"),
    pytest.mark.django_db(transaction=True),
]


def look(page: Page, name: str) -> None:
    """No barrier on the page shown now; a picture of it, narrow and wide."""
    assert barriers_of(page) == []
    folder = os.environ.get("GEM_PICTURES")
    for width in (360, 1280) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(str(folder)) / f"{name}-{width}.png", full_page=True)


def change_to(page: Page, live_server: Any, user: Any) -> None:
    """Somebody else sits down."""
    page.context.clear_cookies()
    sign_in(page, live_server, user)


def test_a_leader_finds_a_colleague_who_takes_over(
    page: Page, live_server: Any
) -> None:
    world = World()
    sign_in(page, live_server, world.user)
    page.goto(live_server.url + reverse("publishing:meeting", args=[world.session.pk]))
    page.locator(f"main a[href='{world.path}']").click()
    look(page, "stand-ins")
    page.get_by_label("Ria").check()
    page.get_by_label("Bo").check()
    page.locator("main form:has([name=who]) button").click()
    page.wait_for_selector("main .utrecht-alert")
    look(page, "stand-ins-asked")
    page.goto(live_server.url + world.link(world.able[0]))
    look(page, "stand-in-link")
    page.locator("main form:has([value=yes]) button").click()
    page.wait_for_selector("main h1")
    look(page, "stand-in-done")
    assert world.led_by() == {"Ria"}
    page.goto(live_server.url + "/agenda/" + "A" * 22 + "/vervangen/")
    look(page, "stand-in-over")


def test_an_administrator_checks_a_referrer_who_then_may(
    page: Page, live_server: Any
) -> None:
    practice = OrganisationFactory(name="Huisartsen Aan de Brink")
    gp = UserFactory(role=Role.REFERRER, organisation=practice)
    PersonFactory(user=gp, call_name="Huisarts Bos")
    checked = VerificationFactory(organisation=practice)
    checked.user.memberships.update(organisation=practice)
    sign_in(page, live_server, gp)
    page.goto(live_server.url + reverse("intake:refer"))
    look(page, "not-verified")
    desk = UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR)
    change_to(page, live_server, desk)
    page.goto(live_server.url + reverse("people:referrers"))
    look(page, "referrers")
    page.locator("main a", has_text="Huisarts Bos").click()
    page.locator("#id_number").fill("12")
    page.locator("main .gem-form button").click()
    look(page, "check-faulty")
    page.locator("#id_number").fill("01234567")
    page.locator("input[value=looked_up]").check()
    page.locator("main .gem-form button").click()
    page.wait_for_url("**/verwijzers/")
    assert Verification.objects.get(user=gp).verified_by == desk
    change_to(page, live_server, gp)
    page.goto(live_server.url + reverse("intake:refer"))
    assert page.locator("#id_call_name").is_visible()


def test_an_officer_lets_an_erasure_wait_and_sees_what_goes(
    page: Page, live_server: Any
) -> None:
    user = UserFactory(role=Role.RESIDENT)
    noor = ResidentFactory(person__user=user)
    request = ErasureRequestFactory(
        person=noor.person, due_on=timezone.localdate() + timedelta(days=14)
    )
    sign_in(page, live_server, UserFactory(role=Role.PRIVACY_OFFICER))
    page.goto(live_server.url + reverse("people:erasures"))
    look(page, "erasures")
    page.locator("main table a").click()
    page.locator("input[value=complaint]").check()
    until = timezone.localdate() + timedelta(days=30)
    page.locator("#id_until").fill(until.isoformat())
    look(page, "erasure")
    page.locator("main .gem-form button").click()
    page.wait_for_url("**/verzoeken-tot-wissen/")
    look(page, "erasures-held")
    assert ErasureRequest.objects.get(pk=request.pk).hold_until == until
    page.goto(live_server.url + reverse("people:retention"))
    page.locator("main form button").first.click()
    page.wait_for_selector("main [role=status]")
    look(page, "retention")
    change_to(page, live_server, user)
    page.goto(live_server.url + reverse("people:erase"))
    look(page, "erase-held")
