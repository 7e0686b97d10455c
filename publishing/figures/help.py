"""What help people got: group and digital before one-to-one, and how many reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from courses.kinds import Format, LevelOfCare, kinds_where, policy_of
from courses.selectors.hiding import parts_to_hide
from courses.selectors.measures import SeatGiven
from publishing.figures.charts import draw_bars
from publishing.figures.section import Cell, Section

SINGLE = frozenset(kinds_where(level_of_care=LevelOfCare.INDIVIDUAL_CARE))
ENTRANCE = frozenset(kinds_where(level_of_care=LevelOfCare.INTAKE))
PER = 1000


def shares(rows: Sequence[SeatGiven]) -> Section:
    """Seats in a group, online or digital, and one-to-one; the way in left out."""
    parts = {
        _("in a group, on site"): 0,
        _("online, or a digital module"): 0,
        _("one-to-one"): 0,
    }
    group, digital, single = parts
    for row in rows:
        if row.kind in ENTRANCE:
            continue
        if row.kind in SINGLE:
            parts[single] += 1
        elif row.format == Format.ONLINE or policy_of(row.kind).self_paced:
            parts[digital] += 1
        else:
            parts[group] += 1
    return _counted(
        parts,
        id="vorm",
        title=_("Group and digital first?"),
        told=_("Seats given in this period. One-to-one always has a reason."),
        of=_("Form"),
    )


def reasons(rows: Sequence[SeatGiven], names: Mapping[str, str]) -> Section:
    """Why one-to-one, in the codes that were written."""
    counted = Counter(
        names.get(row.reason, row.reason)
        for row in rows
        if row.kind in SINGLE and row.reason
    )
    return _counted(
        dict(counted.most_common()),
        id="redenen",
        title=_("Why one-to-one?"),
        told=_("The reasons that professionals wrote down for seats in this period."),
        of=_("Reason"),
    )


def _counted(
    parts: Mapping[str, int],
    *,
    id: str,  # noqa: A002 (as in Section)
    title: str,
    told: str,
    of: str,
) -> Section:
    hidden = parts_to_hide(parts)
    total = sum(parts.values())
    table: list[tuple[str, Sequence[Cell]]] = [
        (name, (None, None) if name in hidden else (number, number / total))
        for name, number in parts.items()
        if total
    ]
    bars = draw_bars(
        title,
        [
            (
                name,
                None if name in hidden else number,
                _("hidden") if name in hidden else f"{number / total:.0%}",
            )
            for name, number in parts.items()
            if total
        ],
        most=total,
    )
    return Section(
        id=id,
        title=title,
        told=told,
        columns=(_("seats"), _("share")),
        units=("", "%"),
        rows=table,
        chart=bars,
        of=of,
    )


def reach(
    rows: Sequence[SeatGiven],
    names: Mapping[str, str],
    inhabitants: Mapping[str, int | None],
) -> Section:
    """How many different people got a seat, by where they live, per 1,000."""
    people: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        people[row.municipality].add(row.resident)
    counts = {code: len(people.get(code, ())) for code in names}
    if "" in people:
        counts[""] = len(people[""])
    hidden = parts_to_hide(counts)
    table: list[tuple[str, Sequence[Cell]]] = []
    drawn: list[tuple[str, float | None, str]] = []
    for code, number in counts.items():
        name, live = names.get(code, _("not known")), inhabitants.get(code)
        rate = None if code in hidden or not live else round(PER * number / live, 1)
        table.append((name, (None if code in hidden else number, live, rate)))
        if live:
            text = (
                _("hidden")
                if rate is None
                else _("%(rate)s per 1,000") % {"rate": f"{rate:.1f}".replace(".", ",")}
            )
            drawn.append((name, rate, text))
    return Section(
        id="bereik",
        title=_("Whom do we reach?"),
        told=_("Different people who got a seat in this period, by where they live."),
        columns=(_("people"), _("inhabitants"), _("per 1,000")),
        units=("", "", "1"),
        rows=table,
        chart=draw_bars(_("People reached per 1,000 inhabitants"), drawn),
        of=_("Municipality"),
    )
