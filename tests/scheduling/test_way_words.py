"""Every change that can be told has its sentence, for one person and for a group; and
what a leader is told says nothing of residents."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from scheduling.messages import (
    CHECKED,
    GROUP,
    LEADERS_KNOW,
    group_sentences,
    leader_sentences,
)
from scheduling.solver.change.file import RECORDS
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.plan import Verified
from scheduling.way_words import keys_in, way_sentence

RULES = [rule.id for rule in CONSTRAINTS]
SCENARIOS = {"fewer-leaders", "fewer-rooms", "weights"}
"""Changes that somebody asks about, and that are never told as a help."""

FACTS = {
    "weekday": 1,
    "part": 2,
    "km": 7,
    "minutes": 60,
    "seats": 2,
    "series": "s",
    "room": "4",
}


def told(kind: str, *, of_person: bool, seats: int = 1, **facts: Any) -> str:
    way = {"changes": [{"kind": kind, **FACTS, **facts}], "seats": seats}
    with override("en"):
        return way_sentence(
            way, titles={"s": "WRAP"}, places={"4": "Raalte"}, of_person=of_person
        )


@pytest.mark.parametrize("kind", sorted(set(RECORDS) - SCENARIOS))
@pytest.mark.parametrize("of_person", [True, False])
def test_every_help_is_a_whole_sentence(kind: str, of_person: bool) -> None:
    sentence = told(kind, of_person=of_person)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "%" not in sentence
    assert "-" not in sentence


def test_a_room_is_named_by_its_place() -> None:
    assert told("new-room", of_person=False, seats=8) == (
        "One more room in Raalte on Tuesday evening. Then at least 8 people get a seat."
    )
    assert told("new-room", of_person=True, room=None) == (
        "One more room on Tuesday evening."
    )


def test_what_nobody_waits_for_can_be_held() -> None:
    assert told("unpin", of_person=False, seats=0).endswith(
        "Then the group can be held."
    )


def test_several_changes_are_told_together() -> None:
    way = {
        "changes": [{"kind": "travel", "km": 5}, {"kind": "pace"}],
        "seats": 1,
    }
    with override("en"):
        sentence = way_sentence(way, titles={}, places={}, of_person=True)
    assert sentence == (
        "This person also travels 5 km further. "
        "This person takes part in one meeting more in a week or a day."
    )


def test_keys_of_what_is_named() -> None:
    ways = [{"changes": [{"kind": "choice", "series": "s"}, {"kind": "pace"}]}]
    assert keys_in(ways, "series") == {"s"}
    assert keys_in(ways, "room") == set()


def test_a_group_is_told_in_words_for_groups() -> None:
    with override("en"):
        lines = group_sentences(RULES)
        assert len(set(lines)) == len(RULES)
        assert not any("this person" in line.lower() for line in lines)
        assert set(GROUP) <= set(RULES)


def test_a_leader_is_told_of_residents_in_one_sentence_only() -> None:
    others = [rule for rule in RULES if rule not in LEADERS_KNOW]
    with override("en"):
        lines = {tuple(leader_sentences([rule])) for rule in others}
        assert lines == {
            ("It cannot be held now for those who ask, in a room that fits.",)
        }
        both = leader_sentences(["facilitator-load", "group-size", "keep-apart"])
    assert len(both) == 2
    assert "leaders" in both[0]


def test_what_was_held_fixed_has_words() -> None:
    assert set(CHECKED) == {one.value for one in Verified} - {"undecided"}
    with override("en"):
        assert "the rest of the plan leaves free" in str(CHECKED["part_freed"])
