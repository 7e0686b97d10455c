"""The page about the look names tags, classes and test helpers that are there."""

import re
from pathlib import Path

from django.template import engines

import tests.browser
import tests.web.html

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "look.md").read_text("utf-8")
OF_I18N = {"translate", "load"}


def tags_on_page() -> set[str]:
    return {tag for tag in re.findall(r"\{% (\w+)", PAGE) if not tag.startswith("end")}


def known(kind: str) -> set[str]:
    """Tags or filters that every template has without loading anything."""
    engine = engines["django"].engine
    return {
        name for library in engine.template_builtins for name in getattr(library, kind)
    }


def test_tags_are_there() -> None:
    assert {"button", "chip", "pill"} <= tags_on_page()
    assert tags_on_page() - OF_I18N <= known("tags")


def test_filters_are_there() -> None:
    filters = set(re.findall(r"kind\\?\|(\w+)", PAGE))
    assert filters == {"kind_css", "kind_word"}
    assert filters <= known("filters")


def test_classes_are_in_the_style_sheets() -> None:
    named = set(re.findall(r"\bgem-[a-z_-]+[a-z](?![a-z-]*\.css)", PAGE))
    named -= {"gem-theme"}
    styles = "".join(
        path.read_text("utf-8") for path in (ROOT / "static" / "css").glob("*.css")
    )
    unknown = {name for name in named if f".{name}" not in styles}
    assert "gem-board" in named
    assert unknown == set()


def test_helpers_of_tests_are_there() -> None:
    for name in ("axe", "screenshots", "show", "too_wide"):
        assert callable(getattr(tests.browser, name))
    assert callable(tests.web.html.faults)


def test_icons_are_there() -> None:
    icons = (ROOT / "static/vendor/lucide/icons.json").read_text("utf-8")
    named = set(re.findall(r'(?:icon |icon_name=|title" |title )"([a-z-]+)" ?%', PAGE))
    assert "calendar" in named
    assert {name for name in named if f'"{name}"' not in icons} == set()
