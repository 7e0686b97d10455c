"""What a schedule would change in the published agenda, for whom, without doing it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from audit.actor import Actor
from courses.enums import RUNNING_STATES, SeriesState
from courses.selectors import meeting_outside, participants_of, planning_sessions
from courses.selectors.small import persons_of_seats
from people.selectors import person_ids_by_facilitator
from publishing.begun import ToCome, to_come
from publishing.going_back import GoingBack, GroupBack, going_back
from publishing.rhythm import ZONE
from scheduling.enums import ScheduleState
from scheduling.services import clock
from scheduling.services.decisions import ending, going_online
from scheduling.services.drafts import transfers_of

if TYPE_CHECKING:
    from courses.models import Session
    from scheduling.models import Schedule, ScheduledSeries, ScheduledSession


class What(StrEnum):
    """What happens to a session or a person."""

    ADDED = "added"
    MOVED = "moved"
    ROOM = "room"
    LEADERS = "leaders"
    CANCELLED = "cancelled"
    SEAT = "seat"
    GROUP = "group"  # somebody goes to another group
    ONLINE = "online"  # all that is still to come of a group
    ENDED = "ended"  # a group stops; who is in it waits for the next one
    WAITS = "waits"  # a draft held a seat in what is not held after all
    BACK = "back"  # a group that was stopped comes back
    ROOMED = "roomed"  # a group that went online meets in its room again
    SEAT_BACK = "seat_back"  # somebody has a former seat again


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change. ``was`` and ``now`` are starts (ISO 8601) or keys of rooms.

    ``persons`` are the ids of the persons it concerns, leaders and participants. Who
    waits on (``WAITS``) is not among them: nobody told them of the seat.
    """

    what: What
    series: str
    session: str = ""
    was: str = ""
    now: str = ""
    persons: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "what": self.what.value, "persons": [*self.persons]}


def horizon_of(schedule: Schedule) -> DateTimeTZRange:
    """The period of a schedule, first to last day, on the clock of the region."""
    start = datetime.combine(schedule.first_date, time(), tzinfo=ZONE)
    after = schedule.last_date + timedelta(days=1)
    return DateTimeTZRange(start, datetime.combine(after, time(), tzinfo=ZONE))


@dataclass(frozen=True)
class Comparison:
    """What releasing a schedule changes beside what is published.

    ``given_up``: series that are not held after all, because their last session was
    taken out of the schedule or the group stops; the seats it gives there go. ``stops``
    and ``online``: groups that stop or go online as a whole. What has begun is in none
    of these; ``ahead`` is what is still to come.
    """

    ahead: ToCome
    changes: tuple[Change, ...]
    back: GoingBack
    given_up: frozenset[uuid.UUID] = frozenset()
    stops: frozenset[uuid.UUID] = frozenset()
    online: frozenset[uuid.UUID] = frozenset()

    @property
    def planned(self) -> Mapping[uuid.UUID, Sequence[ScheduledSession]]:
        return self.ahead.planned

    @property
    def published(self) -> Mapping[uuid.UUID, Sequence[Session]]:
        return self.ahead.published

    @property
    def changed_series(self) -> frozenset[uuid.UUID]:
        """Series of which something in the agenda or a seat changes."""
        return frozenset(
            uuid.UUID(change.series)
            for change in self.changes
            if change.what != What.WAITS
        )


