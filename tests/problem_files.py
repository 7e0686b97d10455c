"""Commands on problem files, run as from a shell; and copies of the worked examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data" / "problems"
TERM, RUNNING = DATA / "small-term.json", DATA / "running-groups.json"

Manage = Callable[..., tuple[int, str, str]]
"""Name and arguments of a command: exit status, output and errors."""


def changed(source: Path, target: Path, change: Callable[[Any], None]) -> Path:
    """A copy of a file with something else in it."""
    data = json.loads(source.read_text())
    change(data)
    target.write_text(json.dumps(data))
    return target
