"""The board in a browser is timed until a session can be pressed, and not before."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from benchmarks.board_browser import PATIENCE_MS, SCREENS, load
from people.enums import Role
from tests.factories import UserFactory
from tests.scheduling.views.conftest import published_session
from tests.scheduling.views.test_week import ADDRESS


@pytest.mark.needs("chromium")
@pytest.mark.django_db(transaction=True)
def test_a_page_is_timed_with_what_was_sent(browser: Browser, live_server: Any) -> None:
    published_session()
    client = Client()
    client.force_login(UserFactory(role=Role.COORDINATOR))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    for screen in SCREENS:
        took, (page, beside) = load(
            browser, live_server.url, ADDRESS, screen, (cookie.key, cookie.value)
        )
        assert 0 < took < PATIENCE_MS
        assert 0 < page < beside


@pytest.mark.needs("chromium")
@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_refused_ends_the_measuring(
    browser: Browser, live_server: Any
) -> None:
    nobody = (settings.SESSION_COOKIE_NAME, "nobody")
    with pytest.raises(SystemExit, match="answered 404"):
        load(browser, live_server.url, "/week/2026-W99/", "desk", nobody)
