"""The pages of the facts in a browser: a leader's week by keyboard, and hard states."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from people.enums import Role
from tests.browser import axe, show, small_targets, too_wide
from tests.factories import (
    AvailabilityWindowFactory,
    FacilitatorFactory,
    OfferingStaffNeedFactory,
    SessionFactory,
    UserFactory,
)
from tests.publishing.facts_pages import form_of, of_series, send, signed_in
from tests.publishing.facts_pages import page as look
from tests.web.phone import barriers_of, sign_in

pytestmark = [
    pytest.mark.needs("chromium", "axe"),
    pytest.mark.django_db(transaction=True),
]
TABLE = "/gegevens/beschikbaarheid/"


def barriers(browser_page: Page, html: str) -> list[str]:
    show(browser_page, html)
    found = []
    for width in (1280, 320):
        browser_page.set_viewport_size({"width": width, "height": 900})
        found += too_wide(browser_page)
    return found + axe(browser_page) + small_targets(browser_page)


def test_the_week_of_a_leader_by_keyboard_alone(page: Page, live_server: Any) -> None:
    leader = FacilitatorFactory(person__call_name="Joris")
    sign_in(page, live_server, UserFactory(role=Role.COORDINATOR))
    page.goto(f"{live_server.url}{TABLE}")
    page.get_by_role("link", name="Joris").focus()
    page.keyboard.press("Enter")
    first = page.locator("#c2-evening-ask")
    first.focus()
    assert page.locator("#c2-evening-reason").is_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.locator("#c2-evening-reason:focus").wait_for()
    page.keyboard.press("d")  # the reasons begin with "dan"
    page.locator("#c3-morning-ask").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.locator("main [role=status]").first.wait_for()
    answers = {
        (one.weekday, one.half_day): one.answer
        for one in leader.person.half_days.exclude(answer="ask")
    }
    assert answers == {(2, "evening"): "no", (3, "morning"): "yes"}
    assert barriers_of(page) == []


def test_refused_and_stale_pages_have_no_barriers(page: Page) -> None:
    leader = AvailabilityWindowFactory(person=FacilitatorFactory().person).person
    address = f"{TABLE}?begeleider={leader.facilitator.pk}"
    offering = OfferingStaffNeedFactory().offering
    form = f"/gegevens/aanbod/{offering.pk}/"
    client, other = signed_in(), signed_in()
    week = form_of(look(client, address), "survey") | {"1-morning": "no"}
    faulty = client.post(address, week).content.decode()
    send(other, address, act="survey", **{"7-morning": "yes"})
    mine = form_of(look(client, form)) | {"staff_needs-0-count": "2"}
    send(other, form, size_max="12")
    stale = client.post(form, mine).content.decode()
    assert "utrecht-alert--warning" in stale
    wrong = client.post(form, form_of(stale) | {"title_nl": ""}).content.decode()
    running = look(client, of_series(SessionFactory().series))
    stale_week = client.post(address, week | {"1-morning-reason": "work"})
    for html in (faulty, stale, wrong, running, stale_week.content.decode()):
        assert barriers(page, html) == []
