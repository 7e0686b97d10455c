"""Every check of the doctor speaks, in both languages, and uses its own numbers."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.utils.translation import override

from scheduling.doctor_words import CHECK_WORDS, check_sentence
from scheduling.solver.doctor import CHECKS


def test_every_check_has_words_and_all_words_have_a_check() -> None:
    assert set(CHECK_WORDS) == {check.id for check in CHECKS}


@pytest.mark.parametrize("check", sorted(CHECK_WORDS))
@pytest.mark.parametrize("number", [1, 3])
def test_a_sentence_ends_as_one_and_says_what_to_do(check: str, number: int) -> None:
    wrong, right = check_sentence(check, defaultdict(lambda: number))
    assert wrong.endswith(".")
    assert right.endswith(".")
    assert "%" not in wrong + right


def test_one_is_not_told_as_several() -> None:
    facts = {"it": "WRAP", "interested": 1, "minimum": 6}
    with override("en"):
        wrong, _right = check_sentence("series-too-few-interested", facts)
    assert wrong == "1 person could take part in WRAP; it needs 6 to open."
