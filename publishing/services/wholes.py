"""What a release does to groups as a whole, and keeps of it to be gone back on.

The order matters: people go to their other group before its free seats are offered on,
and a group stops after who goes elsewhere has gone.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from courses.enums import RUNNING_STATES
from courses.selectors.standing import (
    Standing,
    concerned_by,
    registrations_of_seats,
    seated_in,
    standing_of,
)
from courses.services import cancel_series, lock_series
from courses.services.promote import lock_turns
from courses.services.restore import (
    put_choices_back,
    put_group_back,
    put_seats_back,
)
from courses.services.transfer import take_online, transfer_seats
from publishing.models import ChangedGroup, ChangedSeat, Release
from publishing.remembered import memory_of
from scheduling.enums import ScheduleState
from scheduling.services import clock
from scheduling.services.decisions import ending
from scheduling.services.drafts import transfers_of

if TYPE_CHECKING:
    from audit.actor import Actor
    from courses.models import Series
    from publishing.changes import Comparison
    from publishing.going_back import GoingBack
    from scheduling.models import Schedule


def lock_groups(
    schedule: Schedule, decided: Collection[uuid.UUID]
) -> dict[uuid.UUID, Series]:
    """Lock every group that a release may change, and then all whom that may concern.

    Series before registrations, each at one go and in one order, as everywhere: who
    locks some people, and others that come before them later, may wait for somebody
    who waits for him. Whoever answers an offer holds the group of it, and then changes
    his registration: so the groups in which these people have a seat are locked too.
    """
    ids = {*decided}
    stopping = _may_stop(schedule)
    if schedule.state == ScheduleState.ARCHIVED:
        memory = memory_of(schedule)
        ids |= memory.series_ids
        stopping |= memory.groups.keys()
        people = set(memory.seats)
    else:
        moves = transfers_of(schedule)
        stopping |= ending(schedule)
        ids |= {*stopping, *moves.values()}
        people = set(schedule.seats.values_list("registration_id", flat=True))
        people |= registrations_of_seats(enrolment_ids=moves)
    people |= concerned_by(series_ids=stopping)
    seated = seated_in(registration_ids=people)
    rows = {row.pk: row for row in lock_series(ids=ids | seated)}
    lock_turns([row for key, row in rows.items() if key in ids], own=people)
    return rows


def _may_stop(schedule: Schedule) -> set[uuid.UUID]:
    """Running groups that keep no session in a schedule: they are cancelled with it
    when they have none elsewhere; one query."""
    meeting = schedule.sessions.filter(period__startswith__gt=clock.now())
    rows = schedule.series_rows.filter(series__state__in=RUNNING_STATES)
    found = rows.exclude(series__in=meeting.values("series"))
    return set(found.values_list("series_id", flat=True))


def standing_before(comparison: Comparison) -> Standing:
    """How the groups stand that this release changes as a whole."""
    back = comparison.back
    series = {*comparison.stops, *comparison.online, *back.touched}
    series |= comparison.given_up
    # What keeps no session in the period may be cancelled with it.
    series |= comparison.published.keys() - comparison.planned.keys()
    return standing_of(series_ids=series, registration_ids=back.registrations)


def move_people(actor: Actor, moves: Mapping[int, uuid.UUID], back: GoingBack) -> None:
    """Bring back the groups and seats that going back restores, and let people go to
    the other group of a draft (``moves``: series by enrolment).

    Raises ``NoSeatLeft`` when that group has fewer seats by now.
    """
    if moves:
        transfer_seats(pairs=sorted(moves.items()), actor=actor)
    for key, group in sorted({**back.revived, **back.roomed}.items()):
        put_group_back(
            series_id=key,
            state=group.state,
            room_id=group.room_id,
            sessions=group.sessions,
            actor=actor,
        )
    put_choices_back(choices=back.choices, actor=actor)
    if back.seats:
        put_seats_back(
            pairs=[
                (one.seat.pk, None if one.leaving is None else one.leaving.pk)
                for one in back.seats
            ],
            actor=actor,
        )


def stop_groups(
    actor: Actor, rows: Mapping[uuid.UUID, Series], ids: Iterable[uuid.UUID]
) -> None:
    """Cancel what still runs of these; who is in one waits for the next."""
    for key in sorted(ids):
        if rows[key].state in RUNNING_STATES:
            cancel_series(series=rows[key], actor=actor)


def take_groups_online(
    actor: Actor,
    rows: Mapping[uuid.UUID, Series],
    ids: Iterable[uuid.UUID],
    after: datetime,
) -> None:
    """Let all that is still to come of these be online, from a moment on."""
    for key in sorted(ids):
        take_online(series=rows[key], after=after, actor=actor)


def remember(*, release: Release, before: Standing, back: GoingBack) -> None:
    """Keep what a release changed of groups as a whole, and of the seats in them.

    Going back may move people and change no group: they are kept all the same, or
    going forward again would not bring them where they were.
    """
    after = standing_of(
        series_ids=before.groups.keys(), registration_ids=before.seats.keys()
    )
    groups = [
        row
        for key, was in before.groups.items()
        if (row := _changed_group(release, key, was, before, after)) is not None
    ]
    changed = {row.series_id for row in groups if row.series_id is not None}
    moved = back.registrations
    seats = [
        seat
        for key in sorted(before.seats)
        if (seat := _changed_seat(release, key, changed, moved, before, after))
    ]
    had = Counter(
        taken[1]
        for seat in seats
        if seat.was_id and (taken := before.seats[seat.registration_id])
    )
    for row in groups:
        row.people = had[row.series_id] if row.series_id is not None else 0
    ChangedGroup.objects.bulk_create(groups)
    ChangedSeat.objects.bulk_create(seats)


def _changed_group(
    release: Release,
    key: uuid.UUID,
    was: Mapping[str, Any],
    before: Standing,
    after: Standing,
) -> ChangedGroup | None:
    now = after.groups[key]
    names = [name for name in was if was[name] != now[name]]
    there = after.sessions.get(key, {})
    sessions = {
        str(session): {"was": fields, "now": there[session]}
        for session, fields in before.sessions.get(key, {}).items()
        if session in there and there[session] != fields
    }
    if not names:
        return None
    return ChangedGroup(
        release=release,
        series_id=key,
        was={name: was[name] for name in names},
        now={name: now[name] for name in names},
        sessions=sessions,
    )


def _changed_seat(
    release: Release,
    key: int,
    changed: Collection[uuid.UUID],
    moved: Collection[int],
    before: Standing,
    after: Standing,
) -> ChangedSeat | None:
    """A seat that changed with one of these groups, or of somebody whom going back
    moved, and what was chosen with it.

    A seat that somebody got in this release for another reason is not one of them.
    """
    was, now = before.seats[key], after.seats.get(key)
    about = {seat[1] for seat in (was, now) if seat is not None}
    if was == now or (about.isdisjoint(changed) and key not in moved):
        was = now = None
    chosen = before.choices.get(key, []), after.choices.get(key, [])
    if was == now and chosen[0] == chosen[1]:
        return None
    return ChangedSeat(
        release=release,
        registration_id=key,
        was_id=was[0] if was is not None else None,
        now_id=now[0] if now is not None else None,
        choices_was=chosen[0],
        choices_now=chosen[1],
    )
