"""Signing in on a telephone, and everything that is wrong with a page at its width."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser import axe, small_targets, too_wide

PASSWORD = "een-lang-verzonnen-wachtwoord"
PHONE: Any = {"width": 360, "height": 740}
NARROW: Any = {"width": 320, "height": 640}
DESK: Any = {"width": 1280, "height": 900}


def barriers_of(page: Page) -> list[str]:
    """Everything wrong with the page shown now, narrow and wide."""
    faults = []
    for size in (DESK, NARROW):
        page.set_viewport_size(size)
        faults += [*axe(page), *too_wide(page), *small_targets(page)]
    page.set_viewport_size(PHONE)
    return faults


def sign_in(page: Page, live_server: Any, user: Any) -> None:
    """Sign in through the page, as a person does."""
    user.set_password(PASSWORD)
    user.save()
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "login" not in url)
