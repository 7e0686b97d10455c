"""What the templates themselves promise: tables with a name, no words left in English.

Read as text, so that states which no test brings about are looked at too.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted(
    path
    for path in ROOT.glob("*/templates/**/*.html")
    if path.relative_to(ROOT).parts[0] not in {"node_modules", "tests"}
) + sorted((ROOT / "templates").glob("**/*.html"))

NOTES = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
TRANSLATED = re.compile(r"{% blocktranslate\b.*?{% endblocktranslate %}", re.DOTALL)
SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)
BLOCKS_OF_CLASSES = re.compile(r"{% block page_class %}.*?{% endblock %}", re.DOTALL)
PIECES = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
TAGS = re.compile(r"<[^>]*>", re.DOTALL)
READ = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = {"GEM", "planner", "English", "Nederlands"}
"""The program, and the two languages in their own words."""

HEADINGS = re.compile(r"<h([1-6])\b")
TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
FRAME = re.compile(r"<div\b[^>]*\brole=\"region\"[^>]*\baria-label[^>]*>\s*$")


def words_of(html: str) -> set[str]:
    """Words that stand in a template as they are, to be read by everybody."""
    for left_out in (NOTES, TRANSLATED, SCRIPTS, BLOCKS_OF_CLASSES):
        html = left_out.sub(" ", html)
    plain = PIECES.sub("", html)
    texts = [*READ.findall(plain), TAGS.sub(" ", plain)]
    return {word for text in texts for word in WORD.findall(text)}


def nameless_tables(html: str) -> list[str]:
    """Tables without a caption, a label, or a named region around them.

    A frame of mail is no table to who listens, and a table of allauth's parts has its
    content from elsewhere.
    """
    return [
        html[found.start() : found.start() + 80]
        for found in TABLE.finditer(html)
        if not re.search(r"<caption|aria-label|role=\"presentation\"|{% slot", found[0])
        and not FRAME.search(PIECES.sub("", html[: found.start()]))
    ]


def skipped_levels(html: str) -> list[tuple[str, str]]:
    levels = HEADINGS.findall(html)
    return [
        (one, other) for one, other in pairwise(levels) if int(other) > int(one) + 1
    ]


def test_the_measures_see_faults() -> None:
    assert words_of('<p title="{{ a }}">{% translate "x" %} Show me</p>') == {
        "Show",
        "me",
    }
    assert words_of('<i aria-label="Close it">{# a note #}</i>') == {"Close", "it"}
    bare = "<table><tr><td>1</td></tr></table>"
    assert len(nameless_tables(f"<div>{bare}</div>")) == 1
    framed = '<div class="a" role="region" aria-label="{% translate "b" %}">'
    assert nameless_tables(f"{framed}{bare}</div>") == []
    assert skipped_levels("<h1>a</h1><h3>b</h3>") == [("1", "3")]


@pytest.mark.parametrize("kind", ["pages", "parts"])
def test_templates_are_found(kind: str) -> None:
    parts = [path for path in TEMPLATES if path.name.startswith("_")]
    found = parts if kind == "parts" else [one for one in TEMPLATES if one not in parts]
    assert len(found) > 20


def test_no_words_are_left_untranslated() -> None:
    left = {
        str(path.relative_to(ROOT)): words
        for path in TEMPLATES
        if (words := words_of(path.read_text("utf-8")) - NAMES)
    }
    assert left == {}


def test_every_table_has_a_name_and_every_column_a_scope() -> None:
    wrong = {
        str(path.relative_to(ROOT)): faults
        for path in TEMPLATES
        if (
            faults := [
                *nameless_tables(html := path.read_text("utf-8")),
                *re.findall(r"<th\b(?![^>]*scope=)[^>]*>", html),
            ]
        )
    }
    assert wrong == {}


def test_no_template_skips_a_level_of_headings() -> None:
    wrong = {
        str(path.relative_to(ROOT)): skipped
        for path in TEMPLATES
        if (skipped := skipped_levels(path.read_text("utf-8")))
    }
    assert wrong == {}
