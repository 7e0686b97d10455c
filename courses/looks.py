"""How a theme is recognised: a colour and an icon beside its words, never alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from courses.models import Theme

# By the beginning of the theme's code; a theme that is not here gets the seedling.
ICONS = {
    "alleen": "users",
    "eenzaam": "users",
    "contact": "users",
    "geld": "calendar-check",
    "wonen": "house",
    "stress": "activity",
    "spanning": "activity",
    "werk": "book-open",
    "school": "book-open",
    "dagbesteding": "sun",
    "slapen": "clock",
    "slaap": "clock",
    "rouw": "heart-handshake",
    "verlies": "heart-handshake",
    "herstel": "sprout",
    "somber": "message-circle",
    "angst": "shield-check",
    "piekeren": "message-circle-question-mark",
    "zelfbeeld": "user-check",
    "grenzen": "user-check",
    "bewegen": "sun",
    "drukte": "sliders-horizontal",
    "gevoel": "heart-handshake",
    "jong": "user",
    "ouder": "users",
    "stemmen": "message-square",
    "taal": "globe",
    "zin": "sun",
    "naasten": "heart-handshake",
    "iets-anders": "circle-help",
    "anders": "circle-help",
}
COLOURS = ("course", "talk", "ggz", "peer", "online", "dropin", "digital", "consult")


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A theme as a large choice; `css` is one of the look's colours.

    `number` stands for it in addresses, which say nothing of what it is about.
    """

    number: int
    code: str
    name: str
    icon: str
    css: str


def tiles(themes: Iterable[Theme]) -> list[Tile]:
    """Themes as tiles, each with a colour of its own as long as there are colours."""
    return [
        Tile(
            number=theme.pk,
            code=theme.code,
            name=str(theme),
            icon=_icon(theme.code),
            css=f"gem-kind--{COLOURS[number % len(COLOURS)]}",
        )
        for number, theme in enumerate(themes)
    ]


def _icon(code: str) -> str:
    return next(
        (icon for start, icon in ICONS.items() if code.startswith(start)), "sprout"
    )
