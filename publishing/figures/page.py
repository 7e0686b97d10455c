"""All figures of a period and a municipality, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit.actor import Actor
from audit.record import OVERSIGHT, record_event
from courses.selectors import measures
from intake.selectors import conversation_waits
from people.selectors import agreed_minutes, municipalities
from publishing.figures import help as given
from publishing.figures import space, waits
from publishing.figures.period import Period
from publishing.figures.section import Figures
from publishing.figures.sums import Wait
from rooms.selectors import planning_rooms

YEAR_WEEKS = 52


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the reader chose: the weeks back, and a municipality ("" for all)."""

    weeks: int
    municipality: str
    today: date


def figures_for(*, actor: Actor, asked: Asked) -> Figures:
    """The figures; one line in the access log, which names no person."""
    record_event(
        actor=actor,
        code="figures.read",
        action="R",
        purpose=OVERSIGHT,
        object_kind="figures",
        object_id=f"{asked.weeks} {asked.municipality}".strip(),
    )
    period = Period.of_weeks(asked.weeks, asked.today)
    year = Period.of_weeks(max(asked.weeks, YEAR_WEEKS), asked.today)
    towns = list(municipalities())
    names = {one.code: one.name for one in towns}
    here = asked.municipality
    seats = [
        row
        for row in measures.seats_given(start=year.start, end=year.end)
        if here in ("", row.municipality)
    ]
    now = [row for row in seats if period.covers(row.given)]
    referred = [
        Wait(row.days, row.norm)
        for row in conversation_waits(first=period.first, last=period.last)
        if here in ("", row.municipality)
    ]
    waiting = [
        row for row in measures.still_waiting() if here in ("", row.municipality)
    ]
    rooms = [
        room
        for room in planning_rooms(start=period.start, end=period.end)
        if here in ("", room.centre.place.municipality_id)
    ]
    held = measures.sessions_held(start=period.start, end=period.end)
    led = measures.sessions_led(start=period.start, end=period.end)
    sections = [
        waits.by_month(seats, year),
        waits.by_stage(now, referred),
        waits.by_kind(now),
        *([] if here else [waits.by_municipality(now, names)]),
        waits.still(waiting, names, asked.today),
        given.shares(now),
        given.reasons(now, measures.reason_names()),
        given.reach(
            now,
            {code: name for code, name in names.items() if here in ("", code)},
            {one.code: one.inhabitants for one in towns},
        ),
        space.occupancy(rooms, held, period, by_centre=bool(here)),
        *([] if here else [space.load(led, agreed_minutes(), period)]),
    ]
    return Figures(sections=[one for one in sections if one.rows])
