"""A secret key for one machine, made once and kept under var/."""

import os
import secrets
from pathlib import Path


def local_secret(path: Path) -> str:
    """Read the key at `path`; make it (mode 600) when it is not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two programs starting at once, one makes the key.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        key = secrets.token_urlsafe(50)
        stream.write(key)
    return key
