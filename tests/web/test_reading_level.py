"""What residents read in Dutch is B1: short sentences of common words."""

from __future__ import annotations

import pytest

from tests.reading import LIMITS, measure, sentences_of, syllables, too_hard
from tests.web.resident_texts import PLACES, ROOT, files, texts_in

HARD = (
    "Ingevolge de vigerende regelgeving inzake gegevensbescherming bent u gerechtigd "
    "de verwerking van uw persoonsgegevens te doen beëindigen."
)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("groep", 1),
        ("nieuw", 1),
        ("wachtlijst", 2),
        ("afspraak", 2),
        ("verwijzing", 3),
        ("gegevens", 3),
        ("coördinator", 5),
        ("ggz", 1),
    ],
)
def test_syllables_of_dutch_words(word: str, number: int) -> None:
    assert syllables(word) == number


def test_sentences_end_at_marks_and_lines() -> None:
    text = "Kunt u niet? Laat het ons weten.\n\nMet groet"
    assert len(sentences_of(text)) == 3


def test_a_sentence_of_officials_is_too_hard() -> None:
    assert too_hard(HARD)
    assert too_hard("Dit is goed. " + HARD)
    long = "U kunt " + "ook vaak " * 10 + "komen."
    assert too_hard(long) == [f"23 words: {long!r}"]


def test_a_plain_text_is_not() -> None:
    assert too_hard("Deze groep is vol. U kunt op de wachtlijst. Dat is gratis.") == []


def test_every_place_has_files_and_texts() -> None:
    assert [place for place in PLACES if not list(ROOT.glob(place))] == []
    assert sum(1 for path in files() for _text in texts_in(path)) > 300


def test_every_text_for_residents_reads_as_b1() -> None:
    faults = {
        f"{path.relative_to(ROOT)}: {fault}"
        for path in files()
        for text in texts_in(path)
        for fault in too_hard(text)
    }
    assert faults == set()


def test_every_page_together_reads_as_b1() -> None:
    found = {
        str(path.relative_to(ROOT)): measure(texts)
        for path in files()
        if (texts := list(texts_in(path))) and measure(texts).words >= 40
    }
    hard = {
        name: (round(one.score), round(one.words_per_sentence, 1))
        for name, one in found.items()
        if one.score < LIMITS["page_score"]
        or one.words_per_sentence > LIMITS["mean_sentence_words"]
    }
    assert hard == {}
