"""Taking one picture of a page: only when it shows what the docs say it shows.

A picture that misses its point is worse than none, so what has to stand on it is
looked for first, inside the part that is kept. Colours are brought back to a palette:
the pages have few, and the files stay small enough for a repository.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from playwright.sync_api import Page

    from tools.pictures.walk import Walk

WIDTH, HEIGHT = 1280, 800
MOST_BYTES = 60_000
MOST_HEIGHT = 1600
"""CSS pixels; one picture is one look, not a page of many screens."""
COLOURS = (128, 64, 48, 32, 24, 16)
"""Sizes of the palette, tried in this order until the file is small enough."""
MARGIN = 16
PATIENCE = 10_000
"""Milliseconds for what a picture shows to be there."""


class NotTakenError(Exception):
    """A picture could not be made: its name, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


@dataclass(frozen=True)
class Stop:
    """One picture: its name, the way there, and what must stand on it.

    The picture begins at the top of the page, or just above ``at``, and is ``height``
    CSS pixels high, or reaches just below ``until``. All are CSS selectors, of which
    the first element counts.
    """

    name: str
    way: Callable[[Walk], None]
    shows: tuple[str, ...]
    at: str = ""
    until: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def take(page: Page, stop: Stop, folder: Path) -> Path:
    """Make the picture of a stop on the page it led to.

    Raises
    ------
    NotTakenError
        When something of ``stop.shows`` is not on the page or falls outside the
        picture, or when the file stays over `MOST_BYTES`.
    """
    page.set_viewport_size({"width": stop.width, "height": stop.height})
    page.evaluate("document.fonts.ready")
    _wait_for(page, stop)
    top = max(0.0, _edge(page, stop.at, "top") - MARGIN) if stop.at else 0.0
    bottom = _edge(page, stop.until, "bottom") + MARGIN if stop.until else top
    height = bottom - top if stop.until else float(stop.height)
    if not 0 < height <= MOST_HEIGHT:
        raise NotTakenError(
            stop.name, f"it would be {height:.0f} pixels high, not 1 to {MOST_HEIGHT}"
        )
    _look_inside(page, stop, top, top + height)
    target = folder / f"{stop.name}.png"
    page.mouse.move(0, 0)  # nothing looks as if it is pointed at
    page.evaluate(DUTCH_TIMES)
    page.screenshot(
        path=target,
        full_page=True,
        clip={"x": 0, "y": top, "width": stop.width, "height": height},
    )
    page.evaluate(OWN_TIMES)
    squash(stop.name, target)
    return target


def _wait_for(page: Page, stop: Stop) -> None:
    from playwright.sync_api import Error

    for selector in (*stop.shows, stop.at, stop.until):
        if not selector:
            continue
        try:
            page.locator(selector).first.wait_for(state="visible", timeout=PATIENCE)
        except Error as error:
            raise NotTakenError(
                stop.name, f"{selector} is not on {page.url}"
            ) from error


def _edge(page: Page, selector: str, side: str) -> float:
    """Where an element begins or ends, in CSS pixels from the top of the page."""
    found = page.locator(selector).first.evaluate(
        "(e, side) => e.getBoundingClientRect()[side] + window.scrollY", side
    )
    return float(found)


def _look_inside(page: Page, stop: Stop, top: float, bottom: float) -> None:
    for selector in stop.shows:
        begins, ends = _edge(page, selector, "top"), _edge(page, selector, "bottom")
        if ends <= top or begins >= bottom:
            raise NotTakenError(
                stop.name,
                f"{selector} stands from {begins:.0f} to {ends:.0f}, outside the"
                f" picture ({top:.0f} to {bottom:.0f})",
            )


def squash(name: str, path: Path) -> None:
    """Bring a PNG back to a palette, in place; `NotTakenError` when still too large."""
    import PIL.Image

    with PIL.Image.open(path) as opened:
        picture = opened.convert("RGB")
    for colours in COLOURS:
        few = picture.quantize(
            palette=_of_most(picture, colours), dither=PIL.Image.Dither.NONE
        )
        few.save(path, "PNG", optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return
    raise NotTakenError(
        name, f"it has {path.stat().st_size} bytes, and at most {MOST_BYTES} are kept"
    )


def _of_most(picture: Image, colours: int) -> Image:
    """The colours with most pixels, as they are: flat ones must not change."""
    from PIL.Image import new

    counted = picture.getcolors(picture.width * picture.height) or []
    most = sorted(counted, reverse=True)[:colours]
    palette = new("P", (1, 1))
    palette.putpalette([part for _pixels, colour in most for part in colour])
    return palette


DUTCH_TIMES = """() => {
  for (const field of document.querySelectorAll("input[type=date], input[type=time]")) {
    const { type, value } = field;
    Object.assign(field.dataset, { ownType: type, ownValue: value });
    field.type = "text";
    field.value = type === "date" ? value.split("-").reverse().join("-") : value;
  }
}"""
"""Dates and times as a Dutch browser writes them; the one here knows only English."""

OWN_TIMES = """() => {
  for (const field of document.querySelectorAll("input[data-own-type]")) {
    const { ownType, ownValue } = field.dataset;
    delete field.dataset.ownType;
    delete field.dataset.ownValue;
    field.type = ownType;
    field.value = ownValue;
  }
}"""
