"""Writes the reference pages that follow from the code, so that they stay true."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from scheduling.solver.catalogue import rules_page
from scheduling.solver.repair.event_format import event_schema_text
from scheduling.solver.repair.reference import event_format_page
from scheduling.solver.snapshot.reference import problem_format_page
from scheduling.solver.snapshot.schema import plan_schema_text, problem_schema_text

EXAMPLES = ("small-term", "running-groups")


def _problem_format() -> str:
    folder = settings.BASE_DIR / "tests/data/problems"
    return problem_format_page(
        {name: (folder / f"{name}.json").read_text("utf-8") for name in EXAMPLES}
    )


def _event_format() -> str:
    example = settings.BASE_DIR / "tests/data/events/leader-ill.json"
    return event_format_page(example.read_text("utf-8"))


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/rules.md": rules_page,
    "docs/reference/problem-format.md": _problem_format,
    "docs/reference/problem-1.schema.json": problem_schema_text,
    "docs/reference/plan-1.schema.json": plan_schema_text,
    "docs/reference/event-1.schema.json": event_schema_text,
    "docs/reference/event-format.md": _event_format,
}


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
