"""Who can have a former seat again, and what hinders who cannot.

For going back on a decision about a whole group. Who was in it before went elsewhere,
waits, or is not there any more; nobody is put where he does not want to be, where he
cannot be, or where somebody else is by now.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count
from django.utils import timezone

from courses.clashes import Dates, Span, first_clash
from courses.enums import ASKING_STATES, OPEN_STATES, SEAT_HOLDING, EnrolmentState
from courses.fitting import Together
from courses.models import Enrolment, Registration, Series
from courses.seats import seats_for, with_open_seats
from rooms.selectors import rooms_by_id

Meeting = tuple[DateTimeTZRange, int | None]
"""When a group meets, and in which room; none is online."""


class Hindrance(StrEnum):
    """Why somebody does not get a former seat back."""

    LEFT = "left"  # stopped asking, or is done
    PAUSED = "paused"
    WISHES = "wishes"  # asks for something else by now
    ELSEWHERE = "elsewhere"  # has another seat by now
    FULL = "full"
    CLASH = "clash"  # has something else at that time by now
    APART = "apart"


@dataclass(frozen=True, kw_only=True)
class Return:
    """Somebody, the seat he had, and the one he would leave for it, if any.

    ``seat`` comes with its registration and resident. ``choices`` is what the
    registration asks for now.
    """

    seat: Enrolment
    leaving: Enrolment | None
    choices: Sequence[Sequence[Any]]

    @property
    def turn(self) -> tuple[Any, ...]:
        row = self.seat.registration
        return row.need_class, row.registered_at, row.pk


def groups_as_they_are(*, series_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Series]:
    """These series with offering and room, and their seats counted; one query.

    Each has `seats_open`, `seats_taken` and `leading`: how many lead it. No person.
    """
    found = with_open_seats(Series.objects.filter(pk__in=list(series_ids)))
    counted = found.annotate(leading=Count("series_leaders", distinct=True))
    rows = counted.select_related("offering", "room__centre__place").order_by("pk")
    return {one.pk: one for one in rows}


def taken_now(*, registration_ids: Iterable[int]) -> dict[int, Enrolment]:
    """The seat that each of these registrations has for sure; one query, no person."""
    found = Enrolment.objects.filter(
        registration__in=list(registration_ids), state=EnrolmentState.ENROLLED
    )
    return {one.registration_id: one for one in found.order_by("pk")}


def sorted_out(
    *,
    returns: Sequence[Return],
    groups: Mapping[uuid.UUID, Series],
    free: Mapping[uuid.UUID, int],
    meets: Mapping[uuid.UUID, Sequence[Meeting]],
    ending: Collection[uuid.UUID],
) -> tuple[list[Return], dict[int, Hindrance]]:
    """Who can have his seat again, in order of turn, and why others cannot.

    ``free``: seats of each group apart from those that these people leave; ``meets``:
    when the groups meet then; ``ending``: groups that stop at the same time. By
    registration. A fixed number of queries, none for nobody.
    """
    if not returns:
        return [], {}
    in_turn = sorted(returns, key=lambda one: one.turn)
    why = {
        one.seat.registration_id: found
        for one in in_turn
        if (found := _unwanted(one, groups[one.seat.series_id])) is not None
    }
    open_ones = [one for one in in_turn if one.seat.registration_id not in why]
    room = _Room(open_ones, free, meets, ending)
    placed: list[Return] = []
    waiting = open_ones
    while waiting:  # a seat that somebody leaves may be what the next one needs
        left = [one for one in waiting if not room.take(one)]
        placed += [one for one in waiting if one not in left]
        if len(left) == len(waiting):
            break
        waiting = left
    gone = {one.seat.pk for one in placed}
    for one in open_ones:
        if one.seat.pk not in gone:
            why[one.seat.registration_id] = room.hindrance(one) or Hindrance.FULL
    return placed, why


def _unwanted(one: Return, series: Series) -> Hindrance | None:
    """Why somebody does not want, or does not ask for, the seat any more."""
    registration = one.seat.registration
    if registration.state not in OPEN_STATES:
        return Hindrance.LEFT
    if one.leaving is not None:
        return None
    if registration.state not in ASKING_STATES:
        return Hindrance.LEFT
    paused = registration.paused_until
    if paused is not None and paused > timezone.localdate():
        return Hindrance.PAUSED
    same = seats_for(registration, series) == one.seat.seats
    asks = same and _asks_for(registration, one.choices, series)
    return None if asks else Hindrance.WISHES


def _asks_for(
    registration: Registration, choices: Sequence[Sequence[Any]], series: Series
) -> bool:
    if registration.offering_id == series.offering_id:
        return True
    return any(
        offering == series.offering_id or chosen == str(series.pk)
        for _rank, offering, chosen, _session in choices
    )


class _Room:
    """Seats, people and hours of groups, while people come back one by one."""

    def __init__(
        self,
        returns: Sequence[Return],
        free: Mapping[uuid.UUID, int],
        meets: Mapping[uuid.UUID, Sequence[Meeting]],
        ending: Collection[uuid.UUID],
    ) -> None:
        series_ids = {one.seat.series_id for one in returns}
        self.free = dict(free)
        self.ending = set(ending)
        self.reads = Together(
            resident_ids=[one.seat.resident_id for one in returns],
            series_ids=series_ids,
        )
        self.inside: dict[uuid.UUID, set[int]] = {
            key: set(self.reads.people_in(key)) for key in series_ids
        }
        self.seated = _seated(returns)
        self.offered = _only_held(returns)
        self.spans = _spans(series_ids, meets)

    def take(self, one: Return) -> bool:
        """Give somebody the seat, if nothing hinders."""
        if self.hindrance(one) is not None:
            return False
        person = self._person(one)
        self.free[one.seat.series_id] -= one.seat.seats
        self.inside[one.seat.series_id].add(person)
        if one.leaving is not None:
            left = one.leaving.series_id
            self.free[left] = self.free.get(left, 0) + one.leaving.seats
            self.inside.get(left, set()).discard(person)
        return True

    def hindrance(self, one: Return) -> Hindrance | None:
        series_id, resident = one.seat.series_id, one.seat.resident_id
        if (resident, series_id) in self.seated:
            return Hindrance.ELSEWHERE  # by another registration of the same person
        facts = self.reads.facts(resident)
        if facts.apart & self.inside[series_id]:
            return Hindrance.APART
        left = None if one.leaving is None else one.leaving.series_id
        offered = self.offered[one.seat.registration_id]  # it gives way
        without = {series_id, left, *self.ending, *offered}
        own = self.reads.own(resident, facts.person_id, without=without)
        clash = first_clash(
            Dates(series=self.spans[series_id], own=own),
            between=partial(self.reads.minutes, mode=facts.travel_mode),
        )
        if clash is not None:
            return Hindrance.CLASH
        return Hindrance.FULL if self.free[series_id] < one.seat.seats else None

    def _person(self, one: Return) -> int:
        return self.reads.facts(one.seat.resident_id).person_id


def _seated(returns: Sequence[Return]) -> set[tuple[int, uuid.UUID]]:
    """Residents of these with a seat in one of the groups, by another registration."""
    found = Enrolment.objects.filter(
        resident__in=[one.seat.resident_id for one in returns],
        series__in={one.seat.series_id for one in returns},
        state__in=SEAT_HOLDING,
    ).exclude(registration__in=[one.seat.registration_id for one in returns])
    return set(found.order_by().values_list("resident_id", "series_id"))


def _only_held(returns: Sequence[Return]) -> dict[int, set[uuid.UUID]]:
    """Series in which a draft or an offer holds a seat for these registrations."""
    found: dict[int, set[uuid.UUID]] = defaultdict(set)
    seats = Enrolment.objects.filter(
        registration__in=[one.seat.registration_id for one in returns],
        state__in=[EnrolmentState.HELD_BY_DRAFT, EnrolmentState.OFFERED],
    )
    for registration, series in seats.order_by().values_list(
        "registration_id", "series_id"
    ):
        found[registration].add(series)
    return found


def _spans(
    series_ids: Iterable[uuid.UUID], meets: Mapping[uuid.UUID, Sequence[Meeting]]
) -> dict[uuid.UUID, tuple[Span, ...]]:
    rooms = rooms_by_id(
        room_ids={room for found in meets.values() for _when, room in found if room}
    )
    spans: dict[uuid.UUID, tuple[Span, ...]] = defaultdict(tuple)
    for key in series_ids:
        spans[key] = tuple(
            Span(
                start=period.lower,
                end=period.upper,
                place=rooms[room].centre.place if room in rooms else None,
            )
            for period, room in meets.get(key, ())
        )
    return spans
