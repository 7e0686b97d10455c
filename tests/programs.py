"""Programs outside Python that tests need, and no silent skips in CI (a plugin)."""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _has_libical() -> bool:
    code = "import gi; gi.require_version('ICal', '3.0')"
    try:
        done = subprocess.run(
            ["/usr/bin/python3", "-c", code], capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def _has_driver() -> bool:
    """Whether Playwright's own Node starts here (it needs libatomic)."""
    from playwright._impl._driver import compute_driver_executable

    program, _script = compute_driver_executable()
    done = subprocess.run([program, "--version"], capture_output=True, check=False)
    return done.returncode == 0


# Name -> (is it there?, the line that installs it). Use: @pytest.mark.needs("node").
PROGRAMS: dict[str, tuple[Callable[[], bool], str]] = {
    "chromium": (
        lambda: shutil.which("chromium") is not None and _has_driver(),
        "sudo apt-get install chromium libatomic1",
    ),
    "node": (
        lambda: (
            shutil.which("node") is not None
            and (ROOT / "node_modules" / "ical.js").is_dir()
        ),
        "sudo apt-get install nodejs npm && npm ci --ignore-scripts",
    ),
    "axe": (
        (ROOT / "node_modules" / "axe-core" / "axe.min.js").is_file,
        "sudo apt-get install nodejs npm && npm ci --ignore-scripts",
    ),
    "libical": (_has_libical, "sudo apt-get install python3-gi gir1.2-ical-3.0"),
}
_skipped: list[str] = []


@cache
def is_there(name: str) -> bool:
    """Whether this machine has the program; looked for once, when first needed."""
    return PROGRAMS[name][0]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, by name, a test whose program is missing."""
    for item in items:
        for mark in item.iter_markers("needs"):
            for name in mark.args:
                if name not in PROGRAMS:
                    raise pytest.UsageError(f"{item.nodeid} needs unknown {name!r}")
                if not is_there(name):
                    reason = f"needs {name}; install it with: {PROGRAMS[name][1]}"
                    item.add_marker(pytest.mark.skip(reason=reason))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failed run: everything must have been tested."""
    if os.environ.get("CI") == "true" and _skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if os.environ.get("CI") == "true" and _skipped:
        terminalreporter.section("skipped although CI=true", red=True)
        for name in _skipped:
            terminalreporter.line(name)
