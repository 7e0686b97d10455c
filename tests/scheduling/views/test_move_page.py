"""What the page of a move fills in: all leaders, and a room for what is online."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from scheduling.forms import LongList, MoveForm
from scheduling.services import boards
from tests.scheduling.by_hand import World
from tests.scheduling.rows import a_leader, running
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> World:
    return World()


def address(world: World) -> str:
    return reverse("scheduling:move", args=[world.draft.pk, world.session])


def wish(world: World, **other: Any) -> dict[str, Any]:
    """The session as it is, with some of it otherwise."""
    return {
        "day": "2026-12-01",
        "start": "10:00",
        "room": world.room.pk,
        "leader_1": world.leader.pk,
        "version": 0,
    } | other


def test_a_fourth_leader_stays_when_the_time_changes(
    signed_in: Client, world: World
) -> None:
    row = world.row()
    for leader in (world.other_leader, world.spare, a_leader()):
        row.leader_rows.create(facilitator=leader)
    boards.forget_boards()
    html = signed_in.get(address(world)).content.decode()
    assert faults(html) == []
    fields = re.findall(r'name="(leader_\d+)"', html)
    assert fields == ["leader_1", "leader_2", "leader_3", "leader_4"]
    assert html.index('name="leader_4"') < html.index('name="whole_series"')
    keys = sorted(row.leaders.values_list("pk", flat=True))
    leaders = dict(zip(fields, keys, strict=True))
    asked = wish(world, start="09:30", **leaders)
    looked = signed_in.get(address(world), asked).content.decode()
    keys_of = looked.split('name="accept" value="')[1:]
    asked["accept"] = [part.split('"')[0] for part in keys_of]
    done = signed_in.post(address(world), asked)
    assert done.status_code == 302, looked
    assert sorted(world.row().leaders.values_list("pk", flat=True)) == keys
    client = Client()  # a session that ended keeps them too
    away = client.post(address(world), wish(world, **leaders))
    assert f"leader_4%3D{keys[3]}" in away["Location"]


def test_dragging_from_video_calls_to_a_room(signed_in: Client, world: World) -> None:
    world.apply(world.move(online=True))
    asked = {"day": "2026-12-01", "room": world.other_room.pk, "dragged": "1"}
    html = signed_in.get(f"{address(world)}?{urlencode(asked)}")
    assert 'id="do"' in html.content.decode()
    done = signed_in.post(
        address(world), wish(world, room=world.other_room.pk, version=1)
    )
    assert done.status_code == 302
    assert (world.row().room_id, world.row().online) == (world.other_room.pk, False)


def test_facts_that_cannot_be_right_are_named(signed_in: Client, world: World) -> None:
    odd = running("2026-12-03 10:05").sessions.get()
    looked = signed_in.get(address(world), wish(world, start="09:30"))
    assert looked.status_code == 200
    assert str(odd.pk) in looked.content.decode()
    assert faults(looked.content.decode()) == []
    pressed = signed_in.post(address(world), wish(world, start="09:30"))
    assert pressed.status_code == 422
    assert str(odd.pk) in pressed.content.decode()
    assert world.version() == 0
    world.draft.delete()
    edit = reverse("scheduling:edit-week", args=["2026-W49"])
    answer = signed_in.post(edit, follow=True)
    (told,) = answer.context["messages"]
    assert str(odd.pk) in str(told)


def test_its_long_lists_are_written_in_one_go_and_sent_packed(
    signed_in: Client, world: World
) -> None:
    form = MoveForm(days=[], rooms=[], leaders=[], places=5)
    lists = [one.name for one in form if isinstance(one.field.widget, LongList)]
    assert lists == ["day", "room", *MoveForm.leader_names(5)]
    answer = signed_in.get(address(world), headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    html = gzip.decompress(answer.content).decode()
    assert f'value="{world.leader.pk}" selected>' in html
    assert f'value="{world.room.pk}" selected>' in html
    assert f"{world.room.centre.name}, {world.room.name} (" in html
