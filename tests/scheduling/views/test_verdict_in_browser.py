"""A move that breaks a rule, in a browser: read, accepted by name, and done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from scheduling.services import boards
from tests.browser import axe, show, small_targets, squeezed, too_wide
from tests.scheduling.by_hand import World

pytestmark = [pytest.mark.django_db, pytest.mark.needs("chromium", "axe")]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.mark.parametrize(
    "start", ["08:00", "13:00", "09:30"], ids=["a rule", "twice in use", "fine"]
)
def test_what_a_move_means_can_be_read(
    page: Page, signed_in: Client, start: str
) -> None:
    world = World()
    asked: dict[str, Any] = {
        "day": "2026-12-01",
        "start": start,
        "room": world.room.pk,
        "leader_1": world.leader.pk,
    }
    address = reverse("scheduling:move", args=[world.draft.pk, world.session])
    answer = signed_in.get(f"{address}?{urlencode(asked)}")
    show(page, answer.content.decode())
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert squeezed(page) == []
        assert too_wide(page) == []
        assert small_targets(page) == []
    assert axe(page) == []
    rules = page.locator("#meaning ~ form input[name=accept]")
    assert (rules.count() > 0) == (start == "08:00")
    assert page.locator("#do").count() == (start == "09:30")


@pytest.mark.parametrize("zoom", ["", "&zoom=dag&dag=2026-12-01"], ids=["week", "day"])
def test_dragging_asks_the_page_of_the_move(
    page: Page, signed_in: Client, zoom: str
) -> None:
    """To another room, and on the board of a day to the quarter it is dropped on."""
    world = World()
    week = reverse("scheduling:week", args=["2026-W49"])
    board = signed_in.get(f"{week}?versie={world.draft.pk}&alle=1{zoom}")
    page.set_viewport_size({"width": 1280, "height": 900})
    show(page, board.content.decode())
    row = page.locator(f"tr[data-room='{world.other_room.pk}']")
    cell = row.locator("td[data-date='2026-12-01']").first
    box = cell.bounding_box()
    assert box is not None
    drop: Any = {"x": box["width"] * 0.9, "y": box["height"] / 2}
    start = None
    if zoom:
        quarters = int(cell.get_attribute("colspan") or 1)
        hour, minute = map(int, (cell.get_attribute("data-start") or "").split(":"))
        at = 60 * hour + minute + 15 * int(0.9 * quarters)
        start = f"{at // 60:02}:{at % 60:02}"
        assert start > f"{hour:02}:{minute:02}"
    with page.expect_request("**dragged=1**") as sent:
        page.locator(f"[data-move*='{world.session}']").drag_to(
            cell, target_position=drop
        )
    asked = urlsplit(sent.value.url)
    query = dict(parse_qsl(asked.query))
    assert asked.path == reverse(
        "scheduling:move", args=[world.draft.pk, world.session]
    )
    assert (query["day"], query["room"]) == ("2026-12-01", str(world.other_room.pk))
    assert query.get("start") == start
    html = signed_in.get(f"{asked.path}?{asked.query}").content.decode()
    assert f'value="{start or "10:00"}"' in html
    assert f'value="{world.other_room.pk}" selected' in html
    assert f'value="{world.leader.pk}" selected' in html
