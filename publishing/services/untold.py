"""Who has to be told of going back: who was told of what it takes back, and no others.

What somebody knows is what the last message that went was about. Where a release is
taken back before anybody was told, nothing changed for them: the message that waits is
no longer true, and another one would be about nothing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from messaging.enums import NOT_GONE, MessageState
from messaging.services import states_of_messages
from publishing.changes import Change, What
from publishing.models import Release

if TYPE_CHECKING:
    from scheduling.models import Schedule

MOST_BACK = 6
"""So many releases are looked back at; who was to be told of an older one, was."""
TIMES = (What.ADDED, What.MOVED, What.CANCELLED)
TURNS = {
    What.LEADERS: ("leads", "session"),
    What.ONLINE: ("online", "series"),
    What.ROOMED: ("online", "series"),
}
"""What the same, or its opposite, takes back."""

Told = Mapping[str, Any]
"""A change as a release keeps it (`Change.as_json`)."""


@dataclass
class ToTell:
    """The sessions to tell each person of, by key of the person; and the keys of
    messages that wait and are no longer true."""

    sessions: dict[int, list[uuid.UUID]] = field(default_factory=dict)
    outdated: list[str] = field(default_factory=list)


def key_of(release_id: int, person_id: int) -> str:
    """The key of the message to somebody about a release."""
    return f"release-{release_id}-{person_id}"


def to_tell(
    *,
    schedule: Schedule,
    changes: Iterable[Change],
    release: Release | None = None,
) -> ToTell:
    """Whom these changes have to be told to. ``release``: the one that makes them; the
    messages that wait are locked then, so that none goes meanwhile.

    At most three queries: one for a schedule that was not published before.
    """
    now = _by_person([change.as_json() for change in changes])
    earlier = Release.objects.filter(
        schedule__kind=schedule.kind, schedule__first_date=schedule.first_date
    )
    if release is not None:
        earlier = earlier.filter(pk__lt=release.pk)
    if not now or not earlier.filter(schedule=schedule).exists():
        return ToTell({person: _sessions(told) for person, told in now.items()})
    before = [
        (one.pk, _by_person(one.changes)) for one in earlier.order_by("-pk")[:MOST_BACK]
    ]
    states = states_of_messages(
        keys=[key_of(pk, person) for pk, found in before for person in found],
        lock=release is not None,
    )
    found = ToTell()
    for person, told in now.items():
        waits, unheard, keys = _not_heard(person, before, states)
        found.outdated += keys
        if not (
            _comes_to_nothing([*waits, *told]) and _comes_to_nothing(unheard + told)
        ):
            found.sessions[person] = _sessions([*waits, *told])
    return found


def _by_person(changes: Iterable[Told]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    for change in changes:
        for person in dict.fromkeys(change["persons"]):
            found[person].append(change)
    return dict(found)


def _sessions(changes: Iterable[Told]) -> list[uuid.UUID]:
    keys = dict.fromkeys(one["session"] for one in changes if one["session"])
    return [uuid.UUID(key) for key in keys]


def _not_heard(
    person: int,
    before: Sequence[tuple[int, Mapping[int, list[Told]]]],
    states: Mapping[str, str],
) -> tuple[list[Told], list[Told], list[str]]:
    """Changes that a message is waiting to tell somebody; all since the last one that
    went; and the keys of those that wait.

    A message that was dropped may have been told by telephone, or have given way to a
    later one that waits: somebody is passed over only where both come to nothing.
    """
    waits: list[Told] = []
    unheard: list[Told] = []
    keys: list[str] = []
    contiguous = True
    for pk, found in before:
        if person not in found:
            continue
        key = key_of(pk, person)
        state = states.get(key)
        if state in NOT_GONE:
            keys.append(key)
        elif state == MessageState.DROPPED:
            contiguous = False
        else:
            break
        unheard = found[person] + unheard
        if contiguous:
            waits = found[person] + waits
    return waits, unheard, keys


def _comes_to_nothing(changes: Sequence[Told]) -> bool:
    """Whether changes, one after the other, end where they began."""
    first: dict[tuple[str, str], str] = {}
    last: dict[tuple[str, str], str] = {}
    turned: set[tuple[str, str]] = set()
    for one in changes:
        what = one["what"]
        if what in TURNS:
            name, about = TURNS[what]
            turned ^= {(name, one[about])}
        elif what in TIMES or what == What.ROOM:
            key = ("room" if what == What.ROOM else "time", one["session"])
            first.setdefault(key, one["was"])
            last[key] = one["now"]
        else:
            return False
    return first == last and not turned
