"""Make the pictures of docs/how-to anew: a coordinator's week on the running demo.

    make run                                    # in another window
    python -m tools.pictures --week 2026-W49

Walks through what docs/how-to tells, in Dutch, on the demo region: makes and publishes
the week, asks why people have no seat, moves a session with the keyboard alone, reports
a leader ill, mends the week and goes back. Each stop is a picture. What stands on it is
invented; the demo's people have numbers, no names.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.journey import SITE, Person, publish_week, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "pictures"
SIZE = {"width": 1120, "height": 760}
PLANNING_SECONDS = 30


class Walk:
    """The way through the site, with a picture at each stop."""

    def __init__(self, page: Page, person: Person, week: str) -> None:
        self.page, self.person, self.week = page, person, week

    def picture(self, name: str) -> None:
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=FOLDER / f"{name}.png")
        print(name, self.page.url.removeprefix(self.person.site))

    def go(self, path: str) -> None:
        self.page.goto(self.person.site + path)

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def make_and_publish(self) -> None:
        self.picture("week")
        publish_week(self.person, self.week, PLANNING_SECONDS, self._result)
        self.picture("published")

    def _result(self) -> None:
        self.page.locator("#result").wait_for(timeout=240_000)
        self.picture("plan")
        back = self.page.url
        self.press('a[href$="/zonder-plek/"]')
        self.page.wait_for_url("**/zonder-plek/**")
        self.picture("left-out")
        self.page.goto(back)
        self.press('a[href$="/publiceren/"]')
        self.page.wait_for_url("**/publiceren/")
        self.picture("publish")
        self.page.goto(back)

    def move_with_the_keyboard(self) -> tuple[str, str]:
        """Move the first session of the board and publish it; its leader and day."""
        self.go(f"/week/{self.week}/")
        self.press('form[action$="/wijzigen/"] button')
        self.page.wait_for_url("**versie=*")
        self.person.by_keyboard("main a.gem-chip", "a session")
        self.page.wait_for_url("**/bijeenkomst/**")
        self.picture("session")
        stand_ins = self.page.locator('a[href*="/inval/"]').first
        leader = (stand_ins.get_attribute("href") or "").rstrip("/").rpartition("/")[2]
        self.person.by_keyboard('main a[href$="/wijzigen/"]', "move it")
        self.page.wait_for_url("**/wijzigen/")
        day = self.page.locator("[name=day]").input_value()
        time = self.page.locator("input[type=time]").first
        time.focus()
        self.page.keyboard.press("ArrowUp")
        self.page.keyboard.press("Enter")
        self.page.locator("#meaning").wait_for()
        self.picture("move")
        # An hour later if that breaks nothing, else the first way nearby.
        fine = self.page.locator("#do").count()
        self.person.by_keyboard("#do" if fine else ".gem-ways button", "do it")
        self.page.wait_for_url(re.compile(r"/bijeenkomst/[^/]+/(#.*)?$"))
        self.go(f"/week/{self.week}/?versie=concept")
        self.press("#to-release")
        self.page.wait_for_url("**/publiceren/")
        self.press("#publish")
        self.page.wait_for_url("**/publicaties/*/")
        return leader, day

    def somebody_is_ill(self, leader: str, day: str) -> None:
        self.go("/herstel/ziek/")
        self.page.locator("select[name=about]").select_option(leader)
        self.page.locator("[name=first]").fill(day)
        self.page.locator("[name=last]").fill(day)
        self.picture("ill")
        self.press("#report")
        self.page.wait_for_url(re.compile(r"/herstel/\d+/"), timeout=120_000)
        self.picture("ways")
        self.press("main form button[aria-label]")
        self.page.wait_for_url("**/publiceren/")
        self.picture("mended")
        self.press("#publish")
        self.page.wait_for_url("**/publicaties/*/")

    def go_back(self) -> None:
        self.go("/publicaties/")
        self.picture("publications")
        self.press('td a[href$="/publiceren/"]')
        self.page.wait_for_url("**/publiceren/")
        self.picture("go-back")
        # The leader is still away: that is accepted by name.
        for tick in self.page.locator("main input[name=accept]").all():
            tick.check()
        self.press("#publish")
        self.page.wait_for_url("**/publicaties/*/")

    def all(self) -> None:
        self.make_and_publish()
        leader, day = self.move_with_the_keyboard()
        self.somebody_is_ill(leader, day)
        self.go_back()


def make(site: str, week: str) -> None:
    from playwright.sync_api import sync_playwright

    from config.demo import current_code, read_logins

    login = next(one for one in read_logins() if one.role == "coordinator")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--lang=nl-NL"],
        )
        page = chromium.new_page(
            locale="nl-NL", timezone_id="Europe/Amsterdam", viewport=SIZE
        )
        person = Person(page, site)
        sign_in(person, login.email, login.password, lambda: current_code(login))
        Walk(page, person, week).all()
        chromium.close()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django

    django.setup()
    parser = argparse.ArgumentParser(
        prog="python -m tools.pictures",
        description=(__doc__ or "").splitlines()[0],
    )
    parser.add_argument("--site", default=SITE)
    parser.add_argument("--week", required=True, help="one that is not published yet")
    options = parser.parse_args()
    try:
        make(options.site, options.week)
    except StopIteration:
        print("There is no demo here: start it with make run.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