def compare(*, actor: Actor, schedule: Schedule) -> Comparison:
    """The changes a release of this schedule makes; a fixed number of queries.

    Groups that stay stopped when going back to it change nothing.
    """
    period = horizon_of(schedule)
    back = going_back(actor=actor, schedule=schedule, period=period)
    stops, online = back.stops, back.online
    if schedule.state == ScheduleState.DRAFT:
        stops, online = frozenset(ending(schedule)), frozenset(going_online(schedule))
    rows = [
        row
        for row in schedule.series_rows.select_related("series__offering")
        if row.series_id not in back.stopped
    ]
    decided = {row.series_id for row in rows} | stops
    published: dict[uuid.UUID, list[Session]] = defaultdict(list)
    for session in planning_sessions(start=period.lower, end=period.upper):
        if session.series_id in decided and session.period.lower in period:
            published[session.series_id].append(session)
    planned = _planned(schedule, back)
    ahead = to_come(planned, published, period, clock.now())
    planned, published = ahead.planned, ahead.published
    moves = transfers_of(schedule) if schedule.state == ScheduleState.DRAFT else {}
    going = persons_of_seats(enrolment_ids={*moves, *back.left})
    taking_part = _taking_part(
        dict(participants_of(actor=actor, series_ids=decided | back.touched)),
        {row.series_id for row in rows if row.series.state == SeriesState.PROPOSED},
        {pk: person for pk, person in going.items() if pk in moves},
        moves,
        back,
    )
    leads = person_ids_by_facilitator(
        facilitator_ids=_leaders(planned, published)
        | {key for one in _groups_back(back).values() for key in one.leaders}
    )
    changes = [
        change
        for key in sorted(planned.keys() | published.keys())
        for change in _series_changes(
            planned.get(key, ()),
            published.get(key, ()),
            leads,
            taking_part.get(key, ()),
        )
    ]
    given_up = _without_sessions(rows, planned, published, period, back) | stops
    changes += _of_seats(schedule, given_up)
    changes += _of_groups(going, moves)
    changes += _of_wholes(taking_part, {*going.values()}, stops, online)
    changes += _of_back(back, planned, leads, taking_part)
    return Comparison(ahead, tuple(changes), back, frozenset(given_up), stops, online)


def _taking_part(
    there: dict[uuid.UUID, tuple[int, ...]],
    halves: Collection[uuid.UUID],
    going: Mapping[int, int],
    moves: Mapping[int, uuid.UUID],
    back: GoingBack,
) -> dict[uuid.UUID, tuple[int, ...]]:
    """Who is told of the sessions of each group: who is in it, and who will be.

    Who goes to the second group of a split is told when it meets, and so is who gets a
    seat back.
    """
    for key in halves:
        there[key] = tuple(person for pk, person in going.items() if moves[pk] == key)
    for key, persons in back.returning.items():
        there[key] = (*there.get(key, ()), *persons)
    return there


def _planned(
    schedule: Schedule, back: GoingBack
) -> dict[uuid.UUID, list[ScheduledSession]]:
    """The sessions of a schedule by series, but of groups that do not come back."""
    planned: dict[uuid.UUID, list[ScheduledSession]] = defaultdict(list)
    for one in schedule.sessions.prefetch_related("leader_rows"):
        if one.series_id not in back.stopped | back.stops:
            planned[one.series_id].append(one)
    return planned


def _leaders(
    planned: Mapping[uuid.UUID, Sequence[ScheduledSession]],
    published: Mapping[uuid.UUID, Sequence[Session]],
) -> set[int]:
    """Facilitators of all these sessions."""
    return {
        row.facilitator_id
        for rows in planned.values()
        for one in rows
        for row in one.leader_rows.all()
    } | {
        row.facilitator_id
        for sessions in published.values()
        for session in sessions
        for row in session.session_leaders.all()
    }


def _without_sessions(
    rows: Iterable[ScheduledSeries],
    planned: Collection[uuid.UUID],
    published: Collection[uuid.UUID],
    period: DateTimeTZRange,
    back: GoingBack,
) -> set[uuid.UUID]:
    """New series without a session in the schedule, and running ones that keep none.

    A module has no sessions and is held all the same. One query when a running one
    loses all that it has in the period, else none.
    """
    empty = {
        row.series_id: row.series.state in RUNNING_STATES
        or row.series_id in back.revived
        for row in rows
        if row.series_id not in planned
        and row.held
        and not row.series.offering.policy.self_paced
    }
    new = {key for key, running in empty.items() if not running}
    emptied = {key for key, running in empty.items() if running and key in published}
    if emptied:
        emptied -= meeting_outside(
            series_ids=emptied, start=period.lower, end=period.upper
        )
    return new | emptied


