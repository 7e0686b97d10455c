"""The pictures of the docs: each is there, shown, small, told in words, and remade."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from tests.docs.test_links import CODE, PAGES, ROOT, name
from tools.pictures.__main__ import FOLDER, STOPS
from tools.pictures.camera import MOST_BYTES, MOST_HEIGHT, WIDTH

PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
FEWEST_WORDS = 5
# What a coordinator tries on the first day, and the page that shows how.
ACTS = {
    "load-the-demo.md": {"sign-in", "week"},
    "make-a-week.md": {"make", "making", "plan", "publish", "publications", "go-back"},
    "help-who-is-left-out.md": {"left-out", "left-out-three", "help", "helped"},
    "change-a-week.md": {"board-keyboard", "session", "move", "moved", "ill", "ways"},
}


def pictures_of(page: Path) -> list[tuple[str, str]]:
    """(words in place of the picture, its path) of every picture on a page."""
    return PICTURE.findall(CODE.sub("", page.read_text("utf-8")))


def shown(page: Path) -> set[Path]:
    return {(page.parent / path).resolve() for _words, path in pictures_of(page)}


def is_sentence(words: str) -> bool:
    """Whether words in place of a picture say something: a whole sentence."""
    plain = " ".join(words.split())
    return (
        plain[:1].isupper() and plain.endswith(".") and plain.count(" ") >= FEWEST_WORDS
    )


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels, from its first chunk (RFC 2083, 4.1.1)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_pictures_are_there_and_told_in_words(page: Path) -> None:
    assert [path for path in shown(page) if not path.is_file()] == []
    # What stands for a drawing with a table of its numbers beside it may be a title.
    if page.is_relative_to(FOLDER.parent):
        assert [words for words, _ in pictures_of(page) if not is_sentence(words)] == []


def test_every_picture_is_shown_and_made_by_the_command() -> None:
    kept = {path.stem for path in FOLDER.iterdir()}
    named = {
        path.stem for page in PAGES for path in shown(page) if path.parent == FOLDER
    }
    assert kept == named
    assert kept == {stop.name for stop in STOPS}
    assert len({stop.name for stop in STOPS}) == len(STOPS)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*")), ids=lambda path: path.stem)
def test_pictures_are_modest(path: Path) -> None:
    width, height = size_of(path.read_bytes())
    assert path.stat().st_size <= MOST_BYTES
    assert width <= WIDTH
    assert height <= MOST_HEIGHT


@pytest.mark.parametrize("page", sorted(ACTS))
def test_each_act_of_the_first_day_has_its_pictures(page: str) -> None:
    found = {path.stem for path in shown(ROOT / "docs" / "how-to" / page)}
    assert found >= ACTS[page]


def test_faults_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "![A board](a.png)\n![The board of a\nweek in July.](b.png)\n`![](c)`"
    )
    assert pictures_of(page) == [
        ("A board", "a.png"),
        ("The board of a\nweek in July.", "b.png"),
    ]
    assert [is_sentence(words) for words, _ in pictures_of(page)] == [False, True]
    assert shown(page) == {tmp_path / "a.png", tmp_path / "b.png"}
