"""The week as a grid: rows of rooms, centres or leaders, a column for each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.enums import StaffRole
from rooms.enums import Bookable
from rooms.selectors import closed_dates
from scheduling import words
from scheduling.selectors import Leader, WeekSession
from scheduling.weeks import Week

if TYPE_CHECKING:
    from rooms.models import Centre, Room

WORKDAYS = 5
SHORT = 14


@dataclass(frozen=True)
class Cell:
    """A day of a row, in words and as it is written in addresses; ``shut`` when
    nothing can be held there."""

    day: str
    date: str
    chips: tuple[Chip, ...] = ()
    shut: bool = False


@dataclass(frozen=True)
class Chip:
    """A session on the board, with the line under its title; ``move`` is the page that
    moves it, empty where it cannot be moved."""

    session: WeekSession
    line: str
    href: str
    move: str = ""


@dataclass(frozen=True)
class Row:
    """A room, a centre or a leader with its days; ``room`` is the key of a room."""

    title: str
    small: str
    cells: tuple[Cell, ...]
    room: int | None = None


@dataclass
class Group:
    """Rows under one heading."""

    title: str
    small: str = ""
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Board:
    """A grid: the head of the first column, its days, and groups of rows.

    ``idle``: rows left out because nothing happens there.
    """

    head: str
    days: tuple[tuple[str, bool], ...]
    groups: list[Group]
    idle: int = 0


Link = Callable[[WeekSession], str]


class Boards:
    """Makes the boards of one week from the same sessions."""

    def __init__(
        self,
        week: Week,
        sessions: Sequence[WeekSession],
        link: Link,
        today: date,
        move: Link = lambda _session: "",
        only: date | None = None,
    ) -> None:
        """``only``: a board of this one day."""
        self.week, self.sessions, self.link, self.move = week, sessions, link, move
        used = {one.start.date() for one in sessions}
        self.days = [
            day
            for number, day in enumerate(week.days)
            if (number < WORKDAYS or day in used) and only in (None, day)
        ]
        self.names = {day: words.short_day(day) for day in self.days}
        self.heads = tuple((self.names[day], day == today) for day in self.days)
        self.shut: dict[int, set[date]] = {}

    def by_room(self, rooms: Collection[Room], *, everything: bool = False) -> Board:
        """A row for each room, under its centre; then what is online.

        Rooms where nothing happens are counted, and shown with ``everything``.
        """
        in_room: dict[int, list[WeekSession]] = defaultdict(list)
        for one in self.sessions:
            if one.room is not None:
                in_room[one.room.pk].append(one)
        groups: dict[int, Group] = {}
        idle = 0
        for room in sorted(rooms, key=lambda room: (room.centre.name, room.name)):
            if not in_room[room.pk] and not everything:
                idle += 1
                continue
            centre = room.centre
            if centre.pk not in groups:
                groups[centre.pk] = Group(named(centre), _facts_of_centre(centre))
            groups[centre.pk].rows.append(
                Row(
                    room.name,
                    _facts_of_room(room),
                    self._cells(in_room[room.pk], self._shut(centre)),
                    room=room.pk,
                )
            )
        known = {room.pk for room in rooms}
        gone = [one for one in self.sessions if one.room and one.room.pk not in known]
        found = [*groups.values(), *self._gone(gone), *self._online(_("Online"))]
        return Board(_("Room"), self.heads, found, idle)

    def by_centre(self, rooms: Iterable[Room]) -> Board:
        """A row for each centre where something happens, under its municipality."""
        centres = {room.centre_id: room.centre for room in rooms}
        inside: dict[int, list[WeekSession]] = defaultdict(list)
        for one in self.sessions:
            if one.room is not None:
                inside[one.room.centre_id].append(one)
        groups: dict[str, Group] = {}
        for centre in sorted(
            centres.values(),
            key=lambda one: (one.place.municipality.name, one.place.name, one.name),
        ):
            if inside[centre.pk]:
                group = groups.setdefault(
                    centre.place.municipality.name,
                    Group(centre.place.municipality.name),
                )
                group.rows.append(
                    Row(
                        centre.name,
                        centre.place.name,
                        self._cells(inside[centre.pk], self._shut(centre), room=True),
                    )
                )
        gone = [
            one
            for one in self.sessions
            if one.room and one.room.centre_id not in centres
        ]
        found = [*groups.values(), *self._gone(gone), *self._online(_("Online"))]
        return Board(_("Centre"), self.heads, found)

    def by_leader(self, organisations: dict[int, str]) -> Board:
        """A row for each leader who leads something, under the organisation."""
        leads: dict[int, list[WeekSession]] = defaultdict(list)
        leaders: dict[int, Leader] = {}
        for one in self.sessions:
            for leader in one.leaders:
                leads[leader.id].append(one)
                leaders[leader.id] = leader
        groups: dict[str, Group] = {}
        for leader in sorted(
            leaders.values(),
            key=lambda one: (organisations.get(one.organisation_id, ""), one.name),
        ):
            name = organisations.get(leader.organisation_id, "")
            groups.setdefault(name, Group(name)).rows.append(
                Row(
                    leader.name,
                    role_words(leader.roles),
                    self._cells(leads[leader.id], set(), room=True),
                )
            )
        return Board(_("Leader"), self.heads, list(groups.values()))

    def _gone(self, sessions: Iterable[WeekSession]) -> list[Group]:
        """Sessions in rooms that were taken out of use: they must not disappear."""
        by_room: dict[str, list[WeekSession]] = defaultdict(list)
        for one in sessions:
            by_room[str(one.room)].append(one)
        rows = [Row(name, "", self._cells(by_room[name])) for name in sorted(by_room)]
        return [Group(_("Rooms no longer in use"), rows=rows)] if rows else []

    def _online(self, title: str) -> list[Group]:
        online = [one for one in self.sessions if one.room is None]
        if not online:
            return []
        return [Group(title, rows=[Row(_("Video calls"), "", self._cells(online))])]

    def _shut(self, centre: Centre) -> set[date]:
        """Days on which the centre does not open at all."""
        if centre.pk not in self.shut:
            closed = closed_dates(
                centre=centre, first=self.week.monday, last=self.week.sunday
            )
            weekdays = {hours.weekday for hours in centre.hours_known}
            never = {day for day in self.days if day.isoweekday() not in weekdays}
            self.shut[centre.pk] = closed | never
        return self.shut[centre.pk]

    def _cells(
        self,
        sessions: Iterable[WeekSession],
        shut: Collection[date] = (),
        *,
        room: bool = False,
    ) -> tuple[Cell, ...]:
        by_day: dict[date, list[WeekSession]] = defaultdict(list)
        for one in sessions:
            by_day[one.start.date()].append(one)
        return tuple(
            Cell(
                self.names[day],
                day.isoformat(),
                tuple(
                    Chip(one, line_of(one, room=room), self.link(one), self.move(one))
                    for one in by_day[day]
                ),
                shut=day in shut and not by_day[day],
            )
            for day in self.days
        )


def line_of(session: WeekSession, *, room: bool = False) -> str:
    """Time, seats and number: what a chip says under the title."""
    parts = [words.span(session.start, session.end)]
    if room and session.room is not None:
        parts.append(session.room.name)
    if not session.enrols:
        parts.append(_("open"))
    elif session.size > 1:
        parts.append(f"{session.seats}/{session.size}")
    if session.of is None or session.of > 1:
        if session.number == 1:
            parts.append(_("starts now"))
        elif session.of is not None:
            parts.append(_("session %(number)s") % {"number": session.number})
    if session.other_room:
        parts.append(_("other room"))
    if session.other_leaders:
        parts.append(_("other leader"))
    if session.new and session.number > 1:
        parts.append(_("new"))
    return " · ".join(parts)


def role_words(roles: Iterable[str]) -> str:
    """Roles of a leader in words."""
    return ", ".join(str(StaffRole(role).label) for role in roles)


def named(centre: Any) -> str:
    """A centre with its place, unless the name says where it is."""
    place = centre.place.name
    return centre.name if place in centre.name else f"{centre.name}, {place}"


def _facts_of_centre(centre: Any) -> str:
    parts = [", ".join(words.hours_of(centre.hours_known)) or _("no opening hours")]
    if centre.bookable == Bookable.ON_REQUEST:
        parts.insert(0, _("ask the manager"))
    return " · ".join(parts)


def _facts_of_room(room: Room) -> str:
    """Chairs, and one thing it has that fits in the narrow column."""
    names = [feature_word(one) for one in room.features_known]
    short = [name for name in names if len(name) <= SHORT]
    return " · ".join([str(room.capacity), *short[:1]])


def feature_word(feature: Any) -> str:
    """A feature in the language of the screen."""
    english = (get_language() or "nl").startswith("en")
    return str(feature.name_en if english else feature.name_nl)
