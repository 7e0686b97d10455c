"""Writes the reference pages that follow from the code, so that they stay true."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from scheduling.solver.catalogue import rules_page

PAGES: dict[str, Callable[[], str]] = {"docs/reference/rules.md": rules_page}


def stale_pages(root: Path | None = None) -> list[str]:
    """Names of the pages that are not what the code says now."""
    folder = root or settings.BASE_DIR
    return [
        name
        for name, page in PAGES.items()
        if not (folder / name).exists()
        or (folder / name).read_text(encoding="utf-8") != page()
    ]


def write_pages(root: Path | None = None) -> list[str]:
    """Write the stale pages; returns their names."""
    folder = root or settings.BASE_DIR
    stale = stale_pages(folder)
    for name in stale:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(PAGES[name](), encoding="utf-8")
    return stale
