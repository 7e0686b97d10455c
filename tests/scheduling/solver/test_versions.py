"""A plan says what made it, so that two searches are told apart."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from scheduling.solver.versions import RELEASE, digest_of, planner, versions

ROOT = Path(__file__).parents[3]


def test_the_planner_signs_with_its_release_and_its_sources() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == RELEASE
    assert re.fullmatch(rf"{re.escape(RELEASE)}\+[0-9a-f]{{12}}", planner())
    assert planner() == f"{RELEASE}+{digest_of(ROOT / 'scheduling' / 'solver')}"
    assert set(versions()) == {"planner", "ortools", "python", "format"}


def test_any_change_of_a_module_is_another_digest(tmp_path: Path) -> None:
    deep = tmp_path / "deep"
    deep.mkdir()
    (tmp_path / "one.py").write_text("a = 1\n")
    (deep / "two.py").write_text("b = 2\n")
    first = digest_of(tmp_path)
    (deep / "two.pyc").write_bytes(b"not a source")
    assert digest_of(tmp_path) == first
    (deep / "two.py").write_text("b = 3\n")
    changed = digest_of(tmp_path)
    (deep / "two.py").rename(tmp_path / "two.py")
    moved = digest_of(tmp_path)
    assert len({first, changed, moved}) == 3
