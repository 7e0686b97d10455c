"""Who has to be elsewhere by a change: leaders alone are told apart from who comes."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from scheduling.services import boards
from scheduling.services.moves import Choice
from scheduling.services.splits import Way
from scheduling.views.split_ways import way_lines
from scheduling.views.verdicts import (
    Names,
    changes_leaders,
    meaning_of,
    people_words,
)
from tests.factories import amsterdam
from tests.scheduling.by_hand import World

AT_TEN = {"start": "2026-12-01T10:00:00+01:00", "room": 7, "leaders": [1]}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


def change(**after: Any) -> dict[str, Any]:
    return {"before": AT_TEN, "after": AT_TEN | after}


GONE = {"before": AT_TEN, "after": None}


@pytest.mark.parametrize(
    ("changes", "lost", "alone"),
    [
        ([change(leaders=[2])], [], True),
        ([change(leaders=[2]), change(leaders=[1, 2])], [], True),
        ([change(leaders=[2], room=8)], [], False),
        ([change(leaders=[2]), change(start="2026-12-01T11:00:00+01:00")], [], False),
        ([change(leaders=[2], room=None)], [], False),
        ([change(leaders=[2]), GONE], [], False),
        ([change(leaders=[2])], [5], False),
    ],
)
def test_a_way_out_that_changes_leaders_alone(
    changes: list[dict[str, Any]], lost: list[int], alone: bool
) -> None:
    means = {"changes": changes, "seats_lost": lost}
    assert changes_leaders(means) is alone


def test_leaders_are_not_said_to_come_at_another_time() -> None:
    with override("en"):
        assert people_words(1).startswith("1 person has to come at another time")
        assert people_words(2).startswith("2 people have to come at another time")
        assert people_words(0).startswith("Nobody")
        for number in (1, 2):
            told = people_words(number, only_leaders=True)
            assert f"{number} leader" in told
            assert "stay" in told


BOTH = Names(rooms={}, leaders={"1": "Anneke", "2": "Bram"})


def choice(*leaders: int, **given: Any) -> Choice:
    """A choice in which these join, and the same ones are free then."""
    means = {
        "start": amsterdam("2026-12-02 10:00"),
        "room_id": None,
        "leader_ids": leaders,
        "people": 0,
        "minutes": 0,
        "joins": leaders,
        "leaves": leaders,
        "travel_minutes": 20,
        "evenings": 0,
    }
    return Choice(**means | given)  # type: ignore[arg-type]


def test_two_leaders_are_told_of_in_the_plural() -> None:
    with override("en"):
        one, two = (meaning_of(choice(*who), BOTH) for who in ((1,), (1, 2)))
        assert one[-2:] == [
            "Anneke joins, with 20 minutes of travel",
            "Anneke is free then",
        ]
        assert two[-2:] == [
            "Anneke, Bram join, with 20 minutes of travel together",
            "Anneke, Bram are free then",
        ]
        for who, told in (((1,), "Anneke leads"), ((1, 2), "Anneke, Bram lead")):
            way = Way(choice=choice(*who), both=who, longer=0)
            (line,) = way_lines(SimpleNamespace(ways=[way]), BOTH)  # type: ignore[arg-type]
            assert f"{told} both groups" in line.meaning


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"leader_1": "spare"}, {"number": 2, "only_leaders": True}),
        ({"start": "10:30"}, {"number": 7}),
        ({}, {"number": 0}),
    ],
    ids=["another leader", "another time", "nothing"],
)
def test_the_page_of_a_move_says_whom_it_is_about(
    signed_in: Client, asked: dict[str, str], told: dict[str, Any]
) -> None:
    world = World()
    keys = {"leader": world.leader.pk, "spare": world.spare.pk}
    wish = {"start": "10:00", "leader_1": "leader"} | asked
    query = {
        "day": "2026-12-01",
        "start": wish["start"],
        "room": world.room.pk,
        "leader_1": keys[wish["leader_1"]],
    }
    address = reverse("scheduling:move", args=[world.draft.pk, world.session])
    html = signed_in.get(f"{address}?{urlencode(query)}").content.decode()
    meaning = html.split('id="meaning"')[1].split("</ul>")[0]
    assert f"<li>{people_words(**told)}</li>" in meaning
