"""A session that a way out gives up is told with what keeps it from being held."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from people.enums import Role
from scheduling.messages import RULES, group_sentences
from scheduling.models import PlanningRun, Repair
from scheduling.services import not_held, ways_out
from scheduling.services.runs import perform_run
from tests.factories import UserFactory
from tests.scheduling.rows import MONDAY, SUNDAY
from tests.scheduling.services.test_repairs import World
from tests.web.html import faults

pytestmark = pytest.mark.django_db
ALL_WEEK = (MONDAY, SUNDAY)


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
    (repair,) = world.ill(*ALL_WEEK)
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
    (repair,) = world.ill(*ALL_WEEK)
    assert "why" not in given_up(repair)


def test_it_is_told_that_work_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else another worker takes the run over while reasons are looked for."""
    told: list[str] = []

    def write(*, run: PlanningRun, **fields: Any) -> None:
        told.append(fields.get("doing", ""))

    def why_not_held(*args: Any, stopped: Any, **more: Any) -> list[Any]:
        told.clear()
        assert not stopped()
        assert told == ["ways"]
        return [[() for _ in one.consequences.changes] for one in args[1]]

    run = world.ask()
    monkeypatch.setattr(ways_out, "write", write)
    monkeypatch.setattr(ways_out, "why_not_held", why_not_held)
    perform_run(run_id=run.pk)
    assert "ways" in told


def test_what_is_held_elsewhere_needs_no_reason() -> None:
    (repair,) = World().ill()
    ways = repair.alternatives.all()
    changes = [one for way in ways for one in way.means["changes"]]
    assert changes
    assert not [one for one in changes if one["after"] and "why" in one]
