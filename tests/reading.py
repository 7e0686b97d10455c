"""How hard a Dutch text reads: Flesch-Douma, with the limits of tests/data.

A formula sees length and not sense, so it is a net for what went wrong, not proof that
a text is clear. Short labels have no score: one long word would decide it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LIMITS = json.loads(
    (Path(__file__).parent / "data" / "reading_level.json").read_text("utf-8")
)
_VOWELS = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|ai|oi"
    r"|[aeiouyáéíóúàèìòùâêîôûäëïöü]"
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_MARKS = re.compile(r"%\(\w+\)[sd]|<[^>]+>|[%{}]|\d{2}[ -]?\d{6,8}")
_END = re.compile(r"(?<=[.!?:;])\s+|\n+")


@dataclass(frozen=True)
class Measure:
    """Words, sentences and syllables of a text."""

    words: int
    sentences: int
    syllables: int

    @property
    def words_per_sentence(self) -> float:
        return self.words / self.sentences

    @property
    def score(self) -> float:
        """Flesch-Douma: about 100 is very easy, 60 plain, under 30 for scholars."""
        per_hundred = 100 * self.syllables / self.words
        return 206.84 - 0.77 * per_hundred - 0.93 * self.words_per_sentence


def syllables(word: str) -> int:
    """Syllables of a Dutch word: its vowels, where two that sound as one are one."""
    return max(1, len(_VOWELS.findall(word.lower())))


def words_of(text: str) -> list[str]:
    """The words of a text; a value that is filled in is one short word."""
    return _WORD.findall(_MARKS.sub(" dag ", text))


def sentences_of(text: str) -> list[str]:
    """Its sentences; a new line ends one too."""
    return [one for one in _END.split(text.strip()) if words_of(one)]


def measure(texts: Iterable[str]) -> Measure:
    """Some texts together."""
    sentences = [one for text in texts for one in sentences_of(text)]
    words = [word for one in sentences for word in words_of(one)]
    return Measure(len(words), len(sentences), sum(map(syllables, words)))


def too_hard(text: str) -> list[str]:
    """What is too hard in one text, in words; an empty list when it reads as B1."""
    faults = [
        f"{len(words_of(one))} words: {one!r}"
        for one in sentences_of(text)
        if len(words_of(one)) > LIMITS["longest_sentence_words"]
    ]
    found = measure([text])
    if found.words >= LIMITS["text_from_words"] and found.score < LIMITS["text_score"]:
        faults.append(f"score {found.score:.0f}: {text!r}")
    return faults
