"""No text escapes translation because its function goes by a name nobody looks for."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from config.management.commands.makemessages import OTHER_NAMES, Command

ROOT = Path(__file__).resolve().parents[2]
RENAMED = re.compile(r"\b(n?p?n?gettext(?:_lazy|_noop)?) as (\w+)")
OWN = {("gettext", "_"), ("gettext_lazy", "_")}
"""What Django's own `makemessages` looks for."""


def renamed() -> dict[str, set[tuple[str, str]]]:
    """By file the functions of gettext that it imports under another name."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    texts = {
        name: (ROOT / name).read_text("utf-8")
        for name in listed
        if not name.startswith("tests/") and (ROOT / name).exists()
    }
    return {name: set(RENAMED.findall(text)) for name, text in texts.items()}


def test_every_name_of_gettext_is_looked_for() -> None:
    found = {pair for pairs in renamed().values() for pair in pairs} - OWN
    assert {name for _function, name in found} == set(OTHER_NAMES)
    # One text and no plural or context, as the keyword without numbers reads it.
    assert {function for function, _name in found} <= {"gettext", "gettext_lazy"}
    assert {f"--keyword={name}" for name in OTHER_NAMES} <= set(
        Command.xgettext_options
    )
