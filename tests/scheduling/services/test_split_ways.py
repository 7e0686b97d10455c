"""What each lawful way to split a group means, beside the group as it is now."""

from __future__ import annotations

import pytest

from scheduling.services.splits import Way
from tests.factories import amsterdam
from tests.scheduling.halves import Large
from tests.scheduling.rows import a_leader

pytestmark = pytest.mark.django_db


def check(way: Way, world: Large) -> None:
    """What can be said of a way by what it is."""
    choice = way.choice
    now = amsterdam("2026-12-01 10:00")
    assert choice.minutes == abs((choice.start - now).total_seconds()) / 60
    assert choice.people == 4
    leads = world.leader.pk in choice.leader_ids
    assert way.both == ((world.leader.pk,) if leads else ())
    assert choice.joins == (() if leads else choice.leader_ids)
    assert choice.leaves == ()
    if leads:
        assert choice.travel_minutes == 0


def test_who_goes_how_far_it_moves_and_who_leads() -> None:
    world = Large()
    spare = a_leader()
    told = world.judge()
    assert told.verdict.new == ()
    assert told.ways
    for way in told.ways:
        check(way, world)
    leads = {way.choice.leader_ids for way in told.ways}
    assert {(world.leader.pk,), (spare.pk,)} <= leads
