"""One day of the board in quarters of an hour: how long things last, and what is free.

Made from the board of that day, so that rows, groups and links are the same as those
of the week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling import words
from scheduling.views.board import Board, Chip, Row

QUARTER = timedelta(minutes=15)
PER_HOUR = 4
FIRST_HOUR, LAST_HOUR = 8, 21
"""Shown at least; more where something begins earlier or ends later."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of a lane of ``span`` quarters from ``start`` (9.30): a session or
    nothing. ``at`` is the start as an address writes it (09:30)."""

    start: str
    at: str
    span: int
    chip: Chip | None = None


@dataclass(frozen=True)
class DayRow:
    """A room, centre or leader with its lanes; a second lane where things overlap."""

    title: str
    small: str
    lanes: tuple[tuple[Stretch, ...], ...]
    shut: bool
    room: int | None


@dataclass(frozen=True)
class DayGroup:
    """Rows under one heading."""

    title: str
    small: str
    rows: tuple[DayRow, ...]


@dataclass(frozen=True)
class DayBoard:
    """The grid of a day: its hours, each ``PER_HOUR`` columns wide, and its groups."""

    head: str
    hours: tuple[str, ...]
    quarters: int
    date: str
    groups: tuple[DayGroup, ...]
    idle: int = 0

    @property
    def columns(self) -> int:
        return self.quarters + 1


def day_board(board: Board) -> DayBoard:
    """The grid of a board that has one day."""
    rows = [row for group in board.groups for row in group.rows]
    chips = [chip for row in rows for cell in row.cells for chip in cell.chips]
    first = min([FIRST_HOUR, *(chip.session.start.hour for chip in chips)])
    last = max([LAST_HOUR, *(_end_hour(chip) for chip in chips)])
    hours = range(first, last)
    return DayBoard(
        head=board.head,
        hours=tuple(f"{hour}.00" for hour in hours),
        quarters=len(hours) * PER_HOUR,
        date=next((cell.date for row in rows for cell in row.cells), ""),
        groups=tuple(
            DayGroup(
                group.title,
                group.small,
                tuple(_row(row, first, len(hours) * PER_HOUR) for row in group.rows),
            )
            for group in board.groups
        ),
        idle=board.idle,
    )


def _end_hour(chip: Chip) -> int:
    """The hour before which a session has ended; a night ends with its own day."""
    session = chip.session
    if session.end.date() != session.start.date():
        return 24
    return session.end.hour + bool(session.end.minute)


def _row(row: Row, first: int, quarters: int) -> DayRow:
    (cell,) = row.cells
    lanes = tuple(
        tuple(_stretches(lane, first, quarters)) for lane in _lanes(cell.chips)
    )
    return DayRow(row.title, row.small, lanes, cell.shut, row.room)


def _lanes(chips: Iterable[Chip]) -> list[list[Chip]]:
    """Chips in as few lanes as hold them without overlap; one empty lane at least."""
    lanes: list[list[Chip]] = [[]]
    for chip in sorted(chips, key=lambda one: (one.session.start, one.session.title)):
        for lane in lanes:
            if not lane or lane[-1].session.end <= chip.session.start:
                lane.append(chip)
                break
        else:
            lanes.append([chip])
    return lanes


def _stretches(lane: list[Chip], first: int, quarters: int) -> Iterator[Stretch]:
    """What happens and what is free, in order; free time is cut at whole hours."""
    at = 0
    for chip in lane:
        begin = max(at, _quarter(chip.session.start, first))
        yield from _free(at, begin, first)
        over = chip.session.end
        if over.date() != chip.session.start.date():
            end = quarters
        else:
            end = -(-_minutes(over, first) // 15)
        end = min(quarters, max(begin + 1, end))
        yield Stretch(
            words.clock(chip.session.start), _written(begin, first), end - begin, chip
        )
        at = end
    yield from _free(at, quarters, first)


def _free(start: int, end: int, first: int) -> Iterator[Stretch]:
    at = start
    while at < end:
        until = min(end, (at // PER_HOUR + 1) * PER_HOUR)
        yield Stretch("", _written(at, first), until - at)
        at = until


def _quarter(moment: datetime, first: int) -> int:
    return _minutes(moment, first) // 15


def _minutes(moment: datetime, first: int) -> int:
    return (moment.hour - first) * 60 + moment.minute


def _written(quarter: int, first: int) -> str:
    hour, part = divmod(first * PER_HOUR + quarter, PER_HOUR)
    return f"{hour:02}:{part * 15:02}"
