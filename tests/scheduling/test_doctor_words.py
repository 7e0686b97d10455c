"""Every check of the doctor speaks, in both languages, and uses its own numbers."""

from __future__ import annotations

import re

import pytest

from scheduling.doctor_words import CHECK_WORDS, check_sentence
from scheduling.solver.doctor import CHECKS

ALWAYS = {"it", "other"}


def test_every_check_has_words_and_all_words_have_a_check() -> None:
    assert set(CHECK_WORDS) == {check.id for check in CHECKS}


@pytest.mark.parametrize("check", sorted(CHECK_WORDS))
def test_a_sentence_ends_as_one_and_says_what_to_do(check: str) -> None:
    names = re.findall(r"%\((\w+)\)s", str(CHECK_WORDS[check].wrong))
    wrong, right = check_sentence(check, dict.fromkeys({*names, *ALWAYS}, 3))
    assert wrong.endswith(".")
    assert right.endswith(".")
    assert "%" not in wrong + right
