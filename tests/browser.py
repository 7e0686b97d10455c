"""A real browser for tests: Debian's chromium, axe-core, and pages without a server.

Use the fixtures `browser` and `page` (tests/conftest.py makes them known) and mark
the test with @pytest.mark.needs("chromium", "axe"). Two ways to give it pages:

- `show(page, html)`: a rendered template, served with the project's static files and
  content security policy by interception. No server, no database.
- pytest-django's `live_server`, for journeys: `page.goto(live_server.url + path)`.
"""

from __future__ import annotations

import mimetypes
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connections
from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
OF_SIZE = ["scrollable-region-focusable", "target-size"]
"""Rules of axe that depend on the size of letters; colours, names and order do not."""
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ORIGIN = "http://gem.localhost"  # a secure context, as https is in use
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for the whole run; each test gets a fresh context from `page`."""
    # Playwright's synchronous API keeps an event loop in this thread, and Django
    # then refuses database work ("SynchronousOnlyOperation") unless told otherwise.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Its loop also brings another context, in which Django would open a second
    # database connection that nobody closes: hand over the one there is.
    ours = {alias: connections[alias] for alias in connections}
    with sync_playwright() as playwright:
        for alias, connection in ours.items():
            connections[alias] = connection
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page, Dutch, 1440 wide; fails on a script or policy error it meets."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000},
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        reduced_motion="reduce",
    )
    fresh = context.new_page()
    problems: list[str] = []
    fresh.on("pageerror", lambda error: problems.append(str(error)))
    fresh.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if message.type == "error" and "Content Security" in message.text
            else None
        ),
    )
    yield fresh
    context.close()
    assert problems == []


def policy() -> str:
    """The content security policy of the settings, as its header."""
    directives: Mapping[str, Any] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(
        f"{name} {' '.join(map(str, v))}" for name, v in directives.items()
    )


def show(page: Page, html: str, path: str = "/") -> None:
    """Open rendered HTML as if a server had sent it, with our static files."""

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url).path
        if asked == path:
            route.fulfill(
                body=html,
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": policy()},
            )
            return
        inside = asked.startswith(settings.STATIC_URL)
        found = inside and finders.find(asked.removeprefix(settings.STATIC_URL))
        if not found:
            route.fulfill(status=404, body="")
            return
        kind = mimetypes.guess_type(str(found))[0] or "application/octet-stream"
        route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)

    page.unroute("**/*")
    page.route("**/*", answer)
    page.goto(ORIGIN + path)
    page.evaluate("document.fonts.ready")


def axe(page: Page, within: str = "html", *, rules: Sequence[str] = ()) -> list[str]:
    """Violations of WCAG 2.2 A and AA and of axe's best practices, as lines; or of
    some rules alone, by their axe ids."""
    # Through the debugger's protocol, which the page's own policy does not stop; once
    # a page, for reading it takes as long as looking.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    only = {"type": "rule", "values": list(rules)} if rules else AXE_TAGS
    found = page.evaluate(
        "([within, only]) => axe.run(within, {runOnly: only, resultTypes:"
        " ['violations']})",
        [within, only],
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Elements that stick out of the screen sideways, outside a scrolling region."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          const inScroller = (e) => {
            for (let p = e.parentElement; p; p = p.parentElement) {
              const flow = getComputedStyle(p).overflowX;
              if (flow === "auto" || flow === "scroll") return true;
            }
            return false;
          };
          const found = [...document.body.querySelectorAll("*")]
            .filter((e) => e.getBoundingClientRect().right > wide + 1)
            .filter((e) => !inScroller(e))
            .map((e) => e.outerHTML.slice(0, 120));
          const page = document.documentElement.scrollWidth;
          return found.length ? found : [`the page is ${page} wide, not ${wide}`];
        }"""
    )


def small_targets(page: Page) -> list[str]:
    """Buttons and form controls under 24 CSS pixels in height (WCAG 2.5.8)."""
    return page.evaluate(
        """() => [...document.querySelectorAll(
             "button, input:not([type=hidden]), select, textarea, summary")]
          .filter((e) => e.checkVisibility())
          .filter((e) => e.getBoundingClientRect().height < 24)
          .filter((e) => !(e.labels && e.labels[0]
            && e.labels[0].getBoundingClientRect().height >= 24))
          .map((e) => e.outerHTML.slice(0, 120))"""
    )


def squeezed(page: Page) -> list[str]:
    """Texts of some length in a column too narrow to read: under 80 CSS pixels."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *")]
          .filter((e) => e.checkVisibility() && !e.closest(".gem-hidden, svg, table"))
          .filter((e) => [...e.childNodes].some((node) => node.nodeType === 3
            && node.data.trim().length > 40))
          .filter((e) => e.getBoundingClientRect().width < 80)
          .map((e) => e.outerHTML.slice(0, 120))"""
    )


def cut_off(page: Page) -> list[str]:
    """Cells of a table told as a list on a phone whose words are wider than they are.

    The frame around such a table scrolls, so that `too_wide` does not see them.
    """
    return page.evaluate(
        """() => [...document.querySelectorAll(
             "main .gem-table--stack tbody :is(th, td)")]
          .filter((e) => e.checkVisibility())
          .filter((e) => getComputedStyle(e).display !== "table-cell")
          .filter((e) => e.scrollWidth > e.clientWidth + 1)
          .map((e) => e.outerHTML.slice(0, 120))"""
    )


def unfold(page: Page) -> None:
    """Open what folds away in the content, so that what is in it is looked at too."""
    page.evaluate(
        "() => document.querySelectorAll('main details').forEach((e) => e.open = true)"
    )


def larger_letters(page: Page) -> None:
    """Letters twice as large, as a reader may set them (WCAG 1.4.4)."""
    page.evaluate(
        "() => { const s = new CSSStyleSheet(); s.replaceSync('html{font-size:200%}');"
        " document.adoptedStyleSheets = [...document.adoptedStyleSheets, s]; }"
    )


def screenshots(page: Page, folder: Path, name: str, widths: list[int]) -> list[Path]:
    """Whole-page pictures at several widths, to look at; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 1000})
        target = folder / f"{name}-{width}.png"
        page.screenshot(path=target, full_page=True)
        made.append(target)
    return made
