"""Facts that cannot be right are told on a page of their own, with what to mend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scheduling.models import Schedule, SeriesPin
from scheduling.services import boards
from tests.factories import OfferingFactory, SeriesFactory, amsterdam
from tests.scheduling.by_hand import World
from tests.scheduling.halves import Large
from tests.scheduling.rows import running
from tests.scheduling.small import Small
from tests.web.html import faults

pytestmark = pytest.mark.django_db
TITLE = "Begint om vijf over"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


def at_five_past(day: int = 3) -> Any:
    """A group with a session in December that begins at five past ten."""
    offering = OfferingFactory(kind="peer_group", title_nl=TITLE)
    return running(f"2026-12-{day:02} 10:05", offering=offering)


def told(answer: Any, odd: Any) -> str:
    """The page of the fault, which names the group and leads to what to mend."""
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert TITLE in html
    assert reverse("publishing:facts_one_series", args=[odd.pk]) in html
    return html


def decide(world: Small) -> str:
    return reverse("scheduling:decide", args=[world.group.pk])


def test_the_page_of_a_small_group_names_it(signed_in: Client) -> None:
    world, odd = Small(), at_five_past()
    html = told(signed_in.get(decide(world)), odd)
    assert f'href="{reverse("scheduling:checkup", args=["2026-W49"])}"' in html


@pytest.mark.parametrize("way", ["online", "end"])
def test_a_decision_without_a_draft_makes_none(signed_in: Client, way: str) -> None:
    world, odd = Small(), at_five_past()
    world.draft.delete()
    told(signed_in.post(decide(world), {"way": way}), odd)
    assert not Schedule.objects.exists()


def test_who_stands_in_is_asked_in_vain(signed_in: Client) -> None:
    world, odd = World(), at_five_past()
    address = [world.draft.pk, world.session, world.leader.pk]
    told(signed_in.get(reverse("scheduling:stand-ins", args=address)), odd)


def test_later_weeks_are_examined_as_a_term(signed_in: Client) -> None:
    """A split is judged on all its dates."""
    world = Large()
    odd = at_five_past(day=10)
    split = reverse("scheduling:split", args=[world.draft.pk, world.session])
    html = told(signed_in.get(split), odd)
    assert f"{reverse('scheduling:checkup', args=['2026-W49'])}?soort=periode" in html
    assert world.version() == 0


def test_a_pin_at_five_past_is_named_with_its_group(signed_in: Client) -> None:
    world = Small()
    pinned = SeriesFactory(offering=OfferingFactory(kind="peer_group", title_nl=TITLE))
    SeriesPin.objects.create(series=pinned, first_start=amsterdam("2026-12-01 10:05"))
    told(signed_in.get(decide(world)), pinned)


def test_the_check_before_planning_names_it_and_leads_to_it(signed_in: Client) -> None:
    odd = at_five_past()
    html = signed_in.get(reverse("scheduling:checkup", args=["2026-W49"])).content
    (link,) = re.findall(r'<a href="([^"]*)">[^<]*' + TITLE, html.decode())
    assert link == reverse("publishing:facts_one_series", args=[odd.pk])
