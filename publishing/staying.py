"""Groups that going back leaves as they are, to be named.

No release remembers what became of them, a split is not undone, or the schedule that
is gone back to does not know them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from courses.enums import RUNNING_STATES
from courses.selectors.agenda import meeting_within
from courses.selectors.coordinator import series_with_offering
from publishing.aims import Aims, NotBack, Stays
from scheduling.services import clock
from scheduling.services.decided import (
    held_later,
    held_when_published,
    series_with_a_room,
    split_elsewhere,
)
from scheduling.services.decisions import ending

if TYPE_CHECKING:
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    from scheduling.models import Schedule


def staying(
    *,
    schedule: Schedule,
    period: DateTimeTZRange,
    held: Iterable[uuid.UUID],
    over: Mapping[uuid.UUID, bool],
    kinds: Mapping[uuid.UUID, str],
    aims: Aims,
) -> list[NotBack]:
    """What of the groups that a schedule holds (``held``), and of those that came into
    its period later, stays as it is; a fixed number of queries, no person.

    ``over``: cancelled ones, and whether each lies in the period as a whole;
    ``kinds``: what another schedule decided on each.
    """
    wanted = list(held)
    own = ending(schedule)
    known = {*aims.revived, *aims.roomed, *(one.series for one in aims.lines)}
    lines = [
        one
        for one in _not_kept(schedule, wanted, over, kinds)
        if one.series not in own and one.series not in known
    ]
    halves = {
        key: half
        for key, half in split_elsewhere(schedule=schedule, series_ids=wanted).items()
        if (key not in over or key in aims.revived) and key not in own
    }
    lines += [NotBack(series=key, stays=Stays.SPLIT) for key in sorted(halves)]
    return lines + _came_later(schedule, period, {*halves.values(), *aims.stops})


def _not_kept(
    schedule: Schedule,
    held: Iterable[uuid.UUID],
    over: Mapping[uuid.UUID, bool],
    kinds: Mapping[uuid.UUID, str],
) -> list[NotBack]:
    """Groups that no release remembers: stopped by hand, or before it was kept.

    One that a release took out of this period as a whole (a conversation) does come
    back. Three queries.
    """
    by_hand = held_when_published(schedule=schedule)
    lines = [
        NotBack(
            series=key,
            stays=Stays.MERGED if kinds.get(key) == "merge" else Stays.STOPPED,
        )
        for key, whole in sorted(over.items())
        if key in kinds or key in by_hand or not whole
    ]
    online = {key for key in held if kinds.get(key) == "online"}
    roomed = online & series_with_a_room(schedule=schedule) if online else set()
    return lines + [
        NotBack(series=key, stays=Stays.ONLINE)
        for key, row in sorted(series_with_offering(series_ids=roomed).items())
        if row.state in RUNNING_STATES and row.room_id is None
    ]


def _came_later(
    schedule: Schedule, period: DateTimeTZRange, told: Collection[uuid.UUID]
) -> list[NotBack]:
    """Groups of which the schedule knows nothing, because a later release brought them
    into its period: they go on there, for who is in them was told so. Three queries,
    one without such a group."""
    found = held_later(schedule=schedule) - set(told)
    if not found:
        return []
    start = max(clock.now(), period.lower)
    meeting = meeting_within(series_ids=found, start=start, end=period.upper)
    return [
        NotBack(series=key, stays=Stays.LATER)
        for key, row in sorted(series_with_offering(series_ids=found).items())
        if row.state in RUNNING_STATES
        and (key in meeting or row.offering.policy.self_paced)
    ]
