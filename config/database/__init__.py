"""Which PostgreSQL the program talks to: a named server, or a private one.

`DATABASE_URL` names a real server. Without it a private PostgreSQL is started on
the first query (never at import: commands that only solve start none) and stopped
by the last program that used it. See docs/reference/settings.md.
"""

import os
from pathlib import Path
from typing import Any

from config.database.url import parse_database_url

EMBEDDED_ENGINE = "config.database.embedded"
SERVER_ENGINE = "django.db.backends.postgresql"


def databases(*, data_dir: Path | None) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: the server of DATABASE_URL, else a private one.

    `data_dir` is where the private server keeps its files; None (production) means
    that DATABASE_URL must be there. Raises ValueError for a faulty address.
    """
    address = os.environ.get("DATABASE_URL", "").strip()
    if address:
        return {"default": {"ENGINE": SERVER_ENGINE, **parse_database_url(address)}}
    if data_dir is None:
        raise ValueError("DATABASE_URL is not set and no private server is allowed.")
    return {"default": _embedded(data_dir=str(data_dir), throwaway=False)}


def test_databases() -> dict[str, dict[str, Any]]:
    """DATABASES for a test run: DATABASE_URL's server, else a throwaway one.

    On a named server each run has its own database, so that runs do not collide.
    """
    if os.environ.get("DATABASE_URL", "").strip():
        configured = databases(data_dir=None)
        default = configured["default"]
        default["TEST"] = {"NAME": f"test_{default['NAME']}_{os.getpid()}"}
        return configured
    return {"default": _embedded(data_dir="", throwaway=True)}


def _embedded(*, data_dir: str, throwaway: bool) -> dict[str, Any]:
    return {
        "ENGINE": EMBEDDED_ENGINE,
        "NAME": "gem",
        "OPTIONS": {"gem_data_dir": data_dir, "gem_throwaway": throwaway},
    }
