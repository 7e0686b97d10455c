"""How long people wait: by month, by stage, by kind, by municipality, and still."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.kinds import OfferingKind
from courses.selectors.hiding import parts_to_hide
from courses.selectors.measures import SeatGiven, StillWaiting
from publishing.figures.charts import Bars, draw_bars, draw_lines
from publishing.figures.period import Period
from publishing.figures.section import Cell, Section
from publishing.figures.sums import Spread, Wait, spread_of

SPREAD_UNITS = ("", "days", "days", "%")
Names = dict[str, str]


def spread_columns() -> tuple[str, ...]:
    return (
        _("people"),
        _("middle wait"),
        _("nine in ten within"),
        _("within the norm"),
    )


def cells_of(spread: Spread, *, hide_people: bool = False) -> tuple[Cell, ...]:
    people: Cell = spread.people
    if hide_people or (spread.people and spread.middle is None):
        people = None
    return (people, spread.middle, spread.nine_in_ten, spread.within)


def days_words(days: float) -> str:
    """14 days; half days come from a median of an even number of people."""
    number = round(days)
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def to_seat(row: SeatGiven) -> Wait:
    return Wait((row.given - row.asked).days, (row.due - row.asked).days)


def to_first_meeting(row: SeatGiven) -> Wait:
    """From asking to the first meeting; a module begins on the day it is given."""
    begun = row.first_meeting or row.given
    return Wait((begun - row.asked).days, (row.due - row.asked).days)


def by_month(rows: Sequence[SeatGiven], year: Period) -> Section:
    """Whether waits fall: each month's middle wait and what nine in ten stay within."""
    months = year.months()
    of_month: dict[date, list[Wait]] = defaultdict(list)
    for row in rows:
        of_month[row.given.replace(day=1)].append(to_first_meeting(row))
    spreads = [spread_of(of_month[month]) for month in months]
    names = [formats.date_format(month, "M Y") for month in months]
    chart = draw_lines(
        _("Days from asking to the first meeting, by month"),
        [formats.date_format(month, "M") for month in months],
        [
            (_("middle wait"), "middle", [one.middle for one in spreads]),
            (
                _("nine in ten within"),
                "most",
                [one.nine_in_ten for one in spreads],
            ),
        ],
    )
    return Section(
        id="per-maand",
        title=_("Does the wait get shorter?"),
        told=_(
            "Days from asking for help to the first meeting, of everybody who got a "
            "seat in that month."
        ),
        columns=spread_columns(),
        units=SPREAD_UNITS,
        rows=[
            (name, cells_of(spread))
            for name, spread in zip(names, spreads, strict=True)
            if spread.people
        ],
        chart=chart,
        of=_("Month"),
    )


def by_stage(rows: Sequence[SeatGiven], conversations: Sequence[Wait]) -> Section:
    """From referral to conversation, from asking to a seat, from a seat to meeting."""
    met = [row for row in rows if row.first_meeting is not None]
    begin = [
        Wait((row.first_meeting - row.given).days, 10**6)
        for row in met
        if row.first_meeting is not None
    ]
    stages = [
        (_("referral to exploratory conversation"), spread_of(conversations), True),
        (_("asking to a seat"), spread_of(map(to_seat, rows)), True),
        (_("a seat to the first meeting"), spread_of(begin), False),
        (_("asking to the first meeting"), spread_of(map(to_first_meeting, met)), True),
    ]
    table = []
    for name, spread, has_norm in stages:
        people, middle, most, within = cells_of(spread)
        table.append((name, (people, middle, most, within if has_norm else None)))
    return Section(
        id="per-stap",
        title=_("Where do people wait?"),
        told=_("Days in each step. The norm is what the region agreed for it."),
        columns=spread_columns(),
        units=SPREAD_UNITS,
        rows=table,
        chart=_bars_of(_("Middle wait in each step"), [one[:2] for one in stages]),
        of=_("Step"),
    )


def by_kind(rows: Sequence[SeatGiven]) -> Section:
    """The wait for a seat, by kind of offering."""
    return _split(
        rows,
        key=lambda row: row.kind,
        name=lambda kind: str(OfferingKind(kind).label),
        id="per-soort",
        title=_("How long is the wait for each kind of help?"),
        told=_("Days from asking to a seat."),
        of=_("Kind"),
    )


def by_municipality(rows: Sequence[SeatGiven], names: Names) -> Section:
    """The wait for a seat, by where people live."""
    return _split(
        rows,
        key=lambda row: row.municipality,
        name=lambda code: names.get(code, _("not known")),
        id="per-gemeente",
        title=_("Is the wait the same everywhere?"),
        told=_("Days from asking to a seat, by where people live."),
        of=_("Municipality"),
    )


def _split(
    rows: Sequence[SeatGiven],
    *,
    key: Callable[[SeatGiven], str],
    name: Callable[[str], str],
    id: str,  # noqa: A002 (as in Section)
    title: str,
    told: str,
    of: str,
) -> Section:
    parts: dict[str, list[Wait]] = defaultdict(list)
    for row in rows:
        parts[key(row)].append(to_seat(row))
    named = sorted((name(part), spread_of(waits)) for part, waits in parts.items())
    # The page has their sum too, as a step of all the waiting.
    return Section(
        id=id,
        title=title,
        told=told,
        columns=spread_columns(),
        units=SPREAD_UNITS,
        rows=_parts_of_sum(named),
        chart=_bars_of(title, named),
        of=of,
    )


def still(rows: Sequence[StillWaiting], names: Names, today: date) -> Section:
    """Who waits now: how many, how long so far, and how many too long."""
    parts: dict[str, list[Wait]] = defaultdict(list)
    for row in rows:
        wait = Wait((today - row.asked).days, (row.due - row.asked).days)
        parts[row.municipality].append(wait)
    named = sorted(
        (names.get(code, _("not known")), spread_of(waits))
        for code, waits in parts.items()
    )
    table = _parts_of_sum(named)
    if len(named) > 1:
        whole = spread_of(wait for waits in parts.values() for wait in waits)
        table.append((_("together"), cells_of(whole)))
    return Section(
        id="nu",
        title=_("Who waits now?"),
        told=_("Everybody without a seat today, and the days waited so far."),
        columns=spread_columns(),
        units=SPREAD_UNITS,
        rows=table,
        chart=_bars_of(_("Middle wait so far"), named),
        of=_("Municipality"),
    )


def _parts_of_sum(
    named: Sequence[tuple[str, Spread]],
) -> list[tuple[str, tuple[Cell, ...]]]:
    """Rows of the parts of a number that is shown: no part follows from the others."""
    hidden = parts_to_hide({text: spread.people for text, spread in named})
    return [
        (text, cells_of(spread, hide_people=text in hidden)) for text, spread in named
    ]


def _bars_of(label: str, named: Iterable[tuple[str, Spread]]) -> Bars | None:
    return draw_bars(
        label,
        [
            (
                name,
                spread.middle,
                _("hidden") if spread.middle is None else days_words(spread.middle),
            )
            for name, spread in named
        ],
    )
