"""What a plan was made with, so that it can be made again: planner, engine, Python.

The planner signs with its release and a digest of its own sources, because two states
of the code search differently long before the release has another number.
"""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from scheduling.solver.snapshot import VERSION

RELEASE = "0.1.0"
"""As in ``pyproject.toml``: nothing of the project is installed as a package."""

DIGITS = 12


@cache
def planner() -> str:
    """Release and digest of the sources, as in ``0.1.0+1f0c9a7d52e3``; read once."""
    return f"{RELEASE}+{digest_of(Path(__file__).parent)}"


def digest_of(folder: Path) -> str:
    """Digest of the names and texts of all modules below a folder."""
    digest = hashlib.sha256()
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.py")}
    for name, path in sorted(names.items()):
        text = path.read_bytes()
        digest.update(f"{name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:DIGITS]


def versions() -> dict[str, str]:
    """Versions by name: planner, engine, Python, and format of the files."""
    return {
        "planner": planner(),
        "ortools": version("ortools"),
        "python": platform.python_version(),
        "format": str(VERSION),
    }
