"""Commands on problem files start no database of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_command_on_files_starts_no_database(tmp_path: Path) -> None:
    """In a program of its own, with a place for a database that stays empty."""
    var, out = tmp_path / "var", tmp_path / "in.json"
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    made = ("generate_problem", "--mode", "week", "--out", str(out))
    done = subprocess.run(
        [sys.executable, "manage.py", *made],
        cwd=ROOT,
        env={**environment, "GEM_VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert out.exists()
    assert not list(var.rglob("PG_VERSION"))
