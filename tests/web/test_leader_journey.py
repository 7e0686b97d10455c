"""A volunteer and the manager of a village hall, on a telephone and at a desk.

Attendance without a connection is tried with the browser's own switch; what lies on the
telephone is looked at in the browser's own store.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from courses.models import Attendance, Session
from courses.services import ask_leaders, read_sheet, save_sheet
from people.models import AvailabilityWindow, Leave
from tests.factories import (
    EnrolmentFactory,
    PersonFactory,
    RegistrationFactory,
)
from tests.publishing.feed_data import ACTOR
from tests.web.offer_data import Region, a_region
from tests.web.phone import PHONE, barriers_of, sign_in

pytestmark = [
    pytest.mark.needs("chromium", "axe"),
    pytest.mark.django_db(transaction=True),
]
NAMES = ("Quirijn", "Fenna", "Tjalling")


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def today(region: Region) -> Session:
    """A meeting of the leader that is going on now, with three who take part."""
    session = region.series["money"].sessions.order_by("number")[0]
    begin = timezone.now() - timedelta(minutes=20)
    Session.objects.filter(pk=session.pk).update(
        period=DateTimeTZRange(begin, begin + timedelta(minutes=120))
    )
    for name in NAMES:
        EnrolmentFactory(
            registration=RegistrationFactory(
                resident__person=PersonFactory(call_name=name)
            ),
            series=session.series,
        )
    session.refresh_from_db()
    return session


@pytest.fixture
def barriers(page: Page) -> Callable[[], list[str]]:
    """Everything wrong with the page shown now, narrow and wide."""
    return lambda: barriers_of(page)


def on_the_phone(page: Page) -> list[str]:
    """What the browser keeps of attendance: paths, and whether a name is in them."""
    return page.evaluate(
        """async (names) => {
          if (!(await caches.has("gem-attendance"))) return [];
          const cache = await caches.open("gem-attendance");
          const found = [];
          for (const request of await cache.keys()) {
            const text = await (await cache.match(request)).text();
            const named = names.some((name) => text.includes(name));
            const path = new URL(request.url).pathname;
            found.push(`${path.split("/")[2]} ${named ? "names" : "no names"}`);
          }
          return found.sort();
        }""",
        list(NAMES),
    )


def marks(session: Session) -> list[bool]:
    rows = Attendance.objects.filter(sheet__session=session).order_by("pk")
    return [there for one in rows for there in one.there]


def test_a_volunteer_from_question_to_who_was_there(
    page: Page, live_server: Any, region: Region, today: Session, barriers: Any
) -> None:
    series = [region.series["full"].pk]
    ask_leaders(actor=ACTOR, series_ids=series)
    sign_in(page, live_server, region.leader.person.user)
    page.goto(f"{live_server.url}/mijn-agenda/")
    assert barriers() == []
    page.locator("main .utrecht-alert a").first.click()
    assert barriers() == []
    page.locator("main form button").first.click()
    page.wait_for_url("**/mijn-agenda/")
    assert page.locator("main .utrecht-alert a").count() == 0
    page.locator(f"[id='s-{today.pk}'] a").click()
    assert barriers() == []
    for name in NAMES:
        assert page.get_by_text(name).is_visible()
    page.locator("main a[href$='/aanwezigheid/']").click()
    assert barriers() == []
    page.locator("li:has-text('Fenna') input[type=checkbox]").uncheck()
    page.locator("#keep").click()
    page.wait_for_url("**/bijeenkomst/*/")
    assert sorted(marks(today)) == [False, True, True]
    page.locator("form:has(input[value=undo]) button").click()
    assert marks(today) == []
    assert on_the_phone(page) == []


def test_times_absence_and_illness(
    page: Page, live_server: Any, region: Region, today: Session, barriers: Any
) -> None:
    sign_in(page, live_server, region.leader.person.user)
    page.goto(f"{live_server.url}/mijn-agenda/tijden/")
    assert barriers() == []
    page.locator("#c2-morning-yes").check()
    assert page.locator("#c4-evening-reason").is_hidden()
    page.locator("#c4-evening-no").check()
    page.locator(".gem-survey .gem-buttons button").click()
    assert page.locator("main [role=alert]:visible").count() == 1
    assert barriers() == []
    page.locator("#c4-evening-reason").select_option("work")
    page.locator(".gem-survey .gem-buttons button").click()
    page.locator("main [role=status]").first.wait_for()
    hours = AvailabilityWindow.objects.filter(person=region.leader.person)
    assert [one.weekday for one in hours] == [2]
    page.goto(f"{live_server.url}/mijn-agenda/ziek/")
    assert barriers() == []
    page.locator("main form button").last.click()
    page.wait_for_url("**/mijn-agenda/")
    assert Leave.objects.get().days.lower == timezone.localdate()


def test_answering_by_the_link_of_a_mail_without_signing_in(
    page: Page, live_server: Any, region: Region, barriers: Any
) -> None:
    (asked,) = [
        one
        for one in ask_leaders(actor=ACTOR, series_ids=[region.series["full"].pk])
        if one.assignment.facilitator == region.leader
    ]
    address = reverse("publishing:assignment_link", args=[asked.token])
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(live_server.url + address)
    assert barriers() == []
    assert region.series["full"].offering.title not in page.content()
    page.locator("details.gem-disclosure summary").click()
    page.locator("#why-journey").check()
    page.locator("main details form button").click()
    asked.assignment.refresh_from_db()
    assert (asked.assignment.state, asked.assignment.reason) == ("declined", "journey")
    page.goto(live_server.url + address)
    assert page.locator("main form").count() == 0
    assert barriers() == []


def test_noting_needs_no_mouse(
    page: Page, live_server: Any, region: Region, today: Session
) -> None:
    sign_in(page, live_server, region.leader.person.user)
    page.goto(live_server.url + reverse("publishing:attendance", args=[today.pk]))

    def tab_to(what: str) -> None:
        for _step in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches({what!r})"):
                return
        raise AssertionError(f"no key leads to {what}")

    tab_to("input[type=checkbox]")
    page.keyboard.press("Space")
    tab_to("#keep")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bijeenkomst/*/")
    assert marks(today).count(False) == 1


# --- Without a connection ------------------------------------------------------------


def test_marks_wait_on_the_phone_and_are_sent_when_back(
    page: Page, live_server: Any, region: Region, today: Session, barriers: Any
) -> None:
    sign_in(page, live_server, region.leader.person.user)
    page.goto(live_server.url + reverse("publishing:attendance", args=[today.pk]))
    page.context.set_offline(True)
    page.locator("li:has-text('Fenna') input[type=checkbox]").uncheck()
    page.locator("#keep").click()
    page.locator("[data-told]:not(:empty)").wait_for()
    assert on_the_phone(page) == ["wacht no names"]
    assert marks(today) == []
    page.context.set_offline(False)
    page.wait_for_url("**/bijeenkomst/*/")
    assert sorted(marks(today)) == [False, True, True]
    assert on_the_phone(page) == []


def test_a_list_taken_along_opens_without_a_connection(
    page: Page, live_server: Any, region: Region, today: Session, barriers: Any
) -> None:
    sign_in(page, live_server, region.leader.person.user)
    address = live_server.url + reverse("publishing:attendance", args=[today.pk])
    page.goto(address)
    assert on_the_phone(page) == []
    page.locator("[data-take]").click()
    page.locator("[data-drop]:visible").wait_for()
    assert on_the_phone(page) == ["bijeenkomst names"]
    assert barriers() == []
    page.reload()  # under the worker from here on
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/mijn-agenda/")
    assert page.url == address  # the one way on that there is
    assert page.get_by_text("Quirijn").is_visible()
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != ""
    page.locator("li:has-text('Fenna') input[type=checkbox]").uncheck()
    page.locator("#keep").click()
    page.locator("[data-told]:not(:empty)").wait_for()
    page.goto(address)  # closed and opened again: the marks are still there
    page.locator("[data-told]:not(:empty)").wait_for()
    assert not page.locator("li:has-text('Fenna') input[type=checkbox]").is_checked()
    assert on_the_phone(page) == ["bijeenkomst names", "wacht no names"]
    page.context.set_offline(False)
    page.wait_for_url("**/bijeenkomst/*/")
    assert sorted(marks(today)) == [False, True, True]
    assert on_the_phone(page) == []


def test_a_colleague_s_marks_are_shown_and_not_overwritten(
    page: Page, live_server: Any, region: Region, today: Session, barriers: Any
) -> None:
    sign_in(page, live_server, region.leader.person.user)
    page.goto(live_server.url + reverse("publishing:attendance", args=[today.pk]))
    page.context.set_offline(True)
    page.locator("li:has-text('Fenna') input[type=checkbox]").uncheck()
    page.locator("#keep").click()
    page.locator("[data-told]:not(:empty)").wait_for()
    sheet = read_sheet(actor=ACTOR, session=today)
    colleague = {one.enrolment_id: [one.name != "Quirijn"] for one in sheet.lines}
    save_sheet(
        actor=ACTOR,
        facilitator=region.leader,
        session=today,
        version=0,
        marks=colleague,
    )
    before = marks(today)
    page.context.set_offline(False)
    page.locator("main [role=alert]:visible").wait_for()
    assert marks(today) == before
    assert page.locator(".gem-sheet__differs").count() == 2
    assert not page.locator("li:has-text('Fenna') input[type=checkbox]").is_checked()
    assert on_the_phone(page) == []
    assert barriers() == []
    page.locator("#keep").click()
    page.wait_for_url("**/bijeenkomst/*/")
    sheet = read_sheet(actor=ACTOR, session=today)
    there = {one.name: one.there[0] for one in sheet.lines}
    assert there == {"Fenna": False, "Quirijn": True, "Tjalling": True}


@pytest.mark.parametrize("way", ["sign out", "another account"])
def test_nothing_stays_on_the_phone(
    page: Page, live_server: Any, region: Region, today: Session, way: str
) -> None:
    sign_in(page, live_server, region.leader.person.user)
    page.goto(live_server.url + reverse("publishing:attendance", args=[today.pk]))
    page.locator("[data-take]").click()
    page.locator("[data-drop]:visible").wait_for()
    if way == "sign out":
        page.locator("details.gem-menu:has(form[action$='/logout/']) summary").click()
        page.locator("form[action$='/logout/'] button").click()
        page.wait_for_url(lambda url: "mijn-agenda" not in url)
    else:
        page.context.clear_cookies()  # the browser was closed, nobody signed out
        sign_in(page, live_server, region.resident.person.user)
        page.goto(f"{live_server.url}/mijn-afspraken/")
        page.wait_for_timeout(300)
    assert on_the_phone(page) == []


def test_a_list_that_is_too_old_is_not_shown(
    page: Page, live_server: Any, region: Region, today: Session
) -> None:
    sign_in(page, live_server, region.leader.person.user)
    address = live_server.url + reverse("publishing:attendance", args=[today.pk])
    page.goto(address)
    page.locator("[data-take]").click()
    page.locator("[data-drop]:visible").wait_for()
    page.clock.install()
    page.evaluate(
        """async () => {
          const cache = await caches.open("gem-attendance");
          const [request] = await cache.keys();
          const old = await cache.match(request);
          const headers = new Headers(old.headers);
          headers.set("X-Gem-Until", "2020-01-01T00:00:00Z");
          await cache.put(request, new Response(await old.text(), { headers }));
        }"""
    )
    page.goto(f"{live_server.url}/mijn-agenda/")
    page.wait_for_function("caches.has('gem-attendance').then((there) => !there)")
    assert on_the_phone(page) == []
