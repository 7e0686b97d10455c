"""What time it is for planning, asked in one place.

What has begun is never planned, moved or cancelled. A made-up region is planned as if
it were an earlier day, and a test stands at a moment of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_stands_at: ContextVar[datetime | None] = ContextVar("stands_at", default=None)


def now() -> datetime:
    """The moment it is, with its zone."""
    return _stands_at.get() or wall_clock()


def wall_clock() -> datetime:
    """The moment it really is."""
    return timezone.now()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Plan and publish in this block as if it were ``moment``."""
    before = _stands_at.set(moment)
    try:
        yield
    finally:
        _stands_at.reset(before)
