"""Real programs beside the test, on the database of the test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def database_address() -> str:
    """The database of this test, for another program."""
    connection.ensure_connection()
    facts = connection.settings_dict
    user, name = quote(facts["USER"]), quote(facts["NAME"])
    host, port = quote(facts["HOST"], safe=""), facts["PORT"] or "5432"
    login = f"{user}:{quote(facts['PASSWORD'])}" if facts["PASSWORD"] else user
    return f"postgres://{login}@:{port}/{name}?host={host}"


def start_program(code: str, **environment: str) -> subprocess.Popen[bytes]:
    """Run Python code with the settings of the tests; whoever starts it ends it."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": database_address(),
            **environment,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
