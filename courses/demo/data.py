"""The hand-written part of the demo: places, houses, the catalogue and names."""

from __future__ import annotations

import csv
import random
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"
Line = dict[str, str]


@cache
def _lines(name: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(tuple(line.items()) for line in csv.DictReader(stream))


def lines(name: str) -> list[Line]:
    """The lines of a data file, fresh copies."""
    return [dict(line) for line in _lines(name)]


def without(line: Line, *names: str) -> Line:
    """A line without some of its columns."""
    return {name: value for name, value in line.items() if name not in names}


def draws(*key: object) -> random.Random:
    """Random numbers of their own for each part, the same in every process."""
    return random.Random("/".join(map(str, key)))  # noqa: S311 (nothing is secret)


def listed(text: str) -> tuple[str, ...]:
    """The values of a cell that holds several."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def yes(value: bool) -> str:
    return "yes" if value else "no"
