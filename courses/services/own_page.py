"""What other apps put on top of "Mijn afspraken": one thing to do now, each.

courses shows the page and may not know who lies above it, so an app that has something
to say there adds a function when it starts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from people.models import Resident


@dataclass(frozen=True, kw_only=True)
class OwnCard:
    """A thing that waits for the resident: what it is, and where to go."""

    title: str
    text: str
    url: str
    label: str


Maker = Callable[["Resident"], OwnCard | None]
_MAKERS: list[Maker] = []


def add_card(maker: Maker) -> None:
    """Ask this function of every resident who opens the page; once is enough."""
    if maker not in _MAKERS:
        _MAKERS.append(maker)


def cards_for(resident: Resident) -> list[OwnCard]:
    """The cards that this resident has now, in the order in which apps came."""
    found = (maker(resident) for maker in _MAKERS)
    return [card for card in found if card is not None]
