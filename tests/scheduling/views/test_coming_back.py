"""Where signing in again leads to, when a session ended over a change by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.scheduling.by_hand import World

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


@pytest.fixture
def world() -> World:
    return World()


def moved(world: World) -> str:
    return reverse("scheduling:move", args=[world.draft.pk, world.session])


def wish(world: World, **other: Any) -> dict[str, Any]:
    return {
        "day": "2026-12-01",
        "start": "08:00",
        "room": str(world.room.pk),
        "leader_1": str(world.leader.pk),
    } | other


def back(world: World, page: str, **other: Any) -> str:
    """The address after signing in, of a press on a page without a session."""
    data = wish(world, accept="a-rule", version="0", **other)
    answer = Client().post(moved(world), data, headers={"referer": page})
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def test_the_page_that_was_pressed_on_comes_back_as_it_was(world: World) -> None:
    asked = f"{moved(world)}?{urlencode(wish(world, leader_2='', leader_3=''))}"
    assert back(world, SITE + asked) == asked
    drag = {"day": "2026-12-01", "start": "08:00", "dragged": "1"}
    dragged = f"{moved(world)}?{urlencode(drag)}"
    assert back(world, SITE + dragged) == dragged


def test_otherwise_what_was_filled_in_is_asked_for_anew(world: World) -> None:
    same = f"{moved(world)}?{urlencode(wish(world))}"
    other = urlencode(wish(world, start="09:30"))
    for page in (
        "",
        f"{SITE}{moved(world)}?{other}",
        f"{SITE}{moved(world)}?start=08:00",
        f"{SITE}/week/?{urlencode(wish(world))}",
        f"https://elders.example{same}",
    ):
        assert back(world, page) == same
        assert "accept" not in back(world, page)
