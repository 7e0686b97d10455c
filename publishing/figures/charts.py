"""Drawings of figures as SVG numbers: bars, and lines over months.

Drawn 320 units wide, so that on a phone a unit is about a pixel and text stays
readable; the table beside a drawing holds the same numbers for who does not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 320
ROW = 34
BAR_TOP, BAR_HEIGHT = 18, 10


@dataclass(frozen=True)
class Bar:
    """One bar with its words; `mark` is where a norm lies on it."""

    name: str
    text: str
    y: int
    length: float
    mark: float | None = None

    @property
    def text_y(self) -> int:
        return self.y + 12

    @property
    def bar_y(self) -> int:
        return self.y + BAR_TOP


@dataclass(frozen=True)
class Bars:
    """Horizontal bars below each other."""

    label: str
    bars: Sequence[Bar]
    width: int = WIDTH
    thickness: int = BAR_HEIGHT
    shape: str = "bars"

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def draw_bars(
    label: str,
    rows: Sequence[tuple[str, float | None, str]],
    *,
    most: float | None = None,
    marks: Sequence[float | None] = (),
) -> Bars | None:
    """Bars for rows of name, number and its words; hidden numbers have no bar.

    `most` is the number that fills the width; the largest number when not given.
    """
    known = [number for _name, number, _text in rows if number is not None]
    known += [mark for mark in marks if mark is not None]
    top = most or max(known, default=0)
    if top <= 0:
        return None
    lines = []
    for place, (name, number, text) in enumerate(rows):
        mark = marks[place] if place < len(marks) else None
        lines.append(
            Bar(
                name=name,
                text=text,
                y=place * ROW,
                length=_along(number or 0, top),
                mark=None if mark is None else _along(mark, top),
            )
        )
    return Bars(label, lines)


def _along(number: float, top: float) -> float:
    return round(min(number, top) / top * WIDTH, 1)


@dataclass(frozen=True)
class Line:
    """One line; a gap where a month has no number."""

    name: str
    css: str
    path: str
    dots: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Lines:
    """Lines over the same months, from zero up."""

    label: str
    lines: Sequence[Line]
    ticks: Sequence[tuple[float, str]]
    grid: Sequence[tuple[float, str]]
    width: int = WIDTH
    height: int = 190
    shape: str = "lines"


LEFT, RIGHT, TOP, BOTTOM = 30, 8, 10, 164


def draw_lines(
    label: str,
    months: Sequence[str],
    lines: Sequence[tuple[str, str, Sequence[float | None]]],
) -> Lines | None:
    """Lines of name, css class and a number for each month."""
    known = [n for _name, _css, numbers in lines for n in numbers if n is not None]
    if not known or len(months) < 2:
        return None
    step = _round_step(max(known) / 3)
    top = step * (int(max(known) / step) + 1)

    def place(month: int, number: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * month / (len(months) - 1)
        return round(x, 1), round(BOTTOM - (BOTTOM - TOP) * number / top, 1)

    every = max(1, -(-len(months) // 5))
    return Lines(
        label=label,
        lines=[
            Line(
                name,
                css,
                *_path(
                    [
                        None if number is None else place(month, number)
                        for month, number in enumerate(numbers)
                    ]
                ),
            )
            for name, css, numbers in lines
        ],
        ticks=[
            (place(month, 0)[0], name)
            for month, name in enumerate(months)
            if month % every == 0
        ],
        grid=[
            (place(0, number)[1], f"{number:g}")
            for number in range(0, int(top) + 1, int(step))
        ],
    )


def _path(
    places: Sequence[tuple[float, float] | None],
) -> tuple[str, list[tuple[float, float]]]:
    path, dots, open_line = "", [], False
    for point in places:
        if point is None:
            open_line = False
            continue
        path += f"{'L' if open_line else 'M'}{point[0]:g} {point[1]:g}"
        open_line = True
        dots.append(point)
    return path, dots


def _round_step(rough: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ... that is not below `rough`."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size >= rough:
                return factor * size
        size *= 10
