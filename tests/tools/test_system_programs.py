"""What a machine lacks is installed for root and named for others."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "system_programs.sh"


def run(folder: Path, *, account: int, fails: bool = False) -> tuple[str, list[str]]:
    """Output on a bare machine, and what apt-get was asked to do there."""
    asked = folder / "asked"
    programs = {
        "id": f"echo {account}",
        "apt-get": f'echo "$@" >> {asked}; exit {int(fails)}',
    }
    for name, body in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/bash", str(SCRIPT)],
        env={**os.environ, "PATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, asked.read_text().splitlines() if asked.exists() else []


def test_root_gets_them_installed(tmp_path: Path) -> None:
    told, asked = run(tmp_path, account=0)
    assert asked[0] == "update -qq"
    assert asked[1].startswith("install -y -qq --no-install-recommends chromium nodejs")
    assert "will be skipped" not in told


@pytest.mark.parametrize(("account", "fails"), [(1000, False), (0, True)])
def test_others_get_the_line_that_installs_them(
    tmp_path: Path, account: int, fails: bool
) -> None:
    told, _ = run(tmp_path, account=account, fails=fails)
    assert "Some tests will be skipped" in told
    assert "sudo apt-get install --no-install-recommends chromium nodejs npm" in told
