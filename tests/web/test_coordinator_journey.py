"""A coordinator in a browser: from "make the week" to published, and no barriers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from people.enums import Role
from publishing.models import Release
from scheduling.models import PlanningRun
from scheduling.services.runs import perform_run
from tests.browser import axe, show, small_targets, too_wide
from tests.factories import (
    AvailabilityWindowFactory,
    OfferingFactory,
    UserFactory,
)
from tests.scheduling.rows import a_conversation, a_group, a_leader, asks_for, running
from tests.scheduling.views.conftest import (
    SECRET,
    a_run,
    a_schedule,
    left_out,
    planned,
    published_session,
    seated,
)

pytestmark = pytest.mark.needs("chromium", "axe")
WIDTHS = [1280, 768, 360]


def sound(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert too_wide(page) == []
        assert small_targets(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert SECRET not in page.content()


def waits_for(thing: Any) -> None:
    registration = asks_for(thing, allowed_levels=[0, 1])
    person = registration.resident.person
    person.call_name = SECRET
    person.save()
    for weekday in range(1, 6):
        AvailabilityWindowFactory(
            person=person, weekday=weekday, start="09:00", end="17:00"
        )


@pytest.mark.django_db(transaction=True)
def test_from_making_the_week_to_published(page: Page, live_server: Any) -> None:
    group = running(
        "2026-12-01 10:00",
        leaders=[a_leader()],
        members=6,
        offering=a_group(title_nl="Stemmen horen"),
    )
    waits_for(group)
    waits_for(a_conversation(title_nl="Verkennend gesprek"))  # and nobody to lead it
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )

    page.goto(f"{live_server.url}/week/2026-W49/")
    expect(page.locator("a.gem-chip")).to_have_count(1)
    page.locator('.gem-actions a[href*="/plannen/"]').click()
    expect(page.locator("#week_week")).to_have_value("2026-W49")
    page.locator("#week_seconds").select_option("30")
    # Only with the keyboard, this once.
    page.locator("#week_seconds").press("Tab")
    expect(page.locator("#make-week")).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/plannen/*/")
    run = PlanningRun.objects.get()
    expect(page.locator("#stop")).to_be_visible()
    schedule = perform_run(run_id=run.pk)
    assert schedule is not None
    result = page.locator("#result")
    result.wait_for(timeout=10_000)  # the page asked again by itself
    sound(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(1500)
    assert asked == []  # and stopped asking

    page.locator(f'a[href="/rooster/{schedule.pk}/zonder-plek/"]').click()
    expect(page.locator(".gem-leftout")).to_have_count(1)
    page.go_back()
    result.click()
    page.locator("#to-release").click()
    expect(page.locator("h2").first).to_be_visible()
    page.locator("#publish").click()
    page.wait_for_url("**/publicaties/*/")
    assert Release.objects.get().schedule_id == schedule.pk
    sound(page)


@pytest.mark.django_db
def test_every_page_and_state_is_without_barriers(page: Page) -> None:
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    session = published_session(offering=OfferingFactory(title_nl="Omgaan met geld"))
    published_session(day=2, state="cancelled")
    a_schedule("published")
    run = a_run(state="done", placed=1, unplaced=2, value=9, bound=10.0)
    run.progress = [[1, 5, 12.0], [2, 9, 10.0]]
    run.save()
    draft = a_schedule(run=run)
    planned(draft, session, day=3, hour=14)
    planned(draft, day=4)
    seated(draft, session.series)
    left_out(draft, (session.series, ["group-size", "resident-travel"]))
    left_out(draft)
    later = {
        "first_date": draft.first_date + timedelta(days=7),
        "last_date": draft.last_date + timedelta(days=7),
    }
    busy = a_run(state="queued", **later)
    failed = a_run(state="failed", fault="no-plan", **later)
    week = "/week/2026-W49/"
    for address in (
        week,
        f"{week}?versie={draft.pk}",
        f"{week}?weergave=centra&alle=1",
        f"{week}?weergave=begeleiders",
        f"{week}?weergave=tabel&versie={draft.pk}",
        "/week/2026-W30/?soort=drop_in",
        f"/bijeenkomst/{session.pk}/",
        f"/rooster/{draft.pk}/bijeenkomst/{session.pk}/",
        "/plannen/",
        f"/plannen/{run.pk}/",
        f"/plannen/{busy.pk}/",
        f"/plannen/{failed.pk}/",
        f"/rooster/{draft.pk}/zonder-plek/",
        f"/rooster/{draft.pk}/publiceren/",
        "/wachtlijst/",
        "/ruimtes/?week=2026-W49",
        "/mensen/?week=2026-W49",
        "/publicaties/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        # Nobody answers here: the page must not ask again while it is looked at.
        show(page, answer.content.decode().replace("every 1s", "click"))
        sound(page)
    refused = client.post("/plannen/", {"kind": "week", "week": "", "seconds": "1"})
    show(page, refused.content.decode())
    sound(page)
