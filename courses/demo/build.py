"""The whole demo region as sheets, ready for the importer or for a folder."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from courses.demo.agenda import Agenda, Closed, Group
from courses.demo.bookings import booking_lines, closure_lines, closures, leave_lines
from courses.demo.data import Line
from courses.demo.members import Population, fill_groups
from courses.demo.offer import catalogue, offer_tables
from courses.demo.region import Region
from courses.demo.relatives import relative_lines
from courses.demo.running import fill
from courses.demo.staff import Leader, leader_tables, make_leaders
from courses.demo.term import CONSULTATION, new_series
from courses.demo.waiting import Waiting
from courses.imports.sheets import SHEETS

SCALES = (0.1, 10.0)
CANCELLED_EVERY = 60
"""Of so many coming sessions one was cancelled."""


@dataclass(frozen=True)
class Demo:
    """The sheets, and what only a person may write beside them.

    `busy_leader` leads much this week, `member_who_waits` has a seat and waits for
    another; `house_owner` is the organisation of a centre manager. `reasons` are
    reasons for one-to-one by registration, `consultations` the series that helpers
    asked for, `cancelled` the dates of series that do not take place.
    """

    tables: dict[str, list[Line]]
    groups: list[Group]
    busy_leader: str
    member_who_waits: str
    house_owner: str
    reasons: dict[str, str]
    consultations: tuple[str, ...]
    cancelled: tuple[tuple[str, date], ...]


def build_demo(*, scale: float, seed: int, monday: date) -> Demo:
    """Make the region up. The same scale, seed and week give the same region.

    Raises
    ------
    ValueError
        For a scale outside 0.1 to 10, or a day that is no Monday.
    """
    if not SCALES[0] <= scale <= SCALES[1]:
        raise ValueError(f"scale {scale} lies outside {SCALES[0]:g} to {SCALES[1]:g}")
    if monday.weekday() != 0:
        raise ValueError(f"{monday} is no Monday")
    region = Region(scale, seed)
    leaders = make_leaders(region, scale, seed)
    offers = catalogue()
    closed = closures(region, monday, seed)
    agenda = Agenda(region, leaders, Closed(region, closed), monday, seed)
    fill(agenda, offers, scale)
    population = Population(region, seed, monday.year)
    seats = fill_groups(population, agenda.groups, monday)
    term = new_series(agenda, offers, scale, seed)
    waiting = Waiting(population, offers, term["series"], monday, seed)
    waiting.fill(scale)
    referred = {line["resident"] for line in waiting.referred}
    tables: dict[str, list[Line]] = {}
    for part in (
        region.tables(),
        {"closures": closure_lines(closed)},
        {"room_bookings": booking_lines(region, agenda, seed)},
        leader_tables(leaders),
        {"leave": leave_lines(leaders, agenda.groups, monday, seed)},
        population.tables(),
        {"pairs": waiting.pairs(scale)},
        offer_tables(),
        {"series": agenda.lines()},
        term,
        {"registrations": seats["registrations"]},
        {"registrations": waiting.finished},
        {"registrations": waiting.lines},
        {"enrolments": seats["enrolments"]},
        {"referrals": waiting.referred},
        {"relatives": relative_lines(population.residents, referred, seed)},
    ):
        for name, rows in part.items():
            tables.setdefault(name, []).extend(rows)
    order = {sheet.name: number for number, sheet in enumerate(SHEETS)}
    ordered = dict(sorted(tables.items(), key=lambda item: order[item[0]]))
    busy = _busiest(leaders, agenda.groups).code
    return Demo(
        tables=ordered,
        groups=agenda.groups,
        busy_leader=busy,
        member_who_waits=_member_who_waits(waiting, agenda),
        house_owner=_house_owner(agenda.groups),
        reasons=waiting.reasons,
        cancelled=_cancelled(agenda, busy),
        consultations=tuple(
            line["code"] for line in term["series"] if line["offering"] == CONSULTATION
        ),
    )


def _busiest(leaders: list[Leader], groups: list[Group]) -> Leader:
    """Who leads most this week."""
    led: Counter[str] = Counter(
        leader.code
        for group in groups
        if group.meets_this_week
        for leader in group.leaders
    )
    return max(leaders, key=lambda one: (led[one.code], one.code))


def _house_owner(groups: list[Group]) -> str:
    """The owner of most of the houses that groups meet in."""
    owners = Counter(
        group.room.centre.organisation
        for group in groups
        if group.room is not None and group.room.centre.bookable == "own"
    )
    return max(sorted(owners), key=lambda one: owners[one])


def _member_who_waits(waiting: Waiting, agenda: Agenda) -> str:
    """Somebody with a seat who waits for another, with meetings still to come."""
    next_week = agenda.monday + timedelta(days=7)
    coming = {
        member.code: sum(day >= next_week for day in group.dates)
        for group in agenda.groups
        for member in group.members
    }
    return max(waiting.also_members, key=lambda code: (min(coming[code], 4), code))


def _cancelled(agenda: Agenda, leader: str) -> tuple[tuple[str, date], ...]:
    """A few coming dates that do not take place, one of them of the busy leader."""
    soon = agenda.monday + timedelta(days=7)
    late = agenda.monday + timedelta(days=28)
    coming = [
        (group, day)
        for group in agenda.groups
        for day in group.dates
        if soon <= day < late and group.offering.policy.takes_registrations
    ]
    own = [pair for pair in coming if leader in {one.code for one in pair[0].leaders}]
    chosen = [*own[-1:], *coming[7::CANCELLED_EVERY]]
    return tuple({(group.code, day): None for group, day in chosen})
