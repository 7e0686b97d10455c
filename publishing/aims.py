"""What each group that later releases changed is to become by going back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from courses.enums import RUNNING_STATES, SeriesState
from publishing.remembered import Memory, group_before
from rooms.selectors import rooms_by_id, still_in_use

if TYPE_CHECKING:
    from courses.models import Series


class Stays(StrEnum):
    """How a group stays after going back."""

    MERGED = "merged"
    STOPPED = "stopped"
    ONLINE = "online"
    SPLIT = "split"
    ROOM_GONE = "room-gone"  # what it had is not in use any more
    CHANGED = "changed"  # it ended, or was given another room, after the decision
    REMOVED = "removed"
    LATER = "later"  # it came into the period after the schedule was published


@dataclass(frozen=True, kw_only=True)
class NotBack:
    """A group that does not come back; ``series`` is None for one without a row."""

    series: uuid.UUID | None
    stays: Stays


class Aims:
    """Groups that come back (``revived``: their state), get their room back
    (``roomed``), stop again or go online again; ``lines``: those that stay as they are.

    ``rooms``: the room that each goes back to. Two queries.
    """

    def __init__(
        self,
        memory: Memory,
        rows: Mapping[uuid.UUID, Series],
        kinds: Mapping[uuid.UUID, str],
    ) -> None:
        self.rows = rows
        self.revived: dict[uuid.UUID, str] = {}
        self.roomed: set[uuid.UUID] = set()
        self.stops: set[uuid.UUID] = set()
        self.online: set[uuid.UUID] = set()
        self.rooms: dict[uuid.UUID, int | None] = {}
        self.lines: list[NotBack] = []
        steps = {
            key: group_before(rows[key], memory.groups[key])
            for key in rows_of(memory, rows)
        }
        wanted = {before["room"] for before, _whole in steps.values()} - {None}
        used = still_in_use(room_ids=wanted)
        self._capacity = {
            room.pk: room.capacity for room in rooms_by_id(room_ids=used).values()
        }
        for key, (before, whole) in steps.items():
            if not whole:
                stays = _stays(rows[key], kinds.get(key))
                self.lines.append(NotBack(series=key, stays=stays))
            self.rooms[key] = self._room(rows[key], before["room"])
            self._aim(rows[key], before["state"], self.rooms[key])

    def _room(self, row: Series, before: int | None) -> int | None:
        """The room a group had, or has now where that one is not in use any more."""
        if before in (None, row.room_id) or before in self._capacity:
            return before
        self.lines.append(NotBack(series=row.pk, stays=Stays.ROOM_GONE))
        return row.room_id

    def _aim(self, row: Series, state: str, room_id: int | None) -> None:
        runs, ran = row.state in RUNNING_STATES, state in RUNNING_STATES
        if ran and not runs:
            self.revived[row.pk] = state
        elif runs and not ran:
            self.stops.add(row.pk)
        elif not runs or room_id == row.room_id:
            return
        elif room_id is None:
            self.online.add(row.pk)
        elif self._capacity[room_id] - _leading(row) >= row.seats_taken:
            self.roomed.add(row.pk)
        else:  # more people are in it by now than the room holds
            self.lines.append(NotBack(series=row.pk, stays=Stays.ONLINE))

    def leave_what_was_not_there(
        self, held: Mapping[uuid.UUID, bool], made_later: Collection[uuid.UUID]
    ) -> None:
        """Bring no group back that began after the schedule: it was not there then.

        ``held``: what the schedule holds; ``made_later``: groups that had no session
        yet. A module never has one: what the schedule does not hold began later.
        """
        for key in [one for one in self.revived if not held.get(one)]:
            if key in made_later or self.rows[key].offering.policy.self_paced:
                del self.revived[key]
                self.lines = [one for one in self.lines if one.series != key]

    def leave_what_is_over(self, meeting: Collection[uuid.UUID]) -> None:
        """Bring no group back that has no session to come; a module has none ever."""
        for key in [one for one in self.revived if one not in meeting]:
            if not self.rows[key].offering.policy.self_paced:
                del self.revived[key]
                self.lines.append(NotBack(series=key, stays=Stays.STOPPED))

    def free(self) -> dict[uuid.UUID, int]:
        """Seats to give out in each group, in the room that it goes back to."""
        found = {}
        for key, row in self.rows.items():
            room, most = self.rooms.get(key), row.seats_open
            if room is not None and room != row.room_id:
                there_are = self._capacity[room] - _leading(row)
                most = min(most, there_are - row.seats_taken)
            found[key] = most
        return found

    def runs(self, key: uuid.UUID) -> bool:
        """Whether a group takes place after going back."""
        there = key in self.rows and self.rows[key].state in RUNNING_STATES
        return key in self.revived or (there and key not in self.stops)


def rows_of(memory: Memory, rows: Mapping[uuid.UUID, Series]) -> list[uuid.UUID]:
    """Groups of the memory that have a row, in a fixed order."""
    return sorted(key for key in memory.groups if key in rows)


def _leading(row: Series) -> int:
    number: int = row.leading  # type: ignore[attr-defined]
    return number


def _stays(row: Series, kind: str | None) -> Stays:
    if row.state != SeriesState.CANCELLED:
        return Stays.CHANGED
    return Stays.MERGED if kind == "merge" else Stays.STOPPED
