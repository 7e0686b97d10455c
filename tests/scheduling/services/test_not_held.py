"""A session that a way out gives up is told with what keeps it from being held."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from people.enums import Role
from scheduling.messages import RULES, group_sentences
from scheduling.models import Repair
from scheduling.services import not_held
from tests.factories import UserFactory
from tests.scheduling.services.test_repairs import World
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Nobody can step in for who is ill."""
    world = World()
    world.spare.active = False
    world.spare.save()
    return world


def given_up(repair: Repair) -> dict[str, Any]:
    best = repair.alternatives.get(rank=1)
    assert best.means["sessions_lost"] == 1
    (change,) = best.means["changes"]
    assert change["after"] is None
    found: dict[str, Any] = change
    return found


def test_the_rules_that_stand_in_the_way_are_kept_and_told(
    world: World, client: Client
) -> None:
    (repair,) = world.ill()
    why = given_up(repair)["why"]
    assert "facilitator-availability" in why
    assert set(why) <= set(RULES)
    client.force_login(UserFactory(role=Role.COORDINATOR))
    answer = client.get(reverse("scheduling:repair", args=[repair.pk]))
    html = answer.content.decode()
    assert faults(html) == []
    for sentence in group_sentences(why):
        assert escape(sentence) in html


def test_without_time_nothing_is_claimed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(not_held, "SECONDS", 0.0)
    (repair,) = world.ill()
    assert "why" not in given_up(repair)


def test_what_is_held_elsewhere_needs_no_reason() -> None:
    (repair,) = World().ill()
    ways = repair.alternatives.all()
    changes = [one for way in ways for one in way.means["changes"]]
    assert changes
    assert not [one for one in changes if one["after"] and "why" in one]
