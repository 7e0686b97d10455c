"""A session ends while a coordinator types: after signing in, the words are there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from courses.models import Offering
from messaging.models import OutboxMessage
from people.enums import Role
from people.models import User
from scheduling.services import boards
from tests.browser import axe, small_targets, too_wide
from tests.factories import (
    OfferingStaffNeedFactory,
    OutboxMessageFactory,
    UserFactory,
    amsterdam,
)
from tests.scheduling.by_hand import World
from tests.web.offer_data import a_region
from tests.web.phone import PASSWORD, sign_in

pytestmark = [
    pytest.mark.needs("chromium", "axe"),
    pytest.mark.django_db(transaction=True),
]


class Desk:
    """A coordinator who is signed in, before a browser."""

    def __init__(self, page: Page, live_server: Any) -> None:
        self.page, self.site = page, live_server.url
        self.user: User = UserFactory(role=Role.COORDINATOR)
        sign_in(page, live_server, self.user)
        page.set_viewport_size({"width": 1280, "height": 900})

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)

    def session_ends(self) -> None:
        self.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    def sign_in_again(self) -> None:
        page = self.page
        page.wait_for_url("**/accounts/login/**")
        page.locator("input[name=login]").fill(self.user.email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url(lambda url: "login" not in url)

    def kept(self) -> list[str]:
        return self.page.evaluate("Object.keys(sessionStorage)")


@pytest.fixture
def desk(page: Page, live_server: Any) -> Desk:
    return Desk(page, live_server)


@pytest.fixture
def offering() -> Offering:
    return OfferingStaffNeedFactory(offering__title_nl="Omgaan met geld").offering


def told(page: Page) -> Any:
    return page.locator("#gem-typed")


def test_what_was_typed_in_the_facts_comes_back(desk: Desk, offering: Offering) -> None:
    page = desk.page
    desk.open(f"/gegevens/aanbod/{offering.pk}/")
    expect(told(page)).to_be_hidden()
    page.locator("[name=title_nl]").fill("Rondkomen")
    desk.session_ends()
    page.locator("main button[value=keep]").click()
    desk.sign_in_again()
    assert page.url == f"{desk.site}/gegevens/aanbod/{offering.pk}/"
    expect(page.locator("[name=title_nl]")).to_have_value("Rondkomen")
    expect(told(page)).to_be_visible()
    expect(told(page).locator("[data-newer]")).to_be_hidden()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert too_wide(page) == []
        assert small_targets(page) == []
    page.locator("main button[value=keep]").click()
    page.locator("main .gem-messages:not([hidden]) [role=status]").first.wait_for()
    offering.refresh_from_db()
    assert offering.title_nl == "Rondkomen"
    assert desk.kept() == []
    desk.open(f"/gegevens/aanbod/{offering.pk}/")
    expect(told(page)).to_be_hidden()


def test_the_words_of_a_message_come_back_and_can_be_dropped(desk: Desk) -> None:
    page, row = desk.page, OutboxMessageFactory(body="Zoals het was")
    desk.open(f"/berichten/{row.pk}/")
    page.locator("[name=body]").fill("Wat ik typte")
    desk.session_ends()
    page.locator("form:has([name=body]) button").click()
    page.wait_for_url("**/accounts/login/**")
    OutboxMessage.objects.filter(pk=row.pk).update(body="Van een ander")
    desk.sign_in_again()
    expect(page.locator("[name=body]")).to_have_value("Wat ik typte")
    expect(told(page).locator("[data-newer]")).to_be_visible()
    told(page).locator("button").click()
    expect(page.locator("[name=body]")).to_have_value("Van een ander")
    expect(told(page)).to_be_hidden()
    assert desk.kept() == []
    row.refresh_from_db()
    assert row.body == "Van een ander"


def test_a_form_that_goes_elsewhere_comes_back_on_its_own_page(desk: Desk) -> None:
    """The list of messages is sent to an address that takes presses only."""
    page, rows = desk.page, OutboxMessageFactory.create_batch(2)
    desk.open("/berichten/?bak=te-bekijken")
    page.locator(f"input[name=message][value='{rows[0].pk}']").check()
    desk.session_ends()
    page.locator("main button[value=approve]").click()
    desk.sign_in_again()
    assert page.url == f"{desk.site}/berichten/?bak=te-bekijken"
    expect(page.locator("input[name=message]:checked")).to_have_value(str(rows[0].pk))
    page.locator("main button[value=approve]").click()
    page.locator("main .gem-messages:not([hidden]) [role=status]").first.wait_for()
    states = OutboxMessage.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["approved", "draft"]
    assert desk.kept() == []


def test_what_was_accepted_is_ticked_again_and_what_is_new_is_not(desk: Desk) -> None:
    page, world = desk.page, World()
    asked = {"day": "2026-12-01", "start": "08:00", "room": world.room.pk}
    asked |= {"leader_1": world.leader.pk}
    move = reverse("scheduling:move", args=[world.draft.pk, world.session])
    desk.open(f"{move}?{urlencode(asked)}")
    ticks = page.locator("input[name=accept]")
    for number in range(ticks.count()):
        ticks.nth(number).check()
    known = ticks.evaluate_all("all => all.map((one) => one.value)")
    assert known
    desk.session_ends()
    page.locator("form:has(input[name=accept]) button").click()
    page.wait_for_url("**/accounts/login/**")
    # Meanwhile one rule more is in the way.
    world.room.capacity = 2
    world.room.save()
    boards.forget_boards()
    desk.sign_in_again()
    expect(told(page)).to_be_visible()
    found = ticks.evaluate_all("all => all.map((one) => [one.value, one.checked])")
    assert [value for value, checked in found if checked] == known
    assert any(not checked for _value, checked in found)
    assert world.version() == 0


def test_leaving_in_the_middle_asks_and_cancelling_does_not(
    desk: Desk, offering: Offering
) -> None:
    page, asked = desk.page, []
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    desk.open(f"/gegevens/aanbod/{offering.pk}/")
    page.locator("[name=title_nl]").click()
    page.keyboard.type("!")
    desk.open("/berichten/")
    assert asked == ["beforeunload"]
    desk.open(f"/gegevens/aanbod/{offering.pk}/")
    expect(page.locator("[name=title_nl]")).to_have_value("Omgaan met geld!")
    page.locator(".gem-facts-save a").click()
    page.wait_for_url(lambda url: not url.endswith(f"/{offering.pk}/"))
    assert asked == ["beforeunload"]
    assert desk.kept() == []


def test_a_change_that_is_only_asked_yet_is_not_lost_either(desk: Desk) -> None:
    """Move asks with its address first; then it is done, and nothing stays behind."""
    world, page, asked = World(), desk.page, []
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    move = reverse("scheduling:move", args=[world.draft.pk, world.session])
    desk.open(move)
    page.locator("[name=start]").click()
    page.locator("[name=start]").fill("09:30")
    desk.open("/week/2026-W49/")
    assert asked == ["beforeunload"]
    desk.open(move)
    expect(page.locator("[name=start]")).to_have_value("09:30")
    expect(told(page)).to_be_visible()
    page.locator("form[data-typed] button").click()
    page.locator("#do").click()
    page.wait_for_url(lambda url: "wijzigen" not in url)
    assert asked == ["beforeunload"]
    assert desk.kept() == []
    assert world.row().period.lower == amsterdam("2026-12-01 09:30")


def test_where_names_are_written_leaving_asks_and_nothing_stays(desk: Desk) -> None:
    page, asked, region = desk.page, [], a_region()
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = next(
        one["value"]
        for one in page.context.cookies()
        if one["name"] == settings.SESSION_COOKIE_NAME
    )
    money = region.series["money"].pk
    client.post(reverse("courses:choose_for_somebody", args=[money]))
    desk.open("/aanmelden-voor-iemand/")
    page.locator("[name=call_name]").click()
    page.keyboard.type("Ed")
    desk.open("/week/")
    assert asked == ["beforeunload"]
    assert desk.kept() == []


def test_signing_out_and_another_account_leave_nothing(
    desk: Desk, live_server: Any
) -> None:
    page, row = desk.page, OutboxMessageFactory()
    desk.open(f"/berichten/{row.pk}/")
    page.locator("[name=body]").fill("Wat ik typte")
    assert len(desk.kept()) == 1
    page.locator("header summary", has_text="account").click()
    page.locator("form[action$='/logout/'] button").click()
    page.wait_for_url(lambda url: "berichten" not in url)
    assert desk.kept() == []

    desk.user = UserFactory(role=Role.COORDINATOR)
    sign_in(page, live_server, desk.user)
    desk.open(f"/berichten/{row.pk}/")
    page.locator("[name=body]").fill("Wat ik typte")
    desk.session_ends()
    sign_in(page, live_server, UserFactory(role=Role.COORDINATOR))
    desk.open(f"/berichten/{row.pk}/")
    expect(page.locator("[name=body]")).to_have_value(row.body)
    assert desk.kept() == []


def test_the_way_back_is_a_page_of_this_site_only() -> None:
    client = Client()
    form = "/berichten/?bak=te-bekijken"
    for referer, back in (
        (f"http://testserver{form}", "%2Fberichten%2F%3Fbak%3Dte-bekijken"),
        ("https://elders.example/berichten/", "/berichten/doen/"),
        ("", "/berichten/doen/"),
    ):
        answer = client.post("/berichten/doen/", headers={"referer": referer})
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"?next={back}")
