"""A press on a draft that a colleague published or threw away meanwhile."""

from __future__ import annotations

import uuid
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
    odd = signed_in.post(address("move", world), {"day": "0001-01-01"})
    assert odd["Location"] == WEEK


@pytest.mark.parametrize("name", ["move", "swap", "draft-session", "stand-ins"])
def test_who_only_looks_is_told_too(signed_in: Client, world: World, name: str) -> None:
    keys = [world.draft.pk, world.session]
    more = [world.leader.pk] if name == "stand-ins" else []
    path = reverse(f"scheduling:{name}", args=[*keys, *more])
    assert signed_in.get(path).status_code == 200
    Schedule.objects.all().delete()
    answer = signed_in.get(path, follow=True)
    assert answer.redirect_chain == [(WEEK, 302)]
    (words,) = answer.context["messages"]
    assert _("That draft was published or thrown away meanwhile.") in str(words)


@pytest.mark.parametrize("page", ["", "papier/", "gem.csv"])
def test_pages_of_the_week_lead_to_what_is_published(
    signed_in: Client, world: World, page: str
) -> None:
    Schedule.objects.update(state="published")
    answer = signed_in.get(f"{WEEK}{page}?versie={world.draft.pk}")
    assert (answer.status_code, answer["Location"]) == (302, WEEK)


def test_a_draft_and_a_session_that_never_were_are_not_found(
    signed_in: Client, world: World
) -> None:
    path = reverse("scheduling:move", args=[world.draft.pk + 1, uuid.uuid4()])
    assert signed_in.get(path).status_code == 404


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


@pytest.mark.parametrize("name", ["move", "drop-session", "turn"])
def test_what_changed_is_said_when_no_change_was_made(
    signed_in: Client, world: World, name: str
) -> None:
    """The groups were looked at again, and this session went with that."""
    world.draft.sessions.filter(session_id=world.session).delete()
    Schedule.objects.update(version=1)
    where, words = told(signed_in, world, name, wish(world))
    assert where == f"{WEEK}?versie={world.draft.pk}"
    again = "The draft was made anew, or its groups were looked at again."
    assert words.endswith(_(again))