def _of_seats(schedule: Schedule, given_up: Collection[uuid.UUID]) -> Iterable[Change]:
    """Seats that a draft holds: given, or taken back where nothing is held."""
    for seat in schedule.seats.select_related("registration__resident", "enrolment"):
        if seat.enrolment is None or seat.enrolment.state != "held_by_draft":
            continue
        if seat.series_id in given_up:
            yield Change(what=What.WAITS, series=str(seat.series_id))
            continue
        yield Change(
            what=What.SEAT,
            series=str(seat.series_id),
            persons=(seat.registration.resident.person_id,),
        )


def _of_groups(
    going: Mapping[int, int], moves: Mapping[int, uuid.UUID]
) -> Iterable[Change]:
    """People who go to another group of a draft: person and series by enrolment."""
    for pk, person_id in sorted(going.items()):
        if pk in moves:
            yield Change(what=What.GROUP, series=str(moves[pk]), persons=(person_id,))


def _of_wholes(
    taking_part: Mapping[uuid.UUID, Sequence[int]],
    moved: Collection[int],
    stops: Collection[uuid.UUID],
    online: Collection[uuid.UUID],
) -> Iterable[Change]:
    """Groups that stop or go on online, with who did not go to another group.

    Who goes elsewhere, by the draft or because a former seat comes back, does not wait.
    """
    for key in sorted(stops):
        left = tuple(one for one in taking_part.get(key, ()) if one not in moved)
        yield Change(what=What.ENDED, series=str(key), persons=left)
    for key in sorted(online):
        persons = tuple(taking_part.get(key, ()))
        yield Change(what=What.ONLINE, series=str(key), persons=persons)


def _groups_back(back: GoingBack) -> dict[uuid.UUID, GroupBack]:
    return {**back.revived, **back.roomed}


def _of_back(
    back: GoingBack,
    planned: Mapping[uuid.UUID, Sequence[ScheduledSession]],
    leads: Mapping[int, int],
    taking_part: Mapping[uuid.UUID, Sequence[int]],
) -> Iterable[Change]:
    """Groups that come back or get their room back, and people with a former seat."""
    for key, one in sorted(_groups_back(back).items()):
        facilitators = {*one.leaders, *_leaders({key: planned.get(key, ())}, {})}
        persons = sorted(leads[pk] for pk in facilitators)
        what = What.BACK
        if key in back.roomed:
            what, persons = What.ROOMED, [*persons, *taking_part.get(key, ())]
        yield Change(what=what, series=str(key), persons=tuple(persons))
    for key, found in sorted(back.returning.items()):
        for person in found:
            yield Change(what=What.SEAT_BACK, series=str(key), persons=(person,))


def _series_changes(
    planned: Iterable[ScheduledSession],
    published: Iterable[Session],
    leads: Mapping[int, int],
    taking_part: Sequence[int],
) -> Iterable[Change]:
    there = {session.pk: session for session in published}
    for one in planned:
        new_leaders = {leads[row.facilitator_id] for row in one.leader_rows.all()}
        session = there.pop(one.session_id, None)
        start = one.period.lower.isoformat()
        names = {"series": str(one.series_id), "session": str(one.session_id)}
        if session is None:
            yield Change(
                what=What.ADDED,
                now=start,
                persons=(*sorted(new_leaders), *taking_part),
                **names,
            )
            continue
        old_leaders = {
            leads[row.facilitator_id] for row in session.session_leaders.all()
        }
        everybody = (*sorted(new_leaders | old_leaders), *taking_part)
        if session.period != one.period:
            was = session.period.lower.isoformat()
            yield Change(
                what=What.MOVED, was=was, now=start, persons=everybody, **names
            )
        if session.room_id != one.room_id:
            yield Change(
                what=What.ROOM,
                was=str(session.room_id or ""),
                now=str(one.room_id or ""),
                persons=everybody,
                **names,
            )
        if new_leaders != old_leaders:
            yield Change(
                what=What.LEADERS,
                now=start,
                persons=tuple(sorted(new_leaders ^ old_leaders)),
                **names,
            )
    for session in there.values():
        old = {leads[row.facilitator_id] for row in session.session_leaders.all()}
        yield Change(
            what=What.CANCELLED,
            series=str(session.series_id),
            session=str(session.pk),
            was=session.period.lower.isoformat(),
            persons=(*sorted(old), *taking_part),
        )
