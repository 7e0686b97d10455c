"""Every page that somebody may open, in chromium: no barriers, wide and narrow.

At three widths and with letters twice as large; what folds away is opened once. The
pages are those of the permission table, so a new page is looked at here as soon as it
has its row; journeys look at the states that need a story.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import (
    OF_SIZE,
    axe,
    cut_off,
    larger_letters,
    show,
    small_targets,
    squeezed,
    too_wide,
    unfold,
)
from tests.web.permission_row import ACCOUNTS, Row
from tests.web.permission_table import ROWS
from tests.web.permission_world import World

pytestmark = [pytest.mark.django_db, pytest.mark.needs("chromium", "axe")]

WIDTHS = (1440, 768, 320)


def first_viewer(row: Row) -> str | None:
    """The first account that the page is for; ``None`` when it is no page to read."""
    looked_at = row.method == "get" and not row.name.startswith("admin:")
    viewers = (account for account in ACCOUNTS if row.expected(account) == 200)
    return next(viewers, None) if looked_at else None


PAGES = {
    account: rows
    for account in ACCOUNTS
    if (rows := [row for row in ROWS if first_viewer(row) == account])
}


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is shown, with the width it is wrong at."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if width == WIDTHS[-1]:
            unfold(page)
        found += [f"{width} px: sticks out: {line}" for line in too_wide(page)]
        found += [f"{width} px: squeezed: {line}" for line in squeezed(page)]
        found += [f"{width} px: cut off: {line}" for line in cut_off(page)]
        found += [f"{width} px: {line}" for line in axe(page)]
    found += [f"small: {line}" for line in small_targets(page)]
    if (heads := page.locator("h1").count()) != 1:
        found.append(f"{heads} first headings")
    page.set_viewport_size({"width": 1280, "height": 900})
    larger_letters(page)
    found += [f"200 %: sticks out: {line}" for line in too_wide(page)]
    return found + [f"200 %: {line}" for line in axe(page, rules=OF_SIZE)]


@pytest.mark.parametrize("account", PAGES)
def test_every_page_is_without_barriers(page: Page, account: str) -> None:
    world = World(account)
    wrong = []
    for row in PAGES[account]:
        answer = world.open(row)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        # Nobody answers here: the page must not ask again while it is looked at.
        show(page, answer.content.decode().replace("every 1s", "click"))
        wrong += [f"{row.name}: {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)


def test_every_planners_page_is_looked_at() -> None:
    seen = {row.name for rows in PAGES.values() for row in rows}
    assert {"scheduling:week", "scheduling:left-out", "courses:mine"} <= seen
