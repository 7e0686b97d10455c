"""A week as lines per centre: what hangs on a door, and what goes into a sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.kinds import OfferingKind
from scheduling import words
from scheduling.selectors import WeekSession, draft_week, published_week

if TYPE_CHECKING:
    from scheduling.models import Schedule
    from scheduling.weeks import Week


@dataclass(frozen=True, kw_only=True)
class Line:
    """One session in words; `seats` are given of `size`, no participant is named.

    ``on`` is for programs: a day without its year cannot be sorted.
    """

    on: date
    day: str
    time: str
    room: str
    title: str
    kind: str
    leaders: str
    seats: int
    size: int
    cancelled: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The lines of one centre, or of what is held online, which has no key."""

    name: str
    place: str
    lines: tuple[Line, ...]
    centre_id: int | None = None


def week_sheets(
    *,
    actor: Actor,
    week: Week,
    draft: Schedule | None,
    organisation_ids: Collection[int] | None,
    centre_id: int | None = None,
) -> list[Sheet]:
    """A sheet for each centre where something takes place, by name; online comes last.

    What is published, or what `draft` would make of it. Reading is logged with the
    leaders who are named, taking it along as an act of its own.
    """
    if draft is None:
        sessions = published_week(
            actor=actor, week=week, organisation_ids=organisation_ids
        )
    else:
        sessions = draft_week(
            actor=actor, schedule=draft, week=week, organisation_ids=organisation_ids
        )
    record_event(
        actor=actor,
        code="week.export",
        action="E",
        purpose=PLANNING,
        object_kind="week",
        object_id=str(week),
    )
    return _by_centre(sessions, centre_id)


def _by_centre(sessions: Iterable[WeekSession], centre_id: int | None) -> list[Sheet]:
    found: dict[tuple[int, str, str, int], list[Line]] = defaultdict(list)
    for one in sessions:
        centre = one.room.centre if one.room else None
        if centre_id is not None and (centre is None or centre.pk != centre_id):
            continue
        if centre is None:
            key = (1, _("Online"), "", 0)
        else:
            key = (0, centre.name, centre.place.name, centre.pk)
        found[key].append(line_of(one))
    return [
        Sheet(
            name=key[1], place=key[2], lines=tuple(found[key]), centre_id=key[3] or None
        )
        for key in sorted(found)
    ]


def line_of(session: WeekSession) -> Line:
    return Line(
        on=session.start.date(),
        day=words.short_day(session.start.date()),
        time=words.span(session.start, session.end),
        room=session.room.name if session.room else _("Online"),
        title=session.title,
        kind=str(OfferingKind(session.kind).label),
        leaders=", ".join(leader.name for leader in session.leaders),
        seats=session.seats,
        size=session.size,
        cancelled=session.cancelled,
    )


def headings() -> tuple[str, ...]:
    """The names of the columns of `cells_of`."""
    return (
        _("Date"),
        _("Day"),
        _("Time"),
        _("Room"),
        _("Group"),
        _("Kind"),
        _("Led by"),
        _("Seats taken"),
        _("Seats"),
        _("Remark"),
    )


def cells_of(line: Line) -> tuple[str | int | date, ...]:
    return (
        line.on,
        line.day,
        line.time,
        line.room,
        line.title,
        line.kind,
        line.leaders,
        line.seats,
        line.size,
        _("cancelled") if line.cancelled else "",
    )
