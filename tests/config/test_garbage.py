"""A web process leaves what it loaded out of every collection of garbage."""

import os
import subprocess
import sys
from pathlib import Path

SAY = (
    "import gc, config.wsgi; "
    "print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0])"
)
ROOT = Path(__file__).resolve().parents[2]


def test_a_web_process_settles_when_it_has_loaded() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            SAY,
        ],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[-2:] == ["True", "100000"]
