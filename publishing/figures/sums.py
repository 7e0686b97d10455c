"""How long people wait, in a few numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from statistics import median

from courses.selectors.hiding import is_small


@dataclass(frozen=True)
class Wait:
    """Days waited, and the most that was agreed."""

    days: int
    norm: int


@dataclass(frozen=True)
class Spread:
    """Of so many people: the middle wait, what nine in ten stay within, and the share
    (0 to 1) helped within the norm. None where there are too few people to say."""

    people: int
    middle: float | None = None
    nine_in_ten: int | None = None
    within: float | None = None


def spread_of(waits: Iterable[Wait]) -> Spread:
    """Median, 90th percentile (nearest rank) and share within the norm."""
    rows = sorted(waits, key=lambda one: one.days)
    number = len(rows)
    if number == 0 or is_small(number):
        return Spread(number)
    return Spread(
        people=number,
        middle=median(one.days for one in rows),
        nine_in_ten=rows[ceil(0.9 * number) - 1].days,
        within=sum(one.days <= one.norm for one in rows) / number,
    )
