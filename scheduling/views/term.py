"""The weeks of a term at once: a row for each group, a column for each week."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.kinds import Format
from courses.selectors.term import TermSession
from scheduling import words
from scheduling.selectors.term import WEEKS, TermSeries, by_half_day, term_series

if TYPE_CHECKING:
    from rooms.selectors import RoomInShort
    from scheduling.views.week_page import Page


class TermLink(NamedTuple):
    """One session: in which of the weeks, its number, its page, and in words when it is
    and what befell it."""

    week: int
    number: int
    href: str
    when: str
    cancelled: bool
    moved: bool


@dataclass(frozen=True)
class TermRow:
    """A group with its sessions in order."""

    title: str
    small: str
    kind: str
    format: str
    pinned: bool
    few: bool
    links: list[TermLink]


def term_context(
    page: Page,
    rooms: Iterable[RoomInShort],
    *,
    organisation_ids: Collection[int] | None,
) -> dict[str, Any]:
    """The grid of a term and how many groups it has; filters narrow it by group."""
    weeks = [page.week.plus(number) for number in range(WEEKS)]
    by_id = {room.id: room for room in rooms}
    leader = page.chosen.get("begeleider", "")
    found = [
        one
        for one in term_series(
            first=page.week,
            schedule=page.draft,
            organisation_ids=organisation_ids,
            facilitator_id=int(leader) if leader else None,
        )
        if _fits(one, page.chosen, by_id)
    ]
    maker = _Rows(page, weeks[0].monday, by_id)
    groups = [
        (words.half_day(*key), [maker.row(one) for one in rows])
        for key, rows in by_half_day(found).items()
    ]
    return {
        "term": groups,
        "term_heads": [(str(week.number), page.of_week(week)) for week in weeks],
        "term_weeks": [_("Week %(number)s") % {"number": one.number} for one in weeks],
        "columns": WEEKS + 1,
        "count": len(found),
        "kinds": sorted({row.format or row.kind for _name, g in groups for row in g}),
    }


def _fits(
    one: TermSeries, chosen: dict[str, str], rooms: dict[int, RoomInShort]
) -> bool:
    if not chosen:
        return True
    used = [rooms[key] for key in _rooms_of(one) if key in rooms]
    return (
        chosen.get("soort", one.series.offering.kind) == one.series.offering.kind
        and (
            "gemeente" not in chosen
            or chosen["gemeente"] in {str(room.municipality_id) for room in used}
        )
        and (
            "centrum" not in chosen
            or chosen["centrum"] in {str(room.centre_id) for room in used}
        )
        and _in_state(one, chosen.get("staat", ""))
    )


def _rooms_of(one: TermSeries) -> set[int]:
    return {row.room_id for row in one.sessions if row.room_id is not None}


def _in_state(one: TermSeries, state: str) -> bool:
    """Whether the group, or one of its sessions here, is in that state.

    What is wrong with a session is known of the week that is looked at, not of a term.
    """
    held = [row for row in one.sessions if not row.cancelled]
    answers = {
        "": True,
        "gehouden": bool(held),
        "vervalt": len(held) < len(one.sessions),
        "gewijzigd": any(row.moved or row.cancelled for row in one.sessions),
        "vast": one.pinned,
        "te-klein": one.below_minimum,
        "regel": any(not row.online and row.room_id is None for row in held),
        "zonder-begeleider": any(not row.led for row in held),
    }
    return answers[state]


class _Rows:
    """Makes the rows of one term; what thousands of links share is said once."""

    def __init__(self, page: Page, first: date, rooms: dict[int, RoomInShort]) -> None:
        self.page, self.first, self.rooms = page, first, rooms
        self.zone = timezone.get_current_timezone()
        self.moved, self.cancelled = f", {_('moved')}", f", {_('cancelled')}"
        self.days: dict[date, str] = {}
        self.clocks: dict[time, str] = {}

    def row(self, one: TermSeries) -> TermRow:
        """A group with its sessions, each in the week in which it begins."""
        return TermRow(
            title=one.series.offering.title,
            small=self._small(one),
            kind=one.series.offering.kind,
            format=Format.ONLINE.value if all(s.online for s in one.sessions) else "",
            pinned=one.pinned,
            few=one.below_minimum,
            links=[
                self._link(row, drafted=row.id in one.drafted) for row in one.sessions
            ],
        )

    def _link(self, row: TermSession, *, drafted: bool) -> TermLink:
        start = row.start.astimezone(self.zone)
        day = start.date()
        when = f"{self._day(day)} {self._clock(start.time())}"
        if row.cancelled:
            when += self.cancelled
        elif row.moved:
            when += self.moved
        href = self.page.session(row.id, drafted=drafted)
        week = (day - self.first).days // 7
        return TermLink(week, row.number, href, when, row.cancelled, row.moved)

    def _day(self, day: date) -> str:
        if day not in self.days:
            self.days[day] = words.day_in_text(day)
        return self.days[day]

    def _clock(self, at: time) -> str:
        if at not in self.clocks:
            self.clocks[at] = words.clock(at)
        return self.clocks[at]

    def _small(self, one: TermSeries) -> str:
        """The usual time, the room, and seats: 9.30 · Huiskamer · 7/8."""
        parts = [self._clock(one.sessions[0].start.astimezone(self.zone).time())]
        rooms = _rooms_of(one)
        parts += sorted(self.rooms[key].name for key in rooms if key in self.rooms)[:1]
        if one.series.offering.policy.takes_registrations:
            parts.append(f"{one.seats}/{one.series.largest}")
        return " · ".join(parts)
