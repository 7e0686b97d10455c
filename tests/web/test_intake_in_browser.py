"""A GP and a resident, with keys alone; their pages without barriers, also on paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from intake.models import Referral
from people.enums import Role
from publishing.services.conversations import propose
from tests.browser import axe, small_targets, too_wide
from tests.factories import (
    ErasureRequestFactory,
    OutcomeFactory,
    RegistrationChoiceFactory,
    TalkRequestFactory,
    UserFactory,
)
from tests.publishing.conversation_data import (
    COORDINATOR,
    Talks,
    a_referral,
    some_talks,
)

pytestmark = [
    pytest.mark.needs("chromium", "axe"),
    pytest.mark.django_db(transaction=True),
]
SIZES = ({"width": 320, "height": 700}, {"width": 1280, "height": 900})


@pytest.fixture
def talks() -> Talks:
    return some_talks()


@pytest.fixture
def enter(page: Page, client: Client, live_server: Any) -> Any:
    """Sign an account in, in the browser; its second factor has tests of its own."""

    def signed_in(user: Any) -> None:
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": "sessionid", "value": cookie, "url": live_server.url}]
        )

    return signed_in


def barriers(page: Page) -> list[str]:
    """Everything wrong with the page shown now, on the smallest phone and at a desk."""
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        found += [*axe(page), *too_wide(page), *small_targets(page)]
    return found


def barriers_of(page: Page, live_server: Any, *paths: str) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        page.goto(live_server.url + path)
        found[path] = barriers(page)
    return {path: faults for path, faults in found.items() if faults}


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what has the focus matches."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no key leads to {selector}")


def test_a_gp_refers_and_a_resident_chooses_with_keys_alone(
    page: Page, live_server: Any, talks: Talks, enter: Any
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    enter(talks.referrer)
    page.goto(f"{live_server.url}/verwijzen/")
    tab_to(page, "input[name=urgent]")
    page.keyboard.press("Space")
    for field, words in (("call_name", "Noor"), ("birth_year", "1985")):
        tab_to(page, f"input[name={field}]")
        page.keyboard.type(words)
    tab_to(page, "select[name=place]")
    page.keyboard.type("Deventer")
    tab_to(page, "input[name=contact_channel]")
    page.keyboard.press("Space")
    tab_to(page, "input[name=contact_address]")
    page.keyboard.type("noor@example.org")
    tab_to(page, "input[name=agreed]")
    page.keyboard.press("Space")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/verwijzen/verstuurd/")
    propose(actor=COORDINATOR)
    person = Referral.objects.get().resident.person
    person.user = UserFactory(role=Role.RESIDENT)
    person.save()
    enter(person.user)
    page.goto(f"{live_server.url}/mijn-afspraken/")
    tab_to(page, f"a[href='{reverse('publishing:own_times')}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kies-een-tijd/")
    tab_to(page, "input[name=time]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.get_by_role("status").first.wait_for()
    assert Referral.objects.get().state == "planned"
    # On paper: when and where, and no button to press.
    page.goto(f"{live_server.url}/mijn-afspraken/")
    page.emulate_media(media="print")
    assert page.locator("li.gem-entry").first.is_visible()
    assert not [
        one.inner_text() for one in page.locator(".utrecht-button").all()
        if one.is_visible()
    ]  # fmt: skip


def test_pages_of_helpers_have_no_barriers(
    page: Page, live_server: Any, talks: Talks, enter: Any
) -> None:
    waits = a_referral(talks)
    propose(actor=COORDINATOR)
    now = timezone.now()
    outcome = OutcomeFactory(
        referral__referrer=talks.referrer, referral__advised_at=now
    )
    TalkRequestFactory()
    enter(talks.referrer)
    assert (
        barriers_of(
            page,
            live_server,
            "/verwijzen/",
            "/verwijzen/verstuurd/",
            "/verwijzingen/",
            reverse("intake:own_referral", args=[outcome.referral_id]),
            "/meedenken/",
        )
        == {}
    )
    page.goto(f"{live_server.url}/verwijzen/")
    page.locator("main form button").first.click()
    page.locator(".gem-field--invalid").first.wait_for()
    assert barriers(page) == []
    page.locator("input[name=urgent][value=yes]").check()
    page.locator("main form button").first.click()
    page.get_by_role("alert").first.wait_for()
    assert barriers(page) == []
    enter(UserFactory(role=Role.COORDINATOR))
    one = reverse("publishing:referral", args=[waits.pk])
    paths = ("/verkennende-gesprekken/", one, "/gespreksvragen/")
    assert barriers_of(page, live_server, *paths) == {}
    ErasureRequestFactory()
    enter(UserFactory(role=Role.PRIVACY_OFFICER))
    assert barriers_of(page, live_server, "/verzoeken-tot-wissen/") == {}
    enter(talks.ggz[0].person.user)
    own = ("/mijn-agenda/gesprekken/", "/mijn-agenda/meedenken/")
    assert barriers_of(page, live_server, *own) == {}


def test_a_resident_s_own_pages_have_no_barriers(
    page: Page, live_server: Any, talks: Talks, enter: Any
) -> None:
    person = a_referral(talks).resident.person
    propose(actor=COORDINATOR)
    person.user = UserFactory(role=Role.RESIDENT)
    person.save()
    choice = RegistrationChoiceFactory(registration__resident=person.resident)
    enter(person.user)
    paths = (
        "/mijn-afspraken/",
        "/mijn-afspraken/kies-een-tijd/",
        "/mijn-afspraken/berichten/",
        "/mijn-afspraken/een-gesprek/",
        reverse("scheduling:why", args=[choice.registration_id]),
        "/mijn-gegevens/",
        "/mijn-gegevens/wensen/",
        "/mijn-gegevens/wissen/",
    )
    assert barriers_of(page, live_server, *paths) == {}
    for path in paths:  # what to do in a crisis stands on every page
        text = page.goto(live_server.url + path).text()
        assert all(number in text for number in ("112", "113", "0800-0113"))
