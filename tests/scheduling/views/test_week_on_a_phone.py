"""The week on a telephone: the board is near, and no word is cut off."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser import axe, cut_off, show, small_targets, too_wide
from tests.factories import LeaveFactory, OfferingFactory
from tests.scheduling.views.conftest import a_schedule, planned, published_session
from tests.web.phone import DESK, NARROW, PHONE

pytestmark = [pytest.mark.django_db, pytest.mark.needs("chromium", "axe")]
WEEK = "/week/2026-W49/"
SCREENS = 1.5
"""How far down the board may begin."""
FOLD = ".gem-fold summary"
FILTER = "main form select"


@pytest.fixture
def draft() -> int:
    """Key of the draft of a week with all that can stand above it."""
    a_schedule("published")
    session = published_session(
        offering=OfferingFactory(
            kind="group_treatment", title_nl="Grip op heftige gevoelens"
        )
    )
    LeaveFactory(facilitator=session.session_leaders.get().facilitator)
    draft = a_schedule()
    planned(draft, session)
    return draft.pk


@pytest.mark.parametrize("query", ["", "weergave=tabel", "versie=concept"])
def test_the_board_begins_soon(
    page: Page, signed_in: Client, draft: int, query: str
) -> None:
    html = signed_in.get(f"{WEEK}?{query}").content.decode()
    assert "gem-alert" in html
    show(page, html)
    page.set_viewport_size(PHONE)
    board = page.locator("main :is(.gem-board-frame, .gem-scroll)").first
    box = board.bounding_box()
    assert box is not None
    assert box["y"] <= SCREENS * PHONE["height"]


def test_what_folds_away_is_opened_with_the_keyboard(
    page: Page, signed_in: Client, draft: int
) -> None:
    show(page, signed_in.get(f"{WEEK}?soort=group_treatment").content.decode())
    page.set_viewport_size(PHONE)
    expect(page.locator(FILTER).first).to_be_hidden()
    assert "1 filter" in page.locator(FOLD).inner_text()
    page.locator(FOLD).focus()
    page.keyboard.press("Enter")
    expect(page.locator(FILTER).first).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(
        "document.querySelector('.gem-fold__in').contains(document.activeElement)"
    )
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)
        assert [*axe(page), *too_wide(page), *small_targets(page)] == []
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(FILTER).first).to_be_hidden()
    page.set_viewport_size(DESK)
    expect(page.locator(FOLD)).to_be_hidden()
    expect(page.locator(FILTER).first).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["360", "320"])
def test_no_word_of_the_table_is_cut_off(
    page: Page, signed_in: Client, draft: int, size: Any
) -> None:
    show(page, signed_in.get(f"{WEEK}?weergave=tabel").content.decode())
    page.set_viewport_size(size)
    kind = page.locator("td .gem-iconed").first
    assert "groepsbehandeling" in kind.inner_text().lower().replace("\n", "")
    assert cut_off(page) == []
