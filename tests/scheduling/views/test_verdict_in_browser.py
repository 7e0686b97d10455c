"""A move that breaks a rule, in a browser: read, accepted by name, and done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

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
