"""Who walks through the site for the pictures, and what is remembered on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.journey import Person
from tools.pictures.camera import NotTakenError, Stop, take

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from config.demo import DemoLogin

PLANNING_SECONDS = 30
LONGEST_WAIT = 240_000
"""Milliseconds until the planner, or the search for ways out, has to be ready."""


@dataclass
class Walk:
    """A coordinator before a browser, in the week that the pictures are of."""

    person: Person
    week: str
    login: DemoLogin
    rooms: bytes
    """A sheet with rooms that differs from what is stored, for the import."""
    leader: str = ""
    """Key of the leader of the session that was moved, who falls ill later."""
    day: str = ""
    """The day of that session, as 2026-11-26."""

    @property
    def page(self) -> Page:
        return self.person.page

    def go(self, path: str) -> None:
        self.page.goto(self.person.site + path)

    def first(self, selector: str) -> Locator:
        return self.page.locator(selector).first

    def press(self, selector: str) -> None:
        self.first(selector).click()

    def unfold(self, selector: str) -> None:
        """Open a disclosure that is closed, by its summary."""
        opened = self.first(selector)
        if opened.get_attribute("open") is None:
            opened.locator("summary").first.click()

    def wait(self, selector: str) -> None:
        self.first(selector).wait_for()

    def wait_long(self, selector: str) -> None:
        """For what a worker makes."""
        self.first(selector).wait_for(timeout=LONGEST_WAIT)

    def wait_url(self, pattern: str) -> None:
        self.page.wait_for_url(pattern)

    def board(self, *, draft: bool = False) -> None:
        self.go(f"/week/{self.week}/{'?versie=concept' if draft else ''}")


def take_all(walk: Walk, stops: Iterable[Stop], folder: Path) -> None:
    """Walk from stop to stop and make a picture at each.

    Raises
    ------
    NotTakenError
        At the first stop that cannot be reached or lacks what it should show; what the
        page looked like then is kept in ``folder``.
    """
    from playwright.sync_api import Error

    for stop in stops:
        try:
            stop.way(walk)
            made = take(walk.page, stop, folder)
        except NotTakenError:
            _keep(walk.page, folder, stop.name)
            raise
        except (Error, RuntimeError) as error:
            _keep(walk.page, folder, stop.name)
            raise NotTakenError(stop.name, str(error)) from error
        size = made.stat().st_size
        where = walk.page.url.removeprefix(walk.person.site)
        print(f"{stop.name:20} {size:6} bytes  {where}", flush=True)


def _keep(page: Page, folder: Path, name: str) -> None:
    from playwright.sync_api import Error

    try:
        page.screenshot(
            path=folder / f"{name}-failed.png", full_page=True, timeout=30_000
        )
    except Error as error:
        print(f"No picture of what went wrong either: {error.message}")
