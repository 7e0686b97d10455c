"""One session as an agenda shows it, apart from the library that writes calendars.

Whether a feed changed is asked a hundred times more often than the feed itself, so it
is told from the entries: the library is neither loaded nor asked for that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial

LAYOUT = 1
"""Raise it when the same entries come out as other bytes (publishing.ical)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One session as an agenda shows it; times are aware.

    ``sequence`` rises with each change (RFC 5545, 3.8.7.4); ``uid`` never changes
    (3.8.4.7).
    """

    uid: str
    start: datetime
    end: datetime
    title: str
    sequence: int
    made_at: datetime
    last_modified: datetime
    cancelled: bool = False
    place: str = ""
    text: str = ""


FIELDS = tuple(one.name for one in fields(Entry))


def tag_of(*, name: str, entries: Iterable[Entry]) -> str:
    """A tag that is another one exactly when the calendar of these is (RFC 9110, 8.8).

    Times count as moments, whatever zone they are told in.
    """
    digest = hashlib.sha256(repr((LAYOUT, name)).encode())
    for entry in entries:
        told = tuple(
            value.timestamp() if isinstance(value, datetime) else value
            for value in map(partial(getattr, entry), FIELDS)
        )
        digest.update(repr(told).encode())
    return digest.hexdigest()[:32]
