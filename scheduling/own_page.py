"""The card on "Mijn afspraken" for a question that waits for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.services.own_page import OwnCard, add_card
from scheduling.selectors.steps import open_questions

if TYPE_CHECKING:
    from people.models import Resident


def _question(resident: Resident) -> OwnCard | None:
    """The oldest question; the next one comes when it is answered."""
    waiting = open_questions(person_id=resident.person_id)
    if not waiting:
        return None
    return OwnCard(
        title=_("We have a question for you"),
        text=_("Your answer may help to find a place."),
        url=reverse("scheduling:question", args=[waiting[0].pk]),
        label=_("Read the question"),
    )


def add_cards() -> None:
    """Called when the app starts."""
    add_card(_question)
