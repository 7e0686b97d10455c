"""A week with another draft cannot be mended yet; the page says so, with ways on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from scheduling.models import PlanningRun, Repair, RepairAlternative, Schedule
from scheduling.services import boards
from tests.scheduling.by_hand import World
from tests.scheduling.rows import MONDAY, SUNDAY
from tests.web.html import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


def a_repair() -> Repair:
    """A reported illness in the week of 30 November, with one way out."""
    run = PlanningRun.objects.create(
        first_date=MONDAY, last_date=SUNDAY, state="done", as_draft=False, problem={}
    )
    repair = Repair.objects.create(
        kind="leader_ill", about="1", first_day=MONDAY, last_day=MONDAY, run=run,
        touched=[],
    )  # fmt: skip
    means = {
        "changes": [], "sessions_lost": 0, "seats_lost": [], "people": 0,
        "minutes_moved": 0, "steps_in": [],
    }  # fmt: skip
    RepairAlternative.objects.create(
        repair=repair, rank=1, plan={}, means=means, proofs=[]
    )
    return repair


def test_it_is_said_with_a_way_to_publish_or_throw_away(signed_in: Client) -> None:
    world = World()
    world.apply(world.move(room_id=world.other_room.pk))
    where = reverse("scheduling:repair", args=[a_repair().pk])
    answer = signed_in.post(where, {"rank": "1"}, follow=True)
    html = answer.content.decode()
    assert faults(html) == []
    assert answer.redirect_chain == [(where, 302)]
    release = reverse("publishing:release", args=[world.draft.pk])
    assert f'href="{release}"' in html
    assert f'href="{reverse("scheduling:week", args=["2026-W49"])}?versie=concept"' in (
        html
    )
    assert answer.context["other_draft"].changes == 1
    assert Schedule.objects.get() == world.draft


def test_without_another_draft_nothing_is_said(signed_in: Client) -> None:
    html = signed_in.get(reverse("scheduling:repair", args=[a_repair().pk]))
    assert html.context["other_draft"] is None
    assert b"versie=concept" not in html.content
