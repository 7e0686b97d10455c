"""The reader in a process of its own: a bad file brings that down and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from rooms.calendars.faults import Unreadable
from rooms.calendars.read import Hours, check_shape

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 20.0


def busy_hours_apart(
    data: bytes, *, start: datetime, end: datetime, skip_uids: Collection[str] = ()
) -> list[Hours]:
    """As `read.busy_hours`, but past its time or memory it is `Unreadable`."""
    check_shape(data)  # what needs no process
    asked = {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "skip": sorted(skip_uids),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "rooms.calendars.read"],
            input=json.dumps(asked).encode() + b"\n" + data,
            capture_output=True,
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"},
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("heavy") from error
    if done.returncode < 0 or not done.stdout:
        # Brought down: by the bound on its time or memory (negative), or by a file
        # that the library does not survive.
        raise Unreadable("heavy" if done.returncode < 0 else "no_calendar")
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise Unreadable(answer["problem"])
    return [
        (datetime.fromisoformat(first), datetime.fromisoformat(last))
        for first, last in answer["busy"]
    ]
