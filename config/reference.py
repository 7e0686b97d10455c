"""Writes the reference pages that follow from the code, so that they stay true."""

import inspect
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

_NOTE = "<!-- Written by `manage.py write_reference`; change the code instead. -->"


def rules_page() -> str:
    """docs/reference/rules.md: every hard rule and every wish, from the two tuples."""
    from scheduling.solver.constraints import CONSTRAINTS
    from scheduling.solver.objectives import OBJECTIVES

    lines = [
        "# Rules and wishes",
        "",
        _NOTE,
        "",
        "A plan never breaks a hard rule. Ids are stable: they appear in plans, in the",
        "database and in messages, and are never used again for something else.",
        "",
        f"## Hard rules ({len(CONSTRAINTS)})",
        "",
        "| id | rule | in the bound |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{rule.id}` | {summary(type(rule))} | {rule.bound} |"
        for rule in CONSTRAINTS
    ]
    lines += [
        "",
        "*In the bound*: `exact` means that the proven bound keeps the rule as it is,",
        "`relaxed` that the bound may let a part of it go (and is then still a bound).",
        "",
        f"## Wishes ({len(OBJECTIVES)})",
        "",
        "Tiers are solved in order; weights count inside a tier only. A region sets",
        "the weights; 0 switches a wish off.",
        "",
        "| tier | id | wish | default weight |",
        "|---|---|---|---|",
    ]
    for wish in sorted(OBJECTIVES, key=lambda one: one.tier):
        lines.append(
            f"| {wish.tier} | `{wish.id}` | {summary(type(wish))} |"
            f" {wish.default_weight} |"
        )
    return "\n".join([*lines, ""])


def summary(described: type) -> str:
    """First sentence of a class's own docstring; ValueError when it has none."""
    text = inspect.cleandoc(described.__doc__ or "")
    if not text:
        raise ValueError(f"{described.__name__} has no docstring to show.")
    first = " ".join(text.split("\n\n", 1)[0].split())
    return first.replace("|", "\\|")


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
