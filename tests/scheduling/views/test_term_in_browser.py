"""The weeks of a term in a browser: read on a phone, and laid out as far as is near."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.browser import axe, show, squeezed, too_wide
from tests.factories import SessionFactory, period
from tests.scheduling.views.conftest import published_session
from tests.scheduling.views.test_week import page as page_of
from tests.scheduling.views.test_zoom import TERM, named

pytestmark = [pytest.mark.django_db, pytest.mark.needs("chromium", "axe")]
LAID_OUT = "one => one.checkVisibility({contentVisibilityAuto: true})"


def test_what_is_far_down_waits_and_is_reached_with_the_keyboard(
    page: Page, signed_in: Client
) -> None:
    for number in range(20):
        offering = named(f"Groep {number + 1}", sessions_count=12)
        first = published_session(hour=9 + number // 2, number=1, offering=offering)
        for day in (8, 15):
            SessionFactory(
                series=first.series,
                number=day // 7 + 1,
                period=period(f"2026-12-{day:02} 10:00"),
            )
    html = page_of(signed_in, TERM)
    links = page.locator("main tbody td a")
    show(page, html)
    assert links.last.evaluate(LAID_OUT)
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 700})
    show(page, html)
    assert links.first.evaluate(LAID_OUT)
    assert not links.last.evaluate(LAID_OUT)
    assert too_wide(page) == []
    assert squeezed(page) == []
    assert axe(page) == []
    page.locator("footer a").first.focus()
    page.keyboard.press("Shift+Tab")
    assert links.last.evaluate("one => one === document.activeElement")
    assert links.last.evaluate(LAID_OUT)
