"""Sessions that ended: what was chosen or typed in one may not stay behind in it."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings


def forget_sessions() -> None:
    """Take away every session that is over."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
