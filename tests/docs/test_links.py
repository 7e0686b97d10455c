"""What the docs name is there: pages, files, headings, make targets and commands."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for folder in (".", "benchmarks", "docs")
    for path in (ROOT / folder).glob("**/*.md" if folder == "docs" else "*.md")
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?:^|`|\$ )make ((?:[a-z][a-z-]*(?: |$|(?=`)))+)", re.MULTILINE)
COMMAND = re.compile(r"manage\.py\s+([a-z_]+)")
# What a checkout does not have, and a running program makes.
MADE = ("var/", ".venv/", ".env", "staticfiles/")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def broken_links(page: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    text = CODE.sub("", page.read_text("utf-8"))
    broken = []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (heading and heading not in headings(target)):
            broken.append(link)
    return broken


def headings(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub and Forgejo make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    found = set()
    for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", title.strip().lower())
        found.add(plain.replace(" ", "-"))
    return found


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def code_of(page: Path) -> str:
    # A command that goes on over a line break is one command.
    return re.sub(r"\s+(?!\n)", " ", "\n".join(CODE.findall(page.read_text("utf-8"))))


def make_words(page: Path) -> set[str]:
    """Targets that a page tells to make; `make` alone and `PYTHON=` left out."""
    lines = "\n".join(CODE.findall(page.read_text("utf-8"))).replace("\n`", "`")
    joined = re.sub(r"`make\n", "`make ", lines)
    return {word for words in MAKE.findall(joined) for word in words.split()}


def files_named(page: Path) -> set[str]:
    """Paths of the checkout that a page names in backquotes."""
    spans = re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", page.read_text("utf-8"))
    tops = {path.name for path in ROOT.iterdir()}
    return {
        span
        for span in spans
        if span.split("/")[0] in tops and not span.startswith(MADE)
    }


def tracked() -> set[str]:
    answer = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(answer.stdout.splitlines())


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    assert broken_links(page) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_is_to_be_made_is_a_target(page):
    assert make_words(page) <= make_targets()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_exist(page):
    known = {command for command in get_commands() if not command.startswith("_")}
    assert set(COMMAND.findall(code_of(page))) <= known


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_files_that_are_named_exist(page):
    files = tracked()
    missing = [
        named
        for named in sorted(files_named(page))
        if not any(
            file == named or file.startswith(f"{named.rstrip('/')}/") for file in files
        )
    ]
    assert missing == []


def test_every_page_can_be_reached_from_the_first():
    seen, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen:
            continue
        seen.add(page)
        for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_file():
                todo.append(target)
    wanted = {path for path in PAGES if path.is_relative_to(ROOT / "docs")}
    assert sorted(map(name, wanted - seen)) == []


def test_faults_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One thing\n[a](#one-thing) [b](#other) [c](gone.md) [d](https://e.org)\n"
        "`make moon` and\n```\nmake test\npython manage.py fly --now\n```\n",
        "utf-8",
    )
    assert broken_links(page) == ["#other", "gone.md"]
    assert make_words(page) == {"moon", "test"}
    assert COMMAND.findall(code_of(page)) == ["fly"]
