"""Making, comparing and trying plans in a browser: no barriers, and a preview."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from people.enums import Role
from scheduling.models import PlanningRun, Schedule
from tests.browser import axe, show, small_targets, too_wide
from tests.factories import FacilitatorFactory, OfferingFactory, UserFactory
from tests.scheduling.views.conftest import (
    FIGURES,
    WEEK,
    a_run,
    a_schedule,
    published_session,
)

pytestmark = pytest.mark.needs("chromium", "axe")
WIDTHS = [1280, 360]
MORE = {
    "people": 371, "unseated": 41, "waited": 30.0, "beyond_norm": 12, "group": 0.84,
    "digital": 0.06, "reasons": {}, "travel": 5210, "moved": 0, "lost": 0,
    "seats_lost": 0, "evenings": {"1": 21, "2": 9, "3": 1},
    "costs": {"short-travel": 420, "ranked-choice": 61, "keep-continuity": 3},
}  # fmt: skip
LACKS = [
    {
        "change": {"kind": "leader-hours", "weekday": day, "part": 2},
        "file": {"kind": "leader-hours"},
        "seats": seats,
        "opens": [],
        "proven": day == 1,
    }
    for day, seats in ((1, 6), (3, 2))
]


def sound(page: Page, html: str) -> None:
    # Nobody answers here: the page must not ask again while it is looked at.
    show(page, html.replace("every 1s", "click").replace("every 2s", "click"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert too_wide(page) == []
        assert small_targets(page) == []


def plans() -> list[PlanningRun]:
    """A draft and three plans beside it."""
    figures = {**FIGURES, **MORE}
    runs = [
        a_run(
            state="done", placed=371 + number, unplaced=41 - number, value=97,
            bound=100.0, as_draft=not number,
            figures={**figures, "people": 371 + number, "travel": 5210 - 90 * number},
            may_move="everything" if number == 2 else "nothing",
            importance={"short-travel": "more", "room-fit": "less"} if number else {},
            progress=[[1, 60, 120.0], [2, 97, 100.0]],
        )
        for number in range(4)
    ]  # fmt: skip
    a_schedule(run=runs[0], figures=figures)
    return runs


@pytest.mark.django_db
def test_every_page_of_making_a_plan_is_without_barriers(page: Page) -> None:
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    published_session(offering=OfferingFactory(title_nl="Omgaan met geld"))
    runs = plans()
    about: dict[str, Any] = {"based_on": runs[0], "as_draft": False}
    leader = FacilitatorFactory()
    change = {"kind": "fewer-leaders", "facilitator": str(leader.pk)}
    told = {"gained": 2, "lost": 5, "opened": [], "closed": [], "moved": []}
    done = a_run(
        task="what_if", state="done", changes=[change], figures=runs[1].figures,
        found={"before": runs[0].figures, **told}, **about,
    )  # fmt: skip
    busy = a_run(task="what_if", changes=[change], **about)
    a_run(task="lacks", state="done", found={"lacks": LACKS}, **about)
    side = "&".join(f"plan={run.pk}" for run in runs)
    for address in (
        "/plannen/?soort=term",
        f"/plannen/{runs[1].pk}/",
        f"/plannen/vergelijken/?{side}",
        f"/plannen/{runs[0].pk}/wat-als/",
        f"/plannen/wat-als/{done.pk}/",
        f"/plannen/wat-als/{busy.pk}/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        sound(page, answer.content.decode())
    asked = {"kind": "week", "week": str(WEEK), "seconds": 60, "wish-room-fit": "more"}
    answer = client.post("/plannen/weging/?week=2026-W49", asked)
    assert answer.context["preview"]["source"]
    sound(page, answer.content.decode())


@pytest.mark.django_db(transaction=True)
def test_the_preview_comes_without_leaving_the_form(
    page: Page, live_server: Any
) -> None:
    plans()
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/plannen/?week=2026-W49")
    page.locator("summary", has=page.locator("text=/telt meer|counts more/")).click()
    page.locator("#week_wish-short-travel").select_option("more")
    page.locator("#preview").click()
    expect(page.locator("#weighed-title")).to_be_visible()
    expect(page.locator("#week_wish-short-travel")).to_have_value("more")
    page.locator("#week_after_1").check()
    page.locator("#make-week").click()
    page.wait_for_url("**/plannen/*/")
    run = PlanningRun.objects.first()
    assert run is not None
    assert (run.as_draft, run.importance) == (False, {"short-travel": "more"})
    assert Schedule.objects.count() == 1
