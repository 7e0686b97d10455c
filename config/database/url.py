"""Reads a DATABASE_URL (libpq's connection URI, the common subset)."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def parse_database_url(address: str) -> dict[str, Any]:
    """`postgres://user:password@host:port/name?option=value` as Django settings.

    A socket directory is given as `?host=/run/postgresql`. Raises ValueError that
    says what is wrong, without repeating the password.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            "DATABASE_URL must start with postgres:// or postgresql://,"
            f" not with {parts.scheme or 'nothing'}://."
        )
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL must end with the name of a database.")
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError("DATABASE_URL must have a number as its port.") from error
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
