"""A test whose program is missing is skipped by name; in CI that fails the run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).resolve().parents[1] / "programs.py"
TEST = """
import pytest

@pytest.mark.needs("chromium")
def test_of_a_page():
    assert 1 + 1 == 2
"""


def run(folder: Path, *, ci: str) -> subprocess.CompletedProcess[str]:
    tests = folder / "tests"
    tests.mkdir()
    shutil.copyfile(PLUGIN, tests / "conftest.py")
    (tests / "test_page.py").write_text(TEST)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:django", "--no-header"],
        cwd=folder,
        env={**os.environ, "CI": ci, "PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_missing_program(tmp_path: Path, ci: str, status: int) -> None:
    done = run(tmp_path, ci=ci)
    assert "1 skipped" in done.stdout
    assert "install it with: sudo apt-get install chromium" in done.stdout
    assert done.returncode == status
    assert ("skipped although CI=true" in done.stdout) is bool(ci)
