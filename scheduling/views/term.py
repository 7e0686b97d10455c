"""The weeks of a term at once: a row for each group, a column for each week."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.kinds import Format
from courses.selectors.term import TermSession
from scheduling import words
from scheduling.selectors.term import WEEKS, TermSeries, by_half_day, term_series
from scheduling.weeks import Week

if TYPE_CHECKING:
    from rooms.models import Room
    from scheduling.views.week_page import Page


@dataclass(frozen=True)
class TermLink:
    """One session: its number, its page, and what it is in words for who cannot see."""

    number: int
    href: str
    words: str
    cancelled: bool
    moved: bool


@dataclass(frozen=True)
class TermRow:
    """A group with the sessions of each week."""

    title: str
    small: str
    kind: str
    format: str
    pinned: bool
    few: bool
    weeks: tuple[tuple[str, tuple[TermLink, ...]], ...]


def term_context(
    page: Page,
    chosen: dict[str, str],
    rooms: Iterable[Room],
    *,
    organisation_ids: Collection[int] | None,
) -> dict[str, Any]:
    """The grid of a term and how many groups it has; filters narrow it by group."""
    weeks = [page.week.plus(number) for number in range(WEEKS)]
    by_id = {room.pk: room for room in rooms}
    leader = chosen.get("begeleider", "")
    found = [
        one
        for one in term_series(
            first=page.week,
            schedule=page.draft,
            organisation_ids=organisation_ids,
            facilitator_id=int(leader) if leader else None,
        )
        if _fits(one, chosen, by_id)
    ]
    heads = [(str(week.number), page.of_week(week)) for week in weeks]
    maker = _Rows(page, weeks, by_id)
    groups = [
        (words.half_day(*key), [maker.row(one) for one in rows])
        for key, rows in by_half_day(found).items()
    ]
    return {
        "term": groups,
        "term_heads": heads,
        "columns": WEEKS + 1,
        "count": len(found),
        "kinds": sorted({row.format or row.kind for _name, g in groups for row in g}),
    }


def _fits(one: TermSeries, chosen: dict[str, str], rooms: dict[int, Room]) -> bool:
    used = {rooms[key].centre for key in _rooms_of(one) if key in rooms}
    towns = {str(centre.place.municipality_id) for centre in used}
    return (
        chosen.get("soort", one.series.offering.kind) == one.series.offering.kind
        and ("gemeente" not in chosen or chosen["gemeente"] in towns)
        and (
            "centrum" not in chosen
            or chosen["centrum"] in {str(centre.pk) for centre in used}
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

    def __init__(self, page: Page, weeks: list[Week], rooms: dict[int, Room]) -> None:
        self.page, self.rooms = page, rooms
        self.first = weeks[0].monday
        self.names = [_("Week %(number)s") % {"number": week.number} for week in weeks]
        self.moved, self.cancelled = _("moved"), _("cancelled")
        self.days: dict[date, str] = {}

    def row(self, one: TermSeries) -> TermRow:
        """A group with its sessions in the weeks in which they begin."""
        title = one.series.offering.title
        by_week: list[list[TermLink]] = [[] for _name in self.names]
        for session in one.sessions:
            start = timezone.localtime(session.start)
            number = (start.date() - self.first).days // 7
            drafted = session.id in one.drafted
            by_week[number].append(self._link(session, title, start, drafted=drafted))
        return TermRow(
            title=title,
            small=_small(one, self.rooms),
            kind=one.series.offering.kind,
            format=Format.ONLINE.value if all(s.online for s in one.sessions) else "",
            pinned=one.pinned,
            few=one.below_minimum,
            weeks=tuple(zip(self.names, map(tuple, by_week), strict=True)),
        )

    def _link(
        self, row: TermSession, title: str, start: datetime, *, drafted: bool
    ) -> TermLink:
        said = f"{title}, {self._day(start.date())} {words.clock(start)}"
        if row.cancelled:
            said += f", {self.cancelled}"
        elif row.moved:
            said += f", {self.moved}"
        return TermLink(
            row.number,
            self.page.session(row.id, drafted=drafted),
            said,
            row.cancelled,
            row.moved,
        )

    def _day(self, day: date) -> str:
        if day not in self.days:
            self.days[day] = words.day_in_text(day)
        return self.days[day]


def _small(one: TermSeries, rooms: dict[int, Room]) -> str:
    """The usual time, the room, and seats: 9.30 · Huiskamer · 7/8."""
    parts = [words.clock(timezone.localtime(one.sessions[0].start))]
    names = sorted(rooms[key].name for key in _rooms_of(one) if key in rooms)
    parts += names[:1]
    if one.series.offering.policy.takes_registrations:
        parts.append(f"{one.seats}/{one.series.largest}")
    return " · ".join(parts)
