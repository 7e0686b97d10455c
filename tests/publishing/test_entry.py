"""Whether a feed changed is told from its entries: as exactly as from its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from publishing.entry import FIELDS, LAYOUT, Entry, tag_of
from publishing.ical import calendar_bytes

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
ENTRY = Entry(
    uid="5e0f",
    start=AT,
    end=AT + timedelta(hours=2),
    title="Meeting 1",
    sequence=1,
    made_at=AT - timedelta(days=9),
    last_modified=AT - timedelta(days=2),
    cancelled=False,
    place="Room 1, Hall",
    text="Sign in.",
)
OTHER = {
    "uid": "5e10",
    "start": AT + timedelta(minutes=15),
    "end": AT + timedelta(hours=3),
    "title": "Meeting 2",
    "sequence": 2,
    "made_at": AT - timedelta(days=8),
    "last_modified": AT - timedelta(days=1),
    "cancelled": True,
    "place": "",
    "text": "",
}


def test_every_field_of_an_entry_counts() -> None:
    assert set(OTHER) == set(FIELDS)


@pytest.mark.parametrize("field", OTHER)
def test_a_tag_is_another_one_exactly_when_the_bytes_are(field: str) -> None:
    changed = replace(ENTRY, **{field: OTHER[field]})
    tags = [tag_of(name="GEM", entries=[one]) for one in (ENTRY, changed)]
    files = [calendar_bytes(name="GEM", entries=[one]) for one in (ENTRY, changed)]
    assert tags[0] != tags[1]
    assert files[0] != files[1]


def test_the_same_moment_in_another_zone_is_the_same() -> None:
    there = ENTRY.start.astimezone(ZoneInfo("Europe/Amsterdam"))
    same = replace(ENTRY, start=there)
    assert tag_of(name="GEM", entries=[same]) == tag_of(name="GEM", entries=[ENTRY])


def test_order_number_and_name_count() -> None:
    other = replace(ENTRY, uid="5e10")
    tags = {
        tag_of(name="GEM", entries=[ENTRY, other]),
        tag_of(name="GEM", entries=[other, ENTRY]),
        tag_of(name="GEM", entries=[ENTRY]),
        tag_of(name="GEM", entries=[]),
        tag_of(name="MEG", entries=[]),
    }
    assert len(tags) == 5


def test_other_bytes_for_the_same_entries_need_another_layout() -> None:
    """Red? Then calendars of today would never see the change: raise `LAYOUT`."""
    data = calendar_bytes(name="GEM", entries=[ENTRY])
    assert (LAYOUT, hashlib.sha256(data).hexdigest()[:12]) == (1, "85e17092ad4b")
