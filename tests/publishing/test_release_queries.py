"""The pages of a release ask as much for three groups that people leave as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.enums import Role
from scheduling.models import ScheduleTransfer
from scheduling.services import boards
from scheduling.services.decisions import merge_groups
from scheduling.services.edits import MoveRefused
from scheduling.services.split_dates import Half
from scheduling.services.splits import split_group
from tests.factories import UserFactory, amsterdam
from tests.scheduling.halves import Large
from tests.scheduling.rows import ACTOR, a_leader, a_room, running
from tests.scheduling.small import Small
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(UserFactory(role=Role.COORDINATOR))
    return client


def counts(client: Client, draft: Any) -> list[int]:
    """Queries of the release in groups, and person by person."""
    found = []
    for page in ("", "mensen/"):
        address = f"/rooster/{draft.pk}/publiceren/{page}"
        for _look in range(2):  # the first one asks what is kept from then on
            with CaptureQueriesContext(connection) as seen:
                html = client.get(address).content.decode()
        assert faults(html) == []
        found.append(len(seen))
    return found


def done(what: Callable[..., Any], world: Any, **asked: Any) -> None:
    """Do it in the draft, with every rule that it breaks accepted by name."""
    asked |= {"actor": ACTOR, "user": world.user, "schedule": world.draft}
    try:
        what(version=world.version(), **asked)
    except MoveRefused as refused:
        accept = [one.key for one in refused.breaches]
        what(version=world.version(), accept=accept, **asked)


def test_of_groups_that_are_merged(signed_in: Client) -> None:
    world = Small(members=1, others=4)
    world.draft.delete()
    more = [world.run(hour, a_leader(), 1) for hour in ("14:45", "15:15")]
    world.draft = world.again()

    def merged(group: Any) -> None:
        what = {"series_id": group.pk, "target_id": world.other.pk}
        done(merge_groups, world, **what)

    merged(world.group)
    one = counts(signed_in, world.draft)
    for group in more:
        merged(group)
    assert ScheduleTransfer.objects.count() == 3
    assert counts(signed_in, world.draft) == one


def test_of_groups_that_are_split(signed_in: Client) -> None:
    world = Large()
    world.draft.delete()
    days = [f"2026-12-{day:02} 10:00" for day in (1, 8, 15)]
    more = {"members": 8, "offering": world.offering}
    groups = [
        world.group,
        running(*days, room=a_room(capacity=20), leaders=[a_leader()], **more),
        running(*days, room=a_room(capacity=20), leaders=[a_leader()], **more),
    ]
    world.draft = world.again()

    def split(group: Any) -> None:
        seats = group.enrolments.order_by("made_at", "pk")
        half = Half(
            going=frozenset(one.pk for one in list(seats)[-4:]),
            start=amsterdam("2026-12-02 10:00"),
            room_id=group.room_id,
            leader_ids=(group.series_leaders.get().facilitator_id,),
        )
        done(split_group, world, series_id=group.pk, half=half)

    split(groups[0])
    one = counts(signed_in, world.draft)
    for group in groups[1:]:
        split(group)
    assert ScheduleTransfer.objects.count() == 12
    assert counts(signed_in, world.draft) == one
