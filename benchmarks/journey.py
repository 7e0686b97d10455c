"""A coordinator in a browser, from signing in to a published week: steps and seconds.

    make run                                                   # in another window
    python -m benchmarks.journey --week 2026-W49 --seconds 30

It works on the demo region that runs there, as the demo coordinator, and publishes the
week. A step is one thing a person does: opening the site, filling in one field,
choosing from one list, pressing one button or link. The exit status is 1 when it takes
more steps or time than promised, 2 when the site is not there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_STEPS = 10
MOST_SECONDS = 300.0
SITE = "http://127.0.0.1:8000"
MOST_TABS = 120
LONGEST_WAIT = 240_000
"""Milliseconds until the planner has to be ready."""


@dataclass
class Person:
    """Somebody before a browser, whose steps are counted."""

    page: Page
    site: str
    steps: list[str] = field(default_factory=list)

    def open(self) -> None:
        self._did("open the site")
        self.page.goto(f"{self.site}/week/")

    def press(self, selector: str, what: str) -> None:
        self._did(f"press {what}")
        self.page.locator(selector).first.click()

    def write(self, selector: str, text: str, what: str) -> None:
        self._did(f"write {what}")
        self.page.locator(selector).fill(text)

    def choose(self, selector: str, value: str, what: str) -> None:
        self._did(f"choose {what}")
        self.page.locator(selector).select_option(value)

    def tab_to(self, selector: str) -> None:
        """Tab until the thing has the focus, as who uses no mouse does."""
        wanted = self.page.locator(selector).first
        for _ in range(MOST_TABS):
            if wanted.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise RuntimeError(f"{selector} is not reached with the keyboard")

    def by_keyboard(self, selector: str, what: str) -> None:
        """Press a button or link with the keyboard alone."""
        self._did(f"press {what}")
        self.tab_to(selector)
        self.page.keyboard.press("Enter")

    def _did(self, step: str) -> None:
        self.steps.append(step)


def sign_in(
    person: Person, email: str, password: str, code: Callable[[], str] | None
) -> None:
    """Up to the coordinator's first page; ``code`` of the second factor, if any."""
    person.open()
    person.write("#id_login", email, "the address")
    person.write("#id_password", password, "the password")
    person.press("main button[type=submit]", "sign in")
    if code is not None:
        person.write("#id_code", code(), "the code")
        person.press("main button[type=submit]", "go on")
    person.page.wait_for_url("**/week/**")


def publish_week(
    person: Person, week: str, seconds: int, meanwhile: Callable[[], object]
) -> None:
    """From the first page to a published week; ``meanwhile`` while the planner runs."""
    page = person.page
    person.press('.gem-actions a[href*="/plannen/"]', "make the week")
    if page.locator("#week_week").input_value() != week:
        person.choose("#week_week", week, "the week")
    if page.locator("#week_seconds").input_value() != str(seconds):
        person.choose("#week_seconds", str(seconds), "how long it may take")
    person.press("#make-week", "make it")
    page.wait_for_url("**/plannen/*/")
    meanwhile()
    page.locator("#result").wait_for(timeout=LONGEST_WAIT)
    person.press("#to-release", "publish...")
    page.wait_for_url("**/publiceren/")
    person.press("#publish", "publish now")
    page.wait_for_url("**/publicaties/*/")


def run(site: str, week: str, seconds: int) -> bool:
    """Walk through the demo site; whether it kept to steps and seconds."""
    from playwright.sync_api import sync_playwright

    from config.demo import current_code, read_logins

    login = next(one for one in read_logins() if one.role == "coordinator")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = chromium.new_page(locale="nl-NL", timezone_id="Europe/Amsterdam")
        person = Person(page, site)
        began = time.monotonic()
        sign_in(person, login.email, login.password, lambda: current_code(login))
        signed_in = time.monotonic()
        publish_week(person, week, seconds, lambda: None)
        took = time.monotonic() - began
        chromium.close()
    for number, step in enumerate(person.steps, start=1):
        print(f"{number:3} {step}")
    print(
        f"{len(person.steps)} steps, {took:.1f} s, {signed_in - began:.1f} s of it to"
        f" sign in; promised: at most {MOST_STEPS} steps and {MOST_SECONDS:.0f} s"
    )
    return len(person.steps) <= MOST_STEPS and took <= MOST_SECONDS


def main(given: list[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django

    django.setup()
    from playwright.sync_api import Error

    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.journey",
        description=(__doc__ or "").splitlines()[0],
    )
    parser.add_argument("--site", default=SITE)
    parser.add_argument("--week", required=True, help="for example 2026-W49")
    parser.add_argument("--seconds", type=int, default=60, choices=(30, 60, 300))
    options = parser.parse_args(given)
    try:
        return 0 if run(options.site, options.week, options.seconds) else 1
    except StopIteration:
        print("There is no demo here: start it with make run.", file=sys.stderr)
    except Error as error:
        print(f"The site did not answer as expected: {error.message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
