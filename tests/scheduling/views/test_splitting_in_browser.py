"""Splitting and dividing a group in a browser: read and reached without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from scheduling.services import boards
from tests.browser import axe, show, small_targets, squeezed, too_wide
from tests.factories import AvailabilityWindowFactory, amsterdam
from tests.scheduling.halves import Large
from tests.scheduling.small import Full

pytestmark = [pytest.mark.django_db, pytest.mark.needs("chromium", "axe")]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


def readable(page: Page) -> None:
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert squeezed(page) == []
        assert too_wide(page) == []
        assert small_targets(page) == []
    assert axe(page) == []


def test_what_a_split_means_is_read_and_ticked_with_the_keyboard(
    page: Page, signed_in: Client
) -> None:
    world = Large()
    AvailabilityWindowFactory(
        person=world.seats[-1].resident.person,
        weekday=2,
        start=amsterdam("2026-12-01 09:00").time(),
        end=amsterdam("2026-12-01 12:00").time(),
    )
    address = reverse("scheduling:split", args=[world.draft.pk, world.session])
    show(page, signed_in.get(address).content.decode())
    readable(page)
    first = page.locator("input[name=goes]").first
    first.focus()
    page.keyboard.press("Space")
    assert first.is_checked()
    asked = {
        "goes": [one.pk for one in world.seats[-4:]],
        "day": "2026-12-02",
        "start": "10:00",
        "room": world.room.pk,
        "leader_1": world.leader.pk,
    }
    html = signed_in.get(f"{address}?{urlencode(asked, doseq=True)}").content.decode()
    show(page, html)
    readable(page)
    assert page.locator("input[name=accept]").count() == 1


def test_who_goes_where_is_read(page: Page, signed_in: Client) -> None:
    world = Full()
    html = signed_in.get(f"/kleine-groepen/{world.group.pk}/").content.decode()
    show(page, html)
    readable(page)
    assert page.locator("form[aria-labelledby=spread] input[name=goes]").count() == 2
