"""The command that makes the pictures fails, by name, rather than keep a bad one."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from tools.pictures import __main__ as command
from tools.pictures.camera import MOST_BYTES, NotTakenError, Stop, squash, take
from tools.pictures.walk import Walk, take_all

PAGE = """<body style="margin: 0"><h1 style="height: 100px">Week 49</h1>
<form style="height: 900px"><input type="date" value="2026-12-01"></form>
<p id="low">At the end</p></body>"""


BROWSER = pytest.mark.needs("chromium")


def stop(*shows: str, **more: Any) -> Stop:
    return Stop("week", lambda _walk: None, shows, **{"height": 300, **more})


@BROWSER
def test_a_picture_is_cut_where_it_was_asked(page: Page, tmp_path: Path) -> None:
    page.set_content(PAGE)
    whole = take(page, stop("h1"), tmp_path)
    with Image.open(whole) as picture:
        assert picture.size == (1280, 300)
        assert picture.mode == "P"
    with Image.open(take(page, stop("#low", at="form", until="#low"), tmp_path)) as cut:
        assert 900 < cut.size[1] < 1000
    # The field is as it was: only the picture shows the day in Dutch.
    assert page.locator("input[type=date]").input_value() == "2026-12-01"


@BROWSER
@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (stop("#gone"), "#gone is not on"),
        (stop("h1", "#low"), "outside the picture"),
        (stop("h1", at="#low", until="h1"), "pixels high"),
    ],
    ids=["missing", "below the edge", "upside down"],
)
def test_a_page_that_lacks_something_is_named(
    page: Page, tmp_path: Path, monkeypatch: Any, asked: Stop, why: str
) -> None:
    if "not on" in why:
        monkeypatch.setattr("tools.pictures.camera.PATIENCE", 100)
    page.set_content(PAGE)
    with pytest.raises(NotTakenError, match=f"week: .*{why}"):
        take(page, asked, tmp_path)
    assert list(tmp_path.iterdir()) == []


@BROWSER
def test_a_way_that_is_not_there_is_named_and_kept(page: Page, tmp_path: Path) -> None:
    page.set_content(PAGE)
    page.set_default_timeout(100)
    walk = Walk(SimpleNamespace(page=page, site=""), "2026-W49", SimpleNamespace(), b"")  # type: ignore[arg-type]
    lost = Stop("lost", lambda walk: walk.press("#nowhere"), ())
    with pytest.raises(NotTakenError, match=r"(?s)^lost: .*#nowhere"):
        take_all(walk, [lost], tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["lost-failed.png"]


def test_what_stays_too_large_is_refused(tmp_path: Path) -> None:
    noise = random.Random(7).randbytes(400 * 400 * 3)
    path = tmp_path / "wild.png"
    Image.frombytes("RGB", (400, 400), noise).save(path)
    with pytest.raises(NotTakenError, match=f"wild: .* at most {MOST_BYTES}"):
        squash("wild", path)


def test_the_command_says_which_picture_and_leaves_the_docs(
    monkeypatch: Any, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    settings.VAR_DIR = tmp_path / "var"
    docs = tmp_path / "docs"
    monkeypatch.setattr(command, "FOLDER", docs)

    def fails(site: str, week: str, folder: Path) -> None:
        raise NotTakenError("ways", f"nothing on {site} in {week}")

    monkeypatch.setattr(command, "make", fails)
    asked = ["--week", "2026-W49", "--site", "http://127.0.0.1:8001/"]
    assert command.main(asked) == 1
    said = capsys.readouterr().err
    assert "ways: nothing on http://127.0.0.1:8001 in 2026-W49" in said
    assert not docs.exists()


def test_the_docs_get_what_was_made_and_nothing_older(tmp_path: Path) -> None:
    made, docs = tmp_path / "made", tmp_path / "docs"
    for folder in (made, docs):
        folder.mkdir()
    for one in command.STOPS:
        (made / f"{one.name}.png").write_bytes(one.name.encode())
    (docs / "older.png").write_bytes(b"")
    command.put_in_docs(made, docs)
    assert {one.stem for one in docs.iterdir()} == {one.name for one in command.STOPS}
    assert (docs / "ways.png").read_bytes() == b"ways"


def test_a_week_that_is_none_is_refused(capsys: Any) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(["--week", "next"])
    assert stopped.value.code == 2
    assert "--week" in capsys.readouterr().err
