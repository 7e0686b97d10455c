"""The gallery in chromium: axe finds nothing, nothing sticks out, menus work."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser import (
    axe,
    larger_letters,
    screenshots,
    show,
    small_targets,
    too_wide,
)
from tests.web.gallery_data import PAGES, gallery, render

pytestmark = pytest.mark.needs("chromium", "axe")

WIDTHS = [1440, 768, 360, 320]


@pytest.mark.parametrize("name", PAGES)
def test_gallery_has_no_barriers(page: Page, name: str) -> None:
    show(page, gallery(name))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert too_wide(page) == []
        assert small_targets(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_letters_twice_as_large_fit(page: Page, name: str) -> None:
    show(page, gallery(name))
    page.set_viewport_size({"width": 1280, "height": 900})
    larger_letters(page)
    assert too_wide(page) == []


def test_axe_and_the_measures_see_faults(page: Page) -> None:
    bad = (
        "<html><body><img src=/x.png><p>a</p><a href=/x>b</a>"
        '<svg width="3000" height="9"></svg><button>.</button></body></html>'
    )
    show(page, bad)
    page.set_viewport_size({"width": 320, "height": 900})
    assert {line.split(":")[0] for line in axe(page)} >= {"image-alt", "html-has-lang"}
    assert any("svg" in line for line in too_wide(page))
    assert len(small_targets(page)) == 1


def test_skip_link_is_first_and_leads_to_the_content(page: Page) -> None:
    show(page, gallery("resident"))
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.get_attribute("href") == "#main"
    assert link.bounding_box()["height"] >= 24
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_menu_on_a_phone_opens_and_closes_with_the_keyboard(page: Page) -> None:
    show(page, gallery("resident"))
    page.set_viewport_size({"width": 320, "height": 700})
    menu = page.locator("details.gem-menu--nav")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_by_role("link").count() == 7
    assert axe(page) == []
    assert too_wide(page) == []
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_focus_is_always_visible(page: Page) -> None:
    show(page, gallery("board"))
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "() => { const c = getComputedStyle(document.activeElement);"
            " return c.outlineStyle !== 'none' && parseFloat(c.outlineWidth) >= 2; }"
        )
        if not seen:
            unseen.append(page.evaluate("document.activeElement.outerHTML"))
    assert unseen == []


def test_colours_chosen_by_the_reader_keep_edges(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    show(page, gallery("board"))
    width = page.evaluate(
        "getComputedStyle(document.querySelector('.gem-pill')).borderTopWidth"
    )
    assert width == "1px"


def test_paper_has_the_week_without_the_frame(page: Page) -> None:
    show(page, gallery("board"))
    page.emulate_media(media="print")
    assert not page.locator(".gem-header").is_visible()
    assert not page.locator(".gem-panel").is_visible()
    assert page.locator(".gem-board").is_visible()


def test_copy_button_tells_that_it_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    show(page, gallery("parts"))
    page.evaluate("navigator.clipboard.writeText = async (t) => { window.copied = t }")
    page.get_by_role("button", name="Kopieer").click()
    assert page.locator("#gem-live").inner_text() == "Gekopieerd"
    assert page.evaluate("window.copied").endswith(".ics")


def test_pictures_are_made_at_each_width(page: Page, tmp_path: Path) -> None:
    show(page, gallery("resident"))
    made = screenshots(page, tmp_path, "resident", [1440, 320])
    assert [picture.name for picture in made] == [
        "resident-1440.png",
        "resident-320.png",
    ]
    assert all(picture.stat().st_size > 10_000 for picture in made)


def test_htmx_works_under_the_policy_and_sends_the_token(page: Page) -> None:
    source = (
        '{% extends "base.html" %}{% block content %}<h1>a</h1>'
        '{% button "Nog eens" hx_post="/again/" hx_target="#here" id="again" %}'
        '<div id="here">oud</div>{% endblock %}'
    )
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("x-csrftoken", ""))
        body = '<p data-announce="Het plan is klaar">nieuw</p>'
        route.fulfill(body=body, content_type="text/html")

    show(page, render(source, {}))
    page.route("**/again/", answer)
    page.get_by_role("button", name="Nog eens").click()
    page.locator("#here").get_by_text("nieuw", exact=True).first.wait_for()
    assert [len(token) for token in asked] == [64]
    page.wait_for_function(
        "document.getElementById('gem-live').textContent === 'Het plan is klaar'"
    )
    assert page.evaluate("document.activeElement.id") == "again"
    assert not page.locator("#gem-failed").is_visible()


def test_an_answer_that_failed_is_told(page: Page) -> None:
    source = (
        '{% extends "base.html" %}{% block content %}<h1>a</h1>'
        '{% button "Nog eens" hx_post="/again/" hx_target="#here" %}'
        '<div id="here">oud</div>{% endblock %}'
    )
    show(page, render(source, {}))
    page.route("**/again/", lambda route: route.fulfill(status=500, body="<p>x</p>"))
    page.get_by_role("button", name="Nog eens").click()
    page.locator("#gem-failed").wait_for(state="visible")
    assert page.locator("#here").inner_text() == "oud"
    assert axe(page) == []
