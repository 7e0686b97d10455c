"""What the tests of commands on problem files share.

No test here may use a database: asking for one would raise.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import load_command_class

from tests.problem_files import TERM, Manage


@pytest.fixture
def manage(capsys: pytest.CaptureFixture[str]) -> Manage:
    """Run a command as from a shell: exit status, output and errors."""

    def run(name: str, *arguments: object) -> tuple[int, str, str]:
        command = load_command_class("scheduling", name)
        status = 0
        try:
            command.run_from_argv(["manage.py", name, *map(str, arguments)])
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def plan(manage: Manage, tmp_path: Path) -> Path:
    """A plan of the small term."""
    path = tmp_path / "plan.json"
    status, _, errors = manage(
        "solve_problem", TERM, "--out", path, "--seconds", 3, "--workers", 1
    )
    assert (status, errors) == (0, "")
    return path
