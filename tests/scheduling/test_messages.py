"""Every rule of the planner has its words, and every word for what a run does."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from scheduling.messages import (
    BESIDE_RULES,
    DOING,
    FAULTS,
    RULES,
    double_sentence,
    fault_words,
    rule_words,
    why_sentences,
)
from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.search.neighbourhoods import KINDS

IDS = [rule.id for rule in CONSTRAINTS]


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_has_a_tag_and_two_whole_sentences(rule: str) -> None:
    words = RULES[rule]
    with override("en"):
        for sentence in (str(words.why), str(words.broken)):
            assert sentence[0].isupper()
            assert sentence.endswith(".")
        assert 0 < len(str(words.tag)) <= 25
        assert rule not in (str(words.why), str(words.broken))


@pytest.mark.parametrize("rule", BESIDE_RULES)
def test_what_is_no_rule_of_the_planner_has_its_words_too(rule: str) -> None:
    words = rule_words(rule)
    assert rule not in RULES
    with override("en"):
        assert 0 < len(str(words.tag)) <= 25
        for sentence in (str(words.why), str(words.broken)):
            assert sentence.endswith(".")
            assert rule not in sentence


def test_no_two_rules_are_told_alike() -> None:
    with override("en"):
        for name in ("tag", "why", "broken"):
            told = [str(getattr(words, name)) for words in RULES.values()]
            assert len(set(told)) == len(told)


def test_an_unknown_rule_is_named_by_its_id() -> None:
    with override("en"):
        assert "no-such-rule" in str(rule_words("no-such-rule").why)
        assert rule_words("no-such-rule").tag == "no-such-rule"


def test_reasons_are_one_sentence_for_each_rule() -> None:
    with override("en"):
        told = why_sentences(["group-size", "resident-travel"])
    assert [one.endswith(".") for one in told] == [True, True]


def test_every_neighbourhood_of_the_search_has_a_sentence() -> None:
    assert set(KINDS) <= set(DOING)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_known_fault_is_a_sentence_without_things(fault: str) -> None:
    words = fault_words(fault)
    assert words.sentence == str(FAULTS[fault])
    assert words.things == ()


def test_pins_and_faults_of_facts_are_told_apart() -> None:
    pins = fault_words("pin1, seat2", {"pin1": "Omgaan met geld"})
    assert pins.things == ("Omgaan met geld", "seat2")
    facts = fault_words("room r1: has no place (give one)\nroom r2: x (y)")
    assert len(facts.things) == 2
    assert facts.sentence != pins.sentence


def test_what_the_database_refused_is_a_sentence() -> None:
    with override("en"):
        assert "room" in double_sentence("courses_session_room_free")
        assert double_sentence("another_constraint").endswith(".")
