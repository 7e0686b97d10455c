"""The glossary has one meaning for each word, and names what is there."""

from __future__ import annotations

import re
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRANSLATION = re.compile(r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', re.MULTILINE)
PAGE = ROOT / "docs" / "reference" / "glossary.md"


class Word(NamedTuple):
    """A row of a table on the page."""

    term: str
    dutch: str
    meaning: str
    code: str


def words() -> list[Word]:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    return [Word(*row) for row in rows if row[0] != "term" and set(row[0]) != {"-"}]


def named(path: str) -> object:
    """The module, class, field or member behind a dotted path."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return reduce(_inside, parts[length:], module)
    raise AttributeError(path)


def _inside(owner: object, name: str) -> object:
    # A field without a default is known by its annotation only.
    if name in getattr(owner, "__annotations__", {}):
        return owner
    return getattr(owner, name)


def screen_words() -> str:
    """All Dutch that the screens can show."""
    texts = [
        "".join(re.findall(r'"(.*)"', block))
        for path in sorted((ROOT / "locale").rglob("*.po"))
        for block in TRANSLATION.findall(path.read_text("utf-8"))
    ]
    return "\n".join(texts).lower()


def test_page_has_the_words_of_the_planner():
    terms = {word.term for word in words()}
    assert terms >= {"series", "session", "registration", "placement", "allocation"}
    assert terms >= {"enrolment", "plan", "schedule", "release", "run", "pin", "feed"}


def test_each_term_stands_once():
    terms = [word.term.lower() for word in words()]
    assert sorted(terms) == sorted(set(terms))


def test_each_term_has_a_meaning_in_a_sentence():
    wrong = [word.term for word in words() if not re.search(r"[.!?)]$", word.meaning)]
    assert wrong == []


@pytest.mark.parametrize("word", words(), ids=lambda word: word.term)
def test_code_that_is_named_exists(word):
    path = re.fullmatch(r"`([\w.]+)`", word.code)
    assert path, f"{word.term}: write one dotted path in backquotes"
    assert named(path[1]) is not None


def test_a_name_that_is_not_there_is_found_out():
    with pytest.raises(AttributeError):
        named("courses.models.Lesson")


def test_dutch_words_are_those_of_the_screens():
    shown = screen_words()
    missing = [
        word.dutch for word in words() if word.dutch != "-" and word.dutch not in shown
    ]
    assert missing == []
