"""What must be true of waiting lists, judged from rows alone.

Nothing here asks the program who waits, in which order, or how many seats there are:
it is worked out again, so that a fault in the selectors does not hide one in a service.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from courses.models import Enrolment, Registration, RegistrationChoice, Series

HOLDS = {"held_by_draft", "offered", "enrolled"}
RUNS = {"published", "running"}
Wish = tuple[str, Any]
"""("series", id) or ("offering", id)."""


@dataclass(frozen=True)
class Group:
    """A series with its seats."""

    pk: Any
    state: str
    offering: int
    weekday: int
    largest: int
    total: int


@dataclass(frozen=True)
class Asking:
    """A registration."""

    pk: int
    state: str
    need_class: int
    registered_at: datetime
    seats: int
    paused_until: date | None
    person: int
    languages: tuple[str, ...]

    @property
    def turn(self) -> tuple[int, datetime, int]:
        """By need class, then time; two at the same moment by number."""
        return self.need_class, self.registered_at, self.pk


@dataclass(frozen=True)
class Seat:
    """An enrolment, whatever its state."""

    pk: int
    registration: int
    series: Any
    seats: int
    state: str
    offered_at: datetime | None
    expires: datetime | None


@dataclass
class Rows:
    """All waiting lists at one moment; `free_on`: weekdays on which each can come."""

    free_on: dict[int, set[int]]
    groups: dict[Any, Group] = field(default_factory=dict)
    asking: dict[int, Asking] = field(default_factory=dict)
    wishes: dict[int, dict[Wish, int]] = field(default_factory=dict)
    seats: dict[int, Seat] = field(default_factory=dict)

    @classmethod
    def read(cls, free_on: dict[int, set[int]]) -> Rows:
        """Everything, in four reads."""
        rows = cls(free_on)
        for one in Series.objects.select_related("offering", "room"):
            size = one.size_max or one.offering.size_max
            total = min(size + one.offering.over_enrolment, one.room.capacity)
            rows.groups[one.pk] = Group(
                one.pk, one.state, one.offering_id, one.weekday, size, total
            )
        for one in Registration.objects.select_related("resident__person"):
            rows.asking[one.pk] = Asking(
                one.pk,
                one.state,
                one.need_class,
                one.registered_at,
                one.seats,
                one.paused_until,
                one.resident.person_id,
                tuple(one.resident.person.languages),
            )
            rows.wishes[one.pk] = {}
            if one.offering_id is not None:
                rows.wishes[one.pk]["offering", one.offering_id] = 99
        for one in RegistrationChoice.objects.all():
            wish = (
                ("series", one.series_id)
                if one.series_id is not None
                else ("offering", one.offering_id)
            )
            rows.wishes[one.registration_id][wish] = one.rank
        for one in Enrolment.objects.all():
            rows.seats[one.pk] = Seat(
                one.pk,
                one.registration_id,
                one.series_id,
                one.seats,
                one.state,
                one.offered_at,
                one.offer_expires_at,
            )
        return rows

    def held_by(self, registration: int) -> list[Seat]:
        """The seats that a registration holds now; at most one is right."""
        return [
            one
            for one in self.seats.values()
            if one.registration == registration and one.state in HOLDS
        ]

    def free(self, series: Any) -> int:
        """Seats that nobody has."""
        taken = sum(
            one.seats
            for one in self.seats.values()
            if one.series == series and one.state in HOLDS
        )
        return self.groups[series].total - taken

    def refused(self, registration: int) -> set[Any]:
        """Series in which a seat was offered to somebody, and not taken or kept."""
        return {
            one.series
            for one in self.seats.values()
            if one.registration == registration
            and one.state == "withdrawn"
            and one.offered_at is not None
        }

    def needs(self, one: Asking, series: Any) -> int:
        """Seats; in a conversation of one person a companion takes none."""
        return 1 if self.groups[series].largest == 1 else one.seats

    def able(self, series: Any) -> list[Asking]:
        """Who waits for a series and could use a seat in it, first in turn first."""
        found = [
            one
            for one in self.asking.values()
            if one.state == "waiting"
            and not self.pauses(one)
            and not self.held_by(one.pk)
            and self.wants(one, series)
            and self.needs(one, series) <= self.groups[series].total
        ]
        return sorted(found, key=lambda one: one.turn)

    def pauses(self, one: Asking) -> bool:
        """Whether somebody is to be offered nothing today."""
        return one.paused_until is not None and one.paused_until > timezone.localdate()

    def wants(self, one: Asking, series: Any) -> bool:
        """Chose the group; or asked for its offering, can come, and reads Dutch."""
        wishes, group = self.wishes[one.pk], self.groups[series]
        if ("series", series) in wishes:
            return True
        return (
            ("offering", group.offering) in wishes
            and group.weekday in self.free_on[one.person]
            and "nl" in one.languages
            and series not in self.refused(one.pk)
        )

    def offers(self) -> dict[tuple[int, datetime | None], Seat]:
        """Open offers, each by what makes it this one and no other."""
        return {
            (one.pk, one.offered_at): one
            for one in self.seats.values()
            if one.state == "offered"
        }


# --- Faults, in words; none when all is well -----------------------------------------


def overbooked(rows: Rows) -> list[str]:
    """Groups with more owners than seats."""
    return [f"{pk}: {rows.free(pk)} free" for pk in rows.groups if rows.free(pk) < 0]


def owners(rows: Rows) -> list[str]:
    """Registrations with two seats, or in a state that is not that of the seat."""
    right = {
        "offered": {"offered"},
        "placed": {"enrolled"},
        "waiting": {None, "held_by_draft"},
    }
    faults = []
    for one in rows.asking.values():
        held = rows.held_by(one.pk)
        state = held[0].state if held else None
        if len(held) > 1 or state not in right.get(one.state, {None}):
            faults.append(f"{one} has {held}")
        if state == "offered" and held[0].expires is None:
            faults.append(f"{one}: an offer without an end")
    return faults


def left_empty(rows: Rows) -> list[str]:
    """Free seats that the first who could use one was not offered."""
    return [
        f"{series}: {rows.free(series)} free for {first}"
        for series, group in rows.groups.items()
        if group.state in RUNS and (first := next(iter(rows.able(series)), None))
        if rows.needs(first, series) <= rows.free(series)
    ]


def passed_over(before: Rows, rows: Rows, by_hand: set[int]) -> list[str]:
    """Who had an older right to a seat that was offered to somebody else just now."""
    return [
        f"{other} before {mine}"
        for key, offer in rows.offers().items()
        if key not in before.offers() and offer.registration not in by_hand
        for mine in [rows.asking[offer.registration]]
        for other in rows.able(offer.series)
        if other.turn < mine.turn
    ]


def not_the_best(before: Rows, rows: Rows, by_hand: set[int]) -> list[str]:
    """Offers of a group while one that the person ranked higher has the seats."""
    faults = []
    for key, offer in rows.offers().items():
        if key in before.offers() or offer.registration in by_hand:
            continue
        mine, wishes = rows.asking[offer.registration], rows.wishes[offer.registration]
        rank = wishes.get(("series", offer.series), 1000)
        for (kind, series), better in wishes.items():
            if kind != "series" or better >= rank:
                continue
            group, needs = rows.groups[series], rows.needs(mine, series)
            first = next(iter(rows.able(series)), None)
            kept = first is not None and first.turn < mine.turn
            if group.state in RUNS and needs <= rows.free(series) and not kept:
                faults.append(f"{mine} was offered {offer}, not {group}")
    return faults


def offered_in_a_pause(before: Rows, rows: Rows) -> list[str]:
    """Offers to people who asked for none."""
    return [
        f"{rows.asking[offer.registration]}"
        for key, offer in rows.offers().items()
        if key not in before.offers() and rows.pauses(rows.asking[offer.registration])
    ]


def lost(rows: Rows, wanted: dict[int, set[Wish]], closed: set[int]) -> list[str]:
    """People without a seat who do not wait for all that they wanted and kept.

    A group that was refused, or whose offer lapsed, is the only wish that may go; one
    that was cancelled becomes a wish for its offering.
    """
    faults = []
    kept: dict[int, set[Wish]] = defaultdict(set)
    for pk, wishes in wanted.items():
        for kind, key in wishes:
            group = rows.groups.get(key) if kind == "series" else None
            if group is not None and key in rows.refused(pk):
                continue
            if group is not None and group.state == "cancelled":
                kept[pk].add(("offering", group.offering))
            else:
                kept[pk].add((kind, key))
    for one in rows.asking.values():
        if one.pk in closed:
            if one.state not in {"withdrawn", "stopped"} or rows.held_by(one.pk):
                faults.append(f"{one} stopped, and is still there")
        elif one.state in {"withdrawn", "stopped", "finished"}:
            faults.append(f"{one} is gone")
        elif one.state != "placed":
            gone = kept[one.pk] - rows.wishes[one.pk].keys()
            idle = one.state == "interest" and kept[one.pk]
            if gone or idle:
                faults.append(f"{one} does not wait for {gone or kept[one.pk]}")
    return faults
