"""What going back to an earlier schedule restores of whole groups, and what not.

A group that was merged, stopped or taken online by a later release comes back with its
sessions, also after this period, and with its people: as far as they want it and
nobody else is there by now. What does not come back is named, with what becomes of it.
Nobody loses the seat he has for one that he cannot get.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from audit.actor import Actor
from audit.record import PLANNING, record_read
from courses.enums import OPEN_STATES, RUNNING_STATES
from courses.selectors.agenda import cancelled_series, first_made_after
from courses.selectors.returning import (
    Hindrance,
    Return,
    groups_as_they_are,
    sorted_out,
    taken_now,
)
from courses.selectors.standing import choices_of, still_there
from publishing.aims import Aims, NotBack, Stays
from publishing.lost_sessions import NotHeld, Restored, meets_then, sessions_back
from publishing.remembered import (
    Memory,
    choices_before,
    forgotten,
    memory_of,
    seat_before,
)
from publishing.staying import staying
from scheduling.enums import ScheduleState
from scheduling.services import clock
from scheduling.services.decided import decided_elsewhere
from scheduling.services.instead import Instead

if TYPE_CHECKING:
    from courses.models import Enrolment
    from scheduling.models import Schedule


@dataclass(frozen=True, kw_only=True)
class StaysAway:
    """Somebody who does not get a seat back, and why.

    ``keeps``: he has another seat and keeps it. Who has none waits, if he asks at all.
    """

    registration: int
    person: int
    series: uuid.UUID
    why: Hindrance
    keeps: bool


@dataclass(frozen=True, kw_only=True)
class GroupBack:
    """How a group is to be: state, room, and by session what changes of it.

    ``leaders``: facilitators who lead one of these sessions.
    """

    state: str
    room_id: int | None
    sessions: Mapping[uuid.UUID, Mapping[str, Any]]
    leaders: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class GoingBack:
    """What going back restores (``revived``, ``roomed``), stops or takes online again.

    ``seats``: who gets a seat back; ``choices``: what registrations ask for again.
    ``lines``, ``away``, ``not_held`` and ``forgotten``: what does not come back:
    groups, people, sessions, and by group how many people of whom nothing is kept.
    ``over``: groups that do not take place now and stay so.
    """

    lines: tuple[NotBack, ...] = ()
    over: frozenset[uuid.UUID] = frozenset()
    revived: Mapping[uuid.UUID, GroupBack] = field(default_factory=dict)
    roomed: Mapping[uuid.UUID, GroupBack] = field(default_factory=dict)
    stops: frozenset[uuid.UUID] = frozenset()
    online: frozenset[uuid.UUID] = frozenset()
    seats: tuple[Return, ...] = ()
    choices: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    away: tuple[StaysAway, ...] = ()
    not_held: tuple[NotHeld, ...] = ()
    forgotten: tuple[tuple[uuid.UUID, int], ...] = ()

    @property
    def stopped(self) -> frozenset[uuid.UUID]:
        """Groups that are named and of which no session is published again."""
        named = {one.series for one in self.lines if one.series is not None}
        return frozenset(named & self.over)

    @property
    def touched(self) -> frozenset[uuid.UUID]:
        """Groups that change as a whole."""
        return frozenset({*self.revived, *self.roomed, *self.stops, *self.online})

    @property
    def returning(self) -> dict[uuid.UUID, list[int]]:
        """Person ids of who gets a seat back, by group."""
        found: dict[uuid.UUID, list[int]] = {}
        for one in self.seats:
            person = one.seat.registration.resident.person_id
            found.setdefault(one.seat.series_id, []).append(person)
        return found

    @property
    def numbers(self) -> dict[int, list[int]]:
        """Registrations of who gets a seat back, by person."""
        found: dict[int, list[int]] = {}
        for one in self.seats:
            row = one.seat.registration
            found.setdefault(row.resident.person_id, []).append(row.pk)
        return found

    @property
    def instead(self) -> Instead:
        """The same, for who judges the schedule as if it were so."""
        return Instead(
            revived=frozenset(self.revived),
            stopped=self.stops,
            seats=frozenset(one.seat.pk for one in self.seats),
            left=self.left,
        )

    @property
    def left(self) -> frozenset[int]:
        """Enrolments that are given up for a seat that comes back."""
        found = (one.leaving for one in self.seats)
        return frozenset(one.pk for one in found if one is not None)

    @property
    def registrations(self) -> frozenset[int]:
        """Whose seat or choices come back."""
        seats = {one.seat.registration_id for one in self.seats}
        return frozenset(seats | self.choices.keys())

    def not_restored(self) -> list[str]:
        """All that does not come back, each as one text: what a page showed."""
        told: list[Any] = [*self.lines, *self.away, *self.not_held, *self.forgotten]
        return sorted(map(repr, told))


def going_back(
    *, actor: Actor, schedule: Schedule, period: DateTimeTZRange
) -> GoingBack:
    """What going back to an archived schedule does to groups; nothing for a draft.

    What releases did before it was kept is not undone, but named. A fixed number of
    queries; one line in the log of whose seat comes back or does not.
    """
    if schedule.state != ScheduleState.ARCHIVED:
        return GoingBack()
    held = dict(schedule.series_rows.values_list("series_id", "held"))
    memory = memory_of(schedule)
    kinds = decided_elsewhere(schedule=schedule, series_ids={*held, *memory.groups})
    series = memory.series_ids
    rows = groups_as_they_are(series_ids=series) if series else {}
    aims = Aims(memory, rows, kinds)
    aims.leave_what_was_not_there(
        held, first_made_after(series_ids=aims.revived, moment=memory.since)
    )
    coming = (*aims.revived, *sorted(aims.roomed))
    restored = sessions_back(
        actor=actor,
        schedule=schedule,
        steps={key: memory.groups[key] for key in coming},
        decided=held,
        period=period,
        ending=aims.stops,
    )
    aims.leave_what_is_over({*_meeting(schedule), *restored.sessions})
    coming = (*aims.revived, *sorted(aims.roomed))
    groups = {
        key: GroupBack(
            state=aims.revived.get(key, rows[key].state),
            room_id=aims.rooms[key],
            sessions=restored.sessions.get(key, {}),
            leaders=restored.leaders.get(key, ()),
        )
        for key in coming
    }
    people = _People(memory, aims)
    people.sort_out(schedule, held, period, restored)
    people.log(actor)
    wanted = [key for key, is_held in held.items() if is_held]
    over = cancelled_series(series_ids=wanted, period=period)
    old = staying(
        schedule=schedule,
        period=period,
        held=wanted,
        over=over,
        kinds=kinds,
        aims=aims,
    )
    removed = [NotBack(series=None, stays=Stays.REMOVED)] * memory.removed
    ended = {key for key, row in rows.items() if row.state not in RUNNING_STATES}
    return GoingBack(
        lines=(*aims.lines, *old, *removed),
        over=(frozenset(over) | ended) - aims.revived.keys(),
        revived={key: groups[key] for key in aims.revived},
        roomed={key: groups[key] for key in aims.roomed},
        stops=frozenset(aims.stops),
        online=frozenset(aims.online),
        seats=tuple(people.seats),
        choices=people.choices(),
        away=tuple(people.away),
        not_held=restored.not_held,
        forgotten=tuple(
            (key, number)
            for key in aims.revived
            if (number := forgotten(memory, key)) > 0
        ),
    )


def _meeting(schedule: Schedule) -> set[uuid.UUID]:
    """Groups with a session of the schedule that is still to come; one query."""
    found = schedule.sessions.filter(period__startswith__gt=clock.now())
    return set(found.values_list("series_id", flat=True))


class _People:
    """Who gets a seat back, who does not, and what people ask for again."""

    def __init__(self, memory: Memory, aims: Aims) -> None:
        self.memory, self.aims = memory, aims
        self.now = taken_now(registration_ids=memory.seats) if memory.seats else {}
        self.asked = choices_of(registration_ids=memory.seats) if memory.seats else {}
        self.seats: list[Return] = []
        self.away: list[StaysAway] = []

    def sort_out(
        self,
        schedule: Schedule,
        decided: Collection[uuid.UUID],
        period: DateTimeTZRange,
        restored: Restored,
    ) -> None:
        """Find out who can come back, in order of turn."""
        wanted = [one for key in self.memory.seats if (one := self._wanted(key))]
        self.seats, why = sorted_out(
            returns=wanted,
            groups=self.aims.rows,
            free=self.aims.free(),
            meets=meets_then(
                series_ids={one.seat.series_id for one in wanted},
                schedule=schedule,
                decided=decided,
                period=period,
                restored=restored,
            ),
            ending=self.aims.stops,
        )
        for one in wanted:
            key = one.seat.registration_id
            if key in why:
                self._stays_away(key, one.seat, why[key])

    def _wanted(self, key: int) -> Return | None:
        """The seat that a registration is to have again, when it is another one."""
        now = self.now.get(key)
        found = seat_before(now, self.memory.seats[key])
        seat = found.seat
        if seat is None or not self.aims.runs(seat.series_id):
            return None
        if now is not None and now.series_id == seat.series_id:
            return None
        if found.moved_on:
            self._stays_away(key, seat, Hindrance.ELSEWHERE)
            return None
        return Return(seat=seat, leaving=now, choices=self.asked[key])

    def _stays_away(self, key: int, seat: Enrolment, why: Hindrance) -> None:
        now = self.now.get(key)
        self.away.append(
            StaysAway(
                registration=key,
                person=seat.registration.resident.person_id,
                series=seat.series_id,
                why=why,
                keeps=now is not None and now.series_id not in self.aims.stops,
            )
        )

    def choices(self) -> dict[int, Sequence[Any]]:
        """What registrations asked for before, of who is not kept from his seat.

        Nobody is made to ask for a group that does not take place, or is gone since.
        """
        away = {one.registration for one in self.away}
        found: dict[int, Sequence[Any]] = {}
        for key, steps in self.memory.seats.items():
            before = choices_before(self.asked[key], steps)
            asks = steps[0].registration.state in OPEN_STATES
            if before is None or before == self.asked[key] or key in away or not asks:
                continue
            chosen = {uuid.UUID(one[2]) for one in before if one[2]}
            kept = {one[2] for one in self.asked[key]}
            if all(self.aims.runs(one) for one in chosen if str(one) not in kept):
                found[key] = before
        return still_there(choices=found)

    def log(self, actor: Actor) -> None:
        """Note whose seats this was about, if there is anybody."""
        persons = [one.seat.registration.resident.person_id for one in self.seats]
        persons += [one.person for one in self.away]
        if persons:
            record_read(
                actor=actor,
                subjects=persons,
                purpose=PLANNING,
                code="series.members.read",
                object_kind="series",
            )
