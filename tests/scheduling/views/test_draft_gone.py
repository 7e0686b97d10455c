"""A press on a draft that a colleague published or threw away meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from scheduling.models import Schedule, SeriesPin
from scheduling.services.redrafts import draft_of_published
from scheduling.words import edit_words
from tests.scheduling.by_hand import World
from tests.scheduling.rows import ACTOR, MONDAY

pytestmark = pytest.mark.django_db

WEEK = "/week/2026-W49/"


@pytest.fixture
def world() -> World:
    return World()


def address(name: str, world: World) -> str:
    if name == "turn":
        return reverse("scheduling:turn", args=[world.draft.pk, "terug"])
    return reverse(f"scheduling:{name}", args=[world.draft.pk, world.session])


def wish(world: World) -> dict[str, Any]:
    """Half an hour earlier."""
    return {
        "day": "2026-12-01",
        "start": "09:30",
        "room": world.room.pk,
        "leader_1": world.leader.pk,
        "version": 0,
    }


def told(client: Client, world: World, name: str, data: Any) -> tuple[str, str]:
    """Where the press leads, and what is said there."""
    answer = client.post(address(name, world), data, follow=True)
    assert answer.status_code == 200
    (words,) = answer.context["messages"]
    return answer.redirect_chain[-1][0], str(words)


@pytest.mark.parametrize("name", ["move", "swap", "pin", "drop-session", "turn"])
def test_what_was_published_is_told_on_the_week(
    signed_in: Client, world: World, name: str
) -> None:
    Schedule.objects.update(state="published")
    where, words = told(signed_in, world, name, wish(world))
    assert where == WEEK
    published = "This draft was published meanwhile, so your change was not made."
    assert _(published) in words
    assert not SeriesPin.objects.exists()


def test_what_was_thrown_away_too(signed_in: Client, world: World) -> None:
    Schedule.objects.all().delete()
    where, words = told(signed_in, world, "move", wish(world))
    thrown = "This draft was thrown away meanwhile, so your change was not made."
    assert (where, _(thrown) in words) == (WEEK, True)
    # Nor does "see what this means" lead to a page that does not exist.
    looked = signed_in.get(address("move", world), wish(world))
    assert looked["Location"] == WEEK
    assert signed_in.get(address("move", world)).status_code == 404
    odd = signed_in.post(address("move", world), {"day": "0001-01-01"})
    assert odd["Location"] == WEEK


def test_another_draft_in_its_place_is_shown(signed_in: Client, world: World) -> None:
    Schedule.objects.all().delete()
    other = draft_of_published(actor=ACTOR, user=world.user, monday=MONDAY)
    where, words = told(signed_in, world, "move", wish(world))
    assert where == f"{WEEK}?versie={other.pk}"
    assert _("Another draft took its place: this is it.") in words


def test_a_session_that_is_not_held_any_more(signed_in: Client, world: World) -> None:
    signed_in.post(address("drop-session", world), {"version": 0}, follow=True)
    gone = world.draft.edits.get()
    where, words = told(signed_in, world, "move", wish(world))
    assert where == f"{WEEK}?versie={world.draft.pk}"
    assert edit_words(gone) in words
