"""The whole demo region as sheets, ready for the importer or for a folder."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from courses.demo.agenda import Agenda, Closed, Group
from courses.demo.bookings import booking_lines, closure_lines, closures, leave_lines
from courses.demo.data import Line
from courses.demo.members import Population, fill_groups
from courses.demo.offer import catalogue, offer_tables
from courses.demo.region import Region
from courses.demo.running import fill
from courses.demo.staff import Leader, leader_tables, make_leaders
from courses.demo.term import CONSULTATION, new_series
from courses.demo.waiting import Waiting
from courses.imports.sheets import SHEETS

SCALES = (0.1, 10.0)


@dataclass(frozen=True)
class Demo:
    """The sheets, and what only a person may write beside them.

    `busy_leader` leads much this week, `member_who_waits` has a seat and waits for
    another; `house_owner` is the organisation of a centre manager. `reasons` are
    reasons for one-to-one by registration, `consultations` the series that helpers
    asked for.
    """

    tables: dict[str, list[Line]]
    groups: list[Group]
    busy_leader: str
    member_who_waits: str
    house_owner: str
    reasons: dict[str, str]
    consultations: tuple[str, ...]


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
    ):
        for name, rows in part.items():
            tables.setdefault(name, []).extend(rows)
    order = {sheet.name: number for number, sheet in enumerate(SHEETS)}
    ordered = dict(sorted(tables.items(), key=lambda item: order[item[0]]))
    return Demo(
        tables=ordered,
        groups=agenda.groups,
        busy_leader=_busiest(leaders, agenda.groups).code,
        member_who_waits=_member_who_waits(waiting, agenda.groups),
        house_owner=_house_owner(agenda.groups),
        reasons=waiting.reasons,
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


def _member_who_waits(waiting: Waiting, groups: list[Group]) -> str:
    """Somebody with a seat who waits for another, by preference with a meeting now."""
    meeting = {
        member.code
        for group in groups
        if group.meets_this_week
        for member in group.members
    }
    return min(waiting.also_members, key=lambda code: (code not in meeting, code))
