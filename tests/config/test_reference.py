"""Generated pages follow the code; the page of settings names every variable."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config import reference

ROOT = Path(__file__).resolve().parents[2]


def test_stale_page_is_named_and_written(tmp_path: Path) -> None:
    assert reference.stale_pages(tmp_path) == list(reference.PAGES)
    reference.write_pages(tmp_path)
    assert reference.stale_pages(tmp_path) == []

    (tmp_path / "docs/reference/rules.md").write_text("by hand")
    assert reference.stale_pages(tmp_path) == ["docs/reference/rules.md"]


def test_command_fails_on_a_stale_page(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "docs/reference/rules.md"
    monkeypatch.setattr(reference, "PAGES", {page: reference.PAGES[page]})
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"Out of date: docs/reference/rules\.md"):
        call_command("write_reference", check=True)
    call_command("write_reference")
    call_command("write_reference", check=True)


def test_page_of_settings_names_every_variable_and_no_other() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("config", "rooms", "publishing", "messaging", "scheduling")
        for path in sorted((ROOT / folder).rglob("*.py"))
    )
    read = set(re.findall(r'environ(?:\.get\(|\[)\s*"([A-Z_]+)"', code))
    read |= set(re.findall(r'required\(\s*"([A-Z_]+)"', code))
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    table = page.split("## Variables")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert named == read
